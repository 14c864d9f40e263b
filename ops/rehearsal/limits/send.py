"""Requests by which each limit is hit: of a wanted size or number, on the local AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python.exceptions import CheckpointError
from aws_durable_execution_sdk_python.lambda_service import OperationAction, OperationType, OperationUpdate
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from local_aws.client.metering import Meter
from rehearsal.limits import sending

type Send = Callable[[LocalAws, int], Any]

# --- rates ----------------------------------------------------------------------------------------

_CALLER = "limits-of-rates"
# The setting of the local AWS with which no request of a second comes back.
_NEVER_REFILLED = 2


def at_once(service: str, asked: dict[str, dict[str, Any]], refusal: str) -> Send:
    """So many requests (operation and arguments) within one second, under a role: the administrator's do not
    count. What is not there is refused as well, of a request that was taken."""
    ((operation, arguments),) = asked.items()

    def send(aws: LocalAws, number: int) -> None:
        request = getattr(_under_a_role(aws, service), operation)
        aws.settings(rates=_NEVER_REFILLED)
        try:
            for _ in range(number):
                try:
                    request(**arguments)
                except ClientError as error:
                    if error.response["Error"]["Code"] == refusal:
                        raise
        finally:
            aws.settings(rates=1)

    return send


def _under_a_role(aws: LocalAws, service: str) -> Any:
    try:
        aws.client("lambda").get_function_configuration(FunctionName=_CALLER)
    except ClientError:
        sending.function(aws, _CALLER)
        given = aws.client("lambda").get_function_configuration(FunctionName=_CALLER)
        anything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        aws.client("iam").put_role_policy(
            RoleName=given["Role"].rpartition("/")[2],
            PolicyName="anything",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [anything]}),
        )
        aws.client("logs").create_log_group(logGroupName=_CALLER)
    given = aws.assume(_CALLER)
    keys = (given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
    return aws.client_with(keys, service, config=Config(retries={"total_max_attempts": 1}))


# --- durable executions ---------------------------------------------------------------------------


def _operations(_: LocalAws, number: int) -> None:
    """So many of one execution, as the SDK's own runner counts them; its start is one."""
    waits = [
        OperationUpdate(f"wait-{each}", OperationType.WAIT, OperationAction.START)
        for each in range(number - 1)
    ]
    try:
        Meter().count(waits)
    except CheckpointError as error:
        raise RuntimeError(str(error)) from error


def _execution(aws: LocalAws, length: int) -> None:
    given = {"ExecutionTimeout": 3600, "RetentionPeriodInDays": 1}
    name = sending.function(aws, DurableConfig=given)
    version = aws.client("lambda").publish_version(FunctionName=name)["Version"]
    aws.client("lambda").invoke(
        FunctionName=name,
        Qualifier=version,
        InvocationType="Event",
        DurableExecutionName=sending.of_length(length),
    )


# --- sizes and numbers ----------------------------------------------------------------------------


def _of_stack(kind: str, make: Callable[[int], dict[str, Any]]) -> Send:
    """A stack with one resource of this type."""
    return lambda aws, size: sending.stack(aws, {"One": {"Type": kind, "Properties": make(size)}})


def _function_of_stack(make: Callable[[int], dict[str, Any]]) -> Send:
    def send(aws: LocalAws, size: int) -> None:
        code = {"ZipFile": "def handler(event, context): pass"}
        given = {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": sending.role_arn(aws),
            "Code": code,
        }
        _of_stack("AWS::Lambda::Function", lambda size: {**given, **make(size)})(aws, size)

    return send


def _invoke(kind: str) -> Send:
    return lambda aws, size: aws.client("lambda").invoke(
        FunctionName=sending.function(aws),
        InvocationType=kind,
        Payload=json.dumps("x" * (size - 2)).encode(),
    )


def _halves(size: int) -> dict[str, str]:
    """Two policies of so many characters together."""
    return {"one": sending.policy(4_000), "two": sending.policy(size - 4_000)}


def _inline(aws: LocalAws, size: int) -> None:
    name = sending.role(aws)
    for policy, document in _halves(size).items():
        aws.client("iam").put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)


