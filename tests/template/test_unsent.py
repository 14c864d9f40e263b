"""What a function may not send on is lost, and the last resort is reported which right it may lack."""

import pytest

from liveness_ops.template_tools import load
from liveness_ops.template_tools.load import functions, resolve, resources
from responder.core.plain_data import Json
from responder.respond.playbook import PLAYBOOKS
from responder.watchdog.reading import OTHERS

_RIGHTS = {"Lambda": "lambda:InvokeFunction", "SQS": "sqs:SendMessage"}
# One alarm on what the watchdog counts, and one of the durable function, which has no destination.
STACK = [{"Name": "Stack", "Value": {"Ref": "AWS::StackName"}}]
FOLLOW_UP = [{"Name": "FunctionName", "Value": {"Ref": "FollowUp"}}]
WATCHED: dict[str, tuple[str, str, list[Json]]] = {
    "UnsentAlarm": ("LivenessResponder", "Unsent", STACK),
    "UnsentFollowUpAlarm": ("AWS/Lambda", "DeadLetterErrors", FOLLOW_UP),
}
ALARMS = {
    name: alarm
    for name, alarm in resources(load.template(), "AWS::CloudWatch::Alarm").items()
    if name.startswith("Unsent")
}


def test_both_ways_of_losing_a_failure_are_watched() -> None:
    watched = {
        name: (each["Namespace"], each["MetricName"], each["Dimensions"]) for name, each in ALARMS.items()
    }
    assert watched == WATCHED


def test_the_watchdog_counts_every_function_with_a_destination(template: Json) -> None:
    names = {
        str(resolve(each["FunctionName"], {"AWS::StackName": "s"})).removeprefix("s-")
        for each in functions(template).values()
        if "DurableConfig" not in each
    }
    assert names == {*PLAYBOOKS, *OTHERS}


# Metrics that AWS publishes without any dimension, by its own documentation.
NO_DIMENSION: set[tuple[str, str]] = set()


def test_no_alarm_is_on_a_metric_of_aws_without_a_dimension(template: Json) -> None:
    """CloudWatch takes any metric, and one that does not exist never goes off."""
    for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items():
        stats = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each]
        for each in stats or [alarm]:
            if str(each["Namespace"]).startswith("AWS/"):
                assert each.get("Dimensions") or (each["Namespace"], each["MetricName"]) in NO_DIMENSION, name


@pytest.mark.parametrize("name", ALARMS)
def test_one_lost_event_is_enough_and_without_any_it_stays_silent(name: str) -> None:
    alarm = ALARMS[name]
    judged = (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"], alarm["EvaluationPeriods"])
    assert judged == ("Sum", 0, "GreaterThanThreshold", 1)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_each_alarm_names_the_rights_that_may_be_missing(template: Json) -> None:
    for name, function in functions(template).items():
        durable = "DurableConfig" in function
        right = _RIGHTS["SQS" if durable else destination(template, name)]
        description = ALARMS["UnsentFollowUpAlarm" if durable else "UnsentAlarm"]["AlarmDescription"]
        assert right in str(description)


def destination(template: Json, function: str) -> str:
    """What takes its failures."""
    own = functions(template)[function].get("EventInvokeConfig", {}).get("DestinationConfig")
    reported = own or template["Globals"]["Function"]["EventInvokeConfig"]["DestinationConfig"]
    return str(reported["OnFailure"]["Type"])
