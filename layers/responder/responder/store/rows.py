"""The incidents table: its rows, from and to data; read and changed under a condition; and the timelines.

Everything of a row but the keys is one JSON text: so the stored shape equals the data classes, and conditions
need only `state`, `incident`, `version` and the times, which are attributes of their own.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.aws.items import from_item, partition, to_item
from responder.core.change import Applied, Lease, Rejection
from responder.core.codec import dump, load
from responder.core.command import ApprovalRequest
from responder.core.context import Gateway
from responder.core.errors import Changed, Unreadable
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json

STACK = "STACK"
# One partition for all alarms: what is open is found without a scan.
ALARMS = "ALARMS"
VERSION = {"pk": STACK, "sk": "VERSION"}
KEPT = timedelta(days=400)
LEDGER_KEPT = timedelta(days=7)
# After its end.
PROPOSAL_KEPT = timedelta(days=90)
# The steps of people are stored under a separate key: their permissions end there, and no step of a person
# counts as one of the responder.
BY_PERSON = "person"
PERSON = "PERSON#"
# Where its time cannot be read either, it comes before everything.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

type Row = Data


def pack(value: Any, *, in_order: bool = False) -> str:
    """The JSON text of a row. Half a surrogate pair, which words of a person can hold, becomes `?`.
    `in_order`: keys keep the order of the value, because it says something."""
    packed = json.dumps(dump(value), ensure_ascii=False, sort_keys=not in_order)
    return packed.encode("utf-8", "replace").decode()


def unpacked(row: Row, *names: str) -> Json:
    """The row, and the content of these attributes, which are JSON texts of a value where they are there.

    Raises:
        TypeError: one says that it is nothing, which is never written.
    """
    found = {name: json.loads(row[name]) for name in names if row.get(name)}
    if None in found.values():
        raise TypeError
    return {**row, **found}


def read[T](kind: type[T], row: Row, parts: Callable[[Row], Any]) -> T:
    """Read a row, which is valid as a whole or not read at all. `parts`: what of it is to be read.

    Raises:
        Unreadable: it does not hold what it should.
    """
    try:
        return load(kind, parts(row))
    except (LookupError, RecursionError, TypeError, ValueError):
        # Never the exception's text: it may quote the row.
        raise Unreadable(f"{row.get('pk', '-')} {row.get('sk', '-')}") from None


def data(row: Row) -> Json:
    """The JSON text of a row."""
    stored: Json = json.loads(row["data"])
    return stored


def lease(row: Row) -> Lease:
    """A lease row. Raises Unreadable."""
    return read(Lease, row, data)


def applied(row: Row) -> Applied:
    """A row of the ledger. Raises Unreadable."""
    return read(Applied, row, data)


def asked(row: Row) -> ApprovalRequest:
    """A proposal row. Raises Unreadable."""
    return read(
        ApprovalRequest,
        row,
        lambda row: {**data(row), "since": row["since"], "carried_by": row.get("carried_by") or ""},
    )


def rejection(row: Row) -> Rejection:
    """A row of the ledger. Raises Unreadable."""
    return read(Rejection, row, data)


def stamp(moment: datetime) -> str:
    """A sortable time for keys and comparisons: ISO, UTC, microseconds always written."""
    return moment.isoformat(timespec="microseconds")


@frozen
class TimelineStep:
    """One row of the timeline. `kind` is what happened (`verdict`, `applying`, `told`, `state`, …), `data`
    the JSON that is stored with it."""

    at: datetime
    kind: str
    data: Any


def step_row(incident: str, kind: str, data: Any, at: datetime) -> Json:
    """The row of a step. The same step again lands on the same row."""
    packed = pack(data)
    digest = hashlib.sha256(packed.encode()).hexdigest()[:8]
    return to_item(
        {
            "pk": f"{PERSON if kind == BY_PERSON else 'INCIDENT#'}{incident}",
            "sk": f"STEP#{stamp(at)}#{kind}#{digest}",
            "kind": kind,
            "data": packed,
            "expires": int((at + KEPT).timestamp()),
        }
    )


def step_of(row: Data) -> TimelineStep:
    """One that is broken is shown as it is: it must not hide the others."""
    try:
        return read(TimelineStep, row, lambda row: {**unpacked(row, "data"), "at": row["sk"].split("#")[1]})
    except Unreadable:
        stored = {name: row.get(name) for name in ("sk", "kind", "data")}
        return TimelineStep(_LONG_AGO, "unreadable", json.dumps(stored, ensure_ascii=False, default=str))


@frozen
class IncidentTable:
    """The table itself. Every method raises our errors when it cannot be reached."""

    aws: Gateway
    table: str

    def get(self, pk: str, sk: str) -> Json | None:
        """One row, read consistently."""
        key = to_item({"pk": pk, "sk": sk})
        answer = self.aws.call("dynamodb", "get_item", TableName=self.table, Key=key, ConsistentRead=True)
        return from_item(answer["Item"]) if answer.get("Item") else None

    def update(self, pk: str, sk: str, change: str, values: Data, **more: Any) -> Json:
        """Change one row; the answer. Raises Changed where it does not meet a condition among `more`."""
        return self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=to_item({"pk": pk, "sk": sk}),
            UpdateExpression=change,
            ExpressionAttributeValues=to_item(values),
            **more,
        )

    def updated(self, pk: str, sk: str, change: str, values: Data, **more: Any) -> bool:
        """Update the row; False where it does not meet the condition."""
        try:
            self.update(pk, sk, change, values, **more)
        except Changed:
            return False
        return True

    def write(self, *writes: Json) -> None:
        """All or nothing."""
        self.aws.call("dynamodb", "transact_write_items", TransactItems=list(writes))

    def put(self, row: Json, **more: Any) -> Json:
        """A row of DynamoDB's types, as a part of a transaction."""
        return {"Put": {"TableName": self.table, "Item": row, **more}}

    def note(self, incident: str, kind: str, data: Any, at: datetime) -> None:
        """Add a step to the timeline."""
        row = step_row(incident, kind, data, at)
        self.aws.call("dynamodb", "put_item", TableName=self.table, Item=row)

    def steps(self, incident: str) -> tuple[TimelineStep, ...]:
        """The whole timeline, oldest first."""
        ours = map(step_of, partition(self.aws, self.table, f"INCIDENT#{incident}", "STEP#"))
        people = map(step_of, partition(self.aws, self.table, f"{PERSON}{incident}", "STEP#"))
        found = (*ours, *(each for each in people if each.kind == BY_PERSON))
        return tuple(sorted(found, key=lambda one: one.at))
