"""What changed before the alarm, from every source that may be asked."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from responder.core.context import Context
from responder.core.errors import Denied, Missing
from responder.core.finding import Finding, Tone
from responder.core.plain_data import Data, Json
from responder.evidence.changes import Affects, Dependency, Modifications
from responder.evidence.modifications import RecentChanges
from responder.evidence.trail import iam_region
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, RESULT, ago, context, keys

SESSIONS = "FaceAuth-LivenessSessions"
SHARED = "arn:aws:iam::123456789012:policy/teams/FaceAuthShared"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def world(aws: FakeAws, modified: datetime | None = None, events: list[Json] | None = None) -> None:
    old = (modified or ago(days=40)).isoformat()
    aws.answer("lambda", "get_function_configuration", {"LastModified": old})
    latest = {"Version": "$LATEST", "LastModified": old}
    aws.answer("lambda", "list_versions_by_function", {"Versions": [latest]})
    aws.answer("cloudformation", "describe_stack_events", {"StackEvents": []})
    aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": [{"PolicyArn": SHARED}]})

    def trail(**asked: Any) -> Json:
        assert asked["LookupAttributes"] == [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
        return {"Events": events or []}

    aws.answer("cloudtrail", "lookup_events", trail)


def call(
    name: str,
    at: datetime,
    role: str = "Deployer",
    session: str = "alice",
    source: str = "lambda",
    asked: Data | None = None,
    path: str = "",
    account: str = "123456789012",
    **detail: Any,
) -> Json:
    """An event of LookupEvents; `path` and `account` are those of the role."""
    identity = {
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
        "sessionContext": {"sessionIssuer": {"arn": f"arn:aws:iam::{account}:role/{path}{role}"}},
    }
    parameters = {"functionName": CREATE} if asked is None else asked
    event = {"userIdentity": identity, "requestParameters": parameters, **detail}
    return {
        "EventName": name,
        "EventSource": f"{source}.amazonaws.com",
        "EventTime": at,
        "Username": session,
        "CloudTrailEvent": json.dumps(event),
    }


def with_bucket(aws: FakeAws) -> Context:
    around = context(aws)
    mine = replace(around.settings, bucket="face-auth-images", account="123456789012")
    return replace(around, settings=mine)


def look(aws: FakeAws) -> tuple[Modifications, Finding]:
    fact = RecentChanges().look(with_bucket(aws))
    (finding,) = RecentChanges().findings(fact, with_bucket(aws))
    return fact, finding


def test_a_quiet_day_is_reported_to_be_quiet(aws: FakeAws) -> None:
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


CONFIGURED = "UpdateFunctionConfiguration20150331v2"
SHORTENED = "liveness-responder-produc-HighErrorRateRole-1ABCDEF"


@pytest.mark.parametrize(
    ("stack", "role"),
    [
        ("liveness-responder", "liveness-responder-HighErrorRateRole-AB"),
        ("liveness-responder-production", SHORTENED),
    ],
)
def test_our_own_change_is_known_by_the_path_of_our_roles(aws: FakeAws, stack: str, role: str) -> None:
    """CloudFormation shortens their names; the path is the stack's whole name."""
    world(aws, events=[call(CONFIGURED, ago(minutes=20), role=role, path=f"{stack}/")])
    ours = with_bucket(aws)
    ours = replace(ours, settings=replace(ours.settings, stack=stack))
    fact = RecentChanges().look(ours)
    (finding,) = RecentChanges().findings(fact, ours)
    assert fact.changes[0].ours
    assert (finding.tone, finding.said.key) == (Tone.NORMAL, "evidence.changes.known_only")


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("liveness-responder-HighErrorRateRole-AB", ""),
        ("liveness-responder-Operator", ""),
        ("liveness-responder-dev-HighErrorRateRole-AB", "liveness-responder-dev/"),
        ("HighErrorRateRole-AB", "teams/liveness-responder/"),
    ],
)
def test_a_role_of_a_name_like_ours_is_not_ours(aws: FakeAws, role: str, path: str) -> None:
    world(aws, events=[call(CONFIGURED, ago(minutes=20), role=role, path=path)])
    fact, finding = look(aws)
    assert not fact.changes[0].ours
    assert finding.said.key == "evidence.changes.suspect"


def test_a_role_of_another_account_is_not_ours(aws: FakeAws) -> None:
    """A function's own policy may let it in, and there may be a stack of our name there, too."""
    event = call(CONFIGURED, ago(minutes=20), path="liveness-responder/", account="999999999999")
    world(aws, events=[event])
    fact, finding = look(aws)
    assert not fact.changes[0].ours
    assert finding.said.key == "evidence.changes.suspect"


SCALING = "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
LINKED = "aws-service-role/dynamodb.application-autoscaling.amazonaws.com/"


