"""What `liveness-ops detect` found, as data, as JSON and as words. The keys of the JSON are stable."""

from datetime import datetime
from typing import Any

from responder.checks.detection.change import DetectionChange, QuickerAlarm
from responder.checks.detection.observed import ObservedTraffic
from responder.checks.detection.speed import SHARES, AlarmSpeed, quickest
from responder.checks.model import CheckItem
from responder.core.frozen import frozen
from responder.core.text import Text, text
from responder.detection.minutes import DELIVERY, LONGEST, MinutesToAlarm
from responder.detection.rules import AlarmRule, NotModelled
from responder.messages.json_report import both, moment

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
    alarms: tuple[AlarmSpeed, ...]
    missing: tuple[str, ...] = ()
    without_data: tuple[CheckItem, ...] = ()
    change: DetectionChange | None = None
    notes: tuple[Text, ...] = ()

    @property
    def first(self) -> AlarmSpeed | None:
        """The first alarm of a total outage."""
        return quickest(self.alarms)

    @property
    def never(self) -> tuple[AlarmSpeed, ...]:
        """Alarms of which it is proved that they can never fire."""
        return tuple(each for each in self.alarms if each.never)

    @property
    def ordered(self) -> tuple[AlarmSpeed, ...]:
        """The quickest first, then those that do not fire, then those of which nothing is known."""
        return tuple(sorted(self.alarms, key=_rank))


def _rank(one: AlarmSpeed) -> tuple[int, float, str]:
    if one.minutes:
        median = one.minutes[0].median
        return (1, 0.0, one.name) if median is None else (0, median, one.name)
    return (2 if one.never else 3, 0.0, one.name)


def machine(report: DetectionReport) -> dict[str, Any]:
    """Each text with its key, its values and its words in both languages; None: not within `longest`."""
    traffic, first = report.traffic, report.first
    return {
        "schema": SCHEMA,
        "at": moment(report.at),
        "zone": report.zone,
        "region": report.region,
        "account": report.account,
        "delivery_minutes": list(DELIVERY),
        "longest_minutes": LONGEST,
        "traffic": {
            "days_asked": traffic.asked,
            "days": traffic.days,
            "first_day": traffic.first.isoformat() if traffic.first else None,
            "last_day": traffic.last.isoformat() if traffic.last else None,
            "days_without_figures": [each.isoformat() for each in traffic.idle],
            "days_by_lambda": [each.isoformat() for each in traffic.by_lambda],
            "sessions_a_day": round(traffic.traffic.a_day, 2) if traffic.traffic else None,
            "sessions_by_hour": [round(each, 3) for each in traffic.traffic.hours] if traffic.traffic else [],
        },
        "quickest": {"alarm": first.name, "minutes": _by_share(first.outage)} if first else None,
        "alarms": [_alarm(each) for each in report.ordered],
        "can_never_fire": [each.name for each in report.never],
        "missing": list(report.missing),
        "without_data": [_item(each) for each in report.without_data],
        "change": _change(report.change),
        "notes": [both(each) for each in report.notes],
    }


def _alarm(one: AlarmSpeed) -> dict[str, Any]:
    modelled = isinstance(one.rule, AlarmRule)
    return {
        "name": one.name,
        "counts": one.counts.value if one.counts else None,
        "can_fire": False if one.never else True if modelled else None,
        "not_computed": one.rule.value if isinstance(one.rule, NotModelled) else None,
        "minutes": _by_share(one.minutes),
        "minutes_in_outage": _by_share(one.outage),
        "by_hour": {
            _percent(share): [_minutes(each) for each in hours]
            for share, hours in zip(SHARES, one.hours, strict=False)
        },
        "false_alarms_a_year": None if one.false_alarms is None else round(one.false_alarms, 2),
    }


def _by_share(found: tuple[MinutesToAlarm, ...]) -> dict[str, Any]:
    return {_percent(share): _minutes(each) for share, each in zip(SHARES, found, strict=False)}


def _percent(share: float) -> str:
    return str(round(share * 100))


def _minutes(one: MinutesToAlarm) -> dict[str, float | None]:
    return {"median": one.median, "p90": one.p90, "never": round(one.never, 3)}


def _item(one: CheckItem) -> dict[str, Any]:
    return {"said": both(one.said), "details": [both(each) for each in one.details]}


def _change(one: DetectionChange | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "parameters": dict(one.parameters),
        "command": one.fix.command,
        "said": both(one.said),
        **_quicker(one.quicker),
    }


def _quicker(found: QuickerAlarm | None) -> dict[str, Any]:
    return {} if found is None else {"before": list(found.before), "after": list(found.after)}


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