def _attached(aws: LocalAws, number: int) -> None:
    iam, name = aws.client("iam"), sending.role(aws)
    for _ in range(number):
        made = iam.create_policy(PolicyName=sending.fresh(), PolicyDocument=sending.policy(200))
        iam.attach_role_policy(RoleName=name, PolicyArn=made["Policy"]["Arn"])


def _section(name: str, make: Callable[[int], Any]) -> Send:
    """A stack with a topic and one more section of the template."""
    return lambda aws, size: sending.stack(aws, {"One": sending.TOPIC}, **{name: make(size)})


def _value_of_parameter(aws: LocalAws, size: int) -> None:
    body = {"Resources": {"One": sending.TOPIC}, "Parameters": {"P": {"Type": "String"}}}
    given = [{"ParameterKey": "P", "ParameterValue": "x" * size}]
    sending.create(aws, sending.fresh(), TemplateBody=json.dumps(body), Parameters=given)


def _parameter(make: Callable[[int], dict[str, str]]) -> Send:
    return lambda aws, size: aws.client("ssm").put_parameter(
        **{"Name": sending.fresh("/limit"), "Value": "x", "Type": "String", **make(size)}
    )


def _topic(aws: LocalAws) -> str:
    return str(aws.client("sns").create_topic(Name=sending.fresh())["TopicArn"])


def _subscribed(make: Callable[[int], dict[str, list[str]]]) -> Send:
    return lambda aws, number: aws.client("sns").subscribe(
        TopicArn=_topic(aws),
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{aws.region}:{aws.account}:q",
        Attributes={"FilterPolicy": json.dumps(make(number))},
    )


def _queued(aws: LocalAws, size: int) -> None:
    url = aws.client("sqs").create_queue(QueueName=sending.fresh())["QueueUrl"]
    aws.client("sqs").send_message(QueueUrl=url, MessageBody="x" * size)


def _event(aws: LocalAws, size: int) -> None:
    entry = {"Source": "limits", "DetailType": "limit"}
    used = sum(len(each) for each in entry.values()) + len('{"x":""}')
    entry["Detail"] = json.dumps({"x": "x" * (size - used)}, separators=(",", ":"))
    aws.client("events").put_events(Entries=[entry])


def _rule(aws: LocalAws, size: int = 100, **more: str) -> str:
    pattern = json.dumps({"source": ["x" * (size - len('{"source":[""]}'))]}, separators=(",", ":"))
    name = sending.fresh()
    aws.client("events").put_rule(Name=name, EventPattern=pattern, **more)
    return name


def _targets(aws: LocalAws, number: int) -> None:
    name = _rule(aws)
    queue = f"arn:aws:sqs:{aws.region}:{aws.account}:q"
    for each in range(number):
        target = {"Id": str(each), "Arn": f"{queue}{each}"}
        for failed in aws.client("events").put_targets(Rule=name, Targets=[target])["FailedEntries"]:
            raise RuntimeError(f"{failed['ErrorCode']}: {failed['ErrorMessage']}")


def _schedule(aws: LocalAws, length: int) -> None:
    function = f"arn:aws:lambda:{aws.region}:{aws.account}:function:x"
    aws.client("scheduler").create_schedule(
        Name=sending.of_length(length),
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": function, "RoleArn": sending.role_arn(aws)},
    )


def _table(aws: LocalAws) -> str:
    name, client = sending.fresh(), aws.client("dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
    )
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0.1})
    return name


def _item(aws: LocalAws, size: int) -> None:
    item = {"k": {"S": "k"}, "v": {"S": "x" * (size - len("kkv"))}}
    aws.client("dynamodb").put_item(TableName=_table(aws), Item=item)


def _transaction(aws: LocalAws, number: int) -> None:
    name = _table(aws)
    puts = [{"Put": {"TableName": name, "Item": {"k": {"S": f"{each}"}}}} for each in range(number)]
    aws.client("dynamodb").transact_write_items(TransactItems=puts)


def _batch(aws: LocalAws, number: int) -> None:
    puts = [{"PutRequest": {"Item": {"k": {"S": f"{each}"}}}} for each in range(number)]
    aws.client("dynamodb").batch_write_item(RequestItems={_table(aws): puts})


_NAMESPACE = "Limits"
_OF_ONE_METRIC = {"Namespace": _NAMESPACE, "MetricName": "Metric", "Statistic": "Sum", "Period": 60}


