"""What a remedy did to the alarm's metric: the mean before it and the mean while it was in force."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

from responder.incident_report.model import AlarmMetric
from responder.incident_report.records import MeanLevel, RemedyRecord

BEFORE = timedelta(minutes=15)
# A change takes its time to be felt.
SETTLING = timedelta(minutes=5)


def measured(deed: RemedyRecord, measure: AlarmMetric, closed: datetime) -> RemedyRecord:
    """The same with `before` and `after`, where it was in force at all and the metric is known."""
    if deed.applied is None or measure.problem is not None:
        return deed
    span = max(BEFORE, timedelta(seconds=2 * measure.period))
    end = min(at for at in (deed.back, deed.ended, closed) if at is not None)
    return replace(
        deed,
        before=level(measure, deed.at - span, deed.at),
        after=level(measure, deed.applied + SETTLING, end),
    )


def level(measure: AlarmMetric, start: datetime, end: datetime) -> MeanLevel:
    """The mean of the datapoints whose whole period lies in [start, end)."""
    whole = measure.series.between(start, end - timedelta(seconds=measure.period) + timedelta.resolution)
    values = [value for value in whole.values if math.isfinite(value)]
    mean = math.fsum(values) / len(values) if values else None
    return MeanLevel(start, max(start, end), mean, len(values))
