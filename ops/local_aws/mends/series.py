"""Raw values in periods, and statistics over them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ministack.services import cloudwatch

from . import seams

seams.need(cloudwatch, "_metrics", "_dims_key", "_calc_stats", "_percentile_samples", "_percentile")

BASIC = frozenset({"Average", "Sum", "Minimum", "Maximum", "SampleCount"})


def dimensions(pairs: Iterable[dict[str, str]] | None) -> str:
    """The key under which values with exactly these dimensions are stored."""
    return str(cloudwatch._dims_key({each["Name"]: each["Value"] for each in pairs or []}))


def points(stat: dict[str, Any], start: float, end: float) -> list[dict[str, Any]]:
    """The values of one metric (its dimensions matched exactly) in a time range."""
    metric = stat["Metric"]
    key = (metric["Namespace"], metric["MetricName"], dimensions(metric.get("Dimensions")))
    stored = cloudwatch._metrics.get(key) or []
    return [point for point in stored if start <= point["Timestamp"] < end]


def buckets(stat: dict[str, Any], start: float, end: float) -> dict[int, float]:
    """One statistic for each period that has data, by the start of the period."""
    period = int(stat["Period"])
    first = math.floor(start / period) * period
    grouped: dict[int, list[dict[str, Any]]] = {}
    for point in points(stat, first, end):
        grouped.setdefault(int(point["Timestamp"] // period) * period, []).append(point)
    values = {when: value_of(stat["Stat"], group) for when, group in sorted(grouped.items())}
    return {when: value for when, value in values.items() if value is not None}


def value_of(statistic: str, group: list[dict[str, Any]]) -> float | None:
    """One statistic of a group of values; unknown ones are refused, not averaged."""
    if statistic in BASIC:
        found = cloudwatch._calc_stats(group)
        return float(found[statistic]) if found else None
    if not valid(statistic):
        raise ValueError(f"statistic {statistic} is not served here")
    samples = cloudwatch._percentile_samples(group)
    return float(cloudwatch._percentile(samples, float(statistic[1:]))) if samples else None


def valid(statistic: str) -> bool:
    """Whether a statistic is one of those served here: the basic ones and pNN."""
    if statistic in BASIC:
        return True
    return statistic[:1] == "p" and statistic[1:].replace(".", "", 1).isdigit()
