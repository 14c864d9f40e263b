"""Consumed against provisioned: the sessions table and every index it has, reads and writes."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import SESSIONS_TABLE, Permission, Permissions
from responder.core.plain_data import Data
from responder.core.series import Series, SeriesByName
from responder.core.text import Text, Values, text
from responder.evidence import metrics
from responder.evidence.base import Look
from responder.evidence.metrics import Metric

MINUTE = 60
# Throttled although no minute used more than this share of the provisioned capacity: a hot key.
WELL_UNDER = 0.5


class Limit(StrEnum):
    """What DynamoDB says a request was throttled for (its four cause-specific metrics)."""

    KEY_RANGE = "key_range"
    PROVISIONED = "provisioned"
    ACCOUNT = "account"
    MAXIMUM = "maximum"


@frozen
class PartLoad:
    """One kind (`read`, `write`) of one part: "" is the table, else an index's name.

    Attributes:
        throttled: throttle events a minute, over 1 h.
        consumed: units a minute, over 1 h.
        provisioned: units a second; 0 on demand.
        maximum: units a second that the owner capped on-demand at; None where uncapped.
        limits: throttle events of the last 15 min by the limit that DynamoDB named.
    """

    part: str
    kind: str
    throttled: Series = field(default_factory=Series)
    consumed: Series = field(default_factory=Series)
    provisioned: int = 0
    maximum: int | None = None
    limits: Mapping[Limit, float] = field(default_factory=dict)

    def events(self, start: datetime) -> float:
        """Throttle events since `start`."""
        return self.throttled.since(start).total

    def peak(self, start: datetime) -> float:
        """Units a second of the busiest minute since `start`."""
        return (self.consumed.since(start).peak or 0.0) / MINUTE

    def hot(self, start: datetime) -> bool:
        """A few keys get most requests: DynamoDB reports it, or throttled while most of the throughput was
        unused."""
        if not self.events(start):
            return False
        named = sum(self.limits.values())
        if named:
            return self.limits.get(Limit.KEY_RANGE, 0.0) * 2 > named
        return bool(self.provisioned) and self.peak(start) < WELL_UNDER * self.provisioned


@frozen
class TableCapacity:
    """The sessions table with all its parts. `billing` is PROVISIONED where AWS names none."""

    name: str
    billing: str
    parts: tuple[PartLoad, ...]

    @property
    def on_demand(self) -> bool:
        """Nothing is provisioned."""
        return self.billing == "PAY_PER_REQUEST"

    def throttled_minutes(self, start: datetime) -> int:
        """Minutes since `start` with at least one throttle event anywhere."""
        return len(
            {at for each in self.parts for at, value in each.throttled.since(start).points if value >= 1}
        )

    def throttled(self, start: datetime) -> tuple[PartLoad, ...]:
        """The parts with throttle events since `start`, the most first."""
        found = [each for each in self.parts if each.events(start)]
        return tuple(sorted(found, key=lambda each: -each.events(start)))


RECENT_MINUTES = 15
_KINDS = ("Read", "Write")
# AWS, "CloudWatch throttling metrics" of the DynamoDB guide; each with Read or Write before it.
_LIMITS = {
    Limit.KEY_RANGE: "KeyRangeThroughputThrottleEvents",
    Limit.PROVISIONED: "ProvisionedThroughputThrottleEvents",
    Limit.ACCOUNT: "AccountLimitThrottleEvents",
    Limit.MAXIMUM: "MaxOnDemandThroughputThrottleEvents",
}


@frozen
class Capacity(Look):
    """Throttling of the last hour by table and index, and which limit it met."""

    KEY, SUBJECT = "capacity", Subject.TABLE

    def needs(self) -> Permissions:
        """Describing the table, and metrics."""
        return (Permission("dynamodb:DescribeTable", SESSIONS_TABLE), *metrics.NEEDS)

    def look(self, context: Context) -> TableCapacity:
        """The table first: only it knows its indexes."""
        name = context.settings.sessions_table
        described = context.aws.call("dynamodb", "describe_table", TableName=name)["Table"]
        parts = {"": described} | {i["IndexName"]: i for i in described.get("GlobalSecondaryIndexes") or ()}
        asked = {key: metric for part in parts for key, metric in _asked(name, part).items()}
        found = metrics.read(context, asked, *metrics.window(context.now, hours=1))
        billing = (described.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED")
        loads = (_load(p, kind, shape, found, context) for p, shape in parts.items() for kind in _KINDS)
        return TableCapacity(name, billing, tuple(loads))

    def findings(self, fact: TableCapacity, context: Context) -> Findings:
        """One finding; a line for each part and kind that consumed or was throttled."""
        recent, hour = (context.ago(minutes=minutes) for minutes in (15, 60))
        events, minutes = sum(each.events(recent) for each in fact.parts), fact.throttled_minutes(recent)
        earlier = sum(each.events(hour) for each in fact.parts)
        said = text(
            "evidence.capacity.throttled" if earlier else "evidence.capacity.calm",
            table=fact.name,
            billing=fact.billing,
            **({"events": round(events), "minutes": minutes, "hour": round(earlier)} if earlier else {}),
        )
        details = [line for each in fact.parts for line in _part(fact, each, context)]
        tone = Tone.RED if events else Tone.AMBER if earlier else Tone.NORMAL
        numbers = {"throttle_events": float(events), "throttled_minutes": float(minutes)}
        link = console_links.table(context.settings.region, fact.name)
        return (self.finding(tone, said, None, details, numbers, link, over=timedelta(hours=1)),)


def name_of(fact: TableCapacity, load: PartLoad) -> str:
    """The part as people call it."""
    return load.part or fact.name


def _part(fact: TableCapacity, load: PartLoad, context: Context) -> list[Text]:
    recent = context.ago(minutes=15)
    events, peak = load.events(recent), load.peak(recent)
    if not (events or peak):
        return []
    values: Values = {"name": name_of(fact, load), "events": round(events), "peak": peak}
    kind = text(f"say.{load.kind}s")
    if fact.on_demand:
        most = load.maximum
        said = text("evidence.capacity.demand", kind=kind, **values)
        lines = [said, *([text("evidence.capacity.maximum", most=most)] if most else [])]
    else:
        lines = [text("evidence.capacity.part", kind=kind, provisioned=load.provisioned, **values)]
    lines += [
        text("evidence.capacity.limit", limit=text(f"say.limit.{limit}"), count=round(events))
        for limit, events in load.limits.items()
    ]
    return [*lines, *([text("evidence.capacity.hot", name=values["name"])] if load.hot(recent) else [])]


def _asked(table: str, part: str) -> dict[str, Metric]:
    where = (("TableName", table), *((("GlobalSecondaryIndexName", part),) if part else ()))
    names = [name for kind in _KINDS for name in _names(kind).values()]
    return {f"{part} {name}": Metric("AWS/DynamoDB", name, "Sum", where) for name in names}


def _names(kind: str) -> dict[str, str]:
    return {
        "throttled": f"{kind}ThrottleEvents",
        "consumed": f"Consumed{kind}CapacityUnits",
        **{limit: f"{kind}{name}" for limit, name in _LIMITS.items()},
    }


def _load(part: str, kind: str, described: Data, found: SeriesByName, context: Context) -> PartLoad:
    series = {key: found[f"{part} {name}"] for key, name in _names(kind).items()}
    start = context.ago(minutes=RECENT_MINUTES)
    units = described.get("ProvisionedThroughput") or {}
    most = int((described.get("OnDemandThroughput") or {}).get(f"Max{kind}RequestUnits", -1))
    return PartLoad(
        part,
        kind.lower(),
        series["throttled"],
        series["consumed"],
        int(units.get(f"{kind}CapacityUnits", 0)),
        most if most > 0 else None,
        {limit: events for limit in Limit if (events := series[limit].since(start).total)},
    )
