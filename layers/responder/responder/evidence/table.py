"""The sessions table: how it is paid for, and whether it is throttled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.finding import Finding, Subject, Tone
from responder.core.permissions import SESSIONS_TABLE, Permission
from responder.core.text import Text, text
from responder.evidence import metrics, pressure
from responder.evidence.facts import IndexThroughput, TableLoad, TableState


@dataclass(frozen=True, slots=True)
class Table:
    """DescribeTable: billing, status, throughput of table and indexes."""

    @property
    def name(self) -> str:
        """Its key."""
        return "table"

    def needs(self) -> tuple[Permission, ...]:
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

    def tell(self, fact: TableState, context: Context) -> tuple[Finding, ...]:
        """Mode and status; units per second only where they are provisioned."""
        link = console_links.table(context.settings.region, fact.name)
        if fact.absent:
            said = text("evidence.table.absent", table=fact.name)
            return (Finding(self.name, Tone.RED, said, link=link, subject=Subject.TABLE_STATE),)
        statuses = [fact.status, *(index.status for index in fact.indexes.values())]
        busy = any(status != "ACTIVE" for status in statuses)
        provisioned = fact.billing == "PROVISIONED"
        said = text("evidence.table", table=fact.name, billing=fact.billing, status=fact.status)
        parts = {fact.name: fact.throughput, **fact.indexes}
        details = tuple(_units(name, part) for name, part in parts.items()) if provisioned or busy else ()
        tone = Tone.AMBER if busy or provisioned else Tone.NORMAL
        return (
            Finding(
                self.name,
                tone,
                said,
                details=details,
                link=link,
                subject=Subject.TABLE_STATE,
            ),
        )


@dataclass(frozen=True, slots=True)
class TablePressure:
    """Throttle events, consumed units and latency of the last 15 min, table and indexes; throttle events of
    the last hour."""

    @property
    def name(self) -> str:
        """Its key."""
        return "table_pressure"

    def needs(self) -> tuple[Permission, ...]:
        """Describing the table, and metrics."""
        return (Permission("dynamodb:DescribeTable", SESSIONS_TABLE), *metrics.NEEDS)

    def look(self, context: Context) -> TableLoad:
        """The table first: only it knows its indexes. The expected one is asked for even where it is gone, or
        all of them are: it may have throttled before."""
        table = context.settings.sessions_table
        parts = tuple(dict.fromkeys(("", context.settings.sessions_index, *_indexes(context, table))))
        asked = pressure.asked(table, parts)
        found = metrics.read(context, asked, *metrics.window(context.now, hours=1))
        recent, _ = metrics.window(context.now, minutes=15)
        return pressure.load(found, recent, parts)

    def tell(self, fact: TableLoad, context: Context) -> tuple[Finding, ...]:
        """Throttling first; then what was consumed and how long it took."""
        return pressure.tell(self.name, fact, context)


def _indexes(context: Context, table: str) -> list[str]:
    try:
        described = context.aws.call("dynamodb", "describe_table", TableName=table)["Table"]
    except Missing:
        return []
    return [index["IndexName"] for index in described.get("GlobalSecondaryIndexes") or ()]


def _throughput(described: Mapping[str, Any], status: str) -> IndexThroughput:
    units = described.get("ProvisionedThroughput") or {}
    return IndexThroughput(
        int(units.get("ReadCapacityUnits", 0)), int(units.get("WriteCapacityUnits", 0)), status
    )


def _units(name: str, part: IndexThroughput) -> Text:
    return text("evidence.table.units", name=name, read=part.read, write=part.write, status=part.status)
