"""Who may assume a role, under which name, and what the session is then taken for."""

import json
from collections.abc import Mapping

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import Keys, allow, code_of, user

OWN_NAME = {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
OWN_SOURCE = {"StringEquals": {"sts:SourceIdentity": "${aws:username}"}}
BOTH = ["sts:AssumeRole", "sts:SetSourceIdentity"]


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    bare.client("ssm").put_parameter(Name="/stack/mode", Value="auto", Type="String")
    bare.snapshot("clean")
    return bare


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("clean")
    running.clear()
    return running


@pytest.fixture
def hana(aws: LocalAws) -> Keys:
    return user(aws, "hana", allow(BOTH))


def trusting(
    aws: LocalAws,
    condition: Mapping[str, object] | None = None,
    name: str = "OnCall",
    version: str = "2012-10-17",
    rights: dict[str, object] | None = None,
    action: object = "sts:AssumeRole",
) -> str:
    """Make a role that this account may assume under a condition; its ARN."""
    statement: dict[str, object] = {"Effect": "Allow", "Principal": {"AWS": aws.account}, "Action": action}
    if condition:
        statement["Condition"] = condition
    iam = aws.client("iam")
    trust = json.dumps({"Version": version, "Statement": [statement]})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    policy = {"Version": "2012-10-17", "Statement": [rights or allow("ssm:GetParameter")]}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return str(made["Role"]["Arn"])


def assume(aws: LocalAws, keys: Keys, role: str, session: str, **more: str) -> Json:
    sts = keys.client(aws, "sts")
    answer: Json = sts.assume_role(RoleArn=role, RoleSessionName=session, **more)
    return answer


def refused(aws: LocalAws, keys: Keys, role: str, session: str, **more: str) -> str:
    with pytest.raises(ClientError) as caught:
        assume(aws, keys, role, session, **more)
    return code_of(caught.value)


def reads(aws: LocalAws, keys: Keys) -> bool:
    try:
        keys.client(aws, "ssm").get_parameter(Name="/stack/mode")
    except ClientError as problem:
        assert code_of(problem) == "AccessDeniedException"
        return False
    return True


def test_a_role_may_force_the_name_of_a_session(aws: LocalAws, hana: Keys) -> None:
    role = trusting(aws, OWN_NAME)
    answer = assume(aws, hana, role, "hana")
    arn = f"arn:aws:sts::{aws.account}:assumed-role/OnCall/hana"
    assert answer["AssumedRoleUser"]["Arn"] == arn
    assert refused(aws, hana, role, "ken") == "AccessDenied"
    assert refused(aws, hana, role, "Hana") == "AccessDenied"
    session = Keys.of(answer["Credentials"])
    who = session.client(aws, "sts").get_caller_identity()
    known = aws.client("iam").get_role(RoleName="OnCall")["Role"]["RoleId"]
    assert (who["Arn"], who["UserId"]) == (arn, f"{known}:hana")


def test_a_session_has_the_rights_of_its_role_only(aws: LocalAws, hana: Keys) -> None:
    role = trusting(aws, OWN_NAME)
    session = Keys.of(assume(aws, hana, role, "hana")["Credentials"])
    assert (reads(aws, hana), reads(aws, session)) == (False, True)
    assert refused(aws, session, role, "hana") == "AccessDenied"


def test_a_role_s_session_has_no_user_name(aws: LocalAws, hana: Keys) -> None:
    """So it cannot assume a role that requires one."""
    first = trusting(aws, OWN_NAME, "First", rights=allow("sts:AssumeRole"))
    second = trusting(aws, OWN_NAME, "Second")
    session = Keys.of(assume(aws, hana, first, "hana")["Credentials"])
    assert refused(aws, session, second, "hana") == "AccessDenied"


def test_a_variable_without_a_value_matches_nothing_but_its_default(aws: LocalAws, hana: Keys) -> None:
    tag = "${aws:PrincipalTag/mail%s}"
    plain = trusting(aws, {"StringLike": {"sts:RoleSessionName": tag % ""}}, "Plain")
    negated = trusting(aws, {"StringNotEquals": {"sts:RoleSessionName": tag % ""}}, "Negated")
    default = trusting(aws, {"StringEquals": {"sts:RoleSessionName": tag % ", 'shared'"}}, "Default")
    old = trusting(aws, OWN_NAME, "Old", version="2008-10-17")
    for role in (plain, negated, old):
        assert refused(aws, hana, role, "hana") == "AccessDenied"
    assert refused(aws, hana, default, "hana") == "AccessDenied"
    assume(aws, hana, default, "shared")
    aws.client("iam").tag_user(UserName="hana", Tags=[{"Key": "mail", "Value": "hana@corp"}])
    assume(aws, hana, plain, "hana@corp")
    assert refused(aws, hana, default, "shared") == "AccessDenied"


def test_a_variable_in_a_resource(aws: LocalAws) -> None:
    own = f"arn:aws:ssm:{aws.region}:{aws.account}:parameter/stack/${{aws:username}}"
    ssm = user(aws, "ken", allow("ssm:PutParameter", own)).client(aws, "ssm")
    ssm.put_parameter(Name="/stack/ken", Value="x", Type="String")
    with pytest.raises(ClientError) as caught:
        ssm.put_parameter(Name="/stack/hana", Value="x", Type="String")
    assert code_of(caught.value) == "AccessDeniedException"


@pytest.mark.parametrize("name", ["a/b", "a" * 65, "花子", "ha\u200bna", "ha na", "ha:na"])
def test_a_session_s_name_has_sts_s_letters(aws: LocalAws, hana: Keys, name: str) -> None:
    role = trusting(aws)
    assert refused(aws, hana, role, name) == "ValidationError"
    assert refused(aws, hana, role, "hana", SourceIdentity=name) == "ValidationError"


def test_a_comma_is_a_letter_of_a_session_s_name(aws: LocalAws, hana: Keys) -> None:
    answer = assume(aws, hana, trusting(aws), "hana,ken")
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/OnCall/hana,ken")


def test_a_role_may_force_the_source_identity_but_not_the_session_s_name_with_it(
    aws: LocalAws, hana: Keys
) -> None:
    role = trusting(aws, OWN_SOURCE, action=BOTH)
    assert refused(aws, hana, role, "hana") == "AccessDenied"
    assert refused(aws, hana, role, "hana", SourceIdentity="ken") == "AccessDenied"
    answer = assume(aws, hana, role, "ken", SourceIdentity="hana")
    assert answer["SourceIdentity"] == "hana"
    assert answer["AssumedRoleUser"]["Arn"].endswith("/OnCall/ken")


def test_a_source_identity_takes_a_right_on_both_sides(aws: LocalAws, hana: Keys) -> None:
    closed = trusting(aws, name="Closed")
    assert refused(aws, hana, closed, "hana", SourceIdentity="hana") == "AccessDenied"
    role = trusting(aws, action=BOTH)
    ken = user(aws, "ken", allow("sts:AssumeRole"))
    assume(aws, ken, role, "ken")
    assert refused(aws, ken, role, "ken", SourceIdentity="ken") == "AccessDenied"


def test_a_source_identity_stays_and_can_be_asked_for(aws: LocalAws, hana: Keys) -> None:
    known = {"StringEquals": {"aws:SourceIdentity": "hana"}}
    first = trusting(aws, OWN_SOURCE, "First", rights=allow(BOTH), action=BOTH)
    second = trusting(aws, name="Second", action=BOTH, rights=allow("ssm:GetParameter", Condition=known))
    closed = trusting(aws, name="Closed")
    assert not reads(aws, Keys.of(assume(aws, hana, second, "hana")["Credentials"]))
    session = Keys.of(assume(aws, hana, first, "hana", SourceIdentity="hana")["Credentials"])
    chained = assume(aws, session, second, "other")
    assert chained["SourceIdentity"] == "hana"
    assert reads(aws, Keys.of(chained["Credentials"]))
    assert refused(aws, session, second, "other", SourceIdentity="ken") == "AccessDenied"
    assert refused(aws, session, closed, "other") == "AccessDenied"


def test_a_policy_can_bind_the_session_s_name_to_the_source_identity(aws: LocalAws, hana: Keys) -> None:
    bound = {"StringLike": {"aws:userid": "*:${aws:SourceIdentity}"}}
    role = trusting(aws, OWN_SOURCE, action=BOTH, rights=allow("ssm:GetParameter", Condition=bound))
    for session, allowed in {"hana": True, "ken": False}.items():
        answer = assume(aws, hana, role, session, SourceIdentity="hana")
        assert reads(aws, Keys.of(answer["Credentials"])) is allowed
