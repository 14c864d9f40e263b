"""What ministack lacks of alarm types: log alarms, and the band of an anomaly detection alarm.

A log alarm is kept with the metric alarms, where SetAlarmState, DeleteAlarms and the switches of actions
find it; DescribeAlarms distinguishes them. The state of both is set by SetAlarmState: no model of a band is
learned here, and no query runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, arn, ok

from . import alarm_periods

_LISTS = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms", "LogAlarm": "LogAlarms"}
_PUTS = {"PutMetricAlarm": "MetricAlarm", "PutCompositeAlarm": "CompositeAlarm", "PutLogAlarm": "LogAlarm"}
_QUERY = "ScheduledQueryConfiguration"
_PAGE = 100


def install() -> None:
    """Answer DescribeAlarms for every type that is asked for."""
    patching.need(cloudwatch, "_alarms", "_composite_alarms", "_cbor_alarm", "_cbor_ok", "_json_ok")
    patching.wrap(
        cloudwatch,
        "_describe_alarms",
        "params cbor_data is_cbor is_json",
        _describe,
    )


def type_of(alarm: dict[str, Any]) -> str:
    """The alarm's type by DescribeAlarms' name."""
    if _QUERY in alarm:
        return "LogAlarm"
    return "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm"


def judged(alarm: dict[str, Any]) -> bool:
    """Its datapoints can be compared with a threshold here."""
    return type_of(alarm) == "MetricAlarm" and not alarm.get("ThresholdMetricId")


def find(name: str) -> dict[str, Any] | None:
    """The alarm of this name, whatever its type."""
    found: dict[str, Any] | None = cloudwatch._alarms.get(name) or cloudwatch._composite_alarms.get(name)
    return found


def _describe(before: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
    if not (is_cbor or is_json):
        return before(params, data, is_cbor, is_json)
    if refusal := cloudwatch._max_records_error(data.get("MaxRecords")):
        return cloudwatch._error("ValidationError", refusal, 400, use_json=is_json, use_cbor=is_cbor)
    most, token = int(data.get("MaxRecords") or 50), data.get("NextToken") or ""
    listed = sorted(_wanted(data), key=lambda alarm: str(alarm["AlarmName"]))
    listed = [alarm for alarm in listed if alarm["AlarmName"] >= token]
    types = data.get("AlarmTypes") or ["MetricAlarm"]
    shown = cloudwatch._cbor_alarm if is_cbor else dict
    answer: dict[str, Any] = {
        name: [shown(alarm) for alarm in listed[:most] if type_of(alarm) == kind and kind in types]
        for kind, name in _LISTS.items()
    }
    if len(listed) > most:
        answer["NextToken"] = listed[most]["AlarmName"]
    return cloudwatch._cbor_ok(answer) if is_cbor else cloudwatch._json_ok(answer)


def _wanted(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    types, names = data.get("AlarmTypes") or ["MetricAlarm"], data.get("AlarmNames")
    for alarm in (*cloudwatch._alarms.values(), *cloudwatch._composite_alarms.values()):
        fits = str(alarm["AlarmName"]).startswith(data.get("AlarmNamePrefix") or "")
        state = data.get("StateValue") in (None, "", alarm["StateValue"])
        if type_of(alarm) in types and fits and state and (not names or alarm["AlarmName"] in names):
            yield alarm


@rule("cloudwatch", *_PUTS)
def _one_name(request: Request) -> Refusal:
    """A name is unique over all types of alarms."""
    found = find(str(request.params.get("AlarmName", "")))
    if found is None or type_of(found) == _PUTS[request.operation]:
        return None
    said = f"An alarm of another type is named {found['AlarmName']}."
    if request.operation == "PutLogAlarm":
        return "ResourceConflict", said, 409
    return "ValidationError", said


@rule("cloudwatch", "PutLogAlarm")
def _put_log_alarm(request: Request) -> Refusal:
    given = request.params
    if said := _wrong(given):
        return "ValidationError", said
    name, now = str(given["AlarmName"]), round(time.time(), 3)
    query = {**given[_QUERY], "QueryARN": arn("logs", f"scheduled-query:{name}")}
    new = {
        "StateValue": "INSUFFICIENT_DATA",
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": now,
        "StateTransitionedTimestamp": now,
    }
    known = cloudwatch._alarms.get(name)
    kept = new if known is None else {key: known[key] for key in known if key.startswith(("State", "Drill"))}
    cloudwatch._alarms[name] = {
        "TreatMissingData": "missing",
        "ActionsEnabled": True,
        "AlarmActions": [],
        "OKActions": [],
        "InsufficientDataActions": [],
        **{key: value for key, value in given.items() if key != "Tags"},
        _QUERY: query,
        "AlarmArn": arn("cloudwatch", f"alarm:{name}"),
        "AlarmConfigurationUpdatedTimestamp": now,
        **kept,
    }
    return ok({})


def _wrong(given: dict[str, Any]) -> str:
    """What the API reference of PutLogAlarm demands beyond the model."""
    schedule = given[_QUERY]["ScheduleConfiguration"]
    lines = int(given.get("ActionLogLineCount") or 0)
    rules = {
        "QueryResultsToEvaluate is 100 at most": given["QueryResultsToEvaluate"] <= _PAGE,
        "QueryResultsToAlarm is at most QueryResultsToEvaluate": (
            given["QueryResultsToAlarm"] <= given["QueryResultsToEvaluate"]
        ),
        "ComparisonOperator compares with a threshold": given["ComparisonOperator"] in alarm_periods.COMPARE,
        "ScheduleExpression is a rate": str(schedule["ScheduleExpression"]).startswith("rate("),
        "EndTimeOffset is less than StartTimeOffset": (
            int(schedule.get("EndTimeOffset") or 0) < int(schedule["StartTimeOffset"])
        ),
        "ActionLogLineCount is 50 at most": lines <= 50,
        "ActionLogLineRoleArn is there with lines": not lines or bool(given.get("ActionLogLineRoleArn")),
    }
    return next((said for said, holds in rules.items() if not holds), "")


def set_evaluation(name: str, state: str | None) -> None:
    """CloudWatch's evaluation state of the alarm (`PARTIAL_DATA` …); None: nothing is wrong."""
    alarm = find(name)
    if alarm is None:
        raise KeyError(name)
    alarm["EvaluationState"] = state
