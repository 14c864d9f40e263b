"""The limits of size and number, service by service."""

from __future__ import annotations

import json
from typing import Any

from liveness_ops.limits import sending
from liveness_ops.limits.limit import Does, Fits, Limit
from liveness_ops.limits.ours import Ours
from liveness_ops.local_aws import LocalAws

_DOCS = "https://docs.aws.amazon.com/"

# --- Lambda ---------------------------------------------------------------------------------------

_LAMBDA = ("Lambda quotas", f"{_DOCS}lambda/latest/dg/gettingstarted-limits.html")


def _invoke(aws: LocalAws, size: int, kind: str) -> None:
    payload = json.dumps("x" * (size - 2)).encode()
    aws.client("lambda").invoke(FunctionName=sending.function(aws), InvocationType=kind, Payload=payload)


def _changed_environment(aws: LocalAws, size: int) -> None:
    name = sending.function(aws)
    aws.client("lambda").update_function_configuration(FunctionName=name, Environment=sending.variables(size))


def _function_of_stack(aws: LocalAws, **properties: Any) -> None:
    code = {"ZipFile": "def handler(event, context): pass"}
    given = {"Runtime": "python3.13", "Handler": "index.handler", "Role": sending.role_arn(aws), "Code": code}
    sending.stack(aws, {"One": {"Type": "AWS::Lambda::Function", "Properties": {**given, **properties}}})


LAMBDA = (
    Limit(
        "lambda: environment of a function", 4_096, "bytes", *_LAMBDA,
        lambda aws, size: sending.function(aws, Environment=sending.variables(size)),
        "InvalidParameterValueException", Fits(Ours.environment),
    ),
    Limit(
        "lambda: environment of a function, changed", 4_096, "bytes", *_LAMBDA, _changed_environment,
        "InvalidParameterValueException",
        Does("a change that AWS refuses is reported as failed; the variables stay as they were"),
    ),
    Limit(
        "lambda: environment of a function, by a template", 4_096, "bytes", *_LAMBDA,
        lambda aws, size: _function_of_stack(aws, Environment=sending.variables(size)),
        "exceeded the 4KB limit", Fits(Ours.environment),
    ),
    Limit(
        "lambda: name of a function", 64, "characters", "CreateFunction",
        f"{_DOCS}lambda/latest/api/API_CreateFunction.html",
        lambda aws, length: sending.function(aws, sending.of_length(length)),
        "ValidationException", Fits(Ours.function_name),
    ),
    Limit(
        "lambda: name of a function, by a template", 64, "characters", "CreateFunction",
        f"{_DOCS}lambda/latest/api/API_CreateFunction.html",
        lambda aws, length: _function_of_stack(aws, FunctionName=sending.of_length(length)),
        "length less than or equal to 64", Fits(Ours.function_name),
    ),
    Limit(
        "lambda: description of a function", 256, "characters", "CreateFunction",
        f"{_DOCS}lambda/latest/api/API_CreateFunction.html",
        lambda aws, length: sending.function(aws, Description="x" * length),
        "ValidationException", Fits(Ours.function_description),
    ),
    Limit(
        "lambda: payload, asynchronous", 1_048_576, "bytes", *_LAMBDA,
        lambda aws, size: _invoke(aws, size, "Event"), "RequestTooLargeException",
        Does("a start of a follow-up and a command name an incident and little else"),
    ),
    Limit(
        "lambda: payload, synchronous", 6_291_456, "bytes", *_LAMBDA,
        lambda aws, size: _invoke(aws, size, "RequestResponse"), "RequestTooLargeException",
        Does("the door of people takes 200 KB at most and refuses more"),
    ),
)  # fmt: skip

# --- IAM ------------------------------------------------------------------------------------------

_IAM = ("IAM and AWS STS quotas", f"{_DOCS}IAM/latest/UserGuide/reference_iam-quotas.html")


def _inline(aws: LocalAws, size: int) -> None:
    name, first = sending.role(aws), 4_000
    for policy, length in (("one", first), ("two", size - first)):
        aws.client("iam").put_role_policy(
            RoleName=name, PolicyName=policy, PolicyDocument=sending.policy(length)
        )


def _inline_of_stack(aws: LocalAws, size: int) -> None:
    first = 4_000
    policies = [
        {"PolicyName": name, "PolicyDocument": json.loads(sending.policy(length))}
        for name, length in (("one", first), ("two", size - first))
    ]
    given = {"AssumeRolePolicyDocument": json.loads(sending.trust(200)), "Policies": policies}
    sending.stack(aws, {"One": {"Type": "AWS::IAM::Role", "Properties": given}})