def alarm(**more: Any) -> dict[str, Any]:
    """The arguments of a plain alarm, for PutMetricAlarm and for a template; `more` replaces some."""
    rule = {"EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"}
    return {"AlarmName": sending.fresh(), **_OF_ONE_METRIC, **rule, **more}


def _alarm(make: Callable[[int], dict[str, Any]]) -> Send:
    return lambda aws, number: aws.client("cloudwatch").put_metric_alarm(**alarm(**make(number)))


def _actions(aws: LocalAws, number: int) -> None:
    topics = [f"arn:aws:sns:{aws.region}:{aws.account}:t{each}" for each in range(number)]
    aws.client("cloudwatch").put_metric_alarm(**alarm(AlarmActions=topics))


def _math(aws: LocalAws, number: int) -> None:
    given = {key: value for key, value in alarm().items() if key not in _OF_ONE_METRIC}
    stat = {"Metric": {"Namespace": _NAMESPACE, "MetricName": "Metric"}, "Period": 60, "Stat": "Sum"}
    metrics = [{"Id": f"m{each}", "MetricStat": stat, "ReturnData": False} for each in range(number)]
    total = {"Id": "e", "Expression": "SUM(METRICS())", "ReturnData": True}
    aws.client("cloudwatch").put_metric_alarm(**given, Metrics=[*metrics, total])


def _data(make: Callable[[int], list[dict[str, Any]]]) -> Send:
    return lambda aws, number: aws.client("cloudwatch").put_metric_data(
        Namespace=_NAMESPACE, MetricData=make(number)
    )


def _dashboard(aws: LocalAws, number: int) -> None:
    metrics = [[_NAMESPACE, f"M{each}"] for each in range(number)]
    size = {"x": 0, "y": 0, "width": 6, "height": 6}
    view = {"metrics": metrics, "region": aws.region}
    body = json.dumps({"widgets": [{"type": "metric", **size, "properties": view}]})
    aws.client("cloudwatch").put_dashboard(DashboardName=sending.fresh(), DashboardBody=body)


def _log_alarm(make: Callable[[int], dict[str, Any]]) -> Send:
    def send(aws: LocalAws, number: int) -> None:
        query = {
            "QueryString": "filter @message like /x/",
            "LogGroupIdentifiers": ["/aws/lambda/x"],
            "ScheduledQueryRoleARN": f"arn:aws:iam::{aws.account}:role/Query",
            "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
            "AggregationExpression": "count(*)",
        }
        aws.client("cloudwatch").put_log_alarm(
            AlarmName=sending.fresh(),
            ScheduledQueryConfiguration={**query, **make(number)},
            QueryResultsToEvaluate=1,
            QueryResultsToAlarm=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
        )

    return send


def _filter(aws: LocalAws, group: str, pattern: str, **more: Any) -> None:
    counted = {"metricName": "Errors", "metricNamespace": _NAMESPACE, "metricValue": "1", **more}
    aws.client("logs").put_metric_filter(
        logGroupName=group,
        filterName=sending.fresh(),
        filterPattern=pattern,
        metricTransformations=[counted],
    )


def _filtered(pattern: Callable[[int], str]) -> Send:
    return lambda aws, number: _filter(aws, sending.log_group(aws), pattern(number))


def _filters(pattern: str) -> Send:
    def send(aws: LocalAws, number: int) -> None:
        group = sending.log_group(aws)
        for _ in range(number):
            _filter(aws, group, pattern)

    return send


def _counted(make: Callable[[int], dict[str, Any]]) -> Send:
    return lambda aws, number: _filter(aws, sending.log_group(aws), '{ $.a = "b" }', **make(number))


def _lines(make: Callable[[int], list[str]]) -> Send:
    return lambda aws, number: aws.client("logs").put_log_events(
        logGroupName=sending.log_group(aws),
        logStreamName="s",
        logEvents=[{"timestamp": sending.now(), "message": each} for each in make(number)],
    )


_OF_EACH_EVENT = 26

