"""What `liveness-ops detect` found, as data, as JSON and as words. The keys of the JSON are stable."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from responder.checks.detection.change import DetectionChange
from responder.checks.detection.observed import ObservedTraffic
from responder.checks.detection.speed import SHARES, AlarmSpeed, Speeds, quickest
from responder.checks.finding import CheckItem, Items
from responder.core.codec import Replacements, dump, picked
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Strings, Text, Texts, text
from responder.detection.minutes import DELIVERY, LONGEST, MinutesToAlarm
from responder.detection.rules import AlarmRule, NotModelled
from responder.incident_report.filing import READABLE

SCHEMA = "liveness-responder/detection/1"


@frozen
class DetectionReport:
    """Everything of one run.

    Attributes:
        missing: alarms that should be there and are not.
        without_data: findings about alarms that get no data.
        notes: what the figures lack.
    """

    at: datetime
    zone: str
    region: str
    account: str
    traffic: ObservedTraffic
    alarms: Speeds
    missing: Strings = ()
    without_data: Items = ()
    change: DetectionChange | None = None
    notes: Texts = ()

    @property
    def first(self) -> AlarmSpeed | None:
        """The first alarm of a total outage."""
        return quickest(self.alarms)

    @property
    def never(self) -> Speeds:
        """Alarms of which it is proved that they can never fire."""
        return tuple(each for each in self.alarms if each.never)

    @property
    def ordered(self) -> Speeds:
        """The quickest first, then those that do not fire, then those of which nothing is known."""
        return tuple(sorted(self.alarms, key=_rank))


def _rank(one: AlarmSpeed) -> tuple[int, float, str]:
    if one.minutes:
        median = one.minutes[0].median
        return (1, 0.0, one.name) if median is None else (0, median, one.name)
    return (2 if one.never else 3, 0.0, one.name)


def machine(report: DetectionReport) -> Json:
    """Each text with its key, its values and its words in both languages; None: not within `longest`."""
    known = {"schema": SCHEMA, **_AT(report), "delivery_minutes": DELIVERY, "longest_minutes": LONGEST}
    found: Json = dump({**known, **_FOUND(report)}, _AS)
    return found


def _by_share(found: Iterable[Any]) -> Json:
    return {str(round(share * 100)): each for share, each in zip(SHARES, found, strict=False)}


def _quickest(report: DetectionReport) -> Json | None:
    first = report.first
    return {"alarm": first.name, "minutes": _by_share(first.outage)} if first else None


def _alarm(one: AlarmSpeed) -> Json:
    modelled = isinstance(one.rule, AlarmRule)
    return {
        "name": one.name,
        "counts": one.counts,
        "can_fire": False if one.never else True if modelled else None,
        "not_computed": None if modelled else one.rule,
        "minutes": _by_share(one.minutes),
        "minutes_in_outage": _by_share(one.outage),
        "by_hour": _by_share(one.hours),
        "false_alarms_a_year": None if one.false_alarms is None else round(one.false_alarms, 2),
    }


def _traffic(read: ObservedTraffic) -> Json:
    known = read.traffic
    return {
        "days_asked": read.asked,
        "days": read.days,
        "first_day": read.first,
        "last_day": read.last,
        "days_without_figures": read.idle,
        "days_by_lambda": read.by_lambda,
        "sessions_a_day": round(known.a_day, 2) if known else None,
        "sessions_by_hour": [round(each, 3) for each in known.hours] if known else [],
    }


def _change(one: DetectionChange) -> Json:
    minutes = {} if one.quicker is None else {"before": one.quicker.before, "after": one.quicker.after}
    return {"parameters": one.parameters, "command": one.fix.command, "said": one.said, **minutes}


_AT = picked("at", "zone", "region", "account")
_FOUND = picked(
    *("traffic", "quickest", "alarms", "can_never_fire", "missing", "without_data", "change", "notes"),
    quickest=_quickest,
    alarms="ordered",
    can_never_fire=lambda report: [each.name for each in report.never],
)
_AS: Replacements = {
    **READABLE,
    AlarmSpeed: _alarm,
    CheckItem: picked("said", "details"),
    DetectionChange: _change,
    MinutesToAlarm: picked("median", "p90", "never", never=lambda one: round(one.never, 3)),
    ObservedTraffic: _traffic,
}


# --- words -------------------------------------------------------------------------------------------


def minutes(one: AlarmSpeed, place: int) -> Text | str:
    """Median and p90 at one of `SHARES`."""
    if one.never:
        return text("detect.never")
    if isinstance(one.rule, NotModelled):
        return text("detect.unknown")
    if place >= len(one.minutes):
        return ""
    found = one.minutes[place]
    if found.median is None:
        return text("detect.beyond", hours=LONGEST // 60)
    beyond = text("detect.beyond", hours=LONGEST // 60)
    return text("detect.minutes", median=_round(found.median), p90=_round(found.p90) if found.p90 else beyond)


def _round(value: float) -> float:
    return round(value, 1 if value < 10 else None)


def counts(one: AlarmSpeed) -> Text:
    """What the alarm counts, or why nothing is computed."""
    if isinstance(one.rule, NotModelled):
        return text(f"detect.not_modelled.{one.rule}")
    return text(f"detect.counts.{one.rule.failures}")


def falsely(one: AlarmSpeed) -> Text | str:
    """False alarms a year."""
    if one.false_alarms is None:
        return "–" if one.never else text("detect.unknown")
    return text("detect.false_alarms", count=_round(one.false_alarms))
