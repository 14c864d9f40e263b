"""The monthly audit finds what is wrong with FaceAuth as deployed, nothing on a corrected one, and says
how to fix each."""

import json
import re
import shlex
from typing import Any

import pytest

from rehearsal.world.names import ACCOUNT, POLICY, ROLE, TABLE, bucket
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.checks.model import CheckSection
from responder.checks.report.json_report import machine
from responder.checks.security.audit import Security
from responder.core.errors import Denied, Missing
from responder.core.plain_data import Json
from tests.fakes.lines import asked, requests
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.reports import report
from tests.unit.checks.safe_world import (
    LAYER,
    OUR_POLICY,
    OUR_ROLE,
    OUR_SHARED_POLICY,
    REPORTS,
    Safe,
    corrected,
    deployed,
    faults,
    item,
    tls,
)

STRANGER = "999999999999"
OLD = "NoncurrentVersionExpiration"


def document(command: str, option: str) -> Any:
    words = [each.rstrip(";") for each in shlex.split(command)]
    return json.loads(words[words.index(option) + 1])


def allow(action: str, resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def with_inline(*statements: Json) -> Safe:
    made = corrected()
    made.inline[ROLE][POLICY]["Statement"].extend(statements)
    return made


def with_policy(*statements: Json) -> Safe:
    made = corrected()
    made.bucket_policies[bucket()] = [*statements, tls(bucket())]
    return made


def test_as_deployed_versions_are_off_and_that_is_all() -> None:
    section = deployed().audit()
    assert faults(section) == {"check.security.no_versions": AMBER}
    check_words(section)


def test_what_the_manual_does_not_ask_for_is_a_hint_and_no_fault() -> None:
    found = item(deployed().audit(), "check.security.plain")
    assert found.light is GREEN
    assert document(found.command, "--policy")["Statement"][-1]["Effect"] == "Deny"


def test_our_own_bucket_without_what_our_template_promises_is_a_fault() -> None:
    made = corrected()
    del made.bucket_policies[REPORTS]
    found = item(made.audit(), "check.security.no_tls", REPORTS)
    assert found.light is AMBER
    made.bucket_policies[REPORTS] = document(found.command, "--policy")["Statement"]
    assert faults(made.audit()) == {}


def test_a_corrected_system_has_no_fault() -> None:
    section = corrected().audit()
    assert faults(section) == {}
    check_words(section)


def test_every_finding_names_its_chapter_and_its_fix() -> None:
    section = deployed().audit()
    bad = [each for each in section.items if each.light is not GREEN]
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
    found = item(made.audit(), "check.storage.old_never")
    assert found.light is RED
    written = document(found.command, "--lifecycle-configuration")["Rules"]
    assert {each["ID"] for each in written} == {"logins/", "temp/", "liveness-audit/", "mine"}
    made.rules, made.versioning = written, "Enabled"
    assert faults(made.audit()) == {}


def test_versions_that_were_suspended_are_amber_and_are_switched_on_again_by_our_command() -> None:
    made = corrected()
    made.versioning = "Suspended"
    section = made.audit()
    assert faults(section) == {"check.security.suspended": AMBER}
    assert item(section, "check.security.suspended").command.startswith("liveness-ops enable-versioning")
    check_words(section)


def test_versions_of_which_some_are_retained_for_ever_are_red() -> None:
    made = corrected()
    for rule in made.rules:
        rule[OLD] = {"NoncurrentDays": 1, "NewerNoncurrentVersions": 3}
    assert faults(made.audit()) == {"check.storage.old_never": RED}


def test_old_versions_count_towards_the_days_promised() -> None:
    made = corrected()
    for rule in made.rules:
        rule[OLD] = {"NoncurrentDays": 30}
    found = item(made.audit(), "check.storage.old_too_long")
    assert found.light is AMBER
    assert "120 in total" in reported(found)


def test_a_rule_for_some_objects_only_keeps_no_promise() -> None:
    made = corrected()
    for rule in made.rules:
        rule["Filter"] = {"And": {"Prefix": rule["Filter"]["Prefix"], "Tags": [{"Key": "a", "Value": "b"}]}}
    assert faults(made.audit()) == {"check.storage.never": RED}


# --- the bucket


def test_a_public_bucket_policy_is_red_and_the_command_takes_only_that_statement_away() -> None:
    mine = {"Sid": "Mine", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject"}
    made = with_policy(mine, {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"})
    found = item(made.audit(), "check.security.public")
    assert found.light is RED
    left = document(found.command, "--policy")["Statement"]
    assert left == [mine, tls(bucket())]


ORGANIZATION = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}


@pytest.mark.parametrize(
    ("more", "key", "light"),
    [({}, "foreign", RED), (ORGANIZATION, "conditional", AMBER)],
)
def test_another_account_in_the_bucket_policy_is_reported(more: Json, key: str, light: CheckStatus) -> None:
    who = {"AWS": f"arn:aws:iam::{STRANGER}:root"}
    made = with_policy({"Effect": "Allow", "Principal": who, "Action": "s3:*", **more})
    found = item(made.audit(), f"check.security.{key}")
    assert found.light is light
    assert STRANGER in reported(found)


def test_who_is_let_in_under_conditions_is_for_a_person_to_judge_and_is_not_taken_out_by_a_command() -> None:
    bound = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", **ORGANIZATION}
    made = with_policy(bound)
    assert " get-bucket-policy " in item(made.audit(), "check.security.conditional").command
    made = with_policy(bound, {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject"})
    command = item(made.audit(), "check.security.public").command
    assert document(command, "--policy")["Statement"] == [bound, tls(bucket())]


def test_the_command_against_a_stranger_leaves_the_others_of_its_statement_in() -> None:
    own = f"arn:aws:iam::{ACCOUNT}:role/reader"
    who = {"AWS": [own, f"arn:aws:iam::{STRANGER}:root"], "Service": "logging.s3.amazonaws.com"}
    made = with_policy({"Sid": "Both", "Effect": "Allow", "Principal": who, "Action": "s3:GetObject"})
    command = item(made.audit(), "check.security.foreign").command
    left = document(command, "--policy")["Statement"][0]
    assert left["Principal"] == {"AWS": [own], "Service": "logging.s3.amazonaws.com"}


@pytest.mark.parametrize(("name", "key"), [(bucket(), "plain"), (REPORTS, "no_tls")])
def test_no_command_about_a_policy_lets_in_again_whom_another_one_took_out(name: str, key: str) -> None:
    made = corrected()
    made.bucket_policies[name] = [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]
    section = made.audit()
    for each in (f"check.security.{key}", "check.security.public"):
        command = item(section, each, name).command
        del made.bucket_policies[name]
        if " delete-bucket-policy " not in command:
            made.bucket_policies[name] = document(command, "--policy")["Statement"]
        assert faults(made.audit()) == {}
        made.bucket_policies.setdefault(name, [])


def test_a_command_keeps_the_version_of_the_policy_it_writes() -> None:
    made = deployed()
    old = {"Version": "2008-10-17", "Id": "mine", "Statement": [allow("s3:GetObject", Principal=ACCOUNT)]}
    made.aws.answer("s3", "get_bucket_policy", {"Policy": json.dumps(old)})
    command = item(made.audit(), "check.security.plain").command
    written = document(command, "--policy")
    assert (written["Version"], written["Id"], len(written["Statement"])) == ("2008-10-17", "mine", 2)


def test_a_policy_that_cannot_be_read_is_not_called_closed() -> None:
    made = corrected()
    made.aws.answer("s3", "get_bucket_policy", {"Policy": "{not JSON"})
    assert faults(made.audit()) == {"checks.unread": UNKNOWN}


def test_a_policy_for_everyone_but_one_principal_is_public() -> None:
    made = with_policy({"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "s3:*"})
    assert faults(made.audit()) == {"check.security.public": RED}


@pytest.mark.parametrize(
    "change",
    [
        {"Action": "s3:GetObject"},
        {"Principal": {"AWS": ACCOUNT}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"a": "b"}}},
        {"Resource": f"arn:aws:s3:::{REPORTS}"},
        {"Resource": f"arn:aws:s3:::{REPORTS}/incidents/*"},
        {"NotResource": f"arn:aws:s3:::{REPORTS}/*"},
    ],
)
def test_a_statement_that_requires_tls_only_in_part_does_not_count(change: Json) -> None:
    made = corrected()
    made.bucket_policies[REPORTS] = [{**tls(REPORTS), **change}]
    assert faults(made.audit()) == {"check.security.no_tls": AMBER}


@pytest.mark.parametrize(
    "change",
    [
        [{"Condition": {"BoolIfExists": {"aws:SecureTransport": ["false"]}}}],
        [{"Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}],
        [{"Resource": f"arn:aws:s3:::{REPORTS}"}, {"Resource": f"arn:aws:s3:::{REPORTS}/*"}],
    ],
)
def test_a_tls_statement_may_be_written_in_other_ways(change: list[Json]) -> None:
    made = corrected()
    made.bucket_policies[REPORTS] = [{**tls(REPORTS), **each} for each in change]
    assert faults(made.audit()) == {}


def test_the_tls_command_keeps_what_the_policy_says_and_is_accepted_by_the_audit() -> None:
    made = deployed()
    mine = {"Sid": "Mine", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject"}
    half = {**tls(bucket()), "Sid": "OnlyTls", "Action": "s3:GetObject"}
    made.bucket_policies[bucket()] = [mine, half]
    found = item(made.audit(), "check.security.plain")
    written = document(found.command, "--policy")["Statement"]
    assert mine in written
    assert [each["Sid"] for each in written] == ["Mine", "OnlyTls"]  # S3 requires each but once
    made.bucket_policies[bucket()] = written
    assert item(made.audit(), "check.security.tls", bucket()).light is GREEN


@pytest.mark.parametrize("name", [bucket(), REPORTS])
def test_a_part_of_the_public_access_block_that_is_off_is_red(name: str) -> None:
    made = corrected()
    made.blocks[name]["BlockPublicPolicy"] = False
    found = item(made.audit(), "check.security.not_blocked", name)
    assert found.light is RED
    assert "BlockPublicPolicy=true" in found.command


# --- the role


def test_a_role_that_may_everything_is_red() -> None:
    assert faults(with_inline(allow("*")).audit()) == {"check.security.wide": RED}


@pytest.mark.parametrize(
    ("statement", "light"),
    [
        (allow("s3:*"), RED),
        (allow("s3:*", "arn:aws:s3:::*"), RED),
        (allow("dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/*"), RED),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), AMBER),
        (allow("s3:Get*", "arn:aws:s3:::bucket/*"), AMBER),
        (allow("s3:GetObject"), AMBER),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, RED),
    ],
)
def test_wildcards_are_weighed_by_what_they_reach(statement: Json, light: CheckStatus) -> None:
    assert faults(with_inline(statement).audit()) == {"check.security.wide": light}


def test_actions_that_hold_no_ones_data_may_stand_on_everything_and_are_reported() -> None:
    narrow = item(deployed().audit(), "check.security.narrow")
    assert narrow.light is GREEN
    assert "rekognition:CreateFaceLivenessSession" in reported(narrow)


def test_an_administrator_by_attachment_is_red_with_the_command_that_takes_it_away() -> None:
    made = corrected()
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    made.attached[ROLE].append(arn)
    made.managed[arn] = {"Statement": [allow("*")]}
    found = item(made.audit(), "check.security.attached.excess")
    assert found.light is RED
    assert f"then aws iam detach-role-policy --role-name {ROLE} --policy-arn {arn};" in found.command


def test_a_policy_of_our_account_with_the_name_of_one_of_aws_is_read_all_the_same() -> None:
    made = corrected()
    arn = f"arn:aws:iam::{ACCOUNT}:policy/service-role/AWSLambdaBasicExecutionRole"
    made.attached[ROLE].append(arn)
    made.managed[arn] = {"Statement": [allow("*")]}
    assert faults(made.audit()) == {"check.security.attached.excess": RED}


def test_a_role_without_the_policy_of_the_manual_is_reported() -> None:
    made = corrected()
    made.inline[ROLE] = {}
    section = made.audit()
    assert faults(section) == {"check.security.inline.gone.out": RED}
    check_words(section)


def test_a_role_that_has_its_rights_from_another_policy_still_works() -> None:
    made = corrected()
    made.inline[ROLE]["Renamed"] = made.inline[ROLE].pop(POLICY)
    section = made.audit()
    assert faults(section) == {
        "check.security.inline.gone": AMBER,
        "check.security.inline.unknown": AMBER,
    }
    check_words(section)


def test_a_document_that_cannot_be_read_is_not_called_narrow() -> None:
    made = corrected()
    made.inline[ROLE] = {POLICY: {"Statement": "?"}}
    assert faults(made.audit()) == {"checks.unread": UNKNOWN}


def test_a_boundary_is_named_beside_what_it_bounds() -> None:
    made = with_inline(allow("s3:*"))
    made.boundary = f"arn:aws:iam::{ACCOUNT}:policy/fence"
    made.managed[made.boundary] = {"Statement": [allow("*")]}
    section = made.audit()
    assert "fence" in reported(item(section, "check.security.wide"))
    check_words(section)


def test_policies_of_every_page_are_read() -> None:
    made = corrected()
    made.inline[ROLE]["More"] = {"Statement": [allow("s3:*")]}
    arns = [f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in ("one", "two")]
    made.managed |= {arn: {"Statement": [allow("iam:*")]} for arn in arns}
    made.attached[ROLE] = arns

    def inline(**asked: str) -> Any:
        return [{"PolicyNames": [each]} for each in made.inline[asked["RoleName"]]]

    def attached(**asked: str) -> Any:
        return [{"AttachedPolicies": [{"PolicyArn": each}]} for each in made.attached[asked["RoleName"]]]

    made.aws.answer("iam", "list_role_policies", inline)
    made.aws.answer("iam", "list_attached_role_policies", attached)
    section = made.audit()
    assert item(section, "check.security.wide", "More").light is RED
    assert [each.said.key for each in section.items].count("check.security.attached.excess") == len(arns)


def test_a_policy_that_the_manual_does_not_know_is_reported_however_narrow() -> None:
    made = corrected()
    made.inline[ROLE]["Extra"] = {"Statement": [allow("s3:GetObject", f"arn:aws:s3:::{bucket()}/logins/*")]}
    assert faults(made.audit()) == {"check.security.inline.unknown": AMBER}


@pytest.mark.parametrize(
    ("principal", "light"),
    [
        ({"AWS": "*"}, RED),
        ({"AWS": f"arn:aws:iam::{STRANGER}:root"}, RED),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/aiko"}, AMBER),
        ({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}, AMBER),
    ],
)
def test_others_who_may_assume_the_role_are_reported(principal: Json, light: CheckStatus) -> None:
    made = corrected()
    made.trust["Statement"].append({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    found = item(made.audit(), "check.security.trust.wide")
    assert found.light is light
    if light is AMBER:
        assert found.command.startswith("aws iam get-role ")
        return
    made.trust = document(found.command, "--policy-document")
    assert faults(made.audit()) == {}


def test_the_trust_command_keeps_lambdas_own_conditions() -> None:
    made = corrected()
    bound = {**made.trust["Statement"][0], "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    other = {"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "sts:AssumeRole"}
    made.trust["Statement"] = [bound, other]
    command = item(made.audit(), "check.security.trust.wide").command
    assert document(command, "--policy-document")["Statement"] == [bound]


# --- tables


def test_recovery_that_is_off_is_reported_of_the_services_table_and_of_the_stacks() -> None:
    made = corrected()
    made.pitr[TABLE] = made.pitr["claims"] = "DISABLED"
    section = made.audit()
    assert "--table-name claims" in item(section, "check.table.pitr.off", "claims").command
    assert item(section, "check.table.pitr.off", TABLE).light is AMBER


def test_another_key_than_the_deployed_one_is_amber() -> None:
    made = corrected()
    del made.tables[TABLE]["SSEDescription"]
    found = item(made.audit(), "check.table.encrypted_by_aws")
    assert found.light is AMBER
    assert found.command.endswith("--sse-specification Enabled=true")
    assert piece("check.table.encrypted_by_aws.drift") in reported(found)


def test_a_key_that_the_table_cannot_use_is_red() -> None:
    made = corrected()
    made.tables[TABLE]["SSEDescription"] = {"Status": "ENABLED", "InaccessibleEncryptionDateTime": 1}
    assert faults(made.audit()) == {"check.table.key_lost": RED}


# --- our own stack


def wider(made: Safe) -> CheckItem:
    section = made.audit()
    assert faults(section) == {"check.security.role.wider": RED}
    check_words(section)
    return item(section, "check.security.role.wider")


def test_of_what_was_added_to_our_role_what_goes_too_far_is_taken_away_while_it_is_the_same() -> None:
    made = corrected()
    narrow, far = [allow("rekognition:DetectFaces")], [allow("iam:PassRole", "arn:x")]
    made.inline[OUR_ROLE] |= {"Mine": {"Statement": narrow}, "Far": {"Statement": far}}
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    made.attached[OUR_ROLE].append(administrator)
    made.managed[administrator] = {"Statement": [allow("*")]}
    found = wider(made)
    away, detach = [each for each in requests(found.command) if not each.operation.startswith("get_")]
    assert away == ("iam", "delete_role_policy", {"RoleName": OUR_ROLE, "PolicyName": "Far"})
    assert detach == ("iam", "detach_role_policy", {"RoleName": OUR_ROLE, "PolicyArn": administrator})
    assert [each.said for each in asked(found.command)] == [json.dumps(far, separators=(",", ":")), "v7"]
    assert found.caution


def test_another_owners_policy_of_the_same_name_is_another_policy() -> None:
    made = corrected()
    arn = f"arn:aws:iam::{ACCOUNT}:policy/service-role/AWSLambdaBasicExecutionRole"
    made.attached[OUR_ROLE] = [arn]
    made.managed[arn] = {"Statement": [allow("logs:PutLogEvents")]}
    assert "AWSLambdaBasicExecutionRole" in reported(wider(made))


@pytest.mark.parametrize("attached", [OUR_POLICY, OUR_SHARED_POLICY.replace("Alarm", "Rollout")])
def test_a_policy_that_the_template_attaches_to_another_role_alone_is_more_than_it_gives(
    attached: str,
) -> None:
    made = corrected()
    made.managed[attached] = {"Statement": [allow("dynamodb:Query", "arn:x")]}
    made.attached[OUR_ROLE].append(attached)
    assert attached.rpartition("/")[2] in reported(wider(made))


def test_a_role_from_which_a_shared_policy_was_detached_has_no_more_than_before() -> None:
    made = corrected()
    made.attached[OUR_ROLE].remove(OUR_SHARED_POLICY)
    assert faults(made.audit()) == {}


def test_a_denial_that_is_gone_from_a_shared_policy_is_more_than_the_template_gives() -> None:
    made = corrected()
    del made.managed[OUR_SHARED_POLICY]["Statement"][1]
    found = wider(made)
    assert "lambda:UpdateFunctionConfiguration" in reported(found)
    assert found.command == f"aws iam list-policy-versions --policy-arn {OUR_SHARED_POLICY}"


@all_rows(
    "change",
    [
        {"Action": ["dynamodb:Query", "dynamodb:DeleteItem"]},
        {"Resource": ["*"]},
        {"Resource": ["arn:aws:dynamodb:us-east-1:123456789012:table/*"]},
        {"Resource": ["arn:x"], "NotResource": "arn:y"},
    ],
)
@all_rows("policy", ["role", OUR_POLICY, OUR_SHARED_POLICY])
def test_more_in_the_templates_own_policy_is_more_than_the_template_gives(change: Json, policy: str) -> None:
    made = corrected()
    roles = made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]
    (roles if policy == "role" else made.managed[policy])["Statement"][0].update(change)
    found = wider(made)
    assert piece("check.security.beyond.actions") in reported(found)
    assert piece("check.security.by_hand") in reported(found)


def test_a_condition_that_is_gone_is_more_than_the_template_gives() -> None:
    made = corrected()
    properties = made.template["Resources"]["HighErrorRateRole"]["Properties"]
    first = properties["Policies"][0]["PolicyDocument"]["Statement"][0]
    first["Condition"] = {"StringEquals": {"a": "b"}}
    assert "dynamodb:Query" in reported(wider(made))


@pytest.mark.parametrize("weakened", [None, {"Null": {"lambda:Layer": "true"}}])
def test_a_denial_that_is_gone_or_weakened_is_more_than_the_template_gives(weakened: Any) -> None:
    made = corrected()
    statements = made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"]
    if weakened:
        statements[1]["Condition"] = weakened
    else:
        del statements[1]
    assert "lambda:UpdateFunctionConfiguration" in reported(wider(made))


def test_a_role_that_has_lost_its_policy_has_no_more_than_before() -> None:
    made = corrected()
    made.inline[OUR_ROLE] = {}
    assert faults(made.audit()) == {}


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": f"arn:aws:iam::{ACCOUNT}:user/aiko"},
        {"AWS": STRANGER},
        {"Service": "ec2.amazonaws.com"},
        {"Federated": "accounts.example.com"},
        "*",
    ],
)
def test_others_who_may_assume_the_stacks_role_are_reported(principal: Any) -> None:
    made = corrected()
    made.our_trust["Statement"].append(
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    )
    assert piece("check.security.beyond.trusted") in reported(wider(made))


def test_names_that_the_template_fills_in_stand_for_one_resource_and_stars_for_all() -> None:
    made = corrected()
    properties = made.template["Resources"]["HighErrorRateRole"]["Properties"]
    first = properties["Policies"][0]["PolicyDocument"]["Statement"][0]
    table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"
    has = made.inline[OUR_ROLE]["HighErrorRateRolePolicy0"]["Statement"][0]
    has["Resource"] = "arn:aws:dynamodb:us-east-1:123456789012:table/*"
    first["Resource"] = {"Fn::Sub": f"{table}*"}
    assert faults(made.audit()) == {}
    first["Resource"] = {"Fn::If": ["Some", {"Fn::Sub": f"{table}${{Name}}"}, {"Ref": "Other"}]}
    assert "dynamodb:Query" in reported(wider(made))


def test_a_layer_of_another_account_is_red() -> None:
    made = corrected()
    made.layers.append(f"arn:aws:lambda:us-east-1:{STRANGER}:layer:helper:1")
    section = made.audit()
    assert faults(section) == {"check.security.layers.foreign": RED}
    assert item(section, "check.security.layers.foreign").command.count(
        f" --function-name liveness-responder-high-error-rate --layers {LAYER}; else"
    )


def test_a_template_that_cannot_be_understood_is_not_called_well() -> None:
    made = corrected()
    made.template = {"Resources": {}}
    assert faults(made.audit()) == {"check.security.no_roles": UNKNOWN}


# --- refusals, and nothing there


def test_what_may_not_be_read_is_unknown_and_names_the_right_to_give() -> None:
    made = corrected()
    asked = (
        ("iam", "get_role"),
        ("iam", "list_role_policies"),
        ("iam", "list_attached_role_policies"),
        ("s3", "get_bucket_ownership_controls"),
        ("s3", "get_bucket_policy"),
        ("s3", "get_public_access_block"),
        ("s3", "get_bucket_encryption"),
        ("s3", "get_bucket_replication"),
        ("s3", "get_bucket_versioning"),
        ("dynamodb", "describe_table"),
        ("dynamodb", "describe_continuous_backups"),
        ("lambda", "list_functions"),
        ("lambda", "get_policy"),
        ("sns", "get_topic_attributes"),
        ("cloudformation", "get_template"),
    )
    made.refuse(Denied, "AccessDenied", *asked)
    section = made.audit()
    assert {each.light for each in section.items} == {UNKNOWN}
    words = " ".join(reported(each) for each in section.items)
    for right in ("iam:GetRole", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock"):
        assert right in words
    assert len({reported(each) for each in section.items}) == len(section.items)
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
    section = made.audit()
    assert [each.light for each in section.items[:3]] == [RED] * 3


LISTED = f"aws s3api get-bucket-policy --region us-east-1 --bucket {bucket()} --query Policy --output text"
OBJECT = f"arn:aws:s3:::{bucket()}/liveness-audit/s3cret/EMPLOYEE-7.jpg"
GUEST = {"Sid": "G", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:x"}


def test_a_key_of_an_object_that_a_policy_names_is_not_repeated() -> None:
    """Keys hold session and employee ids."""
    section = with_inline(allow("s3:*", [OBJECT, f"arn:aws:s3:::{bucket()}/logins/*"])).audit()
    found = reported(item(section, "check.security.wide"))
    assert f"{bucket()}/liveness-audit/…, arn:aws:s3:::{bucket()}/logins/*" in found
    assert not {"s3cret", "EMPLOYEE"} & parts(section)


@pytest.mark.parametrize(
    "other",
    [
        {"Resource": OBJECT},
        {"NotResource": OBJECT},
        {"Resource": "*", "Condition": {"StringLike": {"s3:prefix": "liveness-audit/s3cret/x"}}},
    ],
)
def test_a_policy_that_names_an_object_is_not_written_out_in_a_command(other: Json) -> None:
    stays = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject", **other}
    section = with_policy(GUEST, stays).audit()
    assert item(section, "check.security.public").command == LISTED
    assert not {"s3cret", "EMPLOYEE"} & parts(section)


def parts(section: CheckSection) -> set[str]:
    return set(re.split(r"\W+", json.dumps(machine(report(section)))))


def test_nothing_is_written_and_no_row_or_object_is_read() -> None:
    made = corrected()
    made.audit()
    assert made.aws.writes == []
    assert not {"get_object", "get_item", "scan", "query"} & {operation for _, operation, _ in made.aws.calls}


def test_every_call_is_declared_as_a_need() -> None:
    made = corrected()
    arn = "arn:aws:iam::aws:policy/Other"
    made.attached[ROLE].append(arn)
    made.managed[arn] = {"Statement": []}
    made.ownership = "ObjectWriter"
    made.audit()
    declared = {need.action.partition(":")[2] for need in Security().needs()}
    renamed = {
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "GetBucketEncryption": "GetEncryptionConfiguration",
        "GetBucketReplication": "GetReplicationConfiguration",
        "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    }
    made_calls = {
        "".join(part.title() for part in operation.split("_")) for _, operation, _ in made.aws.calls
    }
    assert {renamed.get(each, each) for each in made_calls} == declared
