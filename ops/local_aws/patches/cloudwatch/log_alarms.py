"""Log alarms run their query: the last results of its schedule are compared with the threshold, M out of N.

API reference, PutLogAlarm; CloudWatch User Guide, "Log alarms". With an aggregation `by` fields each group's
values are judged for themselves, and the alarm is in ALARM as long as one group is. A group that a run does
not find has no result in it.
"""

from __future__ import annotations

import re
import time
from typing import Any

from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from local_aws.patches import patching
from local_aws.patches.drill.store import STORE
from local_aws.patches.logs import log_queries

from . import alarm_periods, alarm_types

patching.need(logs, "_collect_query_records", "_resolve_query_log_groups")

_UNITS = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86_400, "days": 86_400}
_RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")
# The gravest of the groups' states is the alarm's; "" is the one that it has.
_GRAVEST = ("ALARM", "", "OK", "INSUFFICIENT_DATA")

type Result = dict[log_queries.Group, float]


def evaluate_all() -> None:
    """Every log alarm, by the runs of its schedule that are due by now."""
    if not STORE.settings.evaluates:
        return
    for alarm in cloudwatch._alarms.values():
        if alarm_types.type_of(alarm) == "LogAlarm":
            _evaluate(alarm)


def _evaluate(alarm: dict[str, Any]) -> None:
    results = [_result(alarm, when) for when in _runs(alarm)]
    if not results:
        return
    rules = {
        "EvaluationPeriods": alarm["QueryResultsToEvaluate"],
        "DatapointsToAlarm": alarm["QueryResultsToAlarm"],
    }
    groups = {group for each in results for group in each} or {()}
    states = {
        alarm_periods.judged({**alarm, **rules}, [each.get(group) for each in results]) for group in groups
    }
    state = next(each for each in _GRAVEST if each in states)
    if not state or state == alarm["StateValue"]:
        return
    old, alarm["StateValue"] = alarm["StateValue"], state
    shown = [sorted(each.values(), reverse=True) for each in results]
    alarm["StateReason"] = (
        f"Threshold Crossed: query results {shown} compared with the threshold "
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
        raise log_queries.UnservedQueryError(schedule["ScheduleExpression"])
    every = int(found[1]) * _UNITS[found[2]]
    begun = float(alarm["AlarmConfigurationUpdatedTimestamp"])
    number = int((time.time() - begun) // every)
    first = max(1, number - int(alarm["QueryResultsToEvaluate"]) + 1)
    return [begun + each * every for each in range(number, first - 1, -1)]


def _result(alarm: dict[str, Any], when: float) -> Result:
    """What one run finds; nothing where no line fits."""
    query = alarm["ScheduledQueryConfiguration"]
    schedule = query["ScheduleConfiguration"]
    start, end = (when - int(schedule.get(each) or 0) for each in ("StartTimeOffset", "EndTimeOffset"))
    groups = logs._resolve_query_log_groups({"logGroupIdentifiers": query["LogGroupIdentifiers"]})
    rows = [_row(each) for each in logs._collect_query_records(groups, start, end)]
    return log_queries.read(query["QueryString"], query["AggregationExpression"]).run(rows)


def _row(record: dict[str, Any]) -> log_queries.Row:
    more: dict[str, Any] = {name: record[name] for name in ("@logStream", "@log") if name in record}
    more["@timestamp"] = int(record["_timestamp_ms"])
    return log_queries.row(str(record["@message"]), **more)
