"""Log alarms run their query: the last results of its schedule are compared with the threshold, M out of N.

API reference, PutLogAlarm; CloudWatch User Guide, "Log alarms". Served are queries of `fields`, `display`,
`sort`, `limit` and the conditions of `filter` that ministack reads, with count, sum, avg, min and max over
all lines; an alarm with any other query keeps the state that SetAlarmState gives it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from . import alarm_types, filter_patterns, seams
from .store import STORE

seams.need(
    logs,
    "_split_insights_pipes",
    "_compile_insights_filter",
    "_collect_query_records",
    "_resolve_query_log_groups",
)

_UNITS = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86_400, "days": 86_400}
_RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")
_AGGREGATION = re.compile(
    r"\s*(count|sum|avg|min|max)\(\s*(\*|@?[\w.]+)?\s*\)(?:\s+as\s+\w+)?\s*", re.IGNORECASE
)
_PASSED_OVER = re.compile(r"\s*(fields|display|sort|limit)\b", re.IGNORECASE)

type Aggregate = Callable[[list[float]], float]
_AGGREGATES: dict[str, Aggregate] = {
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
}


class UnservedQueryError(ValueError):
    """AWS would run it; here nothing does."""


def evaluate_all(judge: Callable[[dict[str, Any], list[float | None]], str]) -> None:
    """Every log alarm, by the runs of its schedule that are due by now. ``judge`` as for metric alarms."""
    if not STORE.settings.evaluates:
        return
    for alarm in cloudwatch._alarms.values():
        if alarm_types.type_of(alarm) == "LogAlarm":
            _evaluate(alarm, judge)


def _evaluate(alarm: dict[str, Any], judge: Callable[[dict[str, Any], list[float | None]], str]) -> None:
    try:
        results = [_result(alarm, when) for when in _runs(alarm)]
    except UnservedQueryError:
        return
    if not results:
        return
    rules = {
        "EvaluationPeriods": alarm["QueryResultsToEvaluate"],
        "DatapointsToAlarm": alarm["QueryResultsToAlarm"],
    }
    state = judge({**alarm, **rules}, results)
    if not state or state == alarm["StateValue"]:
        return
    old, alarm["StateValue"] = alarm["StateValue"], state
    alarm["StateReason"] = (
        f"Threshold Crossed: query results {results} compared with the threshold "
        f"({float(alarm['Threshold'])}) by {alarm['ComparisonOperator']}."
    )
    alarm.pop("StateReasonData", None)
    cloudwatch._record_history(alarm["AlarmName"], old, state, alarm["StateReason"])
    cloudwatch._dispatch_alarm_actions(alarm, old, state, alarm["StateReason"])
    cloudwatch._evaluate_parent_alarms(alarm)


def _runs(alarm: dict[str, Any]) -> list[float]:
    """When the query ran, the latest first: since the alarm was made, and no more than it evaluates."""
    schedule = alarm["ScheduledQueryConfiguration"]["ScheduleConfiguration"]
    found = _RATE.fullmatch(schedule["ScheduleExpression"])
    if found is None:
        raise UnservedQueryError(schedule["ScheduleExpression"])
    every = int(found[1]) * _UNITS[found[2]]
    begun = float(alarm["AlarmConfigurationUpdatedTimestamp"])
    number = int((time.time() - begun) // every)
    first = max(1, number - int(alarm["QueryResultsToEvaluate"]) + 1)
    return [begun + each * every for each in range(number, first - 1, -1)]


def _result(alarm: dict[str, Any], when: float) -> float | None:
    """What one run finds; nothing where no line fits."""
    query = alarm["ScheduledQueryConfiguration"]
    schedule = query["ScheduleConfiguration"]
    start, end = (when - int(schedule.get(each) or 0) for each in ("StartTimeOffset", "EndTimeOffset"))
    groups = logs._resolve_query_log_groups({"logGroupIdentifiers": query["LogGroupIdentifiers"]})
    filters = _filters(query["QueryString"])
    records = [
        each
        for each in logs._collect_query_records(groups, start, end)
        if all(holds(each) for holds in filters)
    ]
    return _aggregated(query["AggregationExpression"], [str(each["@message"]) for each in records])


def _filters(query: str) -> list[Callable[[Any], bool]]:
    found = []
    for stage in logs._split_insights_pipes(query):
        condition = logs._compile_insights_filter(stage)
        if condition is not None:
            found.append(condition)
        elif stage.strip() and not _PASSED_OVER.match(stage):
            raise UnservedQueryError(stage)
    return found


def _aggregated(expression: str, messages: list[str]) -> float | None:
    found = _AGGREGATION.fullmatch(expression)
    if found is None:
        raise UnservedQueryError(expression)
    name, field = found[1].lower(), found[2] or "*"
    if name == "count":
        return float(len(messages)) if messages else None
    values = [value for each in messages if (value := _number(each, field)) is not None]
    return float(_AGGREGATES[name](values)) if values else None


def _number(message: str, field: str) -> float | None:
    try:
        return float(filter_patterns.selected(json.loads(message), f"$.{field}"))
    except (ValueError, RecursionError):
        return None