def _managed_of_stack(aws: LocalAws, size: int) -> None:
    given = {"PolicyDocument": json.loads(sending.policy(size))}
    sending.stack(aws, {"One": {"Type": "AWS::IAM::ManagedPolicy", "Properties": given}})


def _trust_of_stack(aws: LocalAws, size: int) -> None:
    given = {"AssumeRolePolicyDocument": json.loads(sending.trust(size))}
    sending.stack(aws, {"One": {"Type": "AWS::IAM::Role", "Properties": given}})


def _attached(aws: LocalAws, number: int) -> None:
    iam, name = aws.client("iam"), sending.role(aws)
    for _ in range(number):
        made = iam.create_policy(PolicyName=sending.fresh(), PolicyDocument=sending.policy(200))
        iam.attach_role_policy(RoleName=name, PolicyArn=made["Policy"]["Arn"])


IAM = (
    Limit(
        "iam: inline policies of a role together", 10_240, "characters", *_IAM,
        _inline, "LimitExceeded", Fits(Ours.inline_policies),
    ),
    Limit(
        "iam: inline policies of a role together, by a template", 10_240, "characters", *_IAM,
        _inline_of_stack, "Maximum policy size of 10240 bytes exceeded", Fits(Ours.inline_policies),
    ),
    Limit(
        "iam: a managed policy", 6_144, "characters", *_IAM,
        lambda aws, size: aws.client("iam").create_policy(
            PolicyName=sending.fresh(), PolicyDocument=sending.policy(size)
        ),
        "LimitExceeded", Fits(Ours.managed_policy),
    ),
    Limit(
        "iam: a managed policy, by a template", 6_144, "characters", *_IAM,
        _managed_of_stack, "Cannot exceed quota for PolicySize: 6144", Fits(Ours.managed_policy),
    ),
    Limit(
        "iam: trust policy of a role", 2_048, "characters", *_IAM,
        lambda aws, size: aws.client("iam").create_role(
            RoleName=sending.fresh(), AssumeRolePolicyDocument=sending.trust(size)
        ),
        "LimitExceeded", Fits(Ours.trust_policy),
    ),
    Limit(
        "iam: trust policy of a role, by a template", 2_048, "characters", *_IAM,
        _trust_of_stack, "Cannot exceed quota for ACLSizePerRole: 2048", Fits(Ours.trust_policy),
    ),
    Limit(
        "iam: managed policies of a role", 10, "policies", *_IAM,
        _attached, "LimitExceeded", Fits(Ours.attached_policies),
    ),
)  # fmt: skip

# --- CloudFormation -------------------------------------------------------------------------------

_CFN = (
    "CloudFormation quotas",
    f"{_DOCS}AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
)


def _many(number: int) -> dict[str, Any]:
    return {f"R{each}": {"Type": "AWS::CloudFormation::WaitConditionHandle"} for each in range(number)}


CLOUDFORMATION = (
    Limit(
        "cloudformation: template in the request", 51_200, "bytes", *_CFN,
        lambda aws, size: sending.create(aws, sending.fresh(), TemplateBody=sending.padded(size)),
        "ValidationError", Does("SAM CLI puts the template into a bucket"),
    ),
    Limit(
        "cloudformation: template in a bucket", 1_000_000, "bytes", *_CFN,
        lambda aws, size: sending.create(
            aws, sending.fresh(), TemplateURL=sending.uploaded(aws, sending.padded(size))
        ),
        "may not exceed 1000000 bytes", Fits(Ours.template_size),
    ),
    Limit(
        "cloudformation: resources of a template", 500, "resources", *_CFN,
        lambda aws, number: sending.stack(aws, _many(number)),
        "Number of resources, 501, is greater than maximum allowed, 500", Fits(Ours.resources),
    ),
    Limit(
        "cloudformation: parameters of a template", 200, "parameters", *_CFN,
        lambda aws, number: sending.stack(
            aws, {"One": sending.TOPIC},
            Parameters={f"P{each}": {"Type": "String", "Default": "x"} for each in range(number)},
        ),
        "Number of parameters, 201, is greater than maximum allowed, 200", Fits(Ours.parameters),
    ),
    Limit(
        "cloudformation: outputs of a template", 200, "outputs", *_CFN,
        lambda aws, number: sending.stack(
            aws, {"One": sending.TOPIC}, Outputs={f"O{each}": {"Value": "x"} for each in range(number)}
        ),
        "Number of outputs, 201, is greater than maximum allowed, 200", Fits(Ours.outputs),
    ),
    Limit(
        "cloudformation: value of a parameter", 4_096, "bytes", *_CFN,
        lambda aws, size: sending.create(
            aws, sending.fresh(),
            TemplateBody=json.dumps(
                {"Resources": {"One": sending.TOPIC}, "Parameters": {"P": {"Type": "String"}}}
            ),
            Parameters=[{"ParameterKey": "P", "ParameterValue": "x" * size}],
        ),
        "ValidationError", Fits(Ours.parameter_value),
    ),
    Limit(
        "cloudformation: description of a template", 1_024, "bytes", *_CFN,
        lambda aws, size: sending.stack(aws, {"One": sending.TOPIC}, Description="x" * size),
        "ValidationError", Fits(Ours.template_description),
    ),
)  # fmt: skip

