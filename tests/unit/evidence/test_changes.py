"""What changed before the alarm, from every source that may be asked."""

import json
from datetime import datetime
from typing import Any

import pytest

from responder.errors import Denied, Missing
from responder.evidence.modifications import Changed
from responder.facts import Modifications
from responder.finding import Finding, Tone
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, ago, context, keys

pytestmark = pytest.mark.unit


def world(aws: FakeAws, modified: datetime | None = None, events: list[dict[str, Any]] | None = None) -> None:
    old = (modified or ago(days=40)).isoformat()
    aws.answer("lambda", "get_function_configuration", {"LastModified": old})
    latest = {"Version": "$LATEST", "LastModified": old}
    aws.answer("lambda", "list_versions_by_function", {"Versions": [latest]})
    aws.answer("cloudformation", "describe_stack_events", {"StackEvents": []})

    def trail(**asked: Any) -> dict[str, Any]:
        create = asked["LookupAttributes"][0]["AttributeValue"] == CREATE
        return {"Events": (events or []) if create else []}

    aws.answer("cloudtrail", "lookup_events", trail)


def call(
    name: str, at: datetime, role: str = "Deployer", session: str = "alice", **detail: Any
) -> dict[str, Any]:
    arn = f"arn:aws:sts::123456789012:assumed-role/{role}/{session}"
    event = {"userIdentity": {"arn": arn}, **detail}
    return {"EventName": name, "EventTime": at, "Username": session, "CloudTrailEvent": json.dumps(event)}


def look(aws: FakeAws) -> tuple[Modifications, Finding]:
    fact = Changed().look(context(aws))
    (finding,) = Changed().tell(fact, context(aws))
    return fact, finding


def test_a_quiet_day_is_said_to_be_quiet(aws: FakeAws) -> None:
    world(aws)
    fact, finding = look(aws)
    assert (fact.changes, fact.unasked, finding.tone) == ((), (), Tone.NORMAL)
    assert finding.said.key == "evidence.changes.none"


def test_a_deployment_within_the_hour_before_the_alarm_is_a_suspect(aws: FakeAws) -> None:
    world(aws, events=[call("UpdateFunctionCode20150331v2", ago(minutes=20))])
    fact, finding = look(aws)
    (change,) = fact.changes
    assert (change.what.values["operation"], change.by, change.ours) == (
        "UpdateFunctionCode",
        "Deployer/alice",
        False,
    )
    assert (finding.tone, finding.said.key) == (Tone.AMBER, "evidence.changes.suspect")
    assert "evidence.changes.before" in keys(*finding.details)


def test_what_lambda_and_cloudtrail_both_say_is_one_change(aws: FakeAws) -> None:
    world(aws, modified=ago(minutes=20), events=[call("UpdateFunctionCode20150331v2", ago(minutes=20))])
    fact, _ = look(aws)
    assert [change.source for change in fact.changes if change.target == CREATE] == ["CloudTrail"]


def test_reads_refused_calls_and_permissions_are_no_changes(aws: FakeAws) -> None:
    events = [
        call("GetFunctionConfiguration20150331v2", ago(minutes=20)),
        call("AddPermission20150331v2", ago(minutes=20)),
        call("UpdateFunctionCode20150331v2", ago(minutes=20), errorCode="AccessDenied"),
    ]
    world(aws, events=events)
    assert look(aws)[0].changes == ()


def test_our_own_change_is_marked_as_ours(aws: FakeAws) -> None:
    ours = call(
        "UpdateFunctionConfiguration20150331v2", ago(minutes=20), role="liveness-responder-HighErrorRate-AB"
    )
    world(aws, events=[ours])
    fact, finding = look(aws)
    assert fact.changes[0].ours
    assert finding.tone is Tone.NORMAL


def test_nobody_can_pose_as_us_by_the_name_of_a_session(aws: FakeAws) -> None:
    world(aws, events=[call("UpdateFunctionCode20150331v2", ago(minutes=20), session="liveness-responder-1")])
    assert not look(aws)[0].changes[0].ours


def test_a_source_that_is_denied_hides_no_other(aws: FakeAws) -> None:
    world(aws, modified=ago(minutes=20))
    aws.fail("cloudtrail", "lookup_events", Denied, code="AccessDeniedException", times=9)
    aws.fail("cloudformation", "describe_stack_events", Missing, times=9)
    fact, finding = look(aws)
    assert len(fact.changes) == 2
    assert len(fact.unasked) == 3
    denied = fact.unasked[0].values["reason"]
    assert denied.values["action"] == "cloudtrail:LookupEvents"  # type: ignore[union-attr]
    assert "evidence.changes.unasked" in keys(*finding.details)


def test_no_change_found_is_not_called_quiet_when_a_source_was_silent(aws: FakeAws) -> None:
    world(aws)
    aws.fail("cloudtrail", "lookup_events", Denied, times=9)
    assert look(aws)[1].tone is Tone.UNKNOWN


def test_stack_updates_and_new_versions_are_changes(aws: FakeAws) -> None:
    world(aws)
    version = {"Version": "7", "LastModified": ago(hours=3).isoformat()}
    aws.answer("lambda", "list_versions_by_function", {"Versions": [version]})
    stack = {"StackId": "arn:s", "PhysicalResourceId": "arn:s", "ResourceStatus": "UPDATE_COMPLETE"}
    events = [
        {**stack, "Timestamp": ago(minutes=30)},
        {"StackId": "arn:s", "PhysicalResourceId": "other", "Timestamp": ago(minutes=31)},
        {**stack, "Timestamp": ago(days=3)},
    ]
    aws.answer("cloudformation", "describe_stack_events", {"StackEvents": events})
    fact, _ = look(aws)
    assert [change.source for change in fact.changes] == ["CloudFormation", "Lambda", "Lambda"]


def test_cloudtrail_is_asked_once_per_function(aws: FakeAws) -> None:
    world(aws)
    look(aws)
    assert aws.count("cloudtrail", "lookup_events") == 2
