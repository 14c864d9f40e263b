"""The sessions table: how it is paid for, whether it is throttled, and its figures of AWS/DynamoDB.

Not UserErrors: that metric has no table and counts no throttling.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import SESSIONS_TABLE, Permission, Permissions
from responder.core.plain_data import Data
from responder.core.series import SeriesByName
from responder.core.text import Strings, Texts, text
from responder.evidence import metrics
from responder.evidence.base import Look
from responder.evidence.metrics import Metric

# DynamoDB normally answers within milliseconds; half a second on average is a problem of DynamoDB.
SLOW_SECONDS = 0.5
_ANSWERS = frozenset({"ACTIVE", "UPDATING"})


@frozen
class IndexThroughput:
    """Provisioned units per second; 0 on demand. `status` as DescribeTable says."""

    read: int
    write: int
    status: str

    @property
    def usable(self) -> bool:
        """It answers requests, also while it is being changed."""
        return self.status in _ANSWERS


@frozen
class TableState:
    """The sessions table. `billing` is PROVISIONED where AWS names none (never switched).

    `absent`: AWS says that there is no such table.
    """

    name: str
    billing: str
    status: str
    throughput: IndexThroughput
    indexes: Mapping[str, IndexThroughput]
    absent: bool = False

    @property
    def usable(self) -> bool:
        """It answers requests, also while it is being changed."""
        return not self.absent and self.status in _ANSWERS


@frozen
class TableLoad:
    """One-minute figures of the last 15 min. Keys: "" for the table, an index by its name.

    `throttled_minutes`: minutes with at least one throttle event. `consumed` is the highest
    minute's units per second; `latency` in seconds, averaged per operation.
    `hour`: throttle events of the last hour, of table and indexes together.
    """

    throttles: Mapping[str, float]
    throttled_minutes: int
    consumed_read: Mapping[str, float]
    consumed_write: Mapping[str, float]
    latency: Mapping[str, float]
    system_errors: float
    hour: float = 0.0

    @property
    def slowest(self) -> float | None:
        """Seconds of the slowest operation; None where nothing was measured."""
        return max(self.latency.values(), default=None)

    @property
    def slow(self) -> bool:
        """Whether it keeps requests waiting, without throttling them."""
        return bool(self.system_errors) or (self.slowest or 0.0) >= SLOW_SECONDS


@frozen
class Table(Look):
    """DescribeTable: billing, status, throughput of table and indexes."""

    KEY, SUBJECT = "table", Subject.TABLE_STATE

    def needs(self) -> Permissions:
        """Describing the table."""
        return (Permission("dynamodb:DescribeTable", SESSIONS_TABLE),)

    def look(self, context: Context) -> TableState:
        """One request. A table that does not exist is a fact."""
        name = context.settings.sessions_table
        try:
            described = context.aws.call("dynamodb", "describe_table", TableName=name)["Table"]
        except Missing:
            return TableState(name, "", "", IndexThroughput(0, 0, ""), {}, absent=True)
        return TableState(
            name=name,
            billing=(described.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED"),
            status=described.get("TableStatus", ""),
            throughput=_throughput(described, described.get("TableStatus", "")),
            indexes={
                index["IndexName"]: _throughput(index, index.get("IndexStatus", ""))
                for index in described.get("GlobalSecondaryIndexes") or ()
            },
        )

    def findings(self, fact: TableState, context: Context) -> Findings:
        """Mode and status; units per second only where they are provisioned."""
        link = console_links.table(context.settings.region, fact.name)
        if fact.absent:
            said = text("evidence.table.absent", table=fact.name)
            return (self.finding(Tone.RED, said, link=link),)
        statuses = [fact.status, *(index.status for index in fact.indexes.values())]
        busy = any(status != "ACTIVE" for status in statuses)
        provisioned = fact.billing == "PROVISIONED"
        said = text("evidence.table", table=fact.name, billing=fact.billing, status=fact.status)
        if provisioned:
            said = text("evidence.table.provisioned", table=fact.name, status=fact.status)
        parts = {fact.name: fact.throughput, **fact.indexes}
        parts = parts if provisioned or busy else {}
        details = tuple(
            text("evidence.table.units", name=name, read=each.read, write=each.write, status=each.status)
            for name, each in parts.items()
        )
        tone = Tone.AMBER if busy or provisioned else Tone.NORMAL
        return (self.finding(tone, said, details=details, link=link),)


@frozen
class TablePressure(Look):
    """Throttle events, consumed units and latency of the last 15 min, table and indexes; throttle events of
    the last hour."""

    KEY, SUBJECT = "table_pressure", Subject.TABLE

    def needs(self) -> Permissions:
        """Describing the table, and metrics."""
        return (Permission("dynamodb:DescribeTable", SESSIONS_TABLE), *metrics.NEEDS)

    def look(self, context: Context) -> TableLoad:
        """The table first: only it knows its indexes. The expected one is asked for even where it is gone, or
        all of them are: it may have throttled before."""
        table = context.settings.sessions_table
        try:
            described = context.aws.call("dynamodb", "describe_table", TableName=table)["Table"]
        except Missing:
            described = {}
        indexes = (each["IndexName"] for each in described.get("GlobalSecondaryIndexes") or ())
        parts = tuple(dict.fromkeys(("", context.settings.sessions_index, *indexes)))
        found = metrics.read(context, asked(table, parts), *metrics.window(context.now, hours=1))
        recent, _ = metrics.window(context.now, minutes=15)
        return load(found, recent, parts)

    def findings(self, fact: TableLoad, context: Context) -> Findings:
        """Throttling first; then what was consumed and how long it took."""
        total = round(sum(fact.throttles.values()))
        table = context.settings.sessions_table
        said = (
            text("evidence.pressure.throttled", count=total, minutes=fact.throttled_minutes)
            if total
            else text("evidence.pressure.calm")
        )
        tone = Tone.RED if total else Tone.AMBER if fact.hour or fact.slow else Tone.NORMAL
        numbers = {
            "throttle_events": float(total),
            "throttled_minutes": float(fact.throttled_minutes),
            "throttle_events 1h": fact.hour,
        }
        details, link = _details(fact, table), console_links.table(context.settings.region, table)
        return (self.finding(tone, said, None, details, numbers, link, over=timedelta(minutes=15)),)


def _throughput(described: Data, status: str) -> IndexThroughput:
    units = described.get("ProvisionedThroughput") or {}
    return IndexThroughput(
        int(units.get("ReadCapacityUnits", 0)), int(units.get("WriteCapacityUnits", 0)), status
    )


OPERATIONS = ("GetItem", "PutItem", "UpdateItem", "Query")
THROTTLES = ("ReadThrottleEvents", "WriteThrottleEvents")
CONSUMED = {"read": "ConsumedReadCapacityUnits", "write": "ConsumedWriteCapacityUnits"}
_NAMESPACE = "AWS/DynamoDB"


def asked(table: str, parts: Iterable[str]) -> dict[str, Metric]:
    """Every metric by `<kind> <part>`; the table's part is "", an index's its name."""
    found: dict[str, Metric] = {}
    for part in parts:
        where = (("TableName", table), *((("GlobalSecondaryIndexName", part),) if part else ()))
        for name in THROTTLES:
            found[f"{name} {part}"] = Metric(_NAMESPACE, name, "Sum", where)
        for kind, name in CONSUMED.items():
            found[f"{kind} {part}"] = Metric(_NAMESPACE, name, "Sum", where)
    for operation in OPERATIONS:
        where = (("TableName", table), ("Operation", operation))
        found[f"latency {operation}"] = Metric(_NAMESPACE, "SuccessfulRequestLatency", "Average", where)
        found[f"count {operation}"] = Metric(_NAMESPACE, "SuccessfulRequestLatency", "SampleCount", where)
        found[f"errors {operation}"] = Metric(_NAMESPACE, "SystemErrors", "Sum", where)
    return found


def load(hour: SeriesByName, start: datetime, parts: Strings) -> TableLoad:
    """The fact: the figures since `start`, and the throttle events of the whole hour."""
    found = {key: series.since(start) for key, series in hour.items()}
    throttles = {part: [found[f"{name} {part}"] for name in THROTTLES] for part in parts}
    minutes = {
        at for series in throttles.values() for each in series for at, value in each.points if value >= 1
    }
    latencies = {
        each: metrics.weighted(found[f"latency {each}"], found[f"count {each}"]) for each in OPERATIONS
    }
    return TableLoad(
        throttles={part: sum(each.total for each in series) for part, series in throttles.items()},
        throttled_minutes=len(minutes),
        consumed_read=_consumed(found, "read", parts),
        consumed_write=_consumed(found, "write", parts),
        latency={name: value / 1000 for name, value in latencies.items() if value is not None},
        system_errors=sum(found[f"errors {operation}"].total for operation in OPERATIONS),
        hour=sum(hour[f"{name} {part}"].total for part in parts for name in THROTTLES),
    )


def _details(fact: TableLoad, table: str) -> Texts:
    details = [
        text("evidence.pressure.part", name=part or table, count=round(events))
        for part, events in fact.throttles.items()
        if events
    ]
    if fact.hour > round(sum(fact.throttles.values())):
        details.append(text("evidence.pressure.hour", count=round(fact.hour)))
    details += [
        text(
            "evidence.pressure.consumed",
            name=part or table,
            read=read,
            write=fact.consumed_write.get(part, 0.0),
        )
        for part, read in fact.consumed_read.items()
    ]
    details += [
        text("evidence.pressure.latency", operation=name, milliseconds=1000 * value)
        for name, value in fact.latency.items()
    ]
    if fact.system_errors:
        details.append(text("evidence.pressure.system_errors", count=round(fact.system_errors)))
    return tuple(details)


def _consumed(found: SeriesByName, kind: str, parts: Iterable[str]) -> dict[str, float]:
    return {part: (found[f"{kind} {part}"].peak or 0.0) / metrics.MINUTE for part in parts}