# --- Systems Manager ------------------------------------------------------------------------------

_SSM = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/"


def _parameter(aws: LocalAws, **given: Any) -> None:
    value = {"Name": sending.fresh("/limit"), "Value": "x", "Type": "String", **given}
    aws.client("ssm").put_parameter(**value)


def _parameter_of_stack(aws: LocalAws, size: int) -> None:
    given = {"Type": "String", "Value": "x" * size}
    sending.stack(aws, {"One": {"Type": "AWS::SSM::Parameter", "Properties": given}})


SSM = (
    Limit(
        "ssm: value of a standard parameter", 4_096, "bytes", "PutParameter", f"{_SSM}API_PutParameter.html",
        lambda aws, size: _parameter(aws, Value="x" * size), "ValidationException",
        Fits(Ours.parameter_of_ssm),
    ),
    Limit(
        "ssm: value of a standard parameter, by a template", 4_096, "bytes", "PutParameter",
        f"{_SSM}API_PutParameter.html", _parameter_of_stack, "4096", Fits(Ours.parameter_of_ssm),
    ),
    Limit(
        "ssm: description of a parameter", 1_024, "characters", "PutParameter",
        f"{_SSM}API_PutParameter.html",
        lambda aws, length: _parameter(aws, Description="x" * length), "ValidationException",
        Does("what `people` writes there is cut at 1,024"),
    ),
    Limit(
        "ssm: parameters a page of GetParametersByPath", 10, "parameters", "GetParametersByPath",
        f"{_SSM}API_GetParametersByPath.html",
        lambda aws, number: aws.client("ssm").get_parameters_by_path(Path="/limit", MaxResults=number),
        "ValidationException", Does("every page is read"),
    ),
    Limit(
        "ssm: names of GetParameters", 10, "names", "GetParameters", f"{_SSM}API_GetParameters.html",
        lambda aws, number: aws.client("ssm").get_parameters(Names=[f"/l/{n}" for n in range(number)]),
        "ValidationException", Does("ended stops are removed ten at a time"),
    ),
)  # fmt: skip

# --- SNS, SQS -------------------------------------------------------------------------------------


def _topic(aws: LocalAws) -> str:
    return str(aws.client("sns").create_topic(Name=sending.fresh())["TopicArn"])


def _published(aws: LocalAws, size: int) -> None:
    aws.client("sns").publish(TopicArn=_topic(aws), Message="x" * size)


def _subscribed(aws: LocalAws, policy: dict[str, list[str]]) -> None:
    queue = f"arn:aws:sqs:{aws.region}:{aws.account}:q"
    aws.client("sns").subscribe(
        TopicArn=_topic(aws), Protocol="sqs", Endpoint=queue, Attributes={"FilterPolicy": json.dumps(policy)}
    )


def _queued(aws: LocalAws, size: int) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=sending.fresh())["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x" * size)


