"""The rules over plain policy documents, and the table of actions that they read."""
# ruff: noqa: E501 - a case to the line

import time
from typing import Any

import pytest

from liveness_ops import iam_actions
from rehearsal.world import identity
from rehearsal.world.names import ACCOUNT, bucket
from responder.checks.security.policy_rules import (
    ExcessKind,
    Lack,
    Need,
    escalating,
    everything,
    excess,
    excluded,
    lacks,
    limits,
    made_on,
    needs,
    own,
    services,
    taken_away,
)
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.evidence.policies import encloses, statements
from tests.rows import all_rows

SETTINGS = Settings(account=ACCOUNT, bucket=bucket())
DEPLOYED = statements(identity.policy())


def allow(action: Any, resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def test_the_table_is_what_the_published_data_says() -> None:
    """`python -m liveness_ops.iam_actions --write` writes it again."""
    made = iam_actions.source(iam_actions.table(), made_on())
    assert iam_actions.TABLE.read_text(encoding="utf-8") == made


@all_rows(
    "action",
    [
        "iam:PassRole",
        "iam:PutRolePolicy",
        "iam:CreateAccessKey",
        "iam:UpdateAssumeRolePolicy",
        "iam:TagRole",
        "sts:AssumeRole",
        "sts:GetFederationToken",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "cloudformation:ExecuteChangeSet",
        "ssm:StartSession",
        "organizations:LeaveOrganization",
        "sso:CreatePermissionSet",
    ],
)
def test_the_well_known_ways_are_in_the_table(action: str) -> None:
    assert escalating(action)
    assert escalating(action.upper())


@pytest.mark.parametrize(
    "action",
    [
        "sts:GetCallerIdentity",
        "iam:GetRole",
        "s3:GetObject",
        "ec2:CreateNetworkInterface",
        "logs:PutLogEvents",
    ],
)
def test_an_action_without_escalation_is_not_in_the_table(action: str) -> None:
    assert not escalating(action)


def test_the_deployed_policy_has_nothing_that_is_too_much() -> None:
    assert {each.kind for each in excess(DEPLOYED, SETTINGS)} == {ExcessKind.UNNAMED}


def test_a_pattern_is_reported_with_the_worst_that_is_behind_it() -> None:
    (found,) = excess([allow("iam:Pass*", "arn:aws:iam::1:role/x")], SETTINGS)
    assert (found.kind, found.includes) == (ExcessKind.ESCALATES, ("iam:PassRole",))


def test_the_longest_policies_of_aws_are_judged_well_within_the_time_of_a_check() -> None:
    """ReadOnlyAccess has some 1,500 patterns; a check has 20 seconds of one CPU for all its policies."""
    patterns = [f"service{number}:{verb}*" for number in range(500) for verb in ("Get", "List", "Describe")]
    document = [allow(patterns), {**allow(patterns[:300]), "Effect": "Deny", "Condition": {}}]
    begun = time.process_time()
    assert len(excess(document, SETTINGS, limits([document]))) == len(patterns)
    assert excluded(document, SETTINGS, limits([document])) == ()
    assert time.process_time() - begun < 0.7


@pytest.mark.parametrize("document", [[], [{}], [{"Effect": "Allow"}], [{"Effect": "Allow", "Action": 7}]])
def test_a_document_without_a_usable_statement_grants_nothing(document: list[Json]) -> None:
    assert excess(document, SETTINGS) == ()
    assert lacks([document], ()) == ()


@pytest.mark.parametrize(
    ("outer", "inner", "all_of_it"),
    [
        ("*", "anything", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/logins/*", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b*", False),
        ("a?c", "abc", True),
        ("a?c", "a*c", False),
        ("a*c", "a?c", True),
        ("ABC", "abc", True),
        ("a.c", "abc", False),
    ],
)
def test_one_pattern_encloses_another(outer: str, inner: str, all_of_it: bool) -> None:
    assert encloses(outer, inner) is all_of_it


@all_rows(
    ("resource", "ours"),
    [
        (f"arn:aws:s3:::{bucket()}", True),
        (f"arn:aws:s3:::{bucket()}/liveness-audit/*", True),
        (f"arn:aws:s3:::{bucket()}*", False),
        ("arn:aws:s3:::*FaceAuth*", False),
        (f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/FaceAuth-Cards/index/*", True),
        (f"arn:aws:dynamodb:*:{ACCOUNT}:table/FaceAuth-*", True),
        (f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/*", False),
        ("arn:aws:dynamodb:us-east-1:999999999999:table/FaceAuth-Cards", False),
        (f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:FaceAuth-Status", True),
        (f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:payroll", False),
        (f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:face-auth/ad-x", True),
        (f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/FaceAuth/ad", True),
        (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1", True),
        (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*", False),
        (f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_a", True),
        ("*", False),
        ("arn:aws:s3", False),
    ],
)
def test_what_belongs_to_the_service_is_known_by_its_name_and_account(resource: str, ours: bool) -> None:
    assert own(resource, SETTINGS) is ours


@pytest.mark.parametrize(
    ("resource", "every"),
    [
        ("*", True),
        ("?*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::*/*", True),
        ("arn:aws:s3:::b/*", False),
    ],
)
def test_everything_may_be_written_in_several_ways(resource: str, every: bool) -> None:
    assert everything(resource) is every


def test_without_a_name_of_its_own_nothing_is_the_services() -> None:
    nameless = Settings(account=ACCOUNT, alarm_prefix="")
    assert not own(f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/Salaries", nameless)


# --- what is missing


def test_the_deployed_policy_lacks_nothing_outside_of_a_vpc() -> None:
    assert lacks([DEPLOYED], needs(SETTINGS)) == ()
    inside = {each.action for each in lacks([DEPLOYED], needs(SETTINGS, in_vpc=True))}
    assert inside == {
        f"ec2:{name}NetworkInterface{s}" for name, s in (("Create", ""), ("Describe", "s"), ("Delete", ""))
    }


NEED = Need("s3:PutObject", ("arn:aws:s3:::b/a", "arn:aws:s3:::b/z"))
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
TLS = {"Bool": {"aws:SecureTransport": "false"}}


@all_rows(
    ("document", "boundary", "lack"),
    [
        ([allow("s3:*")], None, None),
        ([allow("s3:PutObject", "arn:aws:s3:::b/*")], [allow("*")], None),
        ([], None, Lack("s3:PutObject", True, denied=False)),
        ([allow("s3:PutObject", "arn:aws:s3:::b/a")], None, Lack("s3:PutObject", True, denied=False)),
        ([allow("s3:*"), {**allow("s3:Put*"), "Effect": "Deny"}], None, Lack("s3:PutObject", True, denied=True)),
        ([allow("s3:*")], [allow("dynamodb:*")], Lack("s3:PutObject", True, denied=True)),
        ([allow("s3:*")], [allow("s3:*"), {**allow("s3:*"), "Effect": "Deny"}], Lack("s3:PutObject", True, denied=True)),
        ([allow("s3:*", Condition=MFA)], None, Lack("s3:PutObject", True, denied=True, conditional=True)),
        ([allow("s3:*"), {**allow("*", Condition=MFA), "Effect": "Deny"}], None, Lack("s3:PutObject", True, denied=True, conditional=True)),
        ([allow("s3:*"), {**allow("*", Condition=TLS), "Effect": "Deny"}], None, None),
        ([allow("s3:*"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}], None, None),
        ([allow("s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}], None, None),
    ],
)  # fmt: skip
def test_a_need_is_met_by_all_policies_together(
    document: list[Json], boundary: list[Json] | None, lack: Lack | None
) -> None:
    split = [[each] for each in document]
    for policies in (split, [document]):
        assert lacks(policies, [NEED], boundary) == (() if lack is None else (lack,))


def test_what_a_deny_takes_away_is_reported_where_it_takes_all_of_it() -> None:
    denied = {**allow("dynamodb:Query", "arn:aws:dynamodb:*:*:table/a"), "Effect": "Deny"}
    one = allow(["dynamodb:Query", "dynamodb:GetItem"], "arn:aws:dynamodb:r:1:table/a")
    assert taken_away([[one], [denied]]) == ("dynamodb:Query",)
    assert taken_away([[allow("dynamodb:Query")], [denied]]) == ()
    assert taken_away([[{**one, "Action": "dynamodb:*"}], [denied]]) == ()


def test_what_is_not_counted_is_named() -> None:
    document = [allow("iam:PassRole"), {**allow("iam:*"), "Effect": "Deny"}]
    bounds = limits([document])
    assert excess(document, SETTINGS, bounds) == ()
    assert excluded(document, SETTINGS, bounds) == ("iam:PassRole",)


def test_services_with_a_right_are_counted_and_not_those_that_are_denied() -> None:
    document = [allow(["S3:GetObject", "logs:*"]), {**allow("iam:*"), "Effect": "Deny"}]
    assert services(document) == {"s3", "logs"}
    assert services([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]) == {"*"}
