"""Alarm state changes become the EventBridge event that AWS sends.

See "CloudWatch Alarm State Change" in the EventBridge documentation: the first
transition has no previous reasonData, timestamps are ``…T17:04:40.989+0000``.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from ministack.services import cloudwatch, eventbridge, sns

from local_aws.patches import patching
from local_aws.patches.calls import wire
from local_aws.patches.calls.wire import lower

from . import alarm_history, mute_rules, suppression

_ACT: list[Any] = []
_SEEN = "DrillState"  # what the last event said; kept on the alarm, so a restore brings it back


def install() -> None:
    """Send an event wherever ministack dispatches alarm actions."""
    patching.need(eventbridge, "_put_events")
    patching.need(sns, "_topics")
    parameters = "alarm old_state new_state reason"
    _ACT.append(patching.swap(cloudwatch, "_dispatch_alarm_actions", parameters, _changed))
    patching.wrap(cloudwatch, "_set_alarm_state", "params cbor_data is_cbor is_json", _set)


def _set(before: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
    alarm = cloudwatch._alarms.get(data.get("AlarmName", ""))
    if alarm is not None and not data.get("StateReasonData"):
        alarm.pop("StateReasonData", None)  # else the data of an earlier change would be sent again
    return before(params, data, is_cbor, is_json)


def _changed(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
    now = time.time()
    alarm["StateUpdatedTimestamp"] = alarm["StateTransitionedTimestamp"] = round(now, 3)
    suppression.begin(alarm)
    _send(alarm, old, now)
    release()


def release() -> None:
    """Composite alarms whose actions are held back no more: their state is reported again, and they act."""
    for alarm in suppression.released():
        now = time.time()
        alarm["StateUpdatedTimestamp"] = round(now, 3)
        _send(alarm, alarm["StateValue"], now)


def _send(alarm: dict[str, Any], old: str, now: float) -> None:
    """The event; then the alarm's own actions, unless something holds them back."""
    state = _state(alarm, now)
    previous = alarm.get(_SEEN) or _initial(alarm, old)
    alarm[_SEEN] = state
    muted = mute_rules.muting(alarm["AlarmName"], now)
    entry = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm["AlarmArn"]],
        "Detail": json.dumps({**detail(alarm, previous, state), **_muted(muted)}),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    if muted is None and not alarm.get("ActionsSuppressedBy"):
        _ACT[0](alarm, old, alarm["StateValue"], alarm["StateReason"])
        _acted(alarm)


_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def _acted(alarm: dict[str, Any]) -> None:
    """The result of each action is an item of the alarm's history, as AWS words it."""
    if not alarm.get("ActionsEnabled", True):
        return
    for arn in alarm.get(_ACTIONS[alarm["StateValue"]]) or ():
        if ":sns:" not in arn:
            continue
        done = arn in sns._topics
        said = "Successfully executed action" if done else "Failed to execute action"
        data = {"actionState": "Succeeded" if done else "Failed", "notificationResource": arn}
        alarm_history.put(alarm["AlarmName"], "Action", f"{said} {arn}", data)


def _muted(window: mute_rules.Window | None) -> dict[str, Any]:
    if window is None:
        return {}
    start, end = (stamp(when.timestamp()) for when in (window.start, window.end))
    return {"muteDetail": {"mutedByArn": window.arn, "muteWindowStart": start, "muteWindowEnd": end}}


def detail(alarm: dict[str, Any], previous: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """The ``detail`` of the event."""
    return {
        "alarmName": alarm["AlarmName"],
        "configuration": configuration(alarm),
        "previousState": previous,
        "state": state,
    }


def configuration(alarm: dict[str, Any]) -> dict[str, Any]:
    """The alarm's own settings as far as AWS puts them into the event."""
    described = {"description": alarm["AlarmDescription"]} if alarm.get("AlarmDescription") else {}
    if alarm.get("AlarmRule"):
        return {"alarmRule": alarm["AlarmRule"], **described, **lower(alarm, *suppression.GIVEN)}
    if "ScheduledQueryConfiguration" in alarm:
        query = lower(alarm["ScheduledQueryConfiguration"], "QueryString", "AggregationExpression")
        return {**described, "scheduledQueryConfiguration": query}
    return {**described, "metrics": _metrics(alarm)}


def _metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    if alarm.get("Metrics"):
        return [_query(each) for each in alarm["Metrics"]]
    stat = {
        "Metric": {
            "Namespace": alarm.get("Namespace"),
            "MetricName": alarm.get("MetricName"),
            "Dimensions": alarm.get("Dimensions") or [],
        },
        "Period": alarm.get("Period", 60),
        "Stat": statistic(alarm),
    }
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, alarm["AlarmArn"]))
    return [_query({"Id": identity, "MetricStat": stat})]


def statistic(alarm: dict[str, Any]) -> str:
    """Of an alarm on one metric."""
    return str(alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average"))


def _query(query: dict[str, Any]) -> dict[str, Any]:
    shown = {"id": query["Id"], "returnData": bool(query.get("ReturnData", True))}
    if query.get("Label"):
        shown["label"] = query["Label"]
    if query.get("Expression"):
        return {"expression": query["Expression"], **shown}
    stat = query["MetricStat"]
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions") or []}
    inner = {"dimensions": dimensions, "name": metric["MetricName"], "namespace": metric["Namespace"]}
    return {"metricStat": {"metric": inner, "period": int(stat["Period"]), "stat": stat["Stat"]}, **shown}


def _state(alarm: dict[str, Any], when: float) -> dict[str, Any]:
    data = {"reasonData": alarm["StateReasonData"]} if alarm.get("StateReasonData") else {}
    held = lower(alarm, "ActionsSuppressedBy", "ActionsSuppressedReason")
    about = {"reason": alarm["StateReason"], **data, **held}
    return {**about, "timestamp": stamp(when), "value": alarm["StateValue"]}


def _initial(alarm: dict[str, Any], old: str) -> dict[str, Any]:
    created = float(alarm.get("AlarmConfigurationUpdatedTimestamp", time.time()))
    return {"reason": "Unchecked: Initial alarm creation", "timestamp": stamp(created), "value": old}


def stamp(when: float) -> str:
    """With a zone without a colon, as CloudWatch writes it."""
    return wire.stamp(when, "+0000")
