"""A call is denied: by whose policy, and what a person may change about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alarms.images_access_denied import playbook
from responder.core.cause import Cause
from responder.core.errors import Denied as CallDenied
from responder.core.plain_data import Json
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import WrittenChange
from responder.evidence.base import reason
from responder.evidence.bucket import BucketDeny
from responder.evidence.configuration import FunctionConfigurations
from responder.evidence.denied import DeniedRequest, DeniedTarget
from responder.evidence.faults import DenyingPolicy
from responder.evidence.invocations import FunctionTraffic, Traffic
from responder.messages.language import say
from tests.fakes.gateway import NOW
from tests.rows import all_rows, in_both_languages
from tests.unit.alarms import world
from tests.unit.alarms.limits_world import KEY, bucket, denial, denied, role
from tests.unit.alarms.world import (
    ACTS,
    CREATE,
    RESULT,
    SETTINGS,
    Case,
    case,
    check,
    decided,
    put,
    state,
    without,
)

PUT = "s3:PutObject"
DENY = BucketDeny("DenyAll", (PUT,))
DENY_IF = BucketDeny("OnlyFromVpc", (PUT,), ("aws:SourceVpce",))
QUERY = denial("Query", "dynamodb:Query")
UNREAD = {"policy": reason(CallDenied("s3", "GetBucketPolicy", "AccessDenied"))}
TABLE: Json = {"operation": "PutItem", "action": "dynamodb:PutItem"}
START: Json = {
    "operation": "CreateFaceLivenessSession",
    "action": "rekognition:CreateFaceLivenessSession",
    "reason": DenyingPolicy.NOT_ALLOWED,
}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack knows its account and bucket."""
    monkeypatch.setattr(world, "SETTINGS", replace(SETTINGS, account="123456789012", bucket="images"))


def said(why: DenyingPolicy, **more: Any) -> Any:
    return denied(*[denial(reason=why, **more)] * 3)


def many(ago: float, **more: Any) -> Any:
    """A tenth of all calls was denied, the last one so long ago."""
    return denied(*[denial(ago=ago)] * 15, **more)


