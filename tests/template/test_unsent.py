"""What a function may not send on is lost, and the last resort is told which right it may lack."""

from typing import Any

import pytest

from liveness_ops.template_tools import load
from liveness_ops.template_tools.load import functions, resources
from tests.template.metric_math import value

pytestmark = pytest.mark.template

# An alarm on metric math may have so many metrics.
_MOST = 10
_RIGHTS = {"Lambda": "lambda:InvokeFunction", "SQS": "sqs:SendMessage"}
ALARMS = {
    name: alarm
    for name, alarm in resources(load.template(), "AWS::CloudWatch::Alarm").items()
    if name.startswith("Unsent")
}


def metrics(name: str) -> dict[str, str]:
    """Id -> the function that it is of."""
    found = (each for each in ALARMS[name]["Metrics"] if "MetricStat" in each)
    return {each["Id"]: each["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for each in found}


@pytest.mark.parametrize("name", ALARMS)
def test_one_event_that_one_function_has_lost_is_enough(name: str) -> None:
    alarm = ALARMS[name]
    assert 0 < len(metrics(name)) <= _MOST
    for one in metrics(name):
        assert value(alarm["Metrics"], {one: {60: 1}})[60] > alarm["Threshold"]


@pytest.mark.parametrize("name", ALARMS)
def test_where_nothing_is_lost_it_stays_silent(name: str) -> None:
    alarm = ALARMS[name]
    found = value(alarm["Metrics"], {one: {60: 0} for one in metrics(name)})
    assert not [each for each in found.values() if each > alarm["Threshold"]]
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("name", ALARMS)
def test_the_alarm_names_the_right_that_may_be_missing(template: dict[str, Any], name: str) -> None:
    for function in metrics(name).values():
        assert _RIGHTS[destination(template, function)] in ALARMS[name]["AlarmDescription"]


def test_no_function_is_in_two_of_them(template: dict[str, Any]) -> None:
    every = [function for name in ALARMS for function in metrics(name).values()]
    assert sorted(every) == sorted(functions(template))


def destination(template: dict[str, Any], function: str) -> str:
    """What takes its failures; of a durable function, its dead-letter queue."""
    if "DurableConfig" in functions(template)[function]:
        return "SQS"
    own = functions(template)[function].get("EventInvokeConfig", {}).get("DestinationConfig")
    told = own or template["Globals"]["Function"]["EventInvokeConfig"]["DestinationConfig"]
    return str(told["OnFailure"]["Type"])
