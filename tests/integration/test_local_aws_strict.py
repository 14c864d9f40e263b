"""The local AWS refuses the parameters that AWS refuses; docs/local-aws.md names the source of each."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import CALLS, TRUST, allow, call, code_of, function, role

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
REFUSED: dict[tuple[str, str, str], dict[str, Json]] = {
    ("scheduler", "create_schedule", INVALID): {
        "fields out of range": schedule(ScheduleExpression="cron(99 99 ? * MON *)"),
        "* twice": schedule(ScheduleExpression="cron(0 9 * * * *)"),
        "unknown zone": schedule(ScheduleExpressionTimezone="Mars/One"),
        "a role that it may not assume": schedule(
            Target={**TARGET, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/events"}
        ),
        "a role that does not exist": schedule(Target={**TARGET, "RoleArn": FOREIGN}),
        "rate of nothing": schedule(ScheduleExpression="rate(0 days)"),
        "at without seconds": schedule(ScheduleExpression="at(2027-01-01T00:00)"),
        "letters of the name": schedule(Name="a b"),
        "a target without ARN": schedule(Target={**TARGET, "Arn": "foo"}),
        "a flexible window without length": schedule(FlexibleTimeWindow={"Mode": "FLEXIBLE"}),
        "an unknown mode": schedule(FlexibleTimeWindow={"Mode": "LATER"}),
    },
    ("scheduler", "create_schedule", "ResourceNotFoundException"): {
        "an unknown group": schedule(GroupName="none"),
    },
    ("events", "put_rule", INVALID): {
        "one minutes": {"Name": "new", "ScheduleExpression": "rate(1 minutes)"},
        "fields out of range": {"Name": "new", "ScheduleExpression": "cron(0 25 * * ? *)"},
    },
    ("iam", "create_policy", MALFORMED): {
        "action": policy(Action="foo"),
        "resource": policy(Resource="foo"),
        "operator": policy(Condition={"StringFoo": {"aws:username": "x"}}),
        "no effect": document(Statement=[{"Action": "*", "Resource": "*"}]),
        "a principal": policy(Principal="*"),
        "no resource": document(Statement=[{"Effect": "Allow", "Action": "*"}]),
        "a Sid twice": document(Statement=[allow("*", Sid="a")] * 2),
        "an unknown version": policy() | document(Version="2026-01-01"),
    },
    ("iam", "put_role_policy", MALFORMED): {
        "an action of two colons": policy(Action="sqs:a:b") | {"RoleName": "own"},
    },
    ("iam", "create_policy", "ValidationError"): {
        "letters of the name": policy() | {"PolicyName": "a b"},
    },
    ("iam", "create_role", MALFORMED): {
        "a role that trusts nobody": {"RoleName": "new", "AssumeRolePolicyDocument": trusted(FOREIGN)},
    },
    ("sns", "publish", "ParameterValueInvalid"): {
        "an empty value": attribute(value=""),
        "an unknown type": attribute(kind="Text"),
        "a number that is none": attribute(kind="Number"),
        "letters of the name": attribute("a b"),
        "a name of AWS": attribute("AWS.kind"),
    },
    ("cloudwatch", "get_metric_data", "ValidationError"): {
        "start after end": query(start=45),
        "period": query(MetricStat=stat(61)),
        "an Id with a capital": query(Id="A"),
        "expression beside metric": query(Expression="a"),
    },
    ("cloudwatch", "put_metric_alarm", "ValidationError"): {
        "action": alarm(AlarmActions=["arn:aws:foo:bar"]),
        "period of an alarm": alarm(Period=61),
        "operator": alarm(ComparisonOperator="Greater"),
        "unit": alarm(Unit="Pieces"),
    },
    ("cloudwatch", "set_alarm_state", "InvalidFormat"): {
        "reason data": {"AlarmName": "own", "StateValue": "OK", "StateReason": "x", "StateReasonData": "{"},
    },
    ("cloudwatch", "set_alarm_state", "ValidationError"): {
        "state": {"AlarmName": "own", "StateValue": "FINE", "StateReason": "x"},
    },
    ("cloudwatch", "put_metric_data", "ValidationError"): {
        "namespace": {"Namespace": ":N", "MetricData": [{"MetricName": "M", "Value": 1.0}]},
    },
    ("cloudwatch", "put_metric_data", "InvalidParameterValue"): {
        "no number": {"Namespace": "N", "MetricData": [{"MetricName": "M", "Value": float("nan")}]},
    },
    ("ssm", "put_parameter", INVALID): {
        "an empty value": parameter(value=""),
        "a parameter in a value": parameter(value="{{ssm:/own}}"),
        "letters of the name": parameter("/a b"),
        "a path that does not begin with /": parameter("a/b"),
        "type": parameter(Type="Text"),
    },
    ("ssm", "put_parameter", "HierarchyLevelLimitExceededException"): {
        "17 levels": parameter("/a" * 17),
    },
    ("ssm", "put_parameter", "AccessDeniedException"): {
        "a name of AWS": parameter("/aws/x"),
    },
    ("ssm", "put_parameter", "ParameterPatternMismatchException"): {
        "another pattern": parameter(AllowedPattern=r"\d+"),
    },
    ("ssm", "put_parameter", "ParameterAlreadyExists"): {
        "there already": parameter("/own"),
    },
    ("lambda", "invoke", "InvalidRequestContentException"): {
        "asynchronous, no JSON": invoke(b"{"),
        "synchronous, no JSON": invoke(b"{", "RequestResponse"),
    },
    ("lambda", "update_function_configuration", INVALID): {
        "a variable's name": variables(**{"A-B": "x"}),
        "a variable of one letter": variables(A="x"),
        "letters of the handler": {"FunctionName": "own", "Handler": "a b"},
    },
    ("lambda", "update_function_configuration", "InvalidParameterValueException"): {
        "a reserved variable": variables(AWS_REGION="x"),
        "a role that it may not assume": {
            "FunctionName": "own",
            "Role": f"arn:aws:iam::{ACCOUNT}:role/events",
        },
    },
    ("lambda", "put_function_event_invoke_config", INVALID): {
        "a retry too many": {"FunctionName": "own", "MaximumRetryAttempts": 3},
    },
    ("sqs", "set_queue_attributes", "InvalidAttributeValue"): {
        "a principal that does not exist": {"QueueUrl": "own", "Attributes": {"Policy": named(FOREIGN)}},
    },
    ("sns", "set_topic_attributes", "InvalidParameter"): {
        "a principal that does not exist": {
            "TopicArn": f"arn:aws:sns:REGION:{ACCOUNT}:own",
            "AttributeName": "Policy",
            "AttributeValue": named(FOREIGN),
        },
    },
    ("s3", "put_bucket_policy", "MalformedPolicy"): {
        "a principal that does not exist": {"Bucket": "own", "Policy": named(FOREIGN)},
    },
    ("dynamodb", "query", INVALID): {
        "a filter on a key": search(FilterExpression="sk = :a"),
        "a filter on a key by another name": search(
            FilterExpression="#k = :a", ExpressionAttributeNames={"#k": "pk"}
        ),
        "OR": search("pk = :a OR sk = :a"),
        "<>": search("pk = :a AND sk <> :a"),
        "contains": search("pk = :a AND contains(sk, :a)"),
        "NOT": search("pk = :a AND NOT sk = :a"),
        "name of a table": search() | {"TableName": "a b"},
    },
    ("logs", "create_log_group", "InvalidParameterException"): {
        "name of a group": {"logGroupName": "a b"},
    },
    ("sts", "assume_role", "ValidationError"): {
        "a session's name": {"RoleArn": TARGET["RoleArn"], "RoleSessionName": "a b"},
    },
}

TAKEN: dict[tuple[str, str], list[Json]] = {
    ("scheduler", "create_schedule"): [
        schedule(),
        schedule(ScheduleExpression="at(2027-01-01T00:00:00)"),
        schedule(
            FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
            ScheduleExpression="rate(2 days)",
        ),
    ],
    ("events", "put_rule"): [
        {"Name": "new", "ScheduleExpression": "rate(1 minute)"},
    ],
    ("iam", "create_policy"): [
        policy(Condition={"StringEqualsIfExists": {"aws:username": "x"}}),
    ],
    ("iam", "put_role_policy"): [
        {"RoleName": "own", "PolicyName": "new", "PolicyDocument": json.dumps({"Statement": allow("*")})},
    ],
    ("iam", "create_role"): [
        {"RoleName": "new", "AssumeRolePolicyDocument": trusted(TARGET["RoleArn"])},
    ],
    ("sns", "publish"): [
        attribute("a.b-c_d", "Number", "-1.5e3"),
        attribute(kind="Binary", BinaryValue=base64.b64encode(b"x")),
    ],
    ("cloudwatch", "get_metric_data"): [
        query(MetricStat=stat(120)),
    ],
    ("cloudwatch", "put_metric_alarm"): [
        alarm(AlarmActions=[f"arn:aws:sns:us-east-1:{ACCOUNT}:own"]),
    ],
    ("ssm", "put_parameter"): [
        parameter("/a" * 15, value='{"a": {"b": 1}}'),
    ],
    ("lambda", "invoke"): [
        invoke(b'{"a": 1}'),
        invoke(b""),
    ],
    ("sqs", "set_queue_attributes"): [
        {"QueueUrl": "own", "Attributes": {"Policy": named(TARGET["RoleArn"])}},
    ],
    ("dynamodb", "query"): [
        search("pk = :a AND begins_with(sk, :a)", FilterExpression="other = :a"),
    ],
}


def asked(aws: LocalAws, service: str, method: str, given: Json) -> None:
    client = aws.client(service)
    real = {"QueueUrl": f"{aws.endpoint}/{aws.account}/own"} if "QueueUrl" in given else {}
    if "TopicArn" in given:
        real["TopicArn"] = given["TopicArn"].replace("REGION", aws.region)
    getattr(client, method)(**given | real)


@pytest.mark.parametrize(
    ("call", "given"),
    [
        pytest.param(call, given, id=f"{call[0]}: {why}")
        for call, cases in REFUSED.items()
        for why, given in cases.items()
    ],
)
def test_what_aws_refuses_is_refused(furnished: LocalAws, call: tuple[str, str, str], given: Json) -> None:
    service, method, code = call
    with pytest.raises(ClientError) as refused:
        asked(furnished, service, method, given)
    assert code_of(refused.value) == code, refused.value


@pytest.mark.parametrize(
    ("call", "given"), [(call, given) for call, cases in TAKEN.items() for given in cases]
)
def test_what_aws_takes_is_taken(furnished: LocalAws, call: tuple[str, str], given: Json) -> None:
    furnished.snapshot("furnished")
    asked(furnished, *call, given)
    furnished.wait_idle()
    furnished.restore("furnished")


def test_only_the_administrator_of_a_drill_writes_metrics_of_aws(furnished: LocalAws) -> None:
    data = {"Namespace": "AWS/Lambda", "MetricData": [{"MetricName": "Errors", "Value": 1.0}]}
    furnished.client("cloudwatch").put_metric_data(**data)
    assert call(furnished, "cloudwatch", "put_metric_data", **data) == "InvalidParameterValue"
