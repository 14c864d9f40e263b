"""Before and after: only datapoints that are wholly on their side of the change count."""

import math
from dataclasses import replace
from datetime import timedelta

from responder.core.change import LeaseState
from responder.core.series import Series
from responder.core.settings_document import AUTOMATION
from responder.core.text import text
from responder.incident_report.build import measured
from responder.incident_report.model import AlarmMetric, RemedyRecord
from tests.unit.incident_report.sample_incident import CLOSED, at

REMEDY = RemedyRecord(
    "rollout_to_zero", "liveness-rollout", AUTOMATION, at(20), LeaseState.IN_FORCE, (), (), applied=at(20)
)


def minutes(period: int = 60) -> AlarmMetric:
    """10.0 before minute 20, 2.0 from then on."""
    points = [(at(m), 10.0 if m < 20 else 2.0) for m in range(-60, 150, period // 60)]
    return AlarmMetric(period=period, series=Series(tuple(points)))


def test_the_mean_before_covers_the_fifteen_minutes_before_the_change() -> None:
    found = measured(REMEDY, minutes(), CLOSED).before
    assert found is not None
    assert (found.mean, found.points, found.start, found.end) == (10.0, 15, at(5), at(20))


def test_after_begins_when_it_has_settled_and_ends_with_the_incident() -> None:
    found = measured(REMEDY, minutes(), CLOSED).after
    assert found is not None
    assert (found.mean, found.points, found.start) == (2.0, 125, at(25))


def test_the_mean_after_ends_where_the_revert_begins() -> None:
    found = measured(replace(REMEDY, back=at(30), ended=at(60)), minutes(), CLOSED).after
    assert found is not None
    assert found.points == 5


def test_a_datapoint_over_the_change_counts_for_neither_side() -> None:
    remedy = replace(REMEDY, at=at(22), applied=at(22))
    found = measured(remedy, minutes(period=300), CLOSED)
    assert found.before is not None
    assert found.after is not None
    # Those of minutes 10 and 15; that of minute 20 holds the change.
    assert (found.before.mean, found.before.points) == (10.0, 2)
    assert found.after.start == at(27)
    assert found.after.mean == 2.0


def test_a_long_period_looks_further_back() -> None:
    found = measured(REMEDY, minutes(period=1200), CLOSED).before
    assert found is not None
    assert found.points == 2


def test_what_was_reverted_immediately_has_no_datapoints() -> None:
    found = measured(replace(REMEDY, back=at(21)), minutes(), CLOSED).after
    assert found is not None
    assert (found.mean, found.points) == (None, 0)
    assert found.end >= found.start


def test_without_datapoints_there_is_no_mean() -> None:
    found = measured(REMEDY, AlarmMetric(), CLOSED).before
    assert found is not None
    assert (found.mean, found.points) == (None, 0)


def test_what_is_no_number_is_no_datapoint() -> None:
    odd = AlarmMetric(series=Series(((at(10), math.nan), (at(11), math.inf), (at(12), 4.0))))
    found = measured(REMEDY, odd, CLOSED).before
    assert found is not None
    assert (found.mean, found.points) == (4.0, 1)


def test_what_never_was_in_force_has_no_effect() -> None:
    assert measured(replace(REMEDY, applied=None), minutes(), CLOSED).before is None


def test_what_could_not_be_asked_is_not_no_data() -> None:
    unread = AlarmMetric(problem=text("chronicle.no_metric_alarm"))
    assert measured(REMEDY, unread, CLOSED).before is None


def test_a_remedy_of_the_last_minutes_has_no_after() -> None:
    late = replace(REMEDY, at=CLOSED - timedelta(minutes=1), applied=CLOSED - timedelta(minutes=1))
    found = measured(late, minutes(), CLOSED).after
    assert found is not None
    assert found.mean is None