# By the limit's name in limits.yaml. Rates have their requests there.
SENDS: dict[str, Send] = {
    "durable: operations of an execution": _operations,
    "durable: name of an execution": _execution,
    "lambda: environment of a function": lambda aws, size: sending.function(
        aws, Environment=sending.variables(size)
    ),
    "lambda: environment of a function, changed": lambda aws, size: aws.client(
        "lambda"
    ).update_function_configuration(FunctionName=sending.function(aws), Environment=sending.variables(size)),
    "lambda: environment of a function, by a template": _function_of_stack(
        lambda size: {"Environment": sending.variables(size)}
    ),
    "lambda: name of a function": lambda aws, length: sending.function(aws, sending.of_length(length)),
    "lambda: name of a function, by a template": _function_of_stack(
        lambda length: {"FunctionName": sending.of_length(length)}
    ),
    "lambda: description of a function": lambda aws, length: sending.function(aws, Description="x" * length),
    "lambda: payload, asynchronous": _invoke("Event"),
    "lambda: payload, synchronous": _invoke("RequestResponse"),
    "iam: inline policies of a role together": _inline,
    "iam: inline policies of a role together, by a template": _of_stack(
        "AWS::IAM::Role",
        lambda size: {
            "AssumeRolePolicyDocument": json.loads(sending.trust(200)),
            "Policies": [
                {"PolicyName": name, "PolicyDocument": json.loads(document)}
                for name, document in _halves(size).items()
            ],
        },
    ),
    "iam: a managed policy": lambda aws, size: aws.client("iam").create_policy(
        PolicyName=sending.fresh(), PolicyDocument=sending.policy(size)
    ),
    "iam: a managed policy, by a template": _of_stack(
        "AWS::IAM::ManagedPolicy", lambda size: {"PolicyDocument": json.loads(sending.policy(size))}
    ),
    "iam: trust policy of a role": lambda aws, size: aws.client("iam").create_role(
        RoleName=sending.fresh(), AssumeRolePolicyDocument=sending.trust(size)
    ),
    "iam: trust policy of a role, by a template": _of_stack(
        "AWS::IAM::Role", lambda size: {"AssumeRolePolicyDocument": json.loads(sending.trust(size))}
    ),
    "iam: managed policies of a role": _attached,
    "cloudformation: template in the request": lambda aws, size: sending.create(
        aws, sending.fresh(), TemplateBody=sending.padded(size)
    ),
    "cloudformation: template in a bucket": lambda aws, size: sending.create(
        aws, sending.fresh(), TemplateURL=sending.uploaded(aws, sending.padded(size))
    ),
    "cloudformation: resources of a template": lambda aws, number: sending.stack(
        aws, {f"R{each}": {"Type": "AWS::CloudFormation::WaitConditionHandle"} for each in range(number)}
    ),
    "cloudformation: parameters of a template": _section(
        "Parameters",
        lambda number: {f"P{each}": {"Type": "String", "Default": "x"} for each in range(number)},
    ),
    "cloudformation: outputs of a template": _section(
        "Outputs", lambda number: {f"O{each}": {"Value": "x"} for each in range(number)}
    ),
    "cloudformation: value of a parameter": _value_of_parameter,
    "cloudformation: description of a template": _section("Description", lambda size: "x" * size),
    "ssm: value of a standard parameter": _parameter(lambda size: {"Value": "x" * size}),
    "ssm: value of a standard parameter, by a template": _of_stack(
        "AWS::SSM::Parameter", lambda size: {"Type": "String", "Value": "x" * size}
    ),
    "ssm: description of a parameter": _parameter(lambda length: {"Description": "x" * length}),
    "ssm: levels of a parameter's name": _parameter(
        lambda levels: {"Name": sending.fresh("/limit") + "/x" * (levels - 1)}
    ),
    "ssm: parameters a page of GetParametersByPath": lambda aws, number: aws.client(
        "ssm"
    ).get_parameters_by_path(Path="/limit", MaxResults=number),
    "ssm: names of GetParameters": lambda aws, number: aws.client("ssm").get_parameters(
        Names=[f"/l/{n}" for n in range(number)]
    ),
    "sns: a message with its attributes": lambda aws, size: aws.client("sns").publish(
        TopicArn=_topic(aws), Message="x" * size
    ),
    "sns: name of a message attribute": lambda aws, length: aws.client("sns").publish(
        TopicArn=_topic(aws),
        Message="x",
        MessageAttributes={"x" * length: {"DataType": "String", "StringValue": "x"}},
    ),
    "sns: keys of a filter policy": _subscribed(lambda number: {f"k{n}": ["x"] for n in range(number)}),
    "sns: combinations of a filter policy": _subscribed(
        lambda number: {"k": [f"v{n}" for n in range(number)]}
    ),
    "sts: name of a session": lambda aws, length: aws.client("sts").assume_role(
        RoleArn=sending.role_arn(aws), RoleSessionName="x" * length
    ),
    "sqs: a message": _queued,
    "events: an entry of PutEvents": _event,
    "events: pattern of a rule": _rule,
    "events: targets of a rule": _targets,
    "events: description of a rule": lambda aws, length: _rule(aws, Description="x" * length),
    "scheduler: name of a schedule": _schedule,
    "dynamodb: an item": _item,
    "dynamodb: actions of a transaction": _transaction,
    "dynamodb: items of BatchWriteItem": _batch,
    "cloudwatch: name of an alarm": _alarm(lambda length: {"AlarmName": sending.of_length(length)}),
    "cloudwatch: description of an alarm": _alarm(lambda length: {"AlarmDescription": "x" * length}),
    "cloudwatch: description of an alarm, by a template": _of_stack(
        "AWS::CloudWatch::Alarm", lambda length: alarm(AlarmDescription="x" * length)
    ),
    "cloudwatch: actions of an alarm": _actions,
    "cloudwatch: metrics of an alarm on an expression": _math,
    "cloudwatch: time that an alarm looks back on, periods under an hour": _alarm(
        lambda minutes: {"EvaluationPeriods": minutes}
    ),
    "cloudwatch: time that an alarm looks back on, periods of an hour": _alarm(
        lambda hours: {"Period": 3_600, "EvaluationPeriods": hours}
    ),
    "cloudwatch: metrics of PutMetricData": _data(
        lambda number: [{"MetricName": f"M{each}", "Value": 1.0} for each in range(number)]
    ),
    "cloudwatch: values of a metric in PutMetricData": _data(
        lambda number: [{"MetricName": "M", "Values": [float(each) for each in range(number)]}]
    ),
    "cloudwatch: dimensions of a metric": _data(
        lambda number: [
            {
                "MetricName": "M0",
                "Value": 1.0,
                "Dimensions": [{"Name": f"n{each}", "Value": "v"} for each in range(number)],
            }
        ]
    ),
    "cloudwatch: names of DescribeAlarms": lambda aws, number: aws.client("cloudwatch").describe_alarms(
        AlarmNames=[f"a{each}" for each in range(number)]
    ),
    "cloudwatch: metrics of a widget": _dashboard,
    "cloudwatch: query of a log alarm": _log_alarm(
        lambda length: {"QueryString": "filter m = '" + "x" * (length - 13) + "'"}
    ),
    "cloudwatch: log groups of a log alarm": _log_alarm(
        lambda number: {"LogGroupIdentifiers": [f"g{each}" for each in range(number)]}
    ),
    "logs: pattern of a filter": _filtered(lambda length: "x" * length),
    "logs: regular expressions in a pattern": _filtered(
        lambda number: "{ " + " && ".join(["$.m = %x%"] * number) + " }"
    ),
    "logs: wildcard selectors in a pattern": _filtered(
        lambda number: "{ " + " && ".join(["$.m[*] = x"] * number) + " }"
    ),
    "logs: wildcards in a selector": _filtered(lambda number: "{ $.m" + ".*" * number + " = x }"),
    "logs: patterns with regular expressions of a log group": _filters("%x%"),
    "logs: metric filters of a log group": _filters("ERROR"),
    "logs: dimensions of a metric filter": _counted(
        lambda number: {"dimensions": {f"d{each}": f"$.d{each}" for each in range(number)}}
    ),
    "logs: value of a metric filter": _counted(lambda length: {"metricValue": "$." + "x" * (length - 2)}),
    "logs: a batch of PutLogEvents": _lines(
        lambda size: ["x" * 500_000, "x" * (size - 500_000 - 2 * _OF_EACH_EVENT)]
    ),
    "logs: events of PutLogEvents": _lines(lambda number: ["x"] * number),
    "logs: events a page of FilterLogEvents": lambda aws, number: aws.client("logs").filter_log_events(
        logGroupName=sending.log_group(aws), limit=number
    ),
    "secretsmanager: value of a secret": lambda aws, size: aws.client("secretsmanager").create_secret(
        Name=sending.fresh(), SecretString="x" * size
    ),
}
