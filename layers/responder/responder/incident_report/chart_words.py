"""What a chart says in words: its label, its threshold, a description for who cannot see it."""

import math
from datetime import timedelta

from responder.core.text import Text, text
from responder.incident_report.model import AlarmMetric
from responder.messages.duration import duration

_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}


def label(measure: AlarmMetric) -> Text:
    """The metric, its statistic and its period."""
    metric, period = measure.label or "–", duration(timedelta(seconds=measure.period))
    if measure.statistic:
        return text("chart.label", metric=metric, statistic=measure.statistic, period=period)
    return text("chart.plain_label", metric=metric, period=period)


def threshold(measure: AlarmMetric) -> Text:
    """`threshold > 5`."""
    if measure.threshold is None:
        return text("chart.no_threshold")
    sign = _SIGNS.get(measure.comparison, "")
    return text("chart.threshold", comparison=sign, value=measure.threshold)


def describe(measure: AlarmMetric) -> Text:
    """How many datapoints, from where to where."""
    values = [value for value in measure.series.values if math.isfinite(value)]
    return text(
        "chart.desc",
        label=label(measure),
        points=len(measure.series.points),
        lowest=min(values, default=math.nan),
        highest=max(values, default=math.nan),
        threshold=threshold(measure),
    )