CASES: dict[str, Case] = {
    "AWS says the role lacks it": case(
        "denied_role",
        said(DenyingPolicy.NOT_ALLOWED),
        role(PUT),
        steps=("check_permissions",),
        propose_change=ACTS,
    ),
    "AWS says no more, the role lacks it": case(
        "denied_role", said(DenyingPolicy.UNSAID), role(PUT), propose_change=ACTS
    ),
    "AWS says it, the role is not readable": case(
        "denied_role", said(DenyingPolicy.NOT_ALLOWED), without("access"), propose_change=ACTS
    ),
    "it is allowed by now": case(
        "denied_mended", said(DenyingPolicy.NOT_ALLOWED, ago=6), role(), steps=("wait_and_watch",)
    ),
    "it goes on, whatever the policy says": case("unknown", said(DenyingPolicy.NOT_ALLOWED), role()),
    "the role denies it": case(
        "denied_by_role", said(DenyingPolicy.ROLE_DENIES), role(PUT), steps=("remove_deny",)
    ),
    "the role denied it": case("denied_mended", said(DenyingPolicy.ROLE_DENIES, ago=6), role()),
    "the role denies it, in another policy": case(
        "denied_by_role", said(DenyingPolicy.ROLE_DENIES, ago=6), role(attached=("Guardrails",))
    ),
    "the role denies it still": case("denied_by_role", said(DenyingPolicy.ROLE_DENIES), role()),
    "the bucket's policy": case(
        "denied_bucket_policy",
        said(DenyingPolicy.BUCKET_DENIES),
        role(),
        bucket(DENY, DENY_IF),
        steps=("review_bucket_deny",),
        propose_change=ACTS,
    ),
    "the bucket's policy under a condition": case(
        "denied_bucket_policy",
        said(DenyingPolicy.BUCKET_DENIES),
        role(),
        bucket(DENY_IF),
        propose_change=ACTS,
    ),
    "the bucket's policy, unsaid": case(
        "denied_bucket_policy", said(DenyingPolicy.UNSAID), role(), bucket(DENY), propose_change=ACTS
    ),
    "a condition alone proves nothing": case("unknown", said(DenyingPolicy.UNSAID), role(), bucket(DENY_IF)),
    "the bucket's policy, not readable": case(
        "denied_bucket_policy", said(DenyingPolicy.BUCKET_DENIES), role(), bucket(unread=UNREAD)
    ),
    "the statement is gone": case(
        "denied_mended", said(DenyingPolicy.BUCKET_DENIES, ago=6), role(), bucket()
    ),
    "the bucket's policy, in a form that is not judged": case(
        "denied_bucket_policy", said(DenyingPolicy.BUCKET_DENIES), role(), bucket()
    ),
    "the bucket's policy, an action that is not judged": case(
        "denied_bucket_policy",
        said(DenyingPolicy.BUCKET_DENIES, ago=6, action="s3:PutObjectTagging"),
        role(),
        bucket(),
    ),
    "public access block": case(
        "denied_public_block", said(DenyingPolicy.PUBLIC_BLOCK), role(), steps=("send_no_public_acl",)
    ),
    "boundary": case("denied_above", said(DenyingPolicy.BOUNDARY), role(), steps=("check_above",)),
    "organization": case("denied_above", said(DenyingPolicy.ORGANIZATION), role(PUT)),
    "endpoint": case("denied_above", said(DenyingPolicy.ENDPOINT), role()),
    "the key, as AWS says": case(
        "denied_key",
        said(DenyingPolicy.NOT_ALLOWED, action="kms:GenerateDataKey"),
        role("kms:GenerateDataKey"),
        bucket(key=KEY),
        steps=("check_key",),
        propose_change=ACTS,
    ),
    "the key's own policy": case(
        "denied_key", said(DenyingPolicy.NOT_GRANTED, action="kms:GenerateDataKey"), role(), bucket(key=KEY)
    ),
    "the key, unsaid": case(
        "denied_key",
        said(DenyingPolicy.UNSAID),
        role("kms:GenerateDataKey"),
        bucket(key=KEY),
        propose_change=ACTS,
    ),
    "no key of its own": case("unknown", said(DenyingPolicy.UNSAID), role("kms:GenerateDataKey"), bucket()),
    "the key is allowed by now": case(
        "denied_mended",
        said(DenyingPolicy.NOT_ALLOWED, ago=6, action="kms:GenerateDataKey"),
        role(),
        bucket(key=KEY),
    ),
    "the table": case(
        "denied_elsewhere", said(DenyingPolicy.UNSAID, **TABLE), role("dynamodb:PutItem"), propose_change=ACTS
    ),
    "rekognition": case(
        "denied_elsewhere", denied(denial(**START)), role(START["action"]), propose_change=ACTS
    ),
    "metrics": case(
        "denied_elsewhere",
        said(DenyingPolicy.NOT_ALLOWED, operation="PutMetricData", action="cloudwatch:PutMetricData"),
        role("cloudwatch:PutMetricData"),
        propose_change=ACTS,
    ),
    "another role": case(
        "denied_other_role",
        said(DenyingPolicy.NOT_ALLOWED, own_role=False),
        role(PUT),
        steps=("check_execution_role",),
    ),
    "another bucket": case(
        "denied_other_target",
        said(DenyingPolicy.NOT_ALLOWED, own_role=True, target=DeniedTarget.OTHER),
        role(),
        steps=("check_environment",),
    ),
    "another bucket, which its variable names": case(
        "environment",
        said(DenyingPolicy.NOT_ALLOWED, own_role=True, target=DeniedTarget.OTHER),
        role(),
        put(
            configuration=FunctionConfigurations(
                {RESULT: state(RESULT, expected_wrong=("FACE_AUTH_BUCKET",))}
            )
        ),
        steps=("repair_environment_by_hand",),
    ),
    "quiet since, with calls": case("denied_mended", many(8), role()),
    "quiet since, but so rare that it proves nothing": case(
        "unknown", said(DenyingPolicy.UNSAID, ago=8), role()
    ),
    "quiet since, in a log that was not read to its end": case(
        "unknown", many(8, complete_since={RESULT: NOW - timedelta(minutes=7)}), role()
    ),
    "quiet since, in the one log that could be read": case(
        "unknown", many(8, unread={CREATE: text("evidence.failed.late")}), role()
    ),
    "quiet since, but still lacking": case(
        "denied_role", said(DenyingPolicy.UNSAID, ago=8), role(PUT), propose_change=ACTS
    ),
    "quiet since, attached policies allow it": case("denied_mended", many(8), role(PUT, attached=("More",))),
    "quiet for too short": case("unknown", said(DenyingPolicy.UNSAID, ago=4), role()),
    "quiet without calls": case("unknown", many(8), role(), world.quiet(0)),
    "quiet, too few calls": case("unknown", many(8), role(), world.quiet(4)),
    "quiet under load, but the role lacks it": case("denied_role", many(8), role(PUT), propose_change=ACTS),
    "quiet under load, but the bucket denies it": case(
        "denied_bucket_policy", many(8), role(), bucket(DENY), propose_change=ACTS
    ),
    "quiet under load, the bucket denies it under a condition": case(
        "denied_mended", many(8), role(), bucket(DENY_IF)
    ),
    "quiet under load, the bucket denies something else": case(
        "denied_mended", many(8), role(), bucket(BucketDeny("NoReading", ("s3:GetObject",)))
    ),
    "in both functions": case(
        "denied_role", denied(denial(function=CREATE), denial()), role(PUT), propose_change=ACTS
    ),
    "two statements of the bucket's policy": case(
        "denied_bucket_policy",
        said(DenyingPolicy.BUCKET_DENIES),
        role(),
        bucket(DENY, BucketDeny("DenyWrites", (PUT,))),
        propose_change=ACTS,
    ),
    "the bucket's policy, quiet, not readable": case(
        "denied_bucket_policy", said(DenyingPolicy.BUCKET_DENIES, ago=6), role(), bucket(unread=UNREAD)
    ),
    "the key is denied still, whatever the policy says": case(
        "unknown", said(DenyingPolicy.NOT_ALLOWED, action="kms:GenerateDataKey"), role(), bucket(key=KEY)
    ),
    "the key, unsaid, for reading": case(
        "denied_key",
        said(DenyingPolicy.UNSAID, operation="GetObject", action="s3:GetObject"),
        role("kms:Decrypt"),
        bucket(key=KEY),
        propose_change=ACTS,
    ),
    "AWS says no more, the role is not readable": case(
        "unknown", said(DenyingPolicy.UNSAID), without("access")
    ),
    "beside other denials": case(
        "denied_role",
        denied(*[denial(reason=DenyingPolicy.NOT_ALLOWED)] * 3, denial(**TABLE)),
        role(PUT),
        propose_change=ACTS,
    ),
    "a change just before": case(
        "denied_role", said(DenyingPolicy.NOT_ALLOWED), role(PUT), world.changed(), propose_change=ACTS
    ),
    "nothing explains it": case("unknown", said(DenyingPolicy.UNSAID), role()),
    "a form nobody knows": case("unknown", denied(unparsed=4)),
    "nothing denied": case("unknown", steps=("check_dashboard",)),
    "no logs": case("unknown", without("denied")),
    "an action nobody needs": case("denied_role", said(DenyingPolicy.NOT_ALLOWED, action="s3:DeleteBucket")),
}


