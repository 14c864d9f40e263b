"""A role that is judged to bind a session's name to its person does so by AWS's own rules."""

import json
from itertools import product
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.aws import Boto
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Strings
from responder.evidence.role_sessions import Unbound, judged, unbound
from tests.integration._local_aws import Keys, allow, code_of, user
from tests.rows import each_of
from tests.unit.evidence import trust_policies
from tests.unit.evidence.trust_policies import BOUND, FREE, Statement, trust

# One of them is what another one's becomes with a text before it.
NAMES = ("hana", "ken", "oncall-hana")
FORMS = (("", ""), ("", "@corp"), ("oncall-", ""))
BOTH = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]


@frozen
class RoleTrial:
    """`clients`: of STS, by person."""

    aws: LocalAws
    clients: Json
    ids: Strings

    def role(self, statements: list[Statement], name: str = "OnCall") -> str:
        iam = self.aws.client("iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust(statements)))
        return str(made["Role"]["Arn"])

    def owners(self, statements: list[Statement]) -> dict[str, set[str]]:
        """Who gets which session's name of a role with this trust policy."""
        role, found = self.role(statements), dict[str, set[str]]()
        for person in ("hana", "oncall-hana"):
            sts = self.clients[person]
            for name in self.taken(role, sts, "sts:SourceIdentity" in json.dumps(statements)):
                found.setdefault(name, set()).add(person)
        return found

    def taken(self, role: str, sts: Any, sourced: bool) -> set[str]:
        """The names under which this client gets a session; `sourced`: with any source identity, too."""
        found = set()
        sources = [{"SourceIdentity": each} for each in NAMES] if sourced else [{}]
        wanted = [
            *NAMES,
            *self.ids,
            *(f"{each}@corp" for each in NAMES),
            *(f"oncall-{each}" for each in NAMES),
        ]
        for name, source in product(wanted, sources):
            try:
                sts.assume_role(RoleArn=role, RoleSessionName=name, **source)
                found.add(name)
            except ClientError as problem:
                assert code_of(problem) == "AccessDenied"
        return found


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> RoleTrial:
    assert bare.account == trust_policies.ACCOUNT
    # A trust policy may name only whom there is.
    paths = {"hana": "/people/"}
    clients = {
        name: user(bare, name, allow(BOTH), path=paths.get(name, "/")).client(bare, "sts") for name in NAMES
    }
    iam = bare.client("iam")
    path, name = trust_policies.SSO.partition(":role")[2].rsplit("/", 1)
    trusted = json.dumps(trust([trust_policies.allow()]))
    iam.create_role(Path=f"{path}/", RoleName=name, AssumeRolePolicyDocument=trusted)
    ids = tuple(str(iam.get_user(UserName=name)["User"]["UserId"]) for name in NAMES)
    for name in NAMES:
        iam.tag_user(UserName=name, Tags=[{"Key": "mail", "Value": f"{name}@corp"}])
    bare.snapshot("people")
    return RoleTrial(bare, clients, ids)


@pytest.fixture
def trial(running: RoleTrial) -> RoleTrial:
    running.aws.restore("people")
    return running


@each_of("statements", BOUND)
def test_two_people_cannot_get_the_same_session_name_of_a_bound_role(
    trial: RoleTrial, statements: list[Statement]
) -> None:
    assert judged(trust_policies.ROLE, trust(statements)) is None
    assert not [who for who in trial.owners(statements).values() if len(who) > 1]


@pytest.mark.parametrize(
    "name",
    [
        "no condition", "one of two statements with a wider action",
        "any name", "a list of names", "one's own name or another form of it", "two ways to make a name",
        "only a source identity",
    ],
)  # fmt: skip
def test_two_people_can_get_the_same_session_name_of_an_unbound_role(trial: RoleTrial, name: str) -> None:
    _, statements = FREE[name]
    assert [who for who in trial.owners(statements).values() if len(who) > 1]


@each_of("statements", BOUND)
def test_a_session_with_a_name_and_tags_of_its_own_choice_gets_no_further(
    trial: RoleTrial, statements: list[Statement]
) -> None:
    hop = trial.role([trust_policies.allow(action=BOTH)], "Hop")
    policy = {"Version": "2012-10-17", "Statement": [allow(BOTH)]}
    trial.aws.client("iam").put_role_policy(RoleName="Hop", PolicyName="p", PolicyDocument=json.dumps(policy))
    tags = [{"Key": "mail", "Value": "hana@corp"}]
    given = trial.clients["ken"].assume_role(
        RoleArn=hop, RoleSessionName="hana", SourceIdentity="hana", Tags=tags
    )
    further = Keys.of(given["Credentials"]).client(trial.aws, "sts")
    assert trial.taken(trial.role(statements), further, sourced=False) == set()


def test_a_caller_is_judged_by_the_role_that_aws_has(
    trial: RoleTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in trial.aws.environment().items():
        monkeypatch.setenv(name, value)
    gateway = Boto(trial.aws.region)
    trial.role([trust_policies.allow(trust_policies.OWN)], "Bound")
    trial.role([trust_policies.allow()], "Free")
    session = f"arn:aws:sts::{trial.aws.account}:assumed-role"
    assert unbound(gateway, f"{session}/Bound/hana") is None
    assert unbound(gateway, f"{session}/Free/hana") is Unbound.NAME
    other = session.replace(trial.aws.account, "210987654321")
    assert unbound(gateway, f"{other}/Bound/hana") is Unbound.ANOTHER_ACCOUNT
