"""The monthly audit finds what is wrong with FaceAuth as deployed, nothing on a corrected one, and says
how to mend each."""

import json
import shlex
from typing import Any

import pytest

from liveness_ops.world.names import ACCOUNT, POLICY, ROLE, TABLE, bucket
from responder.check import Light
from responder.checks.security import Security
from responder.errors import Denied, Missing
from tests.unit.checks.figures_world import check_words, told
from tests.unit.checks.safe_world import OUR_ROLE, REPORTS, Safe, corrected, deployed, faults, item, tls

pytestmark = pytest.mark.unit
STRANGER = "999999999999"
OLD = "NoncurrentVersionExpiration"


def document(command: str, option: str) -> Any:
    words = shlex.split(command)
    return json.loads(words[words.index(option) + 1])


def allow(action: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def with_inline(*statements: dict[str, Any]) -> Safe:
    made = corrected()
    made.inline[ROLE] = {POLICY: {"Statement": list(statements)}}
    return made


def with_policy(*statements: dict[str, Any]) -> Safe:
    made = corrected()
    made.bucket_policies[bucket()] = [*statements, tls(bucket())]
    return made


def test_as_deployed_versions_are_off_and_nothing_insists_on_tls() -> None:
    section = deployed().run(Security())
    assert faults(section) == {
        "check.security.no_versions": Light.AMBER,
        "check.security.no_tls": Light.AMBER,
    }
    check_words(section)


def test_a_corrected_system_has_no_fault() -> None:
    section = corrected().run(Security())
    assert faults(section) == {}
    check_words(section)


def test_every_finding_names_its_chapter_and_what_mends_it() -> None:
    section = deployed().run(Security())
    bad = [each for each in section.items if each.light is not Light.GREEN]
    assert all(each.chapter and each.command for each in bad)
    assert item(section, "check.security.no_versions").command.startswith("liveness-ops enable-versioning")


# --- versions: faces must not outlive the promise


@pytest.mark.parametrize("state", ["Enabled", "Suspended"])
def test_versions_without_an_end_for_old_ones_are_red_also_when_suspended(state: str) -> None:
    made = corrected()
    made.versioning = state
    made.rules = [{name: value for name, value in each.items() if name != OLD} for each in made.rules]
    made.rules.append(
        {"ID": "mine", "Status": "Enabled", "Filter": {"Prefix": "other/"}, "Expiration": {"Days": 7}}
    )
    found = item(made.run(Security()), "check.storage.old_never")
    assert found.light is Light.RED
    written = document(found.command, "--lifecycle-configuration")["Rules"]
    assert {each["ID"] for each in written} == {"logins/", "temp/", "liveness-audit/", "mine"}
    made.rules, made.versioning = written, "Enabled"
    assert faults(made.run(Security())) == {}


def test_versions_of_which_some_are_retained_for_ever_are_red() -> None:
    made = corrected()
    for rule in made.rules:
        rule[OLD] = {"NoncurrentDays": 1, "NewerNoncurrentVersions": 3}
    assert faults(made.run(Security())) == {"check.storage.old_never": Light.RED}


def test_old_versions_count_towards_the_days_promised() -> None:
    made = corrected()
    for rule in made.rules:
        rule[OLD] = {"NoncurrentDays": 30}
    found = item(made.run(Security()), "check.storage.old_too_long")
    assert found.light is Light.AMBER
    assert "120 in all" in told(found)


def test_a_rule_for_some_objects_only_keeps_no_promise() -> None:
    made = corrected()
    for rule in made.rules:
        rule["Filter"] = {"And": {"Prefix": rule["Filter"]["Prefix"], "Tags": [{"Key": "a", "Value": "b"}]}}
    assert faults(made.run(Security())) == {"check.storage.never": Light.RED}


# --- the bucket


def test_a_public_bucket_policy_is_red_and_the_command_takes_only_that_statement_away() -> None:
    mine = {"Sid": "Mine", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject"}
    made = with_policy(mine, {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"})
    found = item(made.run(Security()), "check.security.public")
    assert found.light is Light.RED
    left = document(found.command, "--policy")["Statement"]
    assert left == [mine, tls(bucket())]


@pytest.mark.parametrize(
    ("more", "light"),
    [({}, Light.RED), ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, Light.AMBER)],
)
def test_another_account_in_the_bucket_policy_is_told(more: dict[str, Any], light: Light) -> None:
    who = {"AWS": f"arn:aws:iam::{STRANGER}:root"}
    made = with_policy({"Effect": "Allow", "Principal": who, "Action": "s3:*", **more})
    found = item(made.run(Security()), "check.security.foreign")
    assert found.light is light
    assert STRANGER in told(found)


def test_everybody_but_one_is_everybody() -> None:
    made = with_policy({"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "s3:*"})
    assert faults(made.run(Security())) == {"check.security.public": Light.RED}


@pytest.mark.parametrize(
    "change",
    [
        {"Action": "s3:GetObject"},
        {"Principal": {"AWS": ACCOUNT}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"a": "b"}}},
    ],
)
def test_half_a_tls_statement_is_none(change: dict[str, Any]) -> None:
    made = corrected()
    made.bucket_policies[bucket()] = [{**tls(bucket()), **change}]
    assert "check.security.no_tls" in faults(made.run(Security()))


def test_the_tls_command_keeps_what_the_policy_says_and_is_accepted_by_the_audit() -> None:
    made = deployed()
    made.versioning = ""
    found = item(made.run(Security()), "check.security.no_tls")
    made.bucket_policies[bucket()] = document(found.command, "--policy")["Statement"]
    assert "check.security.no_tls" not in faults(made.run(Security()))


@pytest.mark.parametrize("name", [bucket(), REPORTS])
def test_a_part_of_the_public_access_block_that_is_off_is_red(name: str) -> None:
    made = corrected()
    made.blocks[name]["BlockPublicPolicy"] = False
    found = item(made.run(Security()), "check.security.not_blocked", name)
    assert found.light is Light.RED
    assert "BlockPublicPolicy=true" in found.command


# --- the role


def test_a_role_that_may_everything_is_red() -> None:
    assert faults(with_inline(allow("*")).run(Security())) == {"check.security.wide": Light.RED}


@pytest.mark.parametrize(
    ("statement", "light"),
    [
        (allow("s3:*"), Light.RED),
        (allow("s3:*", "arn:aws:s3:::*"), Light.RED),
        (allow("dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/*"), Light.RED),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), Light.AMBER),
        (allow("s3:Get*", "arn:aws:s3:::bucket/*"), Light.AMBER),
        (allow("s3:GetObject"), Light.AMBER),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, Light.RED),
    ],
)
def test_wildcards_are_weighed_by_what_they_reach(statement: dict[str, Any], light: Light) -> None:
    assert faults(with_inline(statement).run(Security())) == {"check.security.wide": light}


