"""CloudFormation of the local AWS refuses what AWS refuses."""

import json
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from local_aws.client import LocalAws
from local_aws.client.administrator import ACCOUNT, SECRET
from responder.core.plain_data import Json
from tests.integration import _stacks
from tests.integration._local_aws import TRUST, code_of, role
from tests.integration._stacks import alarm

QUICK: Any = {"Delay": 0.05, "MaxAttempts": 600}
TOPIC = {"Type": "AWS::SNS::Topic"}


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


def filter_on(group: str) -> Json:
    change = {"MetricName": "M", "MetricNamespace": "N", "MetricValue": "1"}
    given = {"LogGroupName": group, "FilterPattern": "ERROR", "MetricTransformations": [change]}
    return {"Type": "AWS::Logs::MetricFilter", "Properties": given}


def failed(aws: LocalAws) -> str:
    """A stack whose creation was rolled back: its metric filter has no log group."""
    body = json.dumps({"Resources": {"Kept": TOPIC, "Filter": filter_on("/nobody/has/it")}})
    name = _stacks.fresh()
    with pytest.raises(_stacks.CreationFailedError, match="ResourceNotFoundException"):
        _stacks.create(aws, name, TemplateBody=body)
    return name


def status(aws: LocalAws, name: str) -> str:
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return str(stack["StackStatus"])


def test_a_metric_filter_without_its_log_group_ends_the_creation_and_nothing_stays(aws: LocalAws) -> None:
    before = aws.client("sns").list_topics()["Topics"]
    assert status(aws, failed(aws)) == "ROLLBACK_COMPLETE"
    assert aws.client("sns").list_topics()["Topics"] == before


@pytest.mark.parametrize(
    "when",
    [
        {"ScheduleExpression": "cron(99 99 ? * MON *)"},
        {"ScheduleExpression": "cron(0 9 * * * *)"},
        {"ScheduleExpression": "rate(1 day)", "ScheduleExpressionTimezone": "Mars/One"},
    ],
    ids=lambda when: "; ".join(when.values()),
)
def test_a_schedule_that_scheduler_refuses_ends_the_creation(aws: LocalAws, when: dict[str, str]) -> None:
    target = {"Arn": f"arn:aws:sns:us-east-1:{ACCOUNT}:x", "RoleArn": role(aws, _stacks.fresh())}
    given = {**when, "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    body = json.dumps({"Resources": {"Daily": {"Type": "AWS::Scheduler::Schedule", "Properties": given}}})
    with pytest.raises(_stacks.CreationFailedError, match="Invalid Schedule"):
        _stacks.create(aws, _stacks.fresh(), TemplateBody=body)


def test_a_creation_that_was_rolled_back_must_be_deleted_before_it_is_tried_again(aws: LocalAws) -> None:
    name, body = failed(aws), json.dumps({"Resources": {"One": TOPIC}})
    cloudformation = aws.client("cloudformation")
    with pytest.raises(ClientError) as refused:
        cloudformation.create_stack(StackName=name, TemplateBody=body)
    assert code_of(refused.value) == "AlreadyExistsException"
    for kind in ("CREATE", "UPDATE"):
        with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
            cloudformation.create_change_set(
                StackName=name, ChangeSetName="again", ChangeSetType=kind, TemplateBody=body
            )
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=QUICK)
    _stacks.create(aws, name, TemplateBody=body)
    assert status(aws, name) == "CREATE_COMPLETE"


def named(kind: str, **properties: Any) -> Json:
    return {"One": {"Type": kind, "Properties": properties}}


ROLE = "arn:aws:iam::000000000000:role/any"
CODE = {"ZipFile": "def handler(event, context): pass"}
TARGET = {"Arn": "arn:aws:lambda:ap-northeast-1:000000000000:function:x", "RoleArn": ROLE}