@all_rows("name", CASES)
def test_case(name: str) -> None:
    check(playbook, CASES[name])


def calls(**by_minutes: float) -> Any:
    """Invocations of the denied function, by minutes ago (`m8=150`)."""
    found = world.series(*((float(minutes[1:]), count) for minutes, count in by_minutes.items()))
    return world.put(invocations=Traffic({RESULT: FunctionTraffic(found, Series(), Series())}))


@pytest.mark.parametrize(
    ("denials", "traffic", "over"),
    [
        pytest.param(15, {"m8": 150, "m2": 30}, True, id="three of thirty would have met it"),
        pytest.param(15, {"m8": 150, "m2": 29}, False, id="less than three of 29 would"),
        pytest.param(15, {"m8": 15, "m2": 5}, True, id="five calls, when all were denied"),
        pytest.param(15, {"m8": 15, "m2": 4}, False, id="four calls prove nothing"),
        pytest.param(15, {"m2": 5}, True, id="nobody counted the calls of before"),
        pytest.param(15, {"m8": 150, "m7": 30}, True, id="from the minute after the last denial"),
        pytest.param(15, {"m8": 180}, False, id="its own minute does not count"),
    ],
)
def test_silence_proves_something_only_where_calls_would_have_met_it(
    denials: int, traffic: dict[str, float], over: bool
) -> None:
    verdict = decided(playbook, denied(*[denial(ago=8)] * denials), role(), calls(**traffic))
    assert (verdict.cause.kind is Cause.DENIED_MENDED) is over


