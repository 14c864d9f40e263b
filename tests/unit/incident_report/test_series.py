"""The chart shows what the alarm itself judged; what cannot be asked costs the chart, not the report."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Throttled, Unreachable
from responder.core.plain_data import Data, Json
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import Text
from responder.incident_report.build import MOST, thin
from responder.incident_report.metric import measure, period_for
from responder.incident_report.model import AlarmMetric
from tests.fakes import FakeAws
from tests.times import utc
from tests.unit.incident_report.sample_incident import ALARM, CLOSED, HEAD, OPENED, at

pytestmark = pytest.mark.unit

SIMPLE: Json = {
    "AlarmName": ALARM,
    "Namespace": "FaceAuth/Liveness",
    "MetricName": "ErrorCount",
    "Dimensions": [{"Name": "Stage", "Value": "prod"}],
    "Statistic": "Sum",
    "Period": 300,
    "Threshold": 10.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
RATE: Json = {
    "AlarmName": ALARM,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "rate", "Expression": "100 * errors / calls", "Label": "Error rate", "ReturnData": True},
        *(
            {
                "Id": each,
                "MetricStat": {
                    "Metric": {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": []},
                    "Period": 60,
                    "Stat": "Sum",
                },
                "ReturnData": False,
            }
            for each, name in (("errors", "Errors"), ("calls", "Invocations"))
        ),
    ],
}
BAND: Json = {
    "AlarmName": ALARM,
    "ThresholdMetricId": "band",
    "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
    "Metrics": [
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True},
        {**RATE["Metrics"][1], "Id": "m1", "ReturnData": True},
    ],
}


def world(alarm: Json | None, now: datetime = CLOSED) -> tuple[FakeAws, Context]:
    aws = FakeAws(now)
    aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": [alarm] if alarm else []})
    return aws, Context(aws, Settings(), now, OPENED)


def answering(aws: FakeAws, **more: Any) -> None:
    result = {"Id": "rate", "Label": "x", "Timestamps": [at(0)], "Values": [7.5], "StatusCode": "Complete"}
    aws.answer("cloudwatch", "get_metric_data", {"MetricDataResults": [{**result, **more}]})


def asked(aws: FakeAws) -> Json:
    (found,) = aws.sent("cloudwatch", "get_metric_data")
    return found


def test_it_is_the_alarms_own_metric() -> None:
    aws, context = world(SIMPLE)
    aws.metrics.put("FaceAuth/Liveness", "ErrorCount", [(at(1), 6.0), (at(2), 8.0)], Stage="prod")
    found = measure(context, HEAD, CLOSED)
    assert (found.label, found.statistic, found.period) == ("ErrorCount", "Sum", 300)
    assert (found.threshold, found.comparison) == (10.0, "GreaterThanThreshold")
    assert found.series.values == (14.0,)
    assert found.problem is None


def test_it_begins_an_hour_before_the_first_datapoint_and_is_aligned() -> None:
    aws, context = world(SIMPLE)
    measure(context, HEAD, CLOSED)
    start = asked(aws)["StartTime"]
    assert start == utc("2026-11-23 17:00")
    assert start.timestamp() % 300 == 0
    assert asked(aws)["EndTime"] == CLOSED


def test_a_percentile_is_asked_as_the_alarm_has_it() -> None:
    aws, context = world({**SIMPLE, "Statistic": None, "ExtendedStatistic": "p99"})
    measure(context, HEAD, CLOSED)
    assert asked(aws)["MetricDataQueries"][0]["MetricStat"]["Stat"] == "p99"


def test_an_expression_is_asked_whole_and_only_it_comes_back() -> None:
    aws, context = world(RATE)
    answering(aws)
    found = measure(context, HEAD, CLOSED)
    assert [(each["Id"], each["ReturnData"]) for each in asked(aws)["MetricDataQueries"]] == [
        ("rate", True),
        ("errors", False),
        ("calls", False),
    ]
    assert (found.label, found.statistic, found.threshold) == ("Error rate", "", 5.0)
    assert found.series.values == (7.5,)


def test_a_band_is_not_the_metric_that_is_watched_and_is_not_asked_for() -> None:
    aws, context = world(BAND)
    answering(aws, Id="m1")
    found = measure(context, HEAD, CLOSED)
    assert [(each["Id"], each["ReturnData"]) for each in asked(aws)["MetricDataQueries"]] == [("m1", True)]
    assert (found.label, found.threshold) == ("Errors", None)


@pytest.mark.parametrize(
    ("days", "own", "period"),
    [(0.1, 10, 10), (0.1, 60, 60), (1, 10, 60), (14, 60, 60), (16, 60, 300), (62, 300, 300), (64, 60, 3600)],
)
def test_a_period_is_as_fine_as_it_is_kept(days: float, own: int, period: int) -> None:
    assert period_for(own, timedelta(days=days)) == period


def test_a_wider_sum_is_not_held_against_the_threshold() -> None:
    late = CLOSED + timedelta(days=20)
    _, context = world({**SIMPLE, "Period": 60}, late)
    found = measure(context, HEAD, late)
    assert (found.period, found.alarm_period, found.threshold) == (300, 60, None)


def test_a_wider_mean_still_is() -> None:
    late = CLOSED + timedelta(days=20)
    _, context = world({**SIMPLE, "Period": 60, "Statistic": "Average"}, late)
    assert measure(context, HEAD, late).threshold == 10.0


@pytest.mark.parametrize("operation", ["describe_alarms", "get_metric_data"])
@pytest.mark.parametrize("error", [Denied, Throttled, Unreachable])
def test_what_is_refused_is_reported(operation: str, error: type[AwsError]) -> None:
    aws, context = world(SIMPLE)
    aws.fail("cloudwatch", operation, error)
    problem = measure(context, HEAD, CLOSED).problem
    assert problem is not None
    assert problem.key == "chronicle.no_series"
    assert isinstance(problem.values["reason"], Text)


@pytest.mark.parametrize("status", ["Forbidden", "InternalError"])
def test_a_metric_that_is_lacking_is_not_an_empty_one(status: str) -> None:
    aws, context = world(RATE)
    answering(aws, StatusCode=status, Timestamps=[], Values=[])
    assert measure(context, HEAD, CLOSED).problem is not None


def test_an_alarm_that_is_gone_is_reported() -> None:
    problem = measure(world(None)[1], HEAD, CLOSED).problem
    assert problem == Text("chronicle.no_metric_alarm")


@pytest.mark.parametrize("broken", [{"AlarmName": ALARM}, {"AlarmName": ALARM, "Metrics": [{"Id": "x"}]}])
def test_a_definition_in_an_unknown_shape_is_reported(broken: Json) -> None:
    aws, context = world(broken)
    answering(aws, StatusCode="Forbidden")
    assert measure(context, HEAD, CLOSED).problem is not None


def test_points_of_every_page_count() -> None:
    aws, context = world(RATE)
    page = {"Id": "rate", "Label": "x", "StatusCode": "Complete"}
    pages: list[Data] = [
        {"MetricDataResults": [{**page, "Timestamps": [at(minute)], "Values": [float(minute)]}]}
        for minute in (2, 1, 3)
    ]
    aws.answer("cloudwatch", "get_metric_data", pages)
    assert measure(context, HEAD, CLOSED).series.values == (1.0, 2.0, 3.0)


# --- a long incident --------------------------------------------------------------------------------


def long(comparison: str) -> AlarmMetric:
    values = [50.0] * 2000
    values[777], values[1200] = 99.0, 1.0
    points = tuple((at(minute), value) for minute, value in enumerate(values))
    return AlarmMetric(series=Series(points), comparison=comparison)


@pytest.mark.parametrize(
    ("comparison", "extreme"), [("GreaterThanThreshold", 99.0), ("LessThanThreshold", 1.0)]
)
def test_a_long_incident_keeps_what_went_beyond_the_threshold(comparison: str, extreme: float) -> None:
    kept = thin(long(comparison))
    assert len(kept.points) <= MOST
    assert extreme in kept.values


def test_a_short_one_keeps_every_datapoint() -> None:
    short = AlarmMetric(series=Series(long("").series.points[:MOST]))
    assert thin(short) == short.series
