"""Rows of the incidents table, from and to data. Everything but the keys is one JSON text.

One text per row keeps the stored shape equal to the data classes; conditions need only `state`,
`incident`, `version` and the times, which are attributes of their own.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Applied, Lease, Rejection
from responder.core.codec import dump, load
from responder.core.errors import Unreadable
from responder.store.incident import Incident, IncidentHead

STACK = "STACK"
# One partition for all alarms: what is open is found without a scan.
ALARMS = "ALARMS"
VERSION = {"pk": STACK, "sk": "VERSION"}
KEPT = timedelta(days=400)
LEDGER_KEPT = timedelta(days=7)
# After its end.
PROPOSAL_KEPT = timedelta(days=90)

type Row = Mapping[str, Any]


def pack(value: Any, *, in_order: bool = False) -> str:
    """The JSON text of a row. Half a surrogate pair, which words of a person can hold, becomes `?`.
    `in_order`: keys keep the order of the value, because it says something."""
    packed = json.dumps(dump(value), ensure_ascii=False, sort_keys=not in_order)
    return packed.encode("utf-8", "replace").decode()


def unpacked(row: Row, *names: str) -> dict[str, Any]:
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


def data(row: Row) -> dict[str, Any]:
    """The JSON text of a row."""
    stored: dict[str, Any] = json.loads(row["data"])
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


def incident(row: Row) -> Incident:
    """An alarm's pointer row. Raises Unreadable."""
    return read(Incident, row, lambda row: {**unpacked(row, "earlier"), "id": row["incident"]})


def head(row: Row) -> IncidentHead:
    """The head row of an incident. Raises Unreadable."""
    return read(IncidentHead, row, lambda row: unpacked(row, "decision", "watch"))


def stamp(moment: datetime) -> str:
    """A sortable time for keys and comparisons: ISO, UTC, microseconds always written."""
    return moment.isoformat(timespec="microseconds")