_FILTERS = (
    "Filter policy constraints in Amazon SNS",
    f"{_DOCS}sns/latest/dg/subscription-filter-policy-constraints.html",
)
MESSAGES = (
    Limit(
        "sns: a message with its attributes", 262_144, "bytes", "Publish",
        f"{_DOCS}sns/latest/api/API_Publish.html", _published, "InvalidParameter", Fits(Ours.message),
    ),
    Limit(
        "sns: keys of a filter policy", 5, "keys", *_FILTERS,
        lambda aws, number: _subscribed(aws, {f"k{n}": ["x"] for n in range(number)}),
        "InvalidParameter", Fits(Ours.filter_keys),
    ),
    Limit(
        "sns: combinations of a filter policy", 150, "values", *_FILTERS,
        lambda aws, number: _subscribed(aws, {"k": [f"v{n}" for n in range(number)]}),
        "InvalidParameter", Fits(Ours.filter_values),
    ),
    Limit(
        "sqs: a message", 1_048_576, "bytes", "Amazon SQS message quotas",
        f"{_DOCS}AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html", _queued,
        "InvalidParameterValue", Fits(Ours.letter),
    ),
)  # fmt: skip

# --- EventBridge, Scheduler -----------------------------------------------------------------------

_EVENTS = ("Amazon EventBridge quotas", f"{_DOCS}eventbridge/latest/userguide/eb-quota.html")


def _event(aws: LocalAws, size: int) -> None:
    entry = {"Source": "limits", "DetailType": "limit"}
    used = sum(len(each) for each in entry.values()) + len('{"x":""}')
    entry["Detail"] = json.dumps({"x": "x" * (size - used)}, separators=(",", ":"))
    aws.client("events").put_events(Entries=[entry])


def _pattern(size: int) -> str:
    return json.dumps({"source": ["x" * (size - len('{"source":[""]}'))]}, separators=(",", ":"))


def _targets(aws: LocalAws, number: int) -> None:
    events, name = aws.client("events"), sending.fresh()
    events.put_rule(Name=name, EventPattern=_pattern(100))
    queue = f"arn:aws:sqs:{aws.region}:{aws.account}:q"
    for each in range(number):
        answer = events.put_targets(Rule=name, Targets=[{"Id": str(each), "Arn": f"{queue}{each}"}])
        for failed in answer["FailedEntries"]:
            raise RuntimeError(f"{failed['ErrorCode']}: {failed['ErrorMessage']}")


def _schedule(aws: LocalAws, length: int) -> None:
    function = f"arn:aws:lambda:{aws.region}:{aws.account}:function:x"
    aws.client("scheduler").create_schedule(
        Name=sending.of_length(length),
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": function, "RoleArn": sending.role_arn(aws)},
    )


EVENTS = (
    Limit(
        "events: an entry of PutEvents", 1_048_576, "bytes", "PutEvents",
        f"{_DOCS}eventbridge/latest/APIReference/API_PutEvents.html", _event, "ValidationException",
        Does("our code sends no events"),
    ),
    Limit(
        "events: pattern of a rule", 2_048, "characters", *_EVENTS,
        lambda aws, size: aws.client("events").put_rule(Name=sending.fresh(), EventPattern=_pattern(size)),
        "InvalidEventPatternException", Fits(Ours.event_pattern),
    ),
    Limit(
        "events: targets of a rule", 5, "targets", *_EVENTS, _targets, "LimitExceededException",
        Fits(Ours.rule_targets),
    ),
    Limit(
        "events: description of a rule", 512, "characters", "PutRule",
        f"{_DOCS}eventbridge/latest/APIReference/API_PutRule.html",
        lambda aws, length: aws.client("events").put_rule(
            Name=sending.fresh(), EventPattern=_pattern(100), Description="x" * length
        ),
        "ValidationException", Fits(Ours.rule_description),
    ),
    Limit(
        "scheduler: name of a schedule", 64, "characters", "CreateSchedule",
        f"{_DOCS}scheduler/latest/APIReference/API_CreateSchedule.html", _schedule, "ValidationException",
        Fits(Ours.schedule_name),
    ),
)  # fmt: skip

# --- DynamoDB -------------------------------------------------------------------------------------

_DYNAMODB = (
    "Quotas in Amazon DynamoDB",
    f"{_DOCS}amazondynamodb/latest/developerguide/ServiceQuotas.html",
)


def _table(aws: LocalAws) -> str:
    name = sending.fresh()
    aws.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
    )
    aws.client("dynamodb").get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0.1})
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


