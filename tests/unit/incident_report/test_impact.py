"""The impact on users is counted, or has an upper bound; without the data only the numbers are missing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from responder.core.change import LeaseState
from responder.core.context import Context
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.series import Series
from responder.core.settings import Settings
from responder.followup_rules import FollowUpMemory
from responder.incident_report.build import build
from responder.incident_report.impact import measure
from responder.incident_report.model import Impact, IncidentReport
from tests.fakes import FakeAws
from tests.unit.incident_report.sample_incident import (
    BACK,
    CLOSED,
    FUNCTIONS,
    HEAD,
    MEASURE,
    MEMORY,
    ROLLOUT,
    STEPS,
    WATCH,
    at,
)

SETTINGS = Settings(account="123456789012", region="us-east-1")
CREATE, RESULT = SETTINGS.functions
WHOLE = build(STEPS, HEAD, WATCH, (MEMORY, BACK), MEASURE, CLOSED)
QUIET = build((), HEAD, FollowUpMemory(mitigated=at(20)), (), MEASURE, CLOSED)


def measured(report: IncidentReport, points: Mapping[tuple[str, str], list[tuple[float, float]]]) -> Impact:
    """`points`: (minute, value) by metric and function ("" of the service's own metrics)."""
    aws = FakeAws(CLOSED)

    def answer(**asked: Any) -> Json:
        assert asked["StartTime"].second == 0
        results = []
        for query in asked["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            function = "".join(each["Value"] for each in metric["Dimensions"])
            found = points.get((metric["MetricName"], function), [])
            times: list[datetime] = [at(minute) for minute, _ in found]
            values = [value for _, value in found]
            results.append(
                {"Id": query["Id"], "Timestamps": times, "Values": values, "StatusCode": "Complete"}
            )
        return {"MetricDataResults": results}

    aws.answer("cloudwatch", "get_metric_data", answer)
    return measure(Context(aws, SETTINGS, CLOSED, CLOSED), report)


def test_requests_that_failed_are_those_of_the_service_and_those_that_never_reached_its_counting() -> None:
    found = measured(
        QUIET,
        {
            ("VerificationError", ""): [(-10, 99), (1, 30), (19, 4), (21, 99)],
            ("SessionCreationError", ""): [(2, 3)],
            ("Errors", RESULT): [(3, 2)],
            ("Throttles", CREATE): [(4, 1)],
            ("Invocations", CREATE): [(1, 100), (60, 500)],
            ("Invocations", RESULT): [(1, 99)],
        },
    )
    assert (found.failed, found.requests) == (40, 200)
    assert (found.start, found.end) == (at(-4), at(20))
    assert (found.lowered, found.unchecked) == (timedelta(), None)


def test_the_impact_begins_with_the_first_datapoint_beyond_the_threshold() -> None:
    """The alarm counts the last one of three; the incident began with the first."""
    series = Series(((at(-30), 40.0), (at(-20), 3.0), (at(-15), 13.0), (at(-10), 13.0), (at(-3), 20.0)))
    metric = replace(MEASURE, series=series)
    early = build((), HEAD, FollowUpMemory(mitigated=at(20)), (), metric, CLOSED)
    assert early.times.start == at(-15)
    found = measured(early, {("VerificationError", ""): [(-20, 99), (-15, 5), (1, 7)]})
    assert (found.start, found.failed) == (at(-15), 12)


def test_logins_without_the_check_are_at_most_the_calls_while_security_was_lowered() -> None:
    calls: dict[tuple[str, str], list[tuple[float, float]]] = {
        ("Invocations", FUNCTIONS[0]): [(5, 7), (50, 20), (101, 99)],
        ("Invocations", FUNCTIONS[1]): [(60, 1)],
    }
    found = measured(WHOLE, calls)
    assert found.lowered == at(100) - at(5.2)
    assert found.unchecked == 28


def test_security_that_is_lowered_still_counts_until_the_close() -> None:
    still = replace(ROLLOUT, state=LeaseState.IN_FORCE)
    report = build((), HEAD, FollowUpMemory(), (still,), MEASURE, CLOSED)
    assert measured(report, {}).lowered == CLOSED - still.at


def test_a_refusal_costs_the_numbers_and_nothing_else() -> None:
    aws = FakeAws(CLOSED)
    aws.fail("cloudwatch", "get_metric_data", Denied("cloudwatch", "GetMetricData", "AccessDenied"))
    found = measure(Context(aws, SETTINGS, CLOSED, CLOSED), WHOLE)
    assert (found.failed, found.unchecked) == (None, None)
    assert found.problem is not None
    assert found.lowered
