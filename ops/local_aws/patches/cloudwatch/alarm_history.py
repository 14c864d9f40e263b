"""The history of alarms as CloudWatch keeps it: every type, in milliseconds, 30 days, also of deleted alarms.

API reference, DescribeAlarmHistory and AlarmHistoryItem: an item names the type of its alarm, and a change of
the alarm itself is an item of the type ConfigurationUpdate. Its data hold `createdAlarm`, `updatedAlarm` with
`originalUpdatedFields`, or `deletedAlarm`, as public reports quote them.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, lower

from . import alarm_types

# CloudWatch User Guide, "Alarm history": items are kept so long, whether or not the alarm is still there.
_KEPT_SECONDS = 30 * 86_400
_STATES = ("State", "Drill", "EvaluationState", "ActionsSuppressed")


def install() -> None:
    """Record each change of a state as AWS does, and forget what is too old."""
    patching.need(cloudwatch, "_history_entries", "_parse_ts")
    patching.swap(
        cloudwatch,
        "_record_history",
        "alarm_name old_state new_state reason alarm_type reason_data",
        _changed,
    )
    patching.wrap(
        cloudwatch,
        "_describe_alarm_history",
        "params cbor_data is_cbor is_json",
        _described,
    )


def age(span: float) -> None:
    """All of it was so many seconds earlier."""
    for each in cloudwatch._history_entries():
        each["Timestamp"] = round(cloudwatch._parse_ts(each["Timestamp"]) - span, 3)


def _described(before: patching.Function, *given: Any) -> Any:
    entries, oldest = cloudwatch._history_entries(), time.time() - _KEPT_SECONDS
    entries[:] = [each for each in entries if cloudwatch._parse_ts(each["Timestamp"]) >= oldest]
    return before(*given)


def _changed(  # noqa: PLR0913 - ministack's own parameters
    alarm_name: str,
    old_state: str,
    new_state: str,
    reason: str,
    alarm_type: str = "MetricAlarm",
    reason_data: Any = None,
) -> None:
    alarm = alarm_types.find(alarm_name) or {}
    if reason.startswith("Unchecked: Initial alarm creation"):
        said = {"type": "Create", "createdAlarm": _shown(alarm)}
        put(alarm_name, "ConfigurationUpdate", f'Alarm "{alarm_name}" created', said)
        return
    told = reason_data or alarm.get("StateReasonData") or None
    data = json.loads(told) if isinstance(told, str) else told
    new = {"stateValue": new_state, "stateReason": reason, **({"stateReasonData": data} if data else {})}
    said = {"oldState": {"stateValue": old_state}, "newState": new}
    put(alarm_name, "StateUpdate", f"Alarm updated from {old_state} to {new_state}", said)


def put(name: str, kind: str, summary: str, data: dict[str, Any]) -> None:
    """An item of now. `kind`: its HistoryItemType."""
    alarm = alarm_types.find(name) or {}
    cloudwatch._history_entries().append(
        {
            "AlarmName": name,
            "AlarmType": alarm_types.type_of(alarm),
            "Timestamp": round(time.time(), 3),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps({"version": "1.0", **data}, separators=(",", ":")),
        }
    )


def _shown(alarm: dict[str, Any]) -> dict[str, Any]:
    """The alarm's own settings, as its history writes them."""
    kept = {name: value for name, value in alarm.items() if not name.startswith(_STATES)}
    plain: dict[str, Any] = json.loads(json.dumps(kept, default=str))
    return lower(plain)


@rule("cloudwatch", "EnableAlarmActions", "DisableAlarmActions")
def _switched(request: Request) -> Refusal:
    wanted = request.operation == "EnableAlarmActions"
    for name in request.params.get("AlarmNames", ()):
        alarm = alarm_types.find(name)
        if alarm is not None and bool(alarm.get("ActionsEnabled", True)) is not wanted:
            _updated(name, alarm, {"actionsEnabled": wanted})
    return None


@rule("cloudwatch", "PutMetricAlarm", "PutCompositeAlarm", "PutLogAlarm")
def _replaced(request: Request) -> Refusal:
    name = str(request.params.get("AlarmName", ""))
    alarm = alarm_types.find(name)
    if alarm is not None:
        _updated(name, alarm, lower({"ActionsEnabled": True, **request.params}))
    return None


def _updated(name: str, alarm: dict[str, Any], given: dict[str, Any]) -> None:
    old = _shown(alarm)
    original = {key: old.get(key) for key, value in given.items() if key in old and old[key] != value}
    if original:
        said = {"type": "Update", "originalUpdatedFields": original, "updatedAlarm": {**old, **given}}
        put(name, "ConfigurationUpdate", f'Alarm "{name}" updated', said)


@rule("cloudwatch", "DeleteAlarms")
def _deleted(request: Request) -> Refusal:
    for name in request.params.get("AlarmNames", ()):
        alarm = alarm_types.find(name)
        if alarm is not None:
            said = {"type": "Delete", "deletedAlarm": _shown(alarm)}
            put(name, "ConfigurationUpdate", f'Alarm "{name}" deleted', said)
    return None