def test_the_rate_is_that_of_the_whole_hour_before_the_last_denial() -> None:
    hour = [*[denial(ago=70)] * 14, denial(ago=130)]
    before = calls(m130=50, m70=100, m2=30)
    assert decided(playbook, denied(*hour), role(), before).cause.kind is Cause.DENIED_MENDED
    older = denied(*[denial(ago=70)] * 14, denial(ago=131))
    assert decided(playbook, older, role(), before).cause.kind is Cause.UNKNOWN


def test_five_minutes_of_silence_are_enough() -> None:
    under_load = denied(*[denial(ago=5)] * 15), role(), calls(m5=150, m2=30)
    assert decided(playbook, *under_load).cause.kind is Cause.DENIED_MENDED


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_kinds_as_frequent_the_one_with_a_reason_is_reported(turn: int) -> None:
    kinds = [denial(), denial(reason=DenyingPolicy.PUBLIC_BLOCK)][::turn]
    assert decided(playbook, denied(*kinds), role()).cause.kind is Cause.DENIED_PUBLIC_BLOCK


@pytest.mark.parametrize("known", [bucket(key="alias/images"), bucket(), without("bucket")])
def test_a_key_that_is_not_known_by_its_arn_is_never_asked_for(known: Any) -> None:
    missing = said(DenyingPolicy.NOT_ALLOWED, action="kms:Decrypt")
    assert decided(playbook, missing, role("kms:Decrypt"), known).proposals == ()


def test_it_says_why_it_does_not_know() -> None:
    unread = {RESULT: text("evidence.failed.late")}
    whys = {
        "why.logs_unread": (without("denied"),),
        "why.no_denial_seen": (),
        "why.denied_unparsed": (denied(unparsed=1),),
        "why.denied_unexplained": (said(DenyingPolicy.UNSAID), role()),
        "why.denied_despite": (said(DenyingPolicy.NOT_ALLOWED), role()),
        "why.denied_blind": (said(DenyingPolicy.UNSAID), role(), without("bucket")),
    }
    for why, variations in whys.items():
        assert decided(playbook, *variations).why.key == why
    assert decided(playbook, denied(unread=unread)).why.key == "why.logs_unread"


def test_a_log_that_was_not_read_to_its_end_is_not_called_clean() -> None:
    huge = denied(complete_since={RESULT: NOW - timedelta(minutes=15)})
    assert decided(playbook, huge).why.key == "why.logs_unread"


def test_what_is_denied_still_is_reported_before_what_is_over() -> None:
    going = denial("UpdateItem", "dynamodb:UpdateItem", DenyingPolicy.NOT_ALLOWED, ago=1)
    over = [denial(ago=20)] * 15
    verdict = decided(playbook, denied(*over, going), role("dynamodb:UpdateItem"))
    assert (verdict.cause.kind, verdict.cause.values["action"]) == (
        Cause.DENIED_ELSEWHERE,
        "dynamodb:UpdateItem",
    )


