"""Raw values in periods, and statistics over them."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.drill.lateness import metric_arrived

patching.need(cloudwatch, "_metrics", "_dims_key", "_calc_stats", "_percentile_samples", "_percentile")

_MINUTE = 60
_A_DAY = 86_400
# How long points of a period are kept: a finer one finds nothing older (API reference, GetMetricData).
_KEPT = ((15 * _A_DAY, 60), (63 * _A_DAY, 300), (455 * _A_DAY, 3600))
BASIC = frozenset({"Average", "Sum", "Minimum", "Maximum", "SampleCount"})
# Trimmed count and percentile rank between absolute values: above the lower one, up to and with the upper one
# (User Guide, "CloudWatch statistics definitions").
_BETWEEN = re.compile(r"(?P<kind>TC|PR)\((?P<low>[\d.]*):(?P<high>[\d.]*)\)")
# What an alarm takes beside the basic ones (API reference, PutMetricAlarm, ExtendedStatistic): trimmed
# statistics between percentages of 10 to 90, and no count between absolute values.
_OF_ALARMS = re.compile(
    r"(p|tm|tc|ts|wm)\d{1,2}(\.\d{1,10})?|p100|IQM|PR\(\d+(\.\d+)?:\d+(\.\d+)?\)"
    r"|(TM|TC|TS|WM)\(([1-8]\d|90)%:([1-8]\d|90)%\)"
)


def dimensions(pairs: Iterable[dict[str, str]] | None) -> str:
    """The key under which values with exactly these dimensions are stored."""
    return str(cloudwatch._dims_key({each["Name"]: each["Value"] for each in pairs or []}))


def points(stat: dict[str, Any], start: float, end: float) -> list[dict[str, Any]]:
    """The values of one metric (its dimensions matched exactly) in a time range."""
    metric = stat["Metric"]
    key = (metric["Namespace"], metric["MetricName"], dimensions(metric.get("Dimensions")))
    stored = cloudwatch._metrics.get(key) or []
    found = (point for point in stored if start <= point["Timestamp"] < end)
    return [point for point in found if metric_arrived(key, point["Timestamp"])]


def _oldest(period: int) -> float:
    """Points before this moment are not kept in the period."""
    kept = [age for age, finest in _KEPT if period % finest == 0]
    return time.time() - max(kept, default=3 * 3600)


def buckets(stat: dict[str, Any], start: float, end: float) -> dict[int, float]:
    """One statistic for each period that has data, by the start of the period."""
    period = int(stat["Period"])
    # Periods begin at the start that was asked for (in whole minutes), not at the clock's hour.
    first = math.floor(start / _MINUTE) * _MINUTE
    grouped: dict[int, list[dict[str, Any]]] = {}
    for point in points(stat, max(first, _oldest(period)), end):
        grouped.setdefault(first + int((point["Timestamp"] - first) // period) * period, []).append(point)
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
    if bounds := _BETWEEN.fullmatch(statistic):
        inside = _counted(samples or [], float(bounds["low"] or "-inf"), float(bounds["high"] or "inf"))
        return inside if bounds["kind"] == "TC" else _percent(inside, samples or [])
    return float(cloudwatch._percentile(samples, float(statistic[1:]))) if samples else None


def valid(statistic: str) -> bool:
    """Whether a statistic is one of those served here: the basic ones, pNN, TC(low:high) and PR(low:high)."""
    if statistic in BASIC or _BETWEEN.fullmatch(statistic):
        return True
    return statistic[:1] == "p" and statistic[1:].replace(".", "", 1).isdigit()


def _counted(samples: Iterable[tuple[float, float]], low: float, high: float) -> float:
    return float(sum(weight for value, weight in samples if low < value <= high))


def _percent(inside: float, samples: Iterable[tuple[float, float]]) -> float | None:
    every = sum(weight for _, weight in samples)
    return 100 * inside / every if every else None


def for_alarms(statistic: str) -> bool:
    """Whether AWS takes the statistic in an alarm."""
    return statistic in BASIC or _OF_ALARMS.fullmatch(statistic) is not None
