"""CloudWatch's own mute rules: which alarms are silent now and until when, and which will be."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from responder.checks import commands
from responder.checks.finding import AMBER, GREEN, RED, Checked, CheckItem
from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError, BadEvent
from responder.core.frozen import frozen
from responder.core.permissions import MUTE_RULES, Permission
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.timestamps import stamp, zone
from responder.evidence.base import reason

NEEDS = (
    Permission("cloudwatch:ListAlarmMuteRules", MUTE_RULES),
    Permission("cloudwatch:GetAlarmMuteRule", MUTE_RULES),
)
# A rule that has ended is not reported.
_STATUSES = ("ACTIVE", "SCHEDULED")
# A maintenance window lasts hours; an alarm that is silent for longer is as bad as a deleted one.
_LONG = timedelta(days=1)
# CloudWatch API reference, Schedule: `at(yyyy-MM-ddThh:mm)`; a duration of ISO 8601, one minute to 15 days.
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


@frozen
class Mute:
    """One rule, for one alarm.

    Attributes:
        active: right now; `recurring`: by a schedule, again and again.
        until: when it ends for good (UTC); None where it has no end, or none is known.
        long: an active one that lasts more than a day, or without a known end.
        shown: its end as a value of a Text; "" without one.
        unread: why the end of a rule that holds once is not known.
    """

    name: str
    active: bool
    recurring: bool
    until: datetime | None = None
    long: bool = False
    shown: str = ""
    unread: Text | None = None


def mutes(context: Context, names: Iterable[str]) -> dict[str, tuple[Mute, ...]]:
    """The rules of each alarm that has any; one request where there is none at all.

    Raises:
        AwsError: they could not be listed.
    """
    if not any(True for _ in _rows(context)):
        return {}
    known: dict[str, Mute] = {}
    found = {
        name: tuple(_mute(context, row, known) for row in _rows(context, AlarmName=name)) for name in names
    }
    return {name: rules for name, rules in found.items() if rules}


def muted(
    alarm: DeployedAlarm, rules: tuple[Mute, ...], settings: Settings, chapter: str = "", *, high: bool = True
) -> CheckItem | None:
    """Silent now, or every so often: neither its own actions nor our remedies. Once, later, is only noted.

    `high`: its severity; silent for more than a day it is as bad as an alarm that was deleted. Pure.
    """
    for key, these, note in (
        ("check.alarms.muted", [each for each in rules if each.active], False),
        ("check.alarms.muted_often", [each for each in rules if each.recurring], False),
        ("check.alarms.mute_ahead", list(rules), True),
    ):
        if these:
            ends = [(each.until, each.shown) for each in these if each.until is not None]
            unread = next((each.unread for each in these if each.unread is not None), None)
            last = text("check.alarms.mute_endless")
            if len(ends) == len(these):
                last = text("check.alarms.mute_until", until=max(ends)[1])
            elif unread is not None:
                last = text("check.alarms.mute_unread", reason=unread)
            said = text(key, alarm=alarm.name, rules=", ".join(each.name for each in these), end=last)
            dead = high and any(each.long for each in these)
            status = GREEN if note else RED if dead else AMBER
            # To delete a rule ends it for every alarm that it names: check first who owns it.
            shown = "" if note else commands.show_mute(these[0].name, settings)
            this = Checked.ALARM_MUTED.of(alarm.name, chapter=chapter)
            return this.item(status, said, text("check.alarms.muted.effect"), command=shown, note=note)
    return None


def _rows(context: Context, **asked: str) -> Iterator[Data]:
    for page in context.aws.pages("cloudwatch", "list_alarm_mute_rules", Statuses=list(_STATUSES), **asked):
        yield from page.get("AlarmMuteRuleSummaries", [])


def _mute(context: Context, row: Data, known: dict[str, Mute]) -> Mute:
    """The mute by one rule. A rule may name many alarms, so its end is read once."""
    name = str(row.get("AlarmMuteRuleArn", "")).rsplit(":", 1)[-1]
    if name not in known:
        # Missing parts of the answer count as the worse case.
        active, once = row.get("Status") != "SCHEDULED", row.get("MuteType") == "ONE_TIME"
        expires = row.get("ExpireDate")
        until = expires.astimezone(UTC) if isinstance(expires, datetime) else None
        unread = None
        if once:
            try:
                ends = _once(context, name)
                until = ends if until is None else min(until, ends)
            except AwsError as error:
                unread = reason(error)
            except BadEvent:
                unread = text("check.alarms.mute_schedule")
        long = active and (until is None or until - context.now > _LONG)
        shown = "" if until is None else stamp(until, context.now)
        known[name] = Mute(name, active, not once, until, long, shown, unread)
    return known[name]


def _once(context: Context, name: str) -> datetime:
    """The end of a rule that holds once: its start and its length.

    Raises:
        AwsError: it could not be read.
        BadEvent: its schedule has a form that AWS does not document.
    """
    rule = context.aws.call("cloudwatch", "get_alarm_mute_rule", AlarmMuteRuleName=name)
    schedule = (rule.get("Rule") or {}).get("Schedule") or {}
    start = _AT.fullmatch(str(schedule.get("Expression", "")))
    length = _DURATION.fullmatch(str(schedule.get("Duration", "")))
    if start is None or length is None:
        raise BadEvent("Schedule")
    days, hours, minutes = (int(each or 0) for each in length.groups())
    try:
        where = zone(str(schedule.get("Timezone") or "UTC"))
        begun = datetime.fromisoformat(start[1]).replace(tzinfo=where).astimezone(UTC)
    except ValueError:
        raise BadEvent("Schedule") from None
    return begun + timedelta(days=days, hours=hours, minutes=minutes)
