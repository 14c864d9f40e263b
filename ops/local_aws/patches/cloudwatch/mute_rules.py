"""Alarm mute rules: kept, judged by their schedule, and reported in the events of the alarms they name."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, arn, ok
from local_aws.patches.drill.store import STORE

from .alarm_types import find

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)")
_CRON = re.compile(r"cron\(([^)]*)\)")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_MINUTE, _LONGEST = timedelta(minutes=1), timedelta(days=15)
_NAMES = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_NAMES |= {name.upper(): (number + 1) % 7 for number, name in enumerate(calendar.day_abbr)}
# Minute, hour, day of the month, month, day of the week (0: Sunday).
_SPANS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


@dataclass(frozen=True)
class Window:
    """A time in which a rule mutes."""

    arn: str
    start: datetime
    end: datetime


def muting(alarm: str, when: float) -> Window | None:
    """The window in which this alarm is muted right now."""
    now = datetime.fromtimestamp(when, UTC)
    windows = (_window(each, now) for each in STORE.mutes.values() if alarm in _targets(each))
    return next((window for window in windows if window is not None), None)


@rule("cloudwatch", "PutAlarmMuteRule")
def _put(request: Request) -> Refusal:
    given = request.params
    schedule = given["Rule"]["Schedule"]
    length = _length(str(schedule["Duration"]))
    unknown = [name for name in _targets(given) if find(name) is None]
    if length is None or not _MINUTE <= length <= _LONGEST:
        return "ValidationError", "Duration is PT1M to P15D"
    if not (_AT.fullmatch(schedule["Expression"]) or _cron(schedule["Expression"])):
        return "ValidationError", "Expression is cron(…) of five fields or at(…)"
    if unknown:
        return "ValidationError", f"no such alarm: {', '.join(unknown)}"
    STORE.mutes[given["Name"]] = {**given, "LastUpdatedTimestamp": round(time.time(), 3)}
    return ok({})


@rule("cloudwatch", "GetAlarmMuteRule")
def _get(request: Request) -> Refusal:
    found = STORE.mutes.get(request.params["AlarmMuteRuleName"])
    if found is None:
        return "ResourceNotFoundException", "The named resource does not exist.", 404
    return ok({**{key: value for key, value in found.items() if key != "Tags"}, **_summary(found)})


@rule("cloudwatch", "DeleteAlarmMuteRule")
def _delete(request: Request) -> Refusal:
    STORE.mutes.pop(request.params["AlarmMuteRuleName"], None)
    return ok({})


@rule("cloudwatch", "ListAlarmMuteRules")
def _list(request: Request) -> Refusal:
    asked = request.params
    most, begin = int(asked.get("MaxRecords") or 50), str(asked.get("NextToken") or "")
    names = sorted(name for name in STORE.mutes if name >= begin and _fits(STORE.mutes[name], asked))
    answer: dict[str, Any] = {
        "AlarmMuteRuleSummaries": [_summary(STORE.mutes[name]) for name in names[:most]]
    }
    if len(names) > most:
        answer["NextToken"] = names[most]
    return ok(answer)


def _fits(mute: dict[str, Any], asked: dict[str, Any]) -> bool:
    wanted, alarm = asked.get("Statuses"), asked.get("AlarmName")
    return (not alarm or alarm in _targets(mute)) and (not wanted or _status(mute) in wanted)


def _summary(mute: dict[str, Any]) -> dict[str, Any]:
    expires = {"ExpireDate": mute["ExpireDate"]} if mute.get("ExpireDate") else {}
    once = _AT.fullmatch(mute["Rule"]["Schedule"]["Expression"])
    return {
        "AlarmMuteRuleArn": _arn(mute),
        "Status": _status(mute),
        "MuteType": "ONE_TIME" if once else "RECURRING",
        "LastUpdatedTimestamp": mute["LastUpdatedTimestamp"],
        **expires,
    }


def _status(mute: dict[str, Any]) -> str:
    now = datetime.now(UTC)
    if _window(mute, now):
        return "ACTIVE"
    starts = list(_starts(mute, now))
    once = _AT.fullmatch(mute["Rule"]["Schedule"]["Expression"])
    over = once and starts and starts[0] <= now
    return "EXPIRED" if over or _time(mute.get("ExpireDate"), now + _MINUTE) <= now else "SCHEDULED"


def _window(mute: dict[str, Any], now: datetime) -> Window | None:
    if not _time(mute.get("StartDate"), now) <= now < _time(mute.get("ExpireDate"), now + _MINUTE):
        return None
    length = _length(mute["Rule"]["Schedule"]["Duration"]) or _MINUTE
    begun = [start for start in _starts(mute, now) if start <= now < start + length]
    return Window(_arn(mute), begun[0], begun[0] + length) if begun else None


def _starts(mute: dict[str, Any], now: datetime) -> Iterator[datetime]:
    """The one start, or those that may still last, the latest first."""
    schedule = mute["Rule"]["Schedule"]
    zone = ZoneInfo(schedule.get("Timezone") or "UTC")
    if once := _AT.fullmatch(schedule["Expression"]):
        yield datetime.fromisoformat(once[1]).replace(tzinfo=zone).astimezone(UTC)
        return
    fields, length = _cron(schedule["Expression"]), _length(schedule["Duration"]) or _MINUTE
    for back in range(int(length / _MINUTE)):
        at = now.replace(second=0, microsecond=0) - back * _MINUTE
        local = at.astimezone(zone)
        parts = (local.minute, local.hour, local.day, local.month, local.isoweekday() % 7)
        if all(part in field for part, field in zip(parts, fields, strict=True)):
            yield at


def _cron(expression: str) -> list[set[int]]:
    """The values that each of the five fields allows; none where it is no such expression."""
    found = _CRON.fullmatch(expression)
    parts = found[1].split() if found else []
    if len(parts) != len(_SPANS):
        return []
    try:
        return [_field(part, *span) for part, span in zip(parts, _SPANS, strict=True)]
    except ValueError:
        return []


def _field(part: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for each in part.split(","):
        first, _, last = each.partition("-")
        begin, end = (low, high) if each == "*" else (_number(first), _number(last or first))
        found |= set(range(begin, end + 1))
    return found


def _number(word: str) -> int:
    return _NAMES[word] if word in _NAMES else int(word)


def _length(duration: str) -> timedelta | None:
    found = _DURATION.fullmatch(duration)
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes) if found else None


def _time(given: Any, otherwise: datetime) -> datetime:
    return datetime.fromtimestamp(float(given), UTC) if given else otherwise


def _targets(mute: dict[str, Any]) -> list[str]:
    return list((mute.get("MuteTargets") or {}).get("AlarmNames") or [])


def _arn(mute: dict[str, Any]) -> str:
    return arn("cloudwatch", f"alarm-mute-rule:{mute['Name']}")
