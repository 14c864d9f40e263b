"""AWS Health, the service's role, and looks that failed."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.errors import Busy, Denied, Missing, NotSubscribed, Throttled, Unreachable
from responder.core.finding import Finding, Tone
from responder.core.plain_data import Json
from responder.core.text import Strings
from responder.evidence import policies
from responder.evidence.access import EXPECTED, Access, Gone
from responder.evidence.base import failed, reason
from responder.evidence.health import AwsHealth
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import ago, context, keys

BOTH_CALLS = ("get_role_policy", "list_attached_role_policies")


def test_open_and_lately_closed_events_are_reported_newest_first(aws: FakeAws) -> None:
    def answer(**asked: Any) -> Json:
        event = {"service": "REKOGNITION", "eventTypeCode": "AWS_REKOGNITION_OPERATIONAL_ISSUE"}
        hours = 1 if asked["filter"]["eventStatusCodes"] == ["open"] else 2
        return {"events": [{**event, "startTime": ago(hours=hours)}]}

    aws.answer("health", "describe_events", answer)
    fact = AwsHealth().look(context(aws))
    assert [start for *_, start in fact.events] == [ago(hours=1), ago(hours=2)]
    (finding,) = AwsHealth().findings(fact, context(aws))
    assert finding.tone is Tone.RED


def test_an_open_event_is_seen_however_old_its_last_update_is(aws: FakeAws) -> None:
    aws.answer("health", "describe_events", {"events": []})
    AwsHealth().look(context(aws))
    opened, closed = (asked["filter"] for asked in aws.sent("health", "describe_events"))
    assert "endTimes" not in opened
    assert "endTimes" in closed
    assert opened["regions"] == ["us-east-1", "global"]


def test_no_event_is_reported(aws: FakeAws) -> None:
    aws.answer("health", "describe_events", {"events": []})
    (finding,) = AwsHealth().findings(AwsHealth().look(context(aws)), context(aws))
    assert finding.tone is Tone.NORMAL


def test_without_a_support_plan_the_person_is_sent_to_the_public_page(aws: FakeAws) -> None:
    aws.answer("health", "describe_events", {"events": []})
    aws.fail("health", "describe_events", NotSubscribed, code="SubscriptionRequiredException")
    with pytest.raises(NotSubscribed) as raised:
        AwsHealth().look(context(aws))
    finding = failed("health", raised.value)
    assert finding.link == "https://health.aws.amazon.com/health/status"
    assert (finding.tone, finding.look) == (Tone.UNKNOWN, "health")


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (Denied("logs", "filter_log_events", "AccessDeniedException"), "denied"),
        (Missing("dynamodb", "DescribeTable", "ResourceNotFoundException"), "missing"),
        (Throttled("cloudtrail", "LookupEvents", "ThrottlingException"), "throttled"),
        (Unreachable("iam", "GetRolePolicy", "ReadTimeout"), "unreachable"),
        (Busy("lambda", "X", "Y"), "other"),
        (TimeoutError(), "late"),
        (KeyError("secret"), "ours"),
    ],
)
def test_a_look_that_failed_says_why(error: Exception, key: str) -> None:
    finding = failed("timing.result", error)
    assert {f"evidence.failed.{key}", "evidence.look.timing"} <= keys(finding.said)
    assert "secret" not in repr(finding)


def test_a_missing_right_is_named_as_iam_writes_it() -> None:
    finding = failed("failures", Denied("logs", "filter_log_events", "AccessDeniedException"))
    assert finding.said.values["reason"].values["action"] == "logs:FilterLogEvents"  # type: ignore[union-attr]


def allow(*actions: str, effect: str = "Allow", **more: Any) -> Json:
    return {"Effect": effect, "Action": list(actions), "Resource": "*", **more}


def judged(aws: FakeAws, *statements: Json, encode: bool = False) -> Finding:
    document: Any = {"Version": "2012-10-17", "Statement": list(statements)}
    document = quote(json.dumps(document)) if encode else document
    answer = {"RoleName": "r", "PolicyName": "p", "PolicyDocument": document}
    aws.answer("iam", "get_role_policy", answer)
    attached = [{"PolicyName": "AWSLambdaVPCAccessExecutionRole", "PolicyArn": "arn"}]
    aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": attached})
    (finding,) = Access().findings(Access().look(context(aws)), context(aws))
    return finding


@pytest.mark.parametrize("encode", [False, True])
def test_a_policy_that_allows_everything_needed_is_normal_within_its_limits(
    aws: FakeAws, encode: bool
) -> None:
    finding = judged(aws, allow(*EXPECTED), encode=encode)
    assert finding.tone is Tone.NORMAL
    assert {"evidence.access.limits", "evidence.access.attached"} <= keys(*finding.details)


def test_wildcards_allow_too(aws: FakeAws) -> None:
    assert judged(aws, allow("rekognition:*FaceLiveness*", "DynamoDB:*Item", "s3:Put*")).tone is Tone.NORMAL


def test_a_missing_action_is_named(aws: FakeAws) -> None:
    finding = judged(aws, allow("rekognition:*", "dynamodb:*"))
    assert finding.tone is Tone.RED
    assert finding.said.values["actions"] == "s3:PutObject"


def test_an_explicit_deny_wins(aws: FakeAws) -> None:
    assert judged(aws, allow("*"), allow("s3:PutObject", effect="Deny")).tone is Tone.RED


def test_a_deny_with_a_condition_is_not_judged(aws: FakeAws) -> None:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    assert judged(aws, allow("*"), allow("s3:*", effect="Deny", Condition=condition)).tone is Tone.NORMAL


def test_not_action_covers_all_but_what_it_names() -> None:
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert policies.allowed([statement], "s3:PutObject")
    assert not policies.allowed([statement], "iam:PassRole")


@given(
    st.text() | st.none() | st.dictionaries(st.just("Statement"), st.text() | st.lists(st.text()) | st.none())
)
def test_a_malformed_policy_document_allows_nothing_and_raises_nothing(document: object) -> None:
    assert not policies.allowed(policies.statements(document), "s3:PutObject")


def test_whether_it_is_allowed_is_not_known_where_it_hangs_on_a_condition() -> None:
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    deny = {**allow, "Effect": "Deny"}
    only_here = {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    for statements, sure in (
        ((allow,), True),
        ((), False),
        ((allow, deny), False),
        (({**allow, **only_here},), None),
        ((allow, {**deny, **only_here}), None),
        ((allow, {**deny, **only_here, "Action": "s3:DeleteObject"}), True),
    ):
        assert policies.surely_allowed(statements, "s3:PutObject") is sure


@pytest.mark.parametrize(("fails", "gone"), [(("get_role_policy",), Gone.POLICY), (BOTH_CALLS, Gone.ROLE)])
def test_a_policy_or_role_that_does_not_exist_is_a_fact(aws: FakeAws, fails: Strings, gone: Gone) -> None:
    aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": []})
    for operation in fails:
        aws.fail("iam", operation, Missing, code="NoSuchEntity")
    fact = Access().look(context(aws))
    (finding,) = Access().findings(fact, context(aws))
    assert (fact.gone, fact.missing) == (gone, EXPECTED)
    assert (finding.tone, finding.said.key) == (Tone.RED, f"evidence.access.{gone}_absent")


def test_a_policy_that_may_not_be_read_is_no_absent_one(aws: FakeAws) -> None:
    aws.fail("iam", "get_role_policy", Denied, code="AccessDenied")
    with pytest.raises(Denied):
        Access().look(context(aws))


def test_a_read_that_was_late_by_the_own_clock_is_named_in_words() -> None:
    late = Unreachable("look", "Plan RolloutToZero", "TimedOut")
    assert say(reason(late), "en") == "not completed in time"
