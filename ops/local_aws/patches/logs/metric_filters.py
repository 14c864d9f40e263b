"""Metric filters count: what is written to a log group becomes data points, and alarms evaluate them.

Amazon CloudWatch Logs User Guide, "Creating metrics from log events using filters"; API reference,
MetricTransformation. A data point has the minute of its log event, on the clock of the drill.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from local_aws.patches import patching

from . import filter_patterns

DIMENSIONS = 3
_MINUTE = 60_000
_DEFAULT = "DrillDefault"  # marks a point that means "nothing matched in this minute"


def install() -> None:
    """Read every event where ministack passes events on, functions' own lines included."""
    patching.need(logs, "_metric_filters", "_log_groups")
    patching.swap(logs, "_format_insights_timestamp", "timestamp_ms", _stamp)
    patching.need(cloudwatch, "_store_datum", "_metrics", "_dims_key", "_evaluate_all_alarms")
    patching.wrap(
        logs,
        "_fanout_to_subscription_filters",
        "group_name stream_name events",
        _written,
    )


def _stamp(milliseconds: int) -> str:
    """As CloudWatch Logs Insights shows it. A scenario has thousands of lines, many of one second."""
    second, rest = divmod(milliseconds, 1000)
    return f"{_second(second)}.{rest:03d}"


@functools.lru_cache(1 << 12)
def _second(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S}"


def _written(before: Any, group: str, stream: str, events: list[dict[str, Any]]) -> Any:
    _count(group, events)
    return before(group, stream, events)


def _count(group: str, events: list[dict[str, Any]]) -> None:
    filters = [each for (owner, _), each in logs._metric_filters.items() if owner == group]
    minutes: dict[int, list[str]] = {}
    for event in events if filters else ():
        minutes.setdefault(int(event["timestamp"]) // _MINUTE * 60, []).append(event["message"])
    for each in filters:
        pattern = _read(each["filterPattern"])
        for minute, messages in minutes.items():
            matching = [message for message in messages if pattern.matches(message)]
            for change in each["metricTransformations"]:
                _minute(change, minute, list(_points(change, pattern, matching)))
    if filters:
        cloudwatch._evaluate_all_alarms()


@functools.lru_cache(maxsize=256)
def _read(pattern: str) -> filter_patterns.Pattern:
    return filter_patterns.read(pattern)


def _minute(change: dict[str, Any], minute: int, points: list[tuple[float, dict[str, str]]]) -> None:
    """What the matching events of one minute gave, or the default where there are none."""
    for value, dimensions in points:
        _forget_default(change, minute)
        _store(change, minute, value, dimensions)
    default = change.get("defaultValue")
    if default is not None and not points and not _at(change, minute):
        _store(change, minute, float(default), {})
        _at(change, minute)[-1][_DEFAULT] = True


def _points(
    change: dict[str, Any], pattern: filter_patterns.Pattern, messages: list[str]
) -> Iterator[tuple[float, dict[str, str]]]:
    selectors, details = change.get("dimensions") or {}, str(change["metricValue"])
    for message in messages:
        value = _number(pattern.field(message, details) if details.startswith("$") else details)
        dimensions = {name: pattern.field(message, selector) for name, selector in selectors.items()}
        # Without its number, or without one of its dimensions, an event gives no point.
        if value is not None and all(dimensions.values()):
            yield value, dimensions


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _store(change: dict[str, Any], minute: int, value: float, dimensions: dict[str, str]) -> None:
    given = change["metricNamespace"], change["metricName"], dimensions, float(minute)
    cloudwatch._store_datum(*given, change.get("unit") or "None", value, None, None, None)


def _at(change: dict[str, Any], minute: int) -> list[dict[str, Any]]:
    """Points of that minute, without dimensions."""
    key = change["metricNamespace"], change["metricName"], cloudwatch._dims_key({})
    return [each for each in cloudwatch._metrics.get(key) or [] if each["Timestamp"] // 60 * 60 == minute]


def _forget_default(change: dict[str, Any], minute: int) -> None:
    key = change["metricNamespace"], change["metricName"], cloudwatch._dims_key({})
    for each in _at(change, minute):
        if each.get(_DEFAULT):
            cloudwatch._metrics[key].remove(each)


def refused(change: dict[str, Any], raw: str) -> str:
    """What PutMetricFilter says against a pattern and a transformation, or nothing.

    The words are AWS's, as quoted in public reports of its refusals.
    """
    try:
        pattern = _read(raw)
    except filter_patterns.RefusedPatternError as problem:
        return f"Invalid metric filter pattern: {problem}"
    value, dimensions = str(change.get("metricValue", "")), change.get("dimensions") or {}
    if dimensions and not pattern.extracts:
        return "The specified filter pattern does not support dimensions"
    if len(dimensions) > DIMENSIONS:
        return f"A metric filter can have {DIMENSIONS} dimensions at most."
    if not all(pattern.selects(each) for each in dimensions.values()):
        return "Invalid metric transformation: dimension value must be valid selector"
    if dimensions and change.get("defaultValue") is not None:
        said = "dimensions and default value are mutually exclusive properties"
        return f"Invalid metric transformation: {said}"
    if _number(value) is None and not pattern.selects(value):
        return f"Invalid metric transformation: metric value {value} must be a valid number"
    return ""
