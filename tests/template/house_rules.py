"""What every function of the template owes, as sentences about what is missing."""

from collections.abc import Iterator

from liveness_ops.template_tools.load import functions
from responder.core.plain_data import Json

QUARTER_OF_AN_HOUR = 900
FIVE_MINUTES = 300


def broken_rules(template: Json, function: str) -> list[str]:
    properties = functions(template)[function]
    return [*_invocation(properties), *_rule(properties), *_logs(template, function, properties)]


def _invocation(properties: Json) -> Iterator[str]:
    invoke = properties["EventInvokeConfig"]
    wanted = (FIVE_MINUTES, 0) if _has_rounds(properties) else (QUARTER_OF_AN_HOUR, 2)
    if (invoke["MaximumEventAgeInSeconds"], invoke["MaximumRetryAttempts"]) != wanted:
        yield "an old event is still tried"
    if "DurableConfig" not in properties and not invoke["DestinationConfig"]["OnFailure"]["Destination"]:
        yield "a failed response goes nowhere"
    if properties["Tracing"] != "Active":
        yield "no X-Ray"
    if properties["LoggingConfig"]["LogFormat"] != "JSON":
        yield "logs are not JSON"
    if properties["Runtime"] != "python3.13" or properties["Timeout"] != _seconds(properties):
        yield "another runtime or time-out"


def _seconds(properties: Json) -> int:
    """A function that waits for another one's answer needs that one's time and some of its own."""
    waits = properties.get("FunctionUrlConfig", {}).get("AuthType") == "AWS_IAM"
    return 120 if _is_check(properties) else 90 if waits else 60


def _has_rounds(properties: Json) -> bool:
    """Called by the clock: the next run comes anyway, an old one is of no use."""
    return any(event["Type"] == "Schedule" for event in properties.get("Events", {}).values())


def _is_check(properties: Json) -> bool:
    """Called by the clock of the owner's zone, and tried again: the next time is a day or a month later."""
    return any(event["Type"] == "ScheduleV2" for event in properties.get("Events", {}).values())


def _rule(properties: Json) -> Iterator[str]:
    age = FIVE_MINUTES if _has_rounds(properties) else QUARTER_OF_AN_HOUR
    for event in properties.get("Events", {}).values():
        target = event["Properties"]
        if event["Type"] == "SNS":
            if "deadLetterTargetArn" not in target.get("RedrivePolicy", {}):
                yield "what SNS cannot deliver is lost"
            continue
        if target.get("DeadLetterConfig") != {"Arn": {"Fn::GetAtt": ["Undelivered", "Arn"]}}:
            yield "what EventBridge cannot deliver is lost"
        if target.get("RetryPolicy", {}).get("MaximumEventAgeInSeconds") != age:
            yield "EventBridge delivers old events"
        if target.get("Pattern", {}).get("source") == ["aws.cloudwatch"] and target["Pattern"]["detail"][
            "state"
        ] != {"value": ["ALARM", "OK", "INSUFFICIENT_DATA"]}:
            yield "a state is not answered"


def _logs(template: Json, function: str, properties: Json) -> Iterator[str]:
    group = template["Resources"].get(f"{function}Log", {}).get("Properties", {})
    if properties["LoggingConfig"].get("LogGroup") != {"Ref": f"{function}Log"}:
        yield "no log group of its own"
    if group.get("RetentionInDays") != 90:
        yield "logs are kept for ever"
    if group.get("LogGroupName") != {"Fn::Sub": f"/aws/lambda/{properties['FunctionName']['Fn::Sub']}"}:
        yield "the log group is not where people look for it"