@pytest.mark.parametrize(
    "resource",
    [
        named("AWS::CloudWatch::Alarm", **alarm(AlarmName="taken")),
        named(
            "AWS::Lambda::Function", FunctionName="taken", Runtime="python3.13", Handler="i.h", Role=ROLE,
            Code=CODE,
        ),
        named("AWS::Logs::LogGroup", LogGroupName="/taken"),
        named("AWS::SSM::Parameter", Name="/taken", Type="String", Value="x"),
        named("AWS::SNS::Topic", TopicName="taken"),
        named("AWS::SQS::Queue", QueueName="taken"),
        named("AWS::IAM::Role", RoleName="taken", AssumeRolePolicyDocument=TRUST),
        named(
            "AWS::DynamoDB::Table", TableName="taken", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        ),
        named(
            "AWS::Scheduler::Schedule", Name="taken", ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"}, Target=TARGET,
        ),
        named("AWS::Events::Rule", Name="taken", EventPattern={"source": ["x"]}),
    ],
    ids=lambda each: each["One"]["Type"],
)  # fmt: skip
def test_a_second_stack_may_not_take_a_name_of_the_first(aws: LocalAws, resource: Json) -> None:
    with suppress(ClientError):  # made once
        role(aws, "any")
    first = _stacks.stack(aws, Resources=resource)
    with pytest.raises(_stacks.CreationFailedError, match="already exists"):
        _stacks.stack(aws, Resources=resource)
    changed = {**resource, "Two": TOPIC}
    cloudformation = aws.client("cloudformation")
    body = json.dumps({"Resources": changed})
    cloudformation.update_stack(StackName=first, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    cloudformation.get_waiter("stack_update_complete").wait(StackName=first, WaiterConfig=QUICK)


def test_an_alarm_of_the_service_itself_keeps_its_settings_when_a_stack_has_its_name(aws: LocalAws) -> None:
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(**alarm(AlarmName="theirs", Threshold=7))
    with pytest.raises(_stacks.CreationFailedError, match="'theirs' already exists"):
        _stacks.stack(
            aws, Resources=named("AWS::CloudWatch::Alarm", **alarm(AlarmName="theirs", Threshold=1))
        )
    (found,) = cloudwatch.describe_alarms(AlarmNames=["theirs"])["MetricAlarms"]
    assert found["Threshold"] == 7


def test_a_parameter_that_only_a_condition_reads_changes_the_stack(aws: LocalAws) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Condition": "Wanted"}
    body = {
        "Parameters": {"More": {"Type": "String", "Default": "off"}},
        "Conditions": {"Wanted": {"Fn::Equals": [{"Ref": "More"}, "on"]}},
        "Resources": {**named("AWS::SNS::Topic", TopicName="one"), "More": topic},
    }
    client = aws.client("cloudformation")
    client.create_stack(StackName="switched", TemplateBody=json.dumps(body))
    client.get_waiter("stack_create_complete").wait(StackName="switched", WaiterConfig=QUICK)
    given = [{"ParameterKey": "More", "ParameterValue": "on"}]
    client.create_change_set(
        StackName="switched", ChangeSetName="on", UsePreviousTemplate=True, Parameters=given
    )
    client.get_waiter("change_set_create_complete").wait(
        StackName="switched", ChangeSetName="on", WaiterConfig=QUICK
    )
    changes = client.describe_change_set(StackName="switched", ChangeSetName="on")["Changes"]
    reported = [
        (each["ResourceChange"]["Action"], each["ResourceChange"]["LogicalResourceId"]) for each in changes
    ]
    assert reported == [("Add", "More")]


def test_a_bucket_that_has_a_policy_gets_no_second_one(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    place = {"LocationConstraint": aws.region}
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration=place)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::kept/*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket="kept", Policy=json.dumps(document))
    with pytest.raises(_stacks.CreationFailedError, match="policy already exists on bucket kept"):
        _stacks.stack(aws, Resources=named("AWS::S3::BucketPolicy", Bucket="kept", PolicyDocument=document))


def test_a_policy_that_is_attached_to_a_person_keeps_its_stack(aws: LocalAws) -> None:
    cloudformation, iam = aws.client("cloudformation"), aws.client("iam")
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    name = _stacks.stack(aws, Resources=named("AWS::IAM::ManagedPolicy", PolicyDocument=document))
    (policy,) = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    attached = {"UserName": "someone", "PolicyArn": policy["PhysicalResourceId"]}
    iam.create_user(UserName="someone")
    iam.attach_user_policy(**attached)
    gone = cloudformation.get_waiter("stack_delete_complete")
    cloudformation.delete_stack(StackName=name)
    with pytest.raises(WaiterError, match="DELETE_FAILED"):
        gone.wait(StackName=name, WaiterConfig=QUICK)
    iam.detach_user_policy(**attached)
    cloudformation.delete_stack(StackName=name)
    gone.wait(StackName=name, WaiterConfig=QUICK)


TRANSFORM = "AWS::LanguageExtensions"
TEXT = {"Fn::ToJsonString": {"a": "b"}}
NESTED = {
    "If": {"Fn::If": ["Always", TEXT, "{}"]},
    "Join": {"Fn::Join": ["", ["x", TEXT]]},
    "Sub": {"Fn::Sub": ["${Text}", {"Text": TEXT}]},
    "Select": {"Fn::Select": ["0", [TEXT]]},
}


def parameter(value: object) -> Json:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


def change_set(aws: LocalAws, template: Json, stack: str = "", region: str = "") -> Json:
    """A change set, whole; of a new stack where none is named."""
    client = aws.client_with((ACCOUNT, SECRET, None), "cloudformation", region=region)
    made = client.create_change_set(
        StackName=stack or _stacks.fresh(), ChangeSetName=_stacks.fresh(),
        ChangeSetType="UPDATE" if stack else "CREATE", TemplateBody=json.dumps(template),
    )  # fmt: skip
    pages = client.get_paginator("describe_change_set").paginate(ChangeSetName=made["Id"])
    found: Json = pages.build_full_result()
    (last,) = client.describe_stacks(StackName=made["StackId"])["Stacks"]
    return {
        **found,
        **{k: v for k, v in next(iter(pages)).items() if "Status" in k},
        "Stack": last["StackStatus"],
    }


@pytest.mark.parametrize("nested", ["", *NESTED])
def test_a_function_of_the_transform_below_another_function_fails_the_change_set(
    aws: LocalAws, nested: str
) -> None:
    value = NESTED[nested] if nested else {"Fn::ToJsonString": {"a": {"Fn::If": ["Always", "b", "c"]}}}
    template = {
        "Transform": TRANSFORM, "Conditions": {"Always": {"Fn::Equals": ["a", "a"]}},
        "Resources": {"One": parameter(value)},
    }  # fmt: skip
    made = change_set(aws, template)
    if nested:
        assert (made["Status"], made["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
        assert made["StatusReason"].startswith("Template Error: Encountered unsupported function: Fn::ToJson")
        assert made["Stack"] == "REVIEW_IN_PROGRESS"
        aws.settings(nested_functions=1)
        assert change_set(aws, template)["Status"] == "CREATE_COMPLETE"
        aws.settings(nested_functions=0)
    else:
        assert made["Status"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(("region", "status"), [("ca-west-1", "FAILED"), ("us-east-1", "CREATE_COMPLETE")])
def test_a_region_can_lack_a_type(aws: LocalAws, region: str, status: str) -> None:
    url = {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "AWS_IAM", "TargetFunctionArn": "any"}}
    made = change_set(aws, {"Transform": TRANSFORM, "Resources": {"One": url}}, region=region)
    assert made["Status"] == status
    if status == "FAILED":
        assert (
            made["StatusReason"] == "Template format error: Unrecognized resource types: [AWS::Lambda::Url]"
        )
        with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::Lambda::Url\]"):
            change_set(aws, {"Resources": {"One": url}}, region=region)


def test_a_change_set_is_shown_in_pages_of_a_hundred_changes(aws: LocalAws) -> None:
    template = {"Resources": {f"Topic{number}": TOPIC for number in range(130)}}
    client, name = aws.client("cloudformation"), _stacks.fresh()
    made = client.create_change_set(
        StackName=name, ChangeSetName="all", ChangeSetType="CREATE", TemplateBody=json.dumps(template)
    )
    first = client.describe_change_set(ChangeSetName=made["Id"])
    second = client.describe_change_set(ChangeSetName=made["Id"], NextToken=first["NextToken"])
    names = {
        change["ResourceChange"]["LogicalResourceId"]
        for each in (first, second)
        for change in each["Changes"]
    }
    assert (len(first["Changes"]), len(names), "NextToken" in second) == (100, 130, False)


def test_what_is_replaced_follows_from_the_schema_of_the_type(aws: LocalAws) -> None:
    name = _stacks.fresh()

    def template(lifetime: int, bucket: str, alarm_name: str) -> Json:
        rule = {"Status": "Enabled", "ExpirationInDays": lifetime}
        properties = {"BucketName": bucket, "LifecycleConfiguration": {"Rules": [rule]}}
        made = {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm(AlarmName=alarm_name)}
        return {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}, "Alarm": made}}

    _stacks.create(aws, name, TemplateBody=json.dumps(template(1, "kept-data", "first")))

    def replaced(*changed: Any) -> dict[str, str]:
        rows = [each["ResourceChange"] for each in change_set(aws, template(*changed), name)["Changes"]]
        return {row["LogicalResourceId"]: row["Replacement"] for row in rows}

    assert replaced(2, "kept-data", "first") == {"Bucket": "False"}
    assert replaced(1, "other-data", "second") == {"Bucket": "True", "Alarm": "True"}


@pytest.mark.parametrize(("region", "there"), [("us-east-1", True), ("ca-west-1", False)])
def test_the_schema_of_a_type_says_what_the_region_has(aws: LocalAws, region: str, there: bool) -> None:
    describe = aws.client_with((ACCOUNT, SECRET, None), "cloudformation", region=region).describe_type
    schema = json.loads(describe(Type="RESOURCE", TypeName="AWS::Lambda::Function")["Schema"])
    assert "DurableConfig" in schema["properties"] or not there
    if there:
        assert describe(Type="RESOURCE", TypeName="AWS::Lambda::Url")["TypeName"] == "AWS::Lambda::Url"
        return
    with pytest.raises(ClientError) as unknown:
        describe(Type="RESOURCE", TypeName="AWS::Lambda::Url")
    assert unknown.value.response["Error"]["Code"] == "TypeNotFoundException"


def test_a_stack_may_change_the_filter_policy_of_its_own_subscription(aws: LocalAws) -> None:
    name, queue = _stacks.fresh(), f"arn:aws:sqs:{aws.region}:{aws.account}:q"
    cloudformation = aws.client("cloudformation")
    details: Json = {"TopicArn": {"Ref": "One"}, "Protocol": "sqs", "Endpoint": queue}

    def body(value: str) -> str:
        properties = {**details, "FilterPolicy": {"kind": [value]}}
        subscription = {"Type": "AWS::SNS::Subscription", "Properties": properties}
        return json.dumps({"Resources": {"One": TOPIC, "Two": subscription}})

    _stacks.create(aws, name, TemplateBody=body("a"))
    cloudformation.update_stack(StackName=name, TemplateBody=body("b"))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig=QUICK)
