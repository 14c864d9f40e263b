"""What EventBridge and Scheduler refuse of a schedule; and what is due runs at the drill's command.

Otherwise a round or a check in the midst of a drill would be seen as part of it. Scheduler User Guide,
"Schedule types" and "Setting up the execution role"; API reference, CreateSchedule and FlexibleTimeWindow;
EventBridge User Guide, "Setting a schedule pattern for scheduled rules".
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ministack.services import eventbridge, scheduler

from local_aws.patches import patching
from local_aws.patches.calls.sizes import Problem, check
from local_aws.patches.drill.store import STORE
from local_aws.patches.iam.documents import may_assume

_TICK_SECONDS = 0.5
_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)")


def install() -> None:
    """Put the setting before ministack's two clocks, and let them look often enough to be tested."""
    patching.need(eventbridge, "_SCHEDULER_TICK_INTERVAL", "_parse_cron_fields")
    patching.need(scheduler, "_SCHEDULE_TICK_INTERVAL")
    eventbridge._SCHEDULER_TICK_INTERVAL = _TICK_SECONDS
    scheduler._SCHEDULE_TICK_INTERVAL = _TICK_SECONDS
    patching.wrap(eventbridge, "_tick_scheduled_rules", "", _tick)
    patching.wrap(scheduler, "_tick_schedules", "", _tick)


def _tick(before: patching.Function) -> None:
    if STORE.settings.schedules:
        before()


@check("events", "PutRule")
def _rule(params: dict[str, Any]) -> Problem:
    given = params.get("ScheduleExpression") or ""
    rate = _RATE.fullmatch(given)
    if not given or _cron(given) or (rate and (rate[1] == "1") != bool(rate[3])):
        return None
    return "ValidationException", "Parameter ScheduleExpression is not valid."


@check("scheduler", "CreateSchedule", "UpdateSchedule")
def _schedule(params: dict[str, Any]) -> Problem:
    given, target = str(params.get("ScheduleExpression")), params.get("Target") or {}
    zone, window = params.get("ScheduleExpressionTimezone") or "UTC", params.get("FlexibleTimeWindow") or {}
    if not (_RATE.fullmatch(given) or _cron(given) or _at(given)):
        return "ValidationException", f"Invalid Schedule Expression {given}."
    if not _is_zone(zone):
        return "ValidationException", f"Invalid ScheduleExpressionTimezone {zone}."
    if (window.get("Mode") == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        return "ValidationException", "MaximumWindowInMinutes belongs to a window that is FLEXIBLE."
    if str(target.get("Arn")).count(":") < 5:
        return "ValidationException", "Provided Arn is not in correct format."
    if not may_assume(str(target.get("RoleArn")), "scheduler.amazonaws.com"):
        said = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        return "ValidationException", said
    return None


def _cron(text: str) -> bool:
    """Ministack reads the fields, and any number in them; a range from 5 to 2 is empty."""
    fields = eventbridge._parse_cron_fields(text)
    if fields is None:
        return False
    minutes, hours, days, months, weekdays, years, *_ = fields
    spans = (minutes, 0, 59), (hours, 0, 23), (months, 1, 12), (years or {1970}, 1970, 2199)
    if any(not found or min(found) < least or max(found) > most for found, least, most in spans):
        return False
    return set(days["days"]) <= set(range(1, 32)) and set(weekdays["days"]) <= set(range(1, 8))


def _at(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "at(%Y-%m-%dT%H:%M:%S)"))  # noqa: DTZ007 (the zone is beside it)
    except ValueError:
        return False


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, OSError, KeyError):
        return False
