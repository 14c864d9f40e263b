"""The local AWS refuses the parameters that AWS refuses; docs/local-aws.md names the source of each."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from liveness_ops.plain_data import Json
from local_aws.client import LocalAws
from tests.integration._local_aws import CALLS, TRUST, allow, call, code_of, function, role
from tests.rows import each_of

ACCOUNT = LocalAws.account
TARGET = {
    "Arn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:x",
    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/own",
}
OFF = {"Mode": "OFF"}
FOREIGN = f"arn:aws:iam::{ACCOUNT}:role/none"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def furnished(bare: LocalAws) -> LocalAws:
    """A role, a function, a table, an alarm, a topic and a queue."""
    arn = role(bare, "own", allow("*"))
    trust = json.dumps(TRUST).replace("lambda.amazonaws.com", "ec2.amazonaws.com")
    trust = trust.replace("scheduler.amazonaws.com", "events.amazonaws.com")
    bare.client("iam").create_role(RoleName="events", AssumeRolePolicyDocument=trust)
    function(bare, "own", arn)
    function(bare, "caller", arn, CALLS)
    bare.client("dynamodb").create_table(
        TableName="own", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
    )  # fmt: skip
    bare.client("cloudwatch").put_metric_alarm(**alarm())
    bare.client("sns").create_topic(Name="own")
    bare.client("sqs").create_queue(QueueName="own")
    bare.client("ssm").put_parameter(Name="/own", Value="x", Type="String")
    return bare


def alarm(**more: Any) -> Json:
    plain = {
        "AlarmName": "own", "Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 60,
        "Threshold": 1.0, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold",
    }  # fmt: skip
    return plain | more


def schedule(**more: Any) -> Json:
    expression = {"ScheduleExpression": "cron(0 9 ? * MON *)", "ScheduleExpressionTimezone": "Asia/Tokyo"}
    return {"Name": "new", **expression, "FlexibleTimeWindow": OFF, "Target": TARGET, **more}


def policy(**statement: Any) -> Json:
    document = {"Version": "2012-10-17", "Statement": [allow("sqs:SendMessage") | statement]}
    return {"PolicyName": "new", "PolicyDocument": json.dumps(document)}


def document(**more: Any) -> Json:
    return {"PolicyName": "new", "PolicyDocument": json.dumps({"Version": "2012-10-17"} | more)}


def attribute(name: str = "kind", kind: str = "String", value: str = "x", **more: Any) -> Json:
    given = {"DataType": kind, "StringValue": value} | more
    return {
        "TopicArn": f"arn:aws:sns:REGION:{ACCOUNT}:own",
        "Message": "x",
        "MessageAttributes": {name: given},
    }


def stat(period: int = 60) -> Json:
    return {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": period, "Stat": "Sum"}


def query(start: int = 0, **more: Any) -> Json:
    given = {"Id": "a", "MetricStat": stat()} | more
    shown = {name: each for name, each in given.items() if each is not None}
    return {
        "MetricDataQueries": [shown],
        "StartTime": NOON.replace(minute=start),
        "EndTime": NOON.replace(minute=30),
    }


def parameter(name: str = "/new", value: str = "x", **more: Any) -> Json:
    return {"Name": name, "Value": value, "Type": "String", **more}


def invoke(payload: bytes, kind: str = "Event") -> Json:
    return {"FunctionName": "own", "InvocationType": kind, "Payload": payload}


def variables(**given: str) -> Json:
    return {"FunctionName": "own", "Environment": {"Variables": given}}


def named(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trusted(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def search(condition: str = "pk = :a", **more: Any) -> Json:
    values = {":a": {"S": "x"}}
    return {
        "TableName": "own",
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        **more,
    }


INVALID, MALFORMED = "ValidationException", "MalformedPolicyDocument"
REFUSED: dict[str, tuple[str, str, Json, str]] = {
    "scheduler: fields out of range": (
        "scheduler",
        "create_schedule",
        schedule(ScheduleExpression="cron(99 99 ? * MON *)"),
        INVALID,
    ),
    "scheduler: * twice": (
        "scheduler",
        "create_schedule",
        schedule(ScheduleExpression="cron(0 9 * * * *)"),
        INVALID,
    ),
    "scheduler: unknown zone": (
        "scheduler",
        "create_schedule",
        schedule(ScheduleExpressionTimezone="Mars/One"),
        INVALID,
    ),
    "scheduler: a role that it may not assume": (
        "scheduler",
        "create_schedule",
        schedule(Target={**TARGET, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/events"}),
        INVALID,
    ),
    "scheduler: a role that does not exist": (
        "scheduler",
        "create_schedule",
        schedule(Target={**TARGET, "RoleArn": FOREIGN}),
        INVALID,
    ),
    "scheduler: rate of nothing": (
        "scheduler",
        "create_schedule",
        schedule(ScheduleExpression="rate(0 days)"),
        INVALID,
    ),
    "scheduler: at without seconds": (
        "scheduler",
        "create_schedule",
        schedule(ScheduleExpression="at(2027-01-01T00:00)"),
        INVALID,
    ),
    "scheduler: letters of the name": ("scheduler", "create_schedule", schedule(Name="a b"), INVALID),
    "scheduler: a target without ARN": (
        "scheduler",
        "create_schedule",
        schedule(Target={**TARGET, "Arn": "foo"}),
        INVALID,
    ),
    "scheduler: a flexible window without length": (
        "scheduler",
        "create_schedule",
        schedule(FlexibleTimeWindow={"Mode": "FLEXIBLE"}),
        INVALID,
    ),
    "scheduler: an unknown mode": (
        "scheduler",
        "create_schedule",
        schedule(FlexibleTimeWindow={"Mode": "LATER"}),
        INVALID,
    ),
    "scheduler: an unknown group": (
        "scheduler",
        "create_schedule",
        schedule(GroupName="none"),
        "ResourceNotFoundException",
    ),
    "events: one minutes": (
        "events",
        "put_rule",
        {"Name": "new", "ScheduleExpression": "rate(1 minutes)"},
        INVALID,
    ),
    "events: fields out of range": (
        "events",
        "put_rule",
        {"Name": "new", "ScheduleExpression": "cron(0 25 * * ? *)"},
        INVALID,
    ),
    "iam: action": ("iam", "create_policy", policy(Action="foo"), MALFORMED),
    "iam: resource": ("iam", "create_policy", policy(Resource="foo"), MALFORMED),
    "iam: operator": (
        "iam",
        "create_policy",
        policy(Condition={"StringFoo": {"aws:username": "x"}}),
        MALFORMED,
    ),
    "iam: no effect": (
        "iam",
        "create_policy",
        document(Statement=[{"Action": "*", "Resource": "*"}]),
        MALFORMED,
    ),
    "iam: a principal": ("iam", "create_policy", policy(Principal="*"), MALFORMED),
    "iam: no resource": (
        "iam",
        "create_policy",
        document(Statement=[{"Effect": "Allow", "Action": "*"}]),
        MALFORMED,
    ),
    "iam: a Sid twice": ("iam", "create_policy", document(Statement=[allow("*", Sid="a")] * 2), MALFORMED),
    "iam: an unknown version": ("iam", "create_policy", policy() | document(Version="2026-01-01"), MALFORMED),
    "iam: an action of two colons": (
        "iam",
        "put_role_policy",
        policy(Action="sqs:a:b") | {"RoleName": "own"},
        MALFORMED,
    ),
    "iam: letters of the name": ("iam", "create_policy", policy() | {"PolicyName": "a b"}, "ValidationError"),
    "iam: a role that trusts nobody": (
        "iam",
        "create_role",
        {"RoleName": "new", "AssumeRolePolicyDocument": trusted(FOREIGN)},
        MALFORMED,
    ),
    "sns: an empty value": ("sns", "publish", attribute(value=""), "ParameterValueInvalid"),
    "sns: an unknown type": ("sns", "publish", attribute(kind="Text"), "ParameterValueInvalid"),
    "sns: a number that is none": ("sns", "publish", attribute(kind="Number"), "ParameterValueInvalid"),
    "sns: letters of the name": ("sns", "publish", attribute("a b"), "ParameterValueInvalid"),
    "sns: a name of AWS": ("sns", "publish", attribute("AWS.kind"), "ParameterValueInvalid"),
    "cloudwatch: start after end": ("cloudwatch", "get_metric_data", query(start=45), "ValidationError"),
    "cloudwatch: period": ("cloudwatch", "get_metric_data", query(MetricStat=stat(61)), "ValidationError"),
    "cloudwatch: an Id with a capital": ("cloudwatch", "get_metric_data", query(Id="A"), "ValidationError"),
    "cloudwatch: expression beside metric": (
        "cloudwatch",
        "get_metric_data",
        query(Expression="a"),
        "ValidationError",
    ),
    "cloudwatch: action": (
        "cloudwatch",
        "put_metric_alarm",
        alarm(AlarmActions=["arn:aws:foo:bar"]),
        "ValidationError",
    ),
    "cloudwatch: period of an alarm": ("cloudwatch", "put_metric_alarm", alarm(Period=61), "ValidationError"),
    "cloudwatch: operator": (
        "cloudwatch",
        "put_metric_alarm",
        alarm(ComparisonOperator="Greater"),
        "ValidationError",
    ),
    "cloudwatch: unit": ("cloudwatch", "put_metric_alarm", alarm(Unit="Pieces"), "ValidationError"),
    "cloudwatch: reason data": (
        "cloudwatch",
        "set_alarm_state",
        {"AlarmName": "own", "StateValue": "OK", "StateReason": "x", "StateReasonData": "{"},
        "InvalidFormat",
    ),
    "cloudwatch: state": (
        "cloudwatch",
        "set_alarm_state",
        {"AlarmName": "own", "StateValue": "FINE", "StateReason": "x"},
        "ValidationError",
    ),
    "cloudwatch: namespace": (
        "cloudwatch",
        "put_metric_data",
        {"Namespace": ":N", "MetricData": [{"MetricName": "M", "Value": 1.0}]},
        "ValidationError",
    ),
    "cloudwatch: no number": (
        "cloudwatch",
        "put_metric_data",
        {"Namespace": "N", "MetricData": [{"MetricName": "M", "Value": float("nan")}]},
        "InvalidParameterValue",
    ),
    "ssm: an empty value": ("ssm", "put_parameter", parameter(value=""), INVALID),
    "ssm: 17 levels": ("ssm", "put_parameter", parameter("/a" * 17), "HierarchyLevelLimitExceededException"),
    "ssm: a parameter in a value": ("ssm", "put_parameter", parameter(value="{{ssm:/own}}"), INVALID),
    "ssm: letters of the name": ("ssm", "put_parameter", parameter("/a b"), INVALID),
    "ssm: a path that does not begin with /": ("ssm", "put_parameter", parameter("a/b"), INVALID),
    "ssm: a name of AWS": ("ssm", "put_parameter", parameter("/aws/x"), "AccessDeniedException"),
    "ssm: another pattern": (
        "ssm",
        "put_parameter",
        parameter(AllowedPattern=r"\d+"),
        "ParameterPatternMismatchException",
    ),
    "ssm: type": ("ssm", "put_parameter", parameter(Type="Text"), INVALID),
    "ssm: there already": ("ssm", "put_parameter", parameter("/own"), "ParameterAlreadyExists"),
    "lambda: asynchronous, no JSON": ("lambda", "invoke", invoke(b"{"), "InvalidRequestContentException"),
    "lambda: synchronous, no JSON": (
        "lambda",
        "invoke",
        invoke(b"{", "RequestResponse"),
        "InvalidRequestContentException",
    ),
    "lambda: a variable's name": (
        "lambda",
        "update_function_configuration",
        variables(**{"A-B": "x"}),
        INVALID,
    ),
    "lambda: a variable of one letter": (
        "lambda",
        "update_function_configuration",
        variables(A="x"),
        INVALID,
    ),
    "lambda: a reserved variable": (
        "lambda",
        "update_function_configuration",
        variables(AWS_REGION="x"),
        "InvalidParameterValueException",
    ),
    "lambda: letters of the handler": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "own", "Handler": "a b"},
        INVALID,
    ),
    "lambda: a role that it may not assume": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "own", "Role": f"arn:aws:iam::{ACCOUNT}:role/events"},
        "InvalidParameterValueException",
    ),
    "lambda: a retry too many": (
        "lambda",
        "put_function_event_invoke_config",
        {"FunctionName": "own", "MaximumRetryAttempts": 3},
        INVALID,
    ),
    "sqs: a principal that does not exist": (
        "sqs",
        "set_queue_attributes",
        {"QueueUrl": "own", "Attributes": {"Policy": named(FOREIGN)}},
        "InvalidAttributeValue",
    ),
    "sns: a principal that does not exist": (
        "sns",
        "set_topic_attributes",
        {
            "TopicArn": f"arn:aws:sns:REGION:{ACCOUNT}:own",
            "AttributeName": "Policy",
            "AttributeValue": named(FOREIGN),
        },
        "InvalidParameter",
    ),
    "s3: a principal that does not exist": (
        "s3",
        "put_bucket_policy",
        {"Bucket": "own", "Policy": named(FOREIGN)},
        "MalformedPolicy",
    ),
    "dynamodb: a filter on a key": ("dynamodb", "query", search(FilterExpression="sk = :a"), INVALID),
    "dynamodb: a filter on a key by another name": (
        "dynamodb",
        "query",
        search(FilterExpression="#k = :a", ExpressionAttributeNames={"#k": "pk"}),
        INVALID,
    ),
    "dynamodb: OR": ("dynamodb", "query", search("pk = :a OR sk = :a"), INVALID),
    "dynamodb: <>": ("dynamodb", "query", search("pk = :a AND sk <> :a"), INVALID),
    "dynamodb: contains": ("dynamodb", "query", search("pk = :a AND contains(sk, :a)"), INVALID),
    "dynamodb: NOT": ("dynamodb", "query", search("pk = :a AND NOT sk = :a"), INVALID),
    "dynamodb: name of a table": ("dynamodb", "query", search() | {"TableName": "a b"}, INVALID),
    "logs: name of a group": (
        "logs",
        "create_log_group",
        {"logGroupName": "a b"},
        "InvalidParameterException",
    ),
    "sts: a session's name": (
        "sts",
        "assume_role",
        {"RoleArn": TARGET["RoleArn"], "RoleSessionName": "a b"},
        "ValidationError",
    ),
}

TAKEN: dict[str, tuple[str, str, Json]] = {
    "scheduler": ("scheduler", "create_schedule", schedule()),
    "scheduler: once": (
        "scheduler",
        "create_schedule",
        schedule(ScheduleExpression="at(2027-01-01T00:00:00)"),
    ),
    "scheduler: flexible": (
        "scheduler",
        "create_schedule",
        schedule(
            FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
            ScheduleExpression="rate(2 days)",
        ),
    ),
    "events": ("events", "put_rule", {"Name": "new", "ScheduleExpression": "rate(1 minute)"}),
    "iam": ("iam", "create_policy", policy(Condition={"StringEqualsIfExists": {"aws:username": "x"}})),
    "iam: no version": (
        "iam",
        "put_role_policy",
        {"RoleName": "own", "PolicyName": "new", "PolicyDocument": json.dumps({"Statement": allow("*")})},
    ),
    "iam: trust": (
        "iam",
        "create_role",
        {"RoleName": "new", "AssumeRolePolicyDocument": trusted(TARGET["RoleArn"])},
    ),
    "sns": ("sns", "publish", attribute("a.b-c_d", "Number", "-1.5e3")),
    "sns: binary": ("sns", "publish", attribute(kind="Binary", BinaryValue=base64.b64encode(b"x"))),
    "cloudwatch": ("cloudwatch", "get_metric_data", query(MetricStat=stat(120))),
    "cloudwatch: action": (
        "cloudwatch",
        "put_metric_alarm",
        alarm(AlarmActions=[f"arn:aws:sns:us-east-1:{ACCOUNT}:own"]),
    ),
    "ssm: 15 levels": ("ssm", "put_parameter", parameter("/a" * 15, value='{"a": {"b": 1}}')),
    "lambda": ("lambda", "invoke", invoke(b'{"a": 1}')),
    "lambda: nothing": ("lambda", "invoke", invoke(b"")),
    "sqs": (
        "sqs",
        "set_queue_attributes",
        {"QueueUrl": "own", "Attributes": {"Policy": named(TARGET["RoleArn"])}},
    ),
    "dynamodb": (
        "dynamodb",
        "query",
        search("pk = :a AND begins_with(sk, :a)", FilterExpression="other = :a"),
    ),
}


def asked(aws: LocalAws, service: str, method: str, given: Json) -> None:
    client = aws.client(service)
    real = {"QueueUrl": f"{aws.endpoint}/{aws.account}/own"} if "QueueUrl" in given else {}
    if "TopicArn" in given:
        real["TopicArn"] = given["TopicArn"].replace("REGION", aws.region)
    getattr(client, method)(**given | real)


@each_of(("service", "method", "given", "code"), REFUSED)
def test_what_aws_refuses_is_refused(
    furnished: LocalAws, service: str, method: str, given: Json, code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        asked(furnished, service, method, given)
    assert code_of(refused.value) == code, refused.value


@each_of(("service", "method", "given"), TAKEN)
def test_what_aws_takes_is_taken(furnished: LocalAws, service: str, method: str, given: Json) -> None:
    furnished.snapshot("furnished")
    asked(furnished, service, method, given)
    furnished.wait_idle()
    furnished.restore("furnished")


def test_only_the_administrator_of_a_drill_writes_metrics_of_aws(furnished: LocalAws) -> None:
    data = {"Namespace": "AWS/Lambda", "MetricData": [{"MetricName": "Errors", "Value": 1.0}]}
    furnished.client("cloudwatch").put_metric_data(**data)
    assert call(furnished, "cloudwatch", "put_metric_data", **data) == "InvalidParameterValue"