DYNAMODB = (
    Limit(
        "dynamodb: an item", 409_600, "bytes", *_DYNAMODB, _item, "ValidationException",
        Does("a row keeps 60 findings at most; reports are in the bucket"),
    ),
    Limit(
        "dynamodb: actions of a transaction", 100, "actions", *_DYNAMODB, _transaction, "ValidationException",
        Does("ours have a handful: one per row that a step changes"),
    ),
    Limit(
        "dynamodb: items of BatchWriteItem", 25, "items", *_DYNAMODB, _batch, "ValidationException",
        Does("our code writes no batches"),
    ),
)  # fmt: skip

# --- CloudWatch -----------------------------------------------------------------------------------

_API = f"{_DOCS}AmazonCloudWatch/latest/APIReference/"
_CW = ("CloudWatch service quotas", f"{_DOCS}AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html")
_PUT_ALARM = ("PutMetricAlarm", f"{_API}API_PutMetricAlarm.html")
_PUT_DATA = ("PutMetricData", f"{_API}API_PutMetricData.html")
_LIVENESS = "Limits"


def alarm(name: str = "", **more: Any) -> dict[str, Any]:
    """The arguments of a plain alarm, for PutMetricAlarm and for a template."""
    return {
        "AlarmName": name or sending.fresh(),
        "Namespace": _LIVENESS,
        "MetricName": "Metric",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }


def _alarm(aws: LocalAws, **more: Any) -> None:
    aws.client("cloudwatch").put_metric_alarm(**alarm(**more))


def _described_by_stack(aws: LocalAws, length: int) -> None:
    given = alarm(AlarmDescription="x" * length)
    sending.stack(aws, {"One": {"Type": "AWS::CloudWatch::Alarm", "Properties": given}})


def _math(aws: LocalAws, number: int) -> None:
    given = alarm()
    for each in ("Namespace", "MetricName", "Statistic", "Period"):
        del given[each]
    metric = {"Namespace": _LIVENESS, "MetricName": "Metric"}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    metrics: list[dict[str, Any]] = [
        {"Id": f"m{each}", "MetricStat": stat, "ReturnData": False} for each in range(number)
    ]
    metrics.append({"Id": "e", "Expression": "SUM(METRICS())", "ReturnData": True})
    aws.client("cloudwatch").put_metric_alarm(**given, Metrics=metrics)


def _data(aws: LocalAws, number: int, **more: Any) -> None:
    data = [{"MetricName": f"M{each}", **({"Value": 1.0} | more)} for each in range(number)]
    aws.client("cloudwatch").put_metric_data(Namespace=_LIVENESS, MetricData=data)


def _values(aws: LocalAws, number: int) -> None:
    datum = {"MetricName": "M", "Values": [float(each) for each in range(number)]}
    aws.client("cloudwatch").put_metric_data(Namespace=_LIVENESS, MetricData=[datum])


def _dashboard(aws: LocalAws, number: int) -> None:
    metrics = [[_LIVENESS, f"M{each}"] for each in range(number)]
    size = {"x": 0, "y": 0, "width": 6, "height": 6}
    view = {"metrics": metrics, "region": aws.region}
    body = json.dumps({"widgets": [{"type": "metric", **size, "properties": view}]})
    aws.client("cloudwatch").put_dashboard(DashboardName=sending.fresh(), DashboardBody=body)


def _log_alarm(aws: LocalAws, **more: Any) -> None:
    query = {
        "QueryString": "filter @message like /x/",
        "LogGroupIdentifiers": ["/aws/lambda/x"],
        "ScheduledQueryRoleARN": f"arn:aws:iam::{aws.account}:role/Query",
        "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
        "AggregationExpression": "count(*)",
    }
    aws.client("cloudwatch").put_log_alarm(
        AlarmName=sending.fresh(),
        ScheduledQueryConfiguration={**query, **more},
        QueryResultsToEvaluate=1,
        QueryResultsToAlarm=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )


