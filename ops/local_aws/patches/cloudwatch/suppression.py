"""The actions suppressor of composite alarms: what it holds back, and the event when it lets go.

See "Alarm suppression" in the CloudWatch User Guide. Time is checked whenever an alarm changes and when all
alarms are evaluated, not by its own clock.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

from ministack.services import cloudwatch

from local_aws.patches import patching
from local_aws.patches.calls.wire import CURRENT

from . import alarm_types

GIVEN = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
_BY, _REASON, _UNTIL = "ActionsSuppressedBy", "ActionsSuppressedReason", "DrillSuppressedUntil"


def install() -> None:
    """Keep the parameters of PutCompositeAlarm."""
    patching.wrap(
        cloudwatch,
        "_put_composite_alarm",
        "params cbor_data is_cbor is_json",
        _put,
    )
    patching.wrap(
        cloudwatch,
        "_transition_composite",
        "alarm new_state reason triggers seen",
        _transition,
    )


def _put(before: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
    said = data.get("ActionsSuppressor") and [each for each in GIVEN if each not in data]
    if said:
        message = f"{said[0]} is required with ActionsSuppressor"
        return cloudwatch._error("ValidationError", message, 400, use_json=is_json, use_cbor=is_cbor)
    answer = before(params, data, is_cbor, is_json)
    if answer[0] == HTTPStatus.OK:
        cloudwatch._composite_alarms[data["AlarmName"]].update(_given(data))
    return answer


def _transition(before: Any, alarm: dict[str, Any], *rest: Any) -> Any:
    """The first state is judged inside of PutCompositeAlarm, before another caller could store its own."""
    request = CURRENT.get()
    if request is not None and request.operation == "PutCompositeAlarm":
        alarm.update(_given(request.params))
    return before(alarm, *rest)


def _given(data: dict[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in GIVEN if key in data}


def begin(alarm: dict[str, Any]) -> None:
    """It has just changed its state: are its actions held back?"""
    for key in (_BY, _REASON, _UNTIL):
        alarm.pop(key, None)
    if not alarm.get("ActionsSuppressor"):
        return
    wait = int(alarm["ActionsSuppressorWaitPeriod"])
    if _raised(alarm):
        _hold(alarm, "Alarm", 0)
    elif alarm["StateValue"] == "ALARM" and wait:
        _hold(alarm, "WaitPeriod", wait)


def released() -> list[dict[str, Any]]:
    """The composite alarms whose actions are held back no more."""
    return [alarm for alarm in cloudwatch._composite_alarms.values() if alarm.get(_BY) and _let_go(alarm)]


def _let_go(alarm: dict[str, Any]) -> bool:
    if _raised(alarm):
        _hold(alarm, "Alarm", 0)
        return False
    if alarm[_BY] == "Alarm":
        _hold(alarm, "ExtensionPeriod", int(alarm["ActionsSuppressorExtensionPeriod"]))
    if time.time() < alarm[_UNTIL]:
        return False
    for key in (_BY, _REASON, _UNTIL):
        alarm.pop(key, None)
    return True


def _hold(alarm: dict[str, Any], by: str, seconds: int) -> None:
    alarm.update({_BY: by, _REASON: f"Actions suppressed by {by}", _UNTIL: time.time() + seconds})


def _raised(alarm: dict[str, Any]) -> bool:
    suppressor = alarm_types.find(str(alarm["ActionsSuppressor"]).rpartition(":alarm:")[2])
    return suppressor is not None and suppressor["StateValue"] == "ALARM"
