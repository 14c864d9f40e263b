"""AWS/DynamoDB figures of the sessions table. Not UserErrors: it has no table and counts no throttling."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.series import Series
from responder.core.text import Text, text
from responder.evidence import metrics
from responder.evidence.metrics import Metric
from responder.evidence.table import TableLoad

OPERATIONS = ("GetItem", "PutItem", "UpdateItem", "Query")
THROTTLES = ("ReadThrottleEvents", "WriteThrottleEvents")
CONSUMED = {"read": "ConsumedReadCapacityUnits", "write": "ConsumedWriteCapacityUnits"}
_NAMESPACE = "AWS/DynamoDB"


def asked(table: str, parts: Iterable[str]) -> dict[str, Metric]:
    """Every metric by `<kind> <part>`; the table's part is "", an index's its name."""
    found: dict[str, Metric] = {}
    for part in parts:
        where = _dimensions(table, part)
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


def load(hour: Mapping[str, Series], start: datetime, parts: tuple[str, ...]) -> TableLoad:
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


def tell(look: str, fact: TableLoad, context: Context) -> tuple[Finding, ...]:
    """One finding; per part where anything was throttled."""
    total = round(sum(fact.throttles.values()))
    table = context.settings.sessions_table
    said = (
        text("evidence.pressure.throttled", events=total, minutes=fact.throttled_minutes)
        if total
        else text("evidence.pressure.calm")
    )
    details = _details(fact, table)
    tone = Tone.RED if total else Tone.AMBER if fact.hour or fact.slow else Tone.NORMAL
    numbers = {
        "throttle_events": float(total),
        "throttled_minutes": float(fact.throttled_minutes),
        "throttle_events 1h": fact.hour,
    }
    return (
        Finding(
            look,
            tone,
            said,
            None,
            details,
            numbers,
            console_links.table(context.settings.region, table),
            subject=Subject.TABLE,
            over=timedelta(minutes=15),
        ),
    )


def _details(fact: TableLoad, table: str) -> tuple[Text, ...]:
    details = [
        text("evidence.pressure.part", name=part or table, events=round(events))
        for part, events in fact.throttles.items()
        if events
    ]
    if fact.hour > round(sum(fact.throttles.values())):
        details.append(text("evidence.pressure.hour", events=round(fact.hour)))
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


def _dimensions(table: str, index: str) -> tuple[tuple[str, str], ...]:
    named = (("TableName", table),)
    return (*named, ("GlobalSecondaryIndexName", index)) if index else named


def _consumed(found: Mapping[str, Series], kind: str, parts: Iterable[str]) -> dict[str, float]:
    return {part: (found[f"{kind} {part}"].peak or 0.0) / metrics.MINUTE for part in parts}
