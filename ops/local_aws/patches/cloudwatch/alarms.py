"""Alarms that evaluate their own metric: dimensions, periods, M of N, missing data, metric math."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.drill.store import STORE

from . import alarm_periods
from .alarm_events import release, stamp, statistic
from .alarm_math import warming_up
from .alarm_types import judged
from .metric_data import compute
from .series import dimensions

_TOUCHED: set[tuple[str, str, str]] = set()


def install() -> None:
    """Take the place of the evaluation, which looks at the name of the metric only."""
    patching.need(cloudwatch, "_record_history", "_evaluate_parent_alarms", "_alarms")
    patching.wrap(
        cloudwatch,
        "_store_datum",
        "namespace name dims ts unit value values counts stat_values",
        _touch,
    )
    patching.swap(cloudwatch, "_evaluate_all_alarms", "", _evaluate_touched)
    patching.swap(cloudwatch, "_evaluate_alarm", "alarm", evaluate)


def _touch(store: Any, namespace: str, name: str, dims: dict[str, str], *rest: Any) -> None:
    store(namespace, name, dims, *rest)
    _TOUCHED.add((namespace, name, cloudwatch._dims_key(dims)))


def _evaluate_touched() -> None:
    """After PutMetricData: only alarms that got data, so that a state set manually stays."""
    touched = set(_TOUCHED)
    _TOUCHED.clear()
    for alarm in cloudwatch._alarms.values():
        if any(_key(query) in touched for query in queries(alarm)):
            evaluate(alarm)


def evaluate_all() -> None:
    """What AWS does every minute for every alarm, missing data included."""
    for alarm in cloudwatch._alarms.values():
        with contextlib.suppress(ValueError):
            evaluate(alarm, missing_too=True)
    release()


def evaluate_one(name: str) -> None:
    """Judge one metric alarm, whatever the settings say."""
    _judge(cloudwatch._alarms[name], missing_too=True)
    release()


def _key(query: dict[str, Any]) -> tuple[str, str, str] | None:
    metric = query.get("MetricStat", {}).get("Metric")
    if not metric:
        return None
    return metric["Namespace"], metric["MetricName"], dimensions(metric.get("Dimensions"))


def queries(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """What the alarm looks at, as GetMetricData would ask for it."""
    if alarm.get("Metrics"):
        return list(alarm["Metrics"])
    metric = {key: alarm.get(key) for key in ("Namespace", "MetricName", "Dimensions")}
    return [
        {"Id": "m1", "MetricStat": {"Metric": metric, "Period": _period(alarm), "Stat": statistic(alarm)}}
    ]


def _period(alarm: dict[str, Any]) -> int:
    inner = [query["MetricStat"]["Period"] for query in alarm.get("Metrics") or [] if "MetricStat" in query]
    return int(inner[0] if inner else alarm.get("Period") or 60)


def evaluate(alarm: dict[str, Any], missing_too: bool = False) -> None:
    """Judge the last periods of one alarm and change its state accordingly."""
    if STORE.settings.evaluates:
        _judge(alarm, missing_too)


def _judge(alarm: dict[str, Any], missing_too: bool) -> None:
    if not judged(alarm):
        return
    now, period, count = time.time(), _period(alarm), int(alarm.get("EvaluationPeriods", 1))
    window = alarm.get("EvaluationWindow") or {}
    times = alarm_periods.starts(window, period, count + alarm_periods.FURTHER, now)
    asked = queries(alarm)
    if not any(_key(query) for query in asked) or not asked[0].get("Id"):
        return
    values = compute(asked, times[-1], times[0] + period)[_shown(asked)]
    if not missing_too and not any(when in values for when in times):
        return
    if warming_up(alarm, all(when in values for when in times[:count])):
        return
    state = alarm_periods.judged(alarm, [values.get(when) for when in times])
    if state and state != alarm["StateValue"]:
        real = [when for when in times if when in values][:count]
        _change(alarm, state, {when: values[when] for when in real}, times[count - 1])


def _shown(asked: list[dict[str, Any]]) -> str:
    return str(next(query["Id"] for query in asked if query.get("ReturnData", True)))


def _change(alarm: dict[str, Any], state: str, values: dict[int, float], start: int) -> None:
    old, alarm["StateValue"] = alarm["StateValue"], state
    found = [values[when] for when in sorted(values)]
    alarm["StateReason"] = (
        f"Threshold Crossed: {len(found)} datapoints {found} compared with the threshold "
        f"({float(alarm['Threshold'])}) by {alarm['ComparisonOperator']}."
    )
    data = _reason(alarm, found, start)
    alarm["StateReasonData"] = json.dumps(data)
    cloudwatch._record_history(alarm["AlarmName"], old, state, alarm["StateReason"], reason_data=data)
    cloudwatch._dispatch_alarm_actions(alarm, old, state, alarm["StateReason"])
    cloudwatch._evaluate_parent_alarms(alarm)


def _reason(alarm: dict[str, Any], found: list[float], start: int) -> dict[str, Any]:
    return {
        "version": "1.0",
        "queryDate": stamp(time.time()),
        "startDate": stamp(start),
        **({} if alarm.get("Metrics") else {"statistic": statistic(alarm)}),
        "period": _period(alarm),
        "recentDatapoints": found,
        "threshold": float(alarm["Threshold"]),
    }
