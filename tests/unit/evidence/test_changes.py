"""What changed before the alarm, from every source that may be asked."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from responder.context import Context
from responder.errors import Denied, Missing
from responder.evidence.modifications import Changed
from responder.facts import Dependency, Modifications
from responder.finding import Finding, Tone
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, ago, context, keys

pytestmark = pytest.mark.unit
SHARED = "arn:aws:iam::123456789012:policy/teams/FaceAuthShared"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def world(aws: FakeAws, modified: datetime | None = None, events: list[dict[str, Any]] | None = None) -> None:
    old = (modified or ago(days=40)).isoformat()
    aws.answer("lambda", "get_function_configuration", {"LastModified": old})
    latest = {"Version": "$LATEST", "LastModified": old}
    aws.answer("lambda", "list_versions_by_function", {"Versions": [latest]})
    aws.answer("cloudformation", "describe_stack_events", {"StackEvents": []})
    aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": [{"PolicyArn": SHARED}]})

    def trail(**asked: Any) -> dict[str, Any]:
        assert asked["LookupAttributes"] == [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
        return {"Events": events or []}

    aws.answer("cloudtrail", "lookup_events", trail)


def call(
    name: str,
    at: datetime,
    role: str = "Deployer",
    session: str = "alice",
    source: str = "lambda",
    asked: Mapping[str, Any] | None = None,
    **detail: Any,
) -> dict[str, Any]:
    arn = f"arn:aws:sts::123456789012:assumed-role/{role}/{session}"
    parameters = {"functionName": CREATE} if asked is None else asked
    event = {"userIdentity": {"arn": arn}, "requestParameters": parameters, **detail}
    return {
        "EventName": name,
        "EventSource": f"{source}.amazonaws.com",
        "EventTime": at,
        "Username": session,
        "CloudTrailEvent": json.dumps(event),
    }


def with_bucket(aws: FakeAws) -> Context:
    around = context(aws)
    return replace(around, settings=replace(around.settings, bucket="face-auth-images"))


def look(aws: FakeAws) -> tuple[Modifications, Finding]:
    fact = Changed().look(with_bucket(aws))
    (finding,) = Changed().tell(fact, with_bucket(aws))
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


def test_refused_calls_and_permissions_to_invoke_are_no_changes(aws: FakeAws) -> None:
    events = [
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
    assert len(fact.unasked) == 2
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


def test_one_lookup_covers_every_resource(aws: FakeAws) -> None:
    world(aws)
    look(aws)
    assert aws.count("cloudtrail", "lookup_events") == 1


@pytest.mark.parametrize(
    ("source", "name", "asked", "kind"),
    [
        ("iam", "PutRolePolicy", {"roleName": "FaceAuthLambdaExecutionRole"}, Dependency.ROLE),
        ("iam", "DetachRolePolicy", {"roleName": "FaceAuthLambdaExecutionRole"}, Dependency.ROLE),
        ("iam", "CreatePolicyVersion", {"policyArn": SHARED, "setAsDefault": True}, Dependency.POLICY),
        ("dynamodb", "UpdateTable", {"tableName": "FaceAuth-LivenessSessions"}, Dependency.TABLE),
        (
            "dynamodb",
            "PutResourcePolicy",
            {"resourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/FaceAuth-LivenessSessions"},
            Dependency.TABLE,
        ),
        ("s3", "PutBucketPolicy", {"bucketName": "face-auth-images", "policy": ""}, Dependency.BUCKET),
        ("s3", "PutAccountPublicAccessBlock", {"accountId": "123456789012"}, Dependency.BUCKET),
        ("kms", "DisableKey", {"keyId": KEY}, Dependency.KEY),
        ("cloudformation", "ExecuteChangeSet", {"stackName": "FaceAuthStack"}, Dependency.STACK),
        (
            "lambda",
            "UpdateFunctionConfiguration20150331v2",
            {"functionName": "FaceAuth-FaceLogin"},
            Dependency.FUNCTION,
        ),
    ],
)
def test_a_change_of_anything_the_service_depends_on_is_found_with_who_and_when(
    aws: FakeAws, source: str, name: str, asked: Mapping[str, Any], kind: Dependency
) -> None:
    world(aws, events=[call(name, ago(minutes=20), source=source, asked=asked)])
    quiet = {"LastModified": ago(days=40).isoformat(), "KMSKeyArn": KEY}
    aws.answer("lambda", "get_function_configuration", quiet)
    fact, finding = look(aws)
    (change,) = fact.changes
    assert (change.kind, change.by, change.at) == (kind, "Deployer/alice", ago(minutes=20))
    assert finding.said.key == "evidence.changes.suspect"


@pytest.mark.parametrize(
    ("source", "name", "asked"),
    [
        ("iam", "PutRolePolicy", {"roleName": "AnotherRole"}),
        ("iam", "TagRole", {"roleName": "FaceAuthLambdaExecutionRole"}),
        (
            "lambda",
            "CreateFunction20150331",
            {"functionName": "X", "role": "role/FaceAuthLambdaExecutionRole"},
        ),
        ("s3", "PutBucketPolicy", {"bucketName": "face-auth-images-of-others"}),
        ("dynamodb", "CreateBackup", {"tableName": "FaceAuth-LivenessSessions"}),
        ("kms", "DisableKey", {"keyId": "99999999-2222-3333-4444-555555555555"}),
        ("logs", "CreateLogStream", {"logGroupName": f"/aws/lambda/{CREATE}"}),
    ],
)
def test_what_changes_nothing_of_the_service_is_no_change(
    aws: FakeAws, source: str, name: str, asked: Mapping[str, Any]
) -> None:
    world(aws, events=[call(name, ago(minutes=20), source=source, asked=asked)])
    assert look(aws)[0].changes == ()


def test_none_is_only_said_of_the_time_that_was_read(aws: FakeAws) -> None:
    world(aws)
    pages: list[Mapping[str, Any]] = [
        {"Events": [call("CreateLogStream", ago(minutes=each), source="logs", asked={})], "NextToken": "more"}
        for each in (1, 2, 3, 4)
    ]
    aws.answer("cloudtrail", "lookup_events", pages)
    fact, finding = look(aws)
    assert fact.whole_since == ago(minutes=3)
    assert not fact.reach(ago(minutes=0))
    assert fact.reach(ago(minutes=-57))
    assert finding.tone is Tone.UNKNOWN
    assert "evidence.changes.capped" in keys(*finding.details)


def test_what_was_looked_at_is_named_where_nothing_was_found(aws: FakeAws) -> None:
    world(aws)
    _, finding = look(aws)
    watched = finding.said.values["watched"]
    assert isinstance(watched, tuple)
    known = ("function", "stack", "role", "policy", "table", "bucket")
    assert [each.key for each in watched] == [f"say.dependency.{kind}" for kind in known]


def test_outside_of_the_home_of_iam_its_events_are_looked_up_there(aws: FakeAws) -> None:
    world(aws)
    tokyo = replace(context(aws), settings=replace(context(aws).settings, region="ap-northeast-1"))
    Changed().look(tokyo)
    asked = [service for service, operation, _ in aws.calls if operation == "lookup_events"]
    assert sorted(asked) == ["cloudtrail", "cloudtrail@us-east-1"]