def test_automatic_scaling_is_known_by_the_path_that_aws_alone_uses(aws: FakeAws) -> None:
    asked = {"tableName": SESSIONS}
    scaled = call("UpdateTable", ago(minutes=20), role=SCALING, source="dynamodb", asked=asked, path=LINKED)
    posed = call("UpdateTable", ago(minutes=21), role=SCALING, source="dynamodb", asked=asked)
    user = {"type": "IAMUser", "arn": f"arn:aws:iam::123456789012:user/{SCALING}", "userName": SCALING}
    named = call("UpdateTable", ago(minutes=22), source="dynamodb", asked=asked)
    detail = {"userIdentity": user, "requestParameters": asked}
    world(aws, events=[scaled, posed, {**named, "Username": SCALING, "CloudTrailEvent": json.dumps(detail)}])
    assert [each.scaling for each in look(aws)[0].changes] == [True, False, False]


@pytest.mark.parametrize("reported", ["x", ["x"], 5, None])
@pytest.mark.parametrize("part", ["userIdentity", "requestParameters", "sessionContext", "sessionIssuer"])
def test_a_part_of_an_event_that_cannot_be_read_hides_no_other_change(
    aws: FakeAws, part: str, reported: object
) -> None:
    event = call(CONFIGURED, ago(minutes=20))
    detail = json.loads(event["CloudTrailEvent"])
    for place in (detail, detail["userIdentity"], detail["userIdentity"]["sessionContext"]):
        if part in place:
            place[part] = reported
    event["CloudTrailEvent"] = json.dumps(detail)
    world(aws, events=[event, call(CONFIGURED, ago(minutes=30))])
    assert ago(minutes=30) in [each.at for each in look(aws)[0].changes]


def test_what_cloudtrail_names_is_ours_by_its_role_and_not_by_its_time(aws: FakeAws) -> None:
    world(aws, modified=ago(minutes=30), events=[call(CONFIGURED, ago(minutes=20))])
    fact = look(aws)[0].attributed(lambda target, at: True)
    assert [each.ours for each in fact.changes[:2]] == [False, True]
    assert [each.source for each in fact.changes[:2]] == ["CloudTrail", "Lambda"]


@pytest.mark.parametrize(
    ("operation", "seconds", "reported"),
    [
        (CONFIGURED, 1, ["CloudTrail"]),
        (CONFIGURED, 90, ["Lambda", "CloudTrail"]),
        ("PutFunctionConcurrency20171031", 1, ["Lambda", "CloudTrail"]),
    ],
)
def test_another_change_soon_after_a_named_one_is_not_taken_for_its_echo(
    aws: FakeAws, operation: str, seconds: float, reported: list[str]
) -> None:
    modified = ago(minutes=20)
    event = call(operation, modified - timedelta(seconds=seconds), path="liveness-responder/")
    world(aws, modified=modified, events=[event])
    assert [each.source for each in look(aws)[0].changes if each.target == CREATE] == reported


@pytest.mark.parametrize(
    ("source", "name", "asked"),
    [
        ("dynamodb", "RestoreTableToPointInTime", {"sourceTableName": SESSIONS, "targetTableName": "Copy"}),
        ("dynamodb", "RestoreTableFromBackup", {"targetTableName": "Copy", "backupArn": f"x/{SESSIONS}/y"}),
        ("iam", "AttachRolePolicy", {"roleName": "Another", "policyArn": SHARED}),
        ("iam", "AttachUserPolicy", {"userName": "ken", "policyArn": SHARED}),
        ("iam", "PutUserPolicy", {"userName": "ken", "policyName": "FaceAuthLambdaExecutionRole"}),
    ],
)
def test_a_call_that_only_names_what_the_service_uses_does_not_change_it(
    aws: FakeAws, source: str, name: str, asked: Data
) -> None:
    world(aws, events=[call(name, ago(minutes=20), source=source, asked=asked)])
    assert look(aws)[0].changes == ()


def test_a_lost_permission_to_invoke_is_a_change(aws: FakeAws) -> None:
    world(aws, events=[call("RemovePermission20150331v2", ago(minutes=20))])
    assert look(aws)[1].said.key == "evidence.changes.suspect"


def test_no_one_can_pose_as_us_by_the_name_of_a_session(aws: FakeAws) -> None:
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
        *(
            ("cloudformation", f"{each}Stack", {"stackName": "FaceAuthStack"}, Dependency.STACK)
            for each in ("Update", "Delete", "Rollback")
        ),
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
    aws: FakeAws, source: str, name: str, asked: Data, kind: Dependency
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
        *(
            ("s3", f"PutBucket{each}", {"bucketName": "face-auth-images"})
            for each in ("Tagging", "Logging", "Notification", "Metrics", "Inventory", "Analytics", "Website")
        ),
        ("kms", "DisableKey", {"keyId": "99999999-2222-3333-4444-555555555555"}),
        ("logs", "CreateLogStream", {"logGroupName": f"/aws/lambda/{CREATE}"}),
    ],
)
def test_what_changes_nothing_of_the_service_is_no_change(
    aws: FakeAws, source: str, name: str, asked: Data
) -> None:
    world(aws, events=[call(name, ago(minutes=20), source=source, asked=asked)])
    assert look(aws)[0].changes == ()


