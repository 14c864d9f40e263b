"""Which periods an alarm looks at, and what it makes of their data. Pure.

CloudWatch User Guide, "Alarm evaluation window" and "Configuring how CloudWatch alarms treat missing data";
API reference, EvaluationWindow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

# An alarm looks back on this many periods more than it needs, in case some have no data: the page's example
# (five for three). How many it is for other alarms is not documented.
FURTHER = 2
_MINUTE, _WEEK = 60, 604_800
# 1970-01-01 was a Thursday; weeks begin on Monday.
_MONDAY = 4 * 86_400
_OFFSET = re.compile(r"(?:UTC)?([+-])(\d\d):(\d\d)")

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, limit: value > limit,
    "GreaterThanOrEqualToThreshold": lambda value, limit: value >= limit,
    "LessThanThreshold": lambda value, limit: value < limit,
    "LessThanOrEqualToThreshold": lambda value, limit: value <= limit,
}


def starts(window: dict[str, Any], period: int, count: int, now: float) -> list[int]:
    """When `count` periods begin, the latest first.

    A sliding window (the default) moves on by a minute with each evaluation; here the running minute is its
    last, so that data can be judged when it arrives. A wall clock window ends at the last boundary of the
    period in its time zone.
    """
    wall = window.get("WallClockWindow")
    end = int(now // _MINUTE + 1) * _MINUTE if wall is None else _boundary(period, _zone(wall), now)
    return [end - period * back for back in range(1, count + 1)]


def _zone(wall: dict[str, Any]) -> tzinfo:
    given = str(wall.get("Timezone") or "UTC")
    if found := _OFFSET.fullmatch(given):
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(ahead if found[1] == "+" else -ahead)
    return ZoneInfo(given)


def _boundary(period: int, zone: tzinfo, now: float) -> int:
    offset = datetime.fromtimestamp(now, zone).utcoffset() or timedelta()
    ahead = int(offset.total_seconds()) - (_MONDAY if period == _WEEK else 0)
    return int((now + ahead) // period) * period - ahead


def judged(alarm: dict[str, Any], values: Sequence[float | None]) -> str:
    """The state that these values give, the latest first; "" where the alarm keeps the one it has."""
    needed = int(alarm.get("EvaluationPeriods") or 1)
    enough = int(alarm.get("DatapointsToAlarm") or needed)
    compare, limit = COMPARE[alarm["ComparisonOperator"]], float(alarm["Threshold"])
    breaching = [compare(value, limit) for value in values if value is not None][:needed]
    lacking = needed - len(breaching)
    treat = alarm.get("TreatMissingData") or "missing"
    filled = lacking if treat == "breaching" else 0
    if sum(breaching) + filled >= enough:
        return "ALARM"
    if lacking == 0 or treat in ("breaching", "notBreaching") or not all(breaching):
        return "OK"
    unsure = "" if treat == "ignore" else "INSUFFICIENT_DATA"
    if not breaching:
        return unsure
    # Only breaching data, and too little of it: ALARM where the oldest is old enough ("Avoiding premature
    # transitions to alarm state").
    oldest = max(at for at, value in enumerate(values, 1) if value is not None)
    return "ALARM" if oldest >= enough and treat == "missing" else ""