CLOUDWATCH = (
    Limit(
        "cloudwatch: name of an alarm", 255, "characters", *_PUT_ALARM,
        lambda aws, length: _alarm(aws, AlarmName=sending.of_length(length)), "ValidationError",
        Fits(Ours.alarm_name),
    ),
    Limit(
        "cloudwatch: description of an alarm", 1_024, "characters", *_PUT_ALARM,
        lambda aws, length: _alarm(aws, AlarmDescription="x" * length), "ValidationError",
        Fits(Ours.alarm_description),
    ),
    Limit(
        "cloudwatch: description of an alarm, by a template", 1_024, "characters", *_PUT_ALARM,
        _described_by_stack, "length less than or equal to 1024", Fits(Ours.alarm_description),
    ),
    Limit(
        "cloudwatch: actions of an alarm", 5, "actions", *_PUT_ALARM,
        lambda aws, number: _alarm(
            aws,
            AlarmActions=[f"arn:aws:sns:{aws.region}:{aws.account}:t{each}" for each in range(number)],
        ),
        "ValidationError", Fits(Ours.alarm_actions),
    ),
    Limit(
        "cloudwatch: metrics of an alarm on an expression", 10, "metrics", *_CW, _math, "ValidationError",
        Fits(Ours.alarm_metrics),
    ),
    Limit(
        "cloudwatch: time that an alarm looks back on, periods under an hour", 1_440, "minutes", *_PUT_ALARM,
        lambda aws, minutes: _alarm(aws, EvaluationPeriods=minutes), "ValidationError",
        Fits(Ours.alarm_minutes),
    ),
    Limit(
        "cloudwatch: time that an alarm looks back on, periods of an hour", 168, "hours", *_PUT_ALARM,
        lambda aws, hours: _alarm(aws, Period=3_600, EvaluationPeriods=hours), "ValidationError",
        Fits(Ours.alarm_hours),
    ),
    Limit(
        "cloudwatch: metrics of PutMetricData", 1_000, "metrics", *_PUT_DATA, _data, "ValidationError",
        Does("our code writes metrics through its log"),
    ),
    Limit(
        "cloudwatch: values of a metric in PutMetricData", 150, "values", *_PUT_DATA, _values,
        "ValidationError", Does("our code writes metrics through its log"),
    ),
    Limit(
        "cloudwatch: dimensions of a metric", 30, "dimensions", *_PUT_DATA,
        lambda aws, number: _data(
            aws, 1, Dimensions=[{"Name": f"n{each}", "Value": "v"} for each in range(number)]
        ),
        "ValidationError", Does("ours have at most two"),
    ),
    Limit(
        "cloudwatch: names of DescribeAlarms", 100, "names", "DescribeAlarms",
        f"{_API}API_DescribeAlarms.html",
        lambda aws, number: aws.client("cloudwatch").describe_alarms(
            AlarmNames=[f"a{each}" for each in range(number)]
        ),
        "ValidationError", Does("asks for one name, or pages through all"),
    ),
    Limit(
        "cloudwatch: metrics of a widget", 500, "metrics", *_CW, _dashboard, "InvalidParameterInput",
        Fits(Ours.widget_metrics),
    ),
    Limit(
        "cloudwatch: query of a log alarm", 10_000, "characters", "PutLogAlarm",
        f"{_API}API_PutLogAlarm.html",
        lambda aws, length: _log_alarm(aws, QueryString="filter m = '" + "x" * (length - 13) + "'"),
        "ValidationError",
        Does("the stack has no log alarm"),
    ),
    Limit(
        "cloudwatch: log groups of a log alarm", 50, "log groups", "PutLogAlarm",
        f"{_API}API_PutLogAlarm.html",
        lambda aws, number: _log_alarm(aws, LogGroupIdentifiers=[f"g{each}" for each in range(number)]),
        "ValidationError", Does("the stack has no log alarm"),
    ),
)  # fmt: skip

# --- CloudWatch Logs ------------------------------------------------------------------------------

_LOGS_API = f"{_DOCS}AmazonCloudWatchLogs/latest/APIReference/"
_PUT_FILTER = ("PutMetricFilter", f"{_LOGS_API}API_PutMetricFilter.html")
_PATTERNS = (
    "Filter pattern syntax",
    f"{_DOCS}AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
)
_PUT_LOGS = ("PutLogEvents", f"{_LOGS_API}API_PutLogEvents.html")


def metric_filter(group: str, pattern: str = "ERROR", **more: Any) -> dict[str, Any]:
    """The arguments of PutMetricFilter."""
    counted = {"metricName": "Errors", "metricNamespace": _LIVENESS, "metricValue": "1", **more}
    name = sending.fresh()
    return {
        "logGroupName": group,
        "filterName": name,
        "filterPattern": pattern,
        "metricTransformations": [counted],
    }


def _filtered(aws: LocalAws, pattern: str = "ERROR", **more: Any) -> None:
    aws.client("logs").put_metric_filter(**metric_filter(sending.log_group(aws), pattern, **more))