def test_none_is_only_said_of_the_time_that_was_read(aws: FakeAws) -> None:
    world(aws)
    pages: list[Data] = [
        {
            "Events": [call("CreateLogStream", ago(minutes=each), source="logs", asked={})],
            "NextToken": f"after {each}",
        }
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
    RecentChanges().look(tokyo)
    asked = [service for service, operation, _ in aws.calls if operation == "lookup_events"]
    assert sorted(asked) == ["cloudtrail", "cloudtrail@us-east-1"]


class TwoRegions(FakeAws):
    """`home`: what CloudTrail has recorded in the home Region of IAM."""

    home: tuple[Data, ...] = ()

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if service == "cloudtrail@us-east-1":
            return {"Events": list(self.home)}
        return super().call(service, operation, **arguments)


def test_what_has_the_same_name_in_the_home_region_of_iam_is_not_ours() -> None:
    """The service may be deployed there, too."""
    aws = TwoRegions()
    world(aws)
    role = {"roleName": "FaceAuthLambdaExecutionRole"}
    aws.home = (
        call("UpdateFunctionCode20150331v2", ago(minutes=20)),
        call("DeleteTable", ago(minutes=20), source="dynamodb", asked={"tableName": SESSIONS}),
        call("DeleteStack", ago(minutes=20), source="cloudformation", asked={"stackName": "FaceAuthStack"}),
        call("PutRolePolicy", ago(minutes=20), source="iam", asked=role),
    )
    tokyo = replace(context(aws), settings=replace(context(aws).settings, region="ap-northeast-1"))
    assert [each.kind for each in RecentChanges().look(tokyo).changes] == [Dependency.ROLE]


@pytest.mark.parametrize(
    ("region", "home"),
    [("ap-northeast-1", "us-east-1"), ("us-gov-east-1", "us-gov-west-1"), ("cn-northwest-1", "cn-north-1")],
)
def test_events_of_iam_are_kept_in_one_region_of_each_partition(region: str, home: str) -> None:
    assert iam_region(region) == home


def test_a_change_of_one_function_is_no_echo_of_another(aws: FakeAws) -> None:
    world(aws, modified=ago(minutes=20), events=[call(CONFIGURED, ago(minutes=20))])
    found = [(each.target, each.source) for each in look(aws)[0].changes]
    assert sorted(found) == [(CREATE, "CloudTrail"), (RESULT, "Lambda")]


WHAT_BREAKS: list[tuple[str, str, Data, set[Affects]]] = [
    ("lambda", "UpdateFunctionCode20150331v2", {"functionName": CREATE}, {Affects.CODE}),
    ("lambda", "UpdateAlias20150331", {"functionName": CREATE}, {Affects.CODE}),
    ("lambda", CONFIGURED, {"functionName": CREATE}, {Affects.CONFIGURATION}),
    ("lambda", "PutFunctionConcurrency20171031", {"functionName": CREATE}, {Affects.CAPACITY}),
    ("lambda", "RemovePermission20150331v2", {"functionName": CREATE}, {Affects.RIGHTS}),
    ("lambda", "PutFunctionEventInvokeConfig", {"functionName": CREATE}, {Affects.UNKNOWN}),
    ("dynamodb", "DeleteTable", {"tableName": SESSIONS}, {Affects.RESOURCE}),
    ("dynamodb", "UpdateTable", {"tableName": SESSIONS}, {Affects.RESOURCE, Affects.CAPACITY}),
    ("dynamodb", "UpdateTimeToLive", {"tableName": SESSIONS}, {Affects.DATA}),
    (
        "dynamodb",
        "RestoreTableToPointInTime",
        {"sourceTableName": "Copy", "targetTableName": SESSIONS},
        {Affects.RESOURCE, Affects.DATA},
    ),
    ("s3", "DeleteBucket", {"bucketName": "face-auth-images"}, {Affects.RESOURCE}),
    ("s3", "PutBucketLifecycle", {"bucketName": "face-auth-images"}, {Affects.DATA}),
    ("s3", "PutBucketEncryption", {"bucketName": "face-auth-images"}, {Affects.RIGHTS}),
    ("s3", "PutBucketCors", {"bucketName": "face-auth-images"}, {Affects.UNKNOWN}),
    ("iam", "PutRolePermissionsBoundary", {"roleName": "FaceAuthLambdaExecutionRole"}, {Affects.RIGHTS}),
    ("iam", "UpdateRole", {"roleName": "FaceAuthLambdaExecutionRole"}, {Affects.UNKNOWN}),
]


def _id(each: object) -> str:
    """The same in every process: the order of a set is not."""
    return "+".join(sorted(each)) if isinstance(each, frozenset | set) else str(each)[:40]


@pytest.mark.parametrize(("source", "name", "asked", "affects"), WHAT_BREAKS, ids=_id)
def test_each_call_is_known_by_what_it_can_break(
    aws: FakeAws, source: str, name: str, asked: Data, affects: set[Affects]
) -> None:
    world(aws, events=[call(name, ago(minutes=20), source=source, asked=asked)])
    (change,) = look(aws)[0].changes
    assert change.affects == affects