def test_actions_that_hold_nobodys_data_may_stand_on_everything_and_are_told() -> None:
    narrow = item(deployed().run(Security()), "check.security.narrow")
    assert narrow.light is Light.GREEN
    assert "rekognition:CreateFaceLivenessSession" in told(narrow)


def test_an_administrator_by_attachment_is_red_with_the_command_that_takes_it_away() -> None:
    made = corrected()
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    made.attached[ROLE].append(arn)
    made.managed[arn] = {"Statement": [allow("*")]}
    found = item(made.run(Security()), "check.security.attached.unknown")
    assert found.light is Light.RED
    assert found.command == f"aws iam detach-role-policy --role-name {ROLE} --policy-arn {arn}"


def test_a_policy_that_the_manual_does_not_know_is_told_however_narrow() -> None:
    made = corrected()
    made.inline[ROLE]["Extra"] = {"Statement": [allow("s3:GetObject", "arn:aws:s3:::b/k")]}
    assert faults(made.run(Security())) == {"check.security.inline.unknown": Light.AMBER}


@pytest.mark.parametrize(
    ("principal", "light"),
    [
        ({"AWS": "*"}, Light.RED),
        ({"AWS": f"arn:aws:iam::{STRANGER}:root"}, Light.RED),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/aiko"}, Light.AMBER),
        ({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}, Light.AMBER),
    ],
)
def test_whoever_else_may_take_the_role_is_told(principal: dict[str, Any], light: Light) -> None:
    made = corrected()
    made.trust["Statement"].append({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    found = item(made.run(Security()), "check.security.trust.wide")
    assert found.light is light
    made.trust = document(found.command, "--policy-document")
    assert faults(made.run(Security())) == {}


# --- tables


def test_recovery_that_is_off_is_told_of_the_services_table_and_of_ours() -> None:
    made = corrected()
    made.pitr[TABLE] = made.pitr["claims"] = "DISABLED"
    section = made.run(Security())
    assert "--table-name claims" in item(section, "check.table.pitr.off", "claims").command
    assert item(section, "check.table.pitr.off", TABLE).light is Light.AMBER


def test_a_key_that_the_table_cannot_use_is_red() -> None:
    made = corrected()
    made.tables[TABLE]["SSEDescription"] = {"Status": "ENABLED", "InaccessibleEncryptionDateTime": 1}
    assert faults(made.run(Security())) == {"check.table.key_lost": Light.RED}


# --- our own stack


def test_a_right_that_somebody_gave_our_role_beside_the_template_is_red() -> None:
    made = corrected()
    made.inline[OUR_ROLE]["Mine"] = {"Statement": [allow("s3:DeleteObject", "arn:aws:s3:::b/*")]}
    made.attached[OUR_ROLE].append("arn:aws:iam::aws:policy/AdministratorAccess")
    found = item(made.run(Security()), "check.security.roles.wider")
    assert found.light is Light.RED
    assert "AdministratorAccess, s3:DeleteObject" in told(found)


def test_an_action_of_the_template_on_everything_is_more_than_the_template_gives() -> None:
    made = corrected()
    made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"][0]["Resource"] = ["*"]
    assert faults(made.run(Security())) == {"check.security.roles.wider": Light.RED}


def test_a_layer_of_another_account_is_red() -> None:
    made = corrected()
    made.layers.append(f"arn:aws:lambda:us-east-1:{STRANGER}:layer:helper:1")
    assert faults(made.run(Security())) == {"check.security.layers.foreign": Light.RED}


def test_a_template_that_cannot_be_understood_is_not_called_well() -> None:
    made = corrected()
    made.template = {"Resources": {}}
    assert faults(made.run(Security())) == {"check.security.no_roles": Light.UNKNOWN}


# --- refusals, and nothing there


def test_what_may_not_be_read_is_unknown_and_names_the_right_to_give() -> None:
    made = corrected()
    asked = (
        ("iam", "get_role"),
        ("iam", "list_role_policies"),
        ("iam", "list_attached_role_policies"),
        ("s3", "get_bucket_policy"),
        ("s3", "get_public_access_block"),
        ("s3", "get_bucket_encryption"),
        ("s3", "get_bucket_versioning"),
        ("dynamodb", "describe_table"),
        ("dynamodb", "describe_continuous_backups"),
        ("lambda", "list_functions"),
        ("cloudformation", "get_template"),
    )
    made.refuse(Denied, "AccessDenied", *asked)
    section = made.run(Security())
    assert {each.light for each in section.items} == {Light.UNKNOWN}
    words = " ".join(told(each) for each in section.items)
    for right in ("iam:GetRole", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock"):
        assert right in words
    check_words(section)


def test_nothing_there_is_red_once_for_each() -> None:
    made = corrected()
    made.refuse(Missing, "NoSuchEntity", ("iam", "get_role"))
    made.refuse(Missing, "NoSuchBucket", ("s3", "get_bucket_policy"))
    made.aws.fail(
        "dynamodb",
        "describe_table",
        Missing,
        code="ResourceNotFoundException",
        where={"TableName": TABLE},
        times=9,
    )
    section = made.run(Security())
    assert [each.light for each in section.items[:3]] == [Light.RED] * 3


def test_nothing_is_written_and_no_row_or_object_is_read() -> None:
    made = corrected()
    made.run(Security())
    assert made.aws.writes == []
    assert not {"get_object", "get_item", "scan", "query"} & {operation for _, operation, _ in made.aws.calls}


def test_every_call_is_declared_as_a_need() -> None:
    made = corrected()
    arn = "arn:aws:iam::aws:policy/Other"
    made.attached[ROLE].append(arn)
    made.managed[arn] = {"Statement": []}
    made.run(Security())
    declared = {need.action.partition(":")[2] for need in Security().needs()}
    renamed = {
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "GetBucketEncryption": "GetEncryptionConfiguration",
        "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    }
    made_calls = {
        "".join(part.title() for part in operation.split("_")) for _, operation, _ in made.aws.calls
    }
    assert {renamed.get(each, each) for each in made_calls} == declared