def _filters(aws: LocalAws, number: int, pattern: str = "ERROR") -> None:
    group = sending.log_group(aws)
    for _ in range(number):
        aws.client("logs").put_metric_filter(**metric_filter(group, pattern))


def _lines(aws: LocalAws, *messages: str) -> None:
    events = [{"timestamp": sending.now(), "message": each} for each in messages]
    aws.client("logs").put_log_events(
        logGroupName=sending.log_group(aws), logStreamName="s", logEvents=events
    )


_OF_EACH_EVENT = 26
LOGS = (
    Limit(
        "logs: pattern of a filter", 1_024, "characters", *_PUT_FILTER,
        lambda aws, length: _filtered(aws, "x" * length), "InvalidParameterException",
        Fits(Ours.filter_pattern),
    ),
    Limit(
        "logs: regular expressions in a pattern", 2, "expressions", *_PUT_FILTER,
        lambda aws, number: _filtered(aws, "{ " + " && ".join(["$.m = %x%"] * number) + " }"),
        "InvalidParameterException", Does("ours have one"),
    ),
    Limit(
        "logs: wildcard selectors in a pattern", 3, "selectors", *_PATTERNS,
        lambda aws, number: _filtered(aws, "{ " + " && ".join(["$.m[*] = x"] * number) + " }"),
        "InvalidParameterException", Does("ours have none"),
    ),
    Limit(
        "logs: wildcards in a selector", 1, "wildcards", *_PATTERNS,
        lambda aws, number: _filtered(aws, "{ $.m" + ".*" * number + " = x }"),
        "InvalidParameterException", Does("ours have none"),
    ),
    Limit(
        "logs: patterns with regular expressions of a log group", 5, "patterns", *_PUT_FILTER,
        lambda aws, number: _filters(aws, number, "%x%"), "LimitExceededException",
        Fits(Ours.regular_expressions),
    ),
    Limit(
        "logs: metric filters of a log group", 100, "filters", *_PUT_FILTER, _filters,
        "LimitExceededException", Fits(Ours.metric_filters),
    ),
    Limit(
        "logs: dimensions of a metric filter", 3, "dimensions", "MetricTransformation",
        f"{_LOGS_API}API_MetricTransformation.html",
        lambda aws, number: _filtered(
            aws, '{ $.a = "b" }', dimensions={f"d{each}": f"$.d{each}" for each in range(number)}
        ),
        "InvalidParameterException", Does("ours have none"),
    ),
    Limit(
        "logs: value of a metric filter", 100, "characters", "MetricTransformation",
        f"{_LOGS_API}API_MetricTransformation.html",
        lambda aws, length: _filtered(aws, '{ $.a = "b" }', metricValue="$." + "x" * (length - 2)),
        "InvalidParameterException", Does("ours is 1"),
    ),
    Limit(
        "logs: a batch of PutLogEvents", 1_048_576, "bytes", *_PUT_LOGS,
        lambda aws, size: _lines(aws, "x" * 500_000, "x" * (size - 500_000 - 2 * _OF_EACH_EVENT)),
        "InvalidParameterException", Does("our code writes no log events itself; Lambda does"),
    ),
    Limit(
        "logs: events of PutLogEvents", 10_000, "events", *_PUT_LOGS,
        lambda aws, number: _lines(aws, *["x"] * number), "InvalidParameterException",
        Does("our code writes no log events itself; Lambda does"),
    ),
    Limit(
        "logs: events a page of FilterLogEvents", 10_000, "events", "FilterLogEvents",
        f"{_LOGS_API}API_FilterLogEvents.html",
        lambda aws, number: aws.client("logs").filter_log_events(
            logGroupName=sending.log_group(aws), limit=number
        ),
        "InvalidParameterException", Does("pages are read as long as the look has time"),
    ),
)  # fmt: skip

SIZES = (
    *LAMBDA,
    *IAM,
    *CLOUDFORMATION,
    *SSM,
    *MESSAGES,
    *EVENTS,
    *DYNAMODB,
    *CLOUDWATCH,
    *LOGS,
    Limit(
        "secretsmanager: value of a secret", 65_536, "bytes", "AWS Secrets Manager quotas",
        f"{_DOCS}secretsmanager/latest/userguide/reference_limits.html",
        lambda aws, size: aws.client("secretsmanager").create_secret(
            Name=sending.fresh(), SecretString="x" * size
        ),
        "ValidationException", Does("the owner writes Slack's secret: two short values"),
    ),
)  # fmt: skip
