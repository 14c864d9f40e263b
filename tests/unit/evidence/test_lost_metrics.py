"""Metrics that stop arriving while requests are answered: which alarms get no data, and since when."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from responder.core.errors import Denied
from responder.core.finding import Finding, Subject, Tone
from responder.evidence.failures import Failures
from responder.evidence.faults import FailureTally
from responder.evidence.invocations import Invocations
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, ID, RESULT, Figures, Logs, ago, context

OWN = "FaceAuth/Liveness"


def each_minute(begin: int, end: int) -> list[tuple[datetime, float]]:
    return [(ago(minutes=minute), 1.0) for minute in range(end, begin)]


def answered(figures: Figures, function: str, minutes: int = 60) -> None:
    figures.put("AWS/Lambda", "Invocations", each_minute(minutes, 0), FunctionName=function)


def alarm(name: str, metric: str = "", namespace: str = OWN, math: Iterable[str] = ()) -> dict[str, object]:
    row: dict[str, object] = {
        "AlarmName": name,
        "StateValue": "OK",
        "EvaluationPeriods": 1,
        "Period": 300,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "Namespace": namespace,
        "MetricName": metric,
        "Statistic": "Sum",
    }
    if not math:
        return row
    stats = [
        {"Id": f"m{number}", "MetricStat": {"Metric": {"Namespace": OWN, "MetricName": each}, "Stat": "Sum"}}
        for number, each in enumerate(math)
    ]
    watched = {"Id": "rate", "Expression": "100 * m0 / m1", "ReturnData": True}
    return {**row, "Namespace": "", "MetricName": "", "Metrics": [watched, *stats]}


ALARMS = [
    alarm("FaceAuth-Liveness-HighErrorRate", "VerificationError"),
    alarm("FaceAuth-Liveness-LowConfidence", "ConfidenceScore"),
    alarm("FaceAuth-Liveness-LowSuccessRate-Corrected", math=("SuccessCount", "FailureCount")),
    alarm("FaceAuth-Liveness-SessionCreationErrors", "SessionCreationError"),
    alarm("FaceAuth-GetLivenessResult-Errors", "Errors", "AWS/Lambda"),
]
OF_RESULT = ", ".join(str(each["AlarmName"]) for each in ALARMS[:3])


@pytest.fixture(autouse=True)
def alarms(aws: FakeAws) -> None:
    aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": ALARMS})


def found(aws: FakeAws, tally: FailureTally | None = None) -> list[Finding]:
    traffic = replace(Invocations().look(context(aws)), tally=tally)
    every = Invocations().findings(traffic, context(aws))
    return [each for each in every if each.subject is Subject.MONITORING]


def said(finding: Finding) -> dict[str, object]:
    return {each.key.removeprefix("evidence.lost."): dict(each.values) for each in finding.details}


def test_alarms_without_data_are_named_since_their_metrics_stopped(aws: FakeAws, figures: Figures) -> None:
    answered(figures, RESULT)
    figures.put(OWN, "SuccessCount", each_minute(60, 40))
    (one,) = found(aws)
    assert (one.tone, one.said.key, one.samples) == (Tone.AMBER, "evidence.lost.blind", 36)
    assert {name: one.said.values[name] for name in ("function", "count", "all")} == {
        "function": RESULT,
        "count": 3,
        "all": 5,
    }
    assert one.said.values["begin"].values["at"] == "2026-02-04T09:46:00Z"  # type: ignore[union-attr]
    assert said(one)["alarms"] == {"names": OF_RESULT}


def test_metrics_that_never_arrived_are_lost_since_before_the_window(aws: FakeAws, figures: Figures) -> None:
    answered(figures, CREATE)
    (one,) = found(aws)
    assert one.said.values["begin"].key == "evidence.lost.before"  # type: ignore[union-attr]
    assert said(one)["alarms"] == {"names": "FaceAuth-Liveness-SessionCreationErrors"}


@pytest.mark.parametrize("metric", ["SuccessCount", "VerificationError", "SessionNotFound"])
def test_any_metric_of_the_function_shows_that_they_arrive(
    aws: FakeAws, figures: Figures, metric: str
) -> None:
    """An outage stops the successes, not the metrics."""
    answered(figures, RESULT)
    figures.put(OWN, metric, each_minute(60, 2))
    assert not found(aws)
    assert aws.count("cloudwatch", "describe_alarms") == 0


def test_without_traffic_nothing_is_lost(aws: FakeAws, figures: Figures) -> None:
    figures.put(OWN, "SuccessCount", each_minute(120, 90))
    answered(figures, RESULT, minutes=0)
    assert not found(aws)


def test_requests_that_are_killed_leave_no_metric_and_none_is_missed(aws: FakeAws, figures: Figures) -> None:
    answered(figures, RESULT)
    figures.put("AWS/Lambda", "Errors", each_minute(60, 0), FunctionName=RESULT)
    assert not found(aws)


def test_what_has_just_been_answered_is_still_on_its_way(aws: FakeAws, figures: Figures) -> None:
    answered(figures, RESULT, minutes=4)
    assert not found(aws)


def tally(aws: FakeAws, logs: Logs) -> FailureTally:
    return Failures().look(context(aws))


def line(message: str, number: int, level: str = "WARNING") -> str:
    return f"[{level}]\t2026-02-04T10:20:00.000Z\t{ID.format(number)}\t{message}\n"


DENIED = (
    "Failed to send metric SuccessCount: An error occurred (AccessDenied) when calling the PutMetricData "
    "operation: User: arn:aws:sts::123456789012:assumed-role/R/f is not authorized"
)


def test_the_log_says_why_metrics_are_not_sent_and_that_users_are_not_affected(
    aws: FakeAws, figures: Figures, logs: Logs
) -> None:
    answered(figures, RESULT, minutes=30)
    for number in range(3):
        logs.put(RESULT, ago(minutes=5 + number), line(DENIED, number))
    (one,) = found(aws, tally(aws, logs))
    assert said(one)["unsent"] == {"count": 3, "code": "AccessDenied"}
    assert said(one)["no_users"] == {"failed": 0, "requests": 26}


def test_one_denied_metric_is_enough_where_there_is_hardly_any_traffic(
    aws: FakeAws, figures: Figures, logs: Logs
) -> None:
    figures.put("AWS/Lambda", "Invocations", [(ago(minutes=10), 1.0)], FunctionName=RESULT)
    assert not found(aws)
    logs.put(RESULT, ago(minutes=10), line(DENIED, 1))
    (one,) = found(aws, tally(aws, logs))
    assert said(one)["alarms"] == {"names": OF_RESULT}


def test_metrics_that_arrive_again_are_no_finding(aws: FakeAws, figures: Figures, logs: Logs) -> None:
    answered(figures, RESULT, minutes=30)
    figures.put(OWN, "SuccessCount", each_minute(4, 2))
    logs.put(RESULT, ago(minutes=20), line(DENIED, 1))
    assert not found(aws, tally(aws, logs))


def test_users_are_affected_where_requests_fail_as_well(aws: FakeAws, figures: Figures, logs: Logs) -> None:
    answered(figures, RESULT, minutes=30)
    for number in range(8):
        failed = "Unexpected error: 'AuditImages'"
        logs.put(RESULT, ago(minutes=6 + number), line(failed, number, "ERROR"))
    (one,) = found(aws, tally(aws, logs))
    assert said(one)["users"] == {"failed": 8, "requests": 26}


def test_what_callers_send_wrongly_leaves_no_metric_and_counts_for_nothing(
    aws: FakeAws, figures: Figures, logs: Logs
) -> None:
    answered(figures, CREATE, minutes=13)
    for number in range(10):
        logs.put(CREATE, ago(minutes=3.5 + number), line("Missing employee_id in request", number))
    assert not found(aws, tally(aws, logs))


def test_requests_before_the_log_was_read_may_all_have_been_refused(
    aws: FakeAws, figures: Figures, logs: Logs
) -> None:
    answered(figures, RESULT)
    read = tally(aws, logs)
    (one,) = found(aws, read)
    assert "unproved" not in said(one)
    late = replace(read, complete_since={RESULT: ago(minutes=5)})
    (one,) = found(aws, late)
    assert "unproved" in said(one)


def test_without_the_log_nothing_is_reported_of_users(aws: FakeAws, figures: Figures) -> None:
    answered(figures, RESULT)
    (one,) = found(aws)
    assert "users_unknown" in said(one)
    assert "no_users" not in said(one)


def test_alarms_that_cannot_be_read_hide_no_figure(aws: FakeAws, figures: Figures) -> None:
    answered(figures, RESULT)
    aws.fail("cloudwatch", "describe_alarms", Denied)
    (one,) = found(aws)
    assert (one.said.key, "alarms" in said(one)) == ("evidence.lost", False)