@pytest.mark.parametrize(
    ("most", "fewer", "reported"),
    [
        pytest.param(8, 1, PUT, id="what happens most, though something else came later"),
        pytest.param(60, 10, PUT, id="an hour ago is within the last hour"),
        pytest.param(100, 10, TABLE["action"], id="what was before the last hour is not"),
        pytest.param(100, 70, PUT, id="unless nothing else is known"),
    ],
)
def test_what_was_denied_most_in_the_last_hour_is_reported(most: float, fewer: float, reported: str) -> None:
    lacking = role(PUT, TABLE["action"])
    often, seldom = denial(reason=DenyingPolicy.NOT_ALLOWED, ago=most), denial(**TABLE, ago=fewer)
    verdict = decided(playbook, denied(*[often] * 5, seldom), lacking, world.quiet(0))
    assert verdict.cause.values["action"] == reported


def test_what_was_denied_five_minutes_ago_is_no_longer_going_on() -> None:
    over, other = [denial(ago=20)] * 15, denial(**TABLE, ago=5)
    verdict = decided(playbook, denied(*over, other), role(TABLE["action"]))
    assert verdict.cause.kind is Cause.DENIED_MENDED


def test_what_users_feel_comes_before_missing_metrics() -> None:
    metrics = denial("PutMetricData", "cloudwatch:PutMetricData", DenyingPolicy.NOT_ALLOWED)
    verdict = decided(playbook, denied(*[metrics] * 9, denial(reason=DenyingPolicy.NOT_ALLOWED)), role(PUT))
    assert verdict.cause.values["action"] == PUT
    assert verdict.why.values["others"] == 1


def proposed(*variations: Any) -> WrittenChange:
    (proposal,) = decided(playbook, *variations).proposals
    assert proposal.remedy == "propose_change"
    (found,) = proposal.proposed
    return found


def grant(one: DeniedRequest, lacks: str, **more: Any) -> tuple[Any, Any]:
    (statement,) = proposed(denied(one), role(lacks), bucket(**more)).document["Statement"]
    return statement["Action"], statement["Resource"]


def test_the_difference_is_the_denied_action_on_no_more_than_the_service_uses() -> None:
    images = "arn:aws:s3:::images/liveness-audit/*"
    table = f"arn:aws:dynamodb:us-east-1:123456789012:table/{SETTINGS.sessions_table}"
    key = denial(action="kms:GenerateDataKey", reason=DenyingPolicy.NOT_ALLOWED)
    assert grant(denial(), PUT) == ([PUT], images)
    assert grant(denial(**TABLE), "dynamodb:PutItem") == (["dynamodb:PutItem"], table)
    assert grant(QUERY, "dynamodb:Query") == (["dynamodb:Query"], f"{table}/index/*")
    assert grant(key, "kms:GenerateDataKey", key=KEY) == (["kms:GenerateDataKey"], KEY)
    assert grant(denial(**START), START["action"]) == ([START["action"]], "*")


def test_a_bucket_that_is_not_known_gets_no_wildcard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "SETTINGS", Settings())
    for one, lacks in ((denial(), PUT), (denial(**TABLE), "dynamodb:PutItem"), (QUERY, "dynamodb:Query")):
        assert decided(playbook, denied(one), role(lacks)).proposals == ()


def test_the_statement_that_always_denies_is_the_one_to_review() -> None:
    found = proposed(said(DenyingPolicy.BUCKET_DENIES), role(), bucket(DENY_IF, DENY))
    assert found.document["Sid"] == "DenyAll"


@in_both_languages
def test_every_cause_is_reported_whole(language: str) -> None:
    for each in CASES.values():
        verdict = decided(playbook, *each.variations)
        assert "<" not in say(verdict.cause.text, language) + say(verdict.why, language)
