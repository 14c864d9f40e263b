"""The timeline of an incident: one small row per event."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from responder.aws.items import to_item
from responder.core.errors import Unreadable
from responder.core.frozen import frozen
from responder.store import rows

# The steps of people are stored under a separate key: their permissions end there, and no step of a person
# counts as one of the responder.
BY_PERSON = "person"
PERSON = "PERSON#"
# Where its time cannot be read either, it comes before everything.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@frozen
class TimelineStep:
    """One row of the timeline. `kind` is what happened (`verdict`, `applying`, `told`, `state`, …), `data`
    the JSON that is stored with it."""

    at: datetime
    kind: str
    data: Any


def step_row(incident: str, kind: str, data: Any, at: datetime) -> dict[str, Any]:
    """The row of a step. The same step again lands on the same row."""
    packed = rows.pack(data)
    digest = hashlib.sha256(packed.encode()).hexdigest()[:8]
    return to_item(
        {
            "pk": f"{PERSON if kind == BY_PERSON else 'INCIDENT#'}{incident}",
            "sk": f"STEP#{rows.stamp(at)}#{kind}#{digest}",
            "kind": kind,
            "data": packed,
            "expires": int((at + rows.KEPT).timestamp()),
        }
    )


def step_of(row: Mapping[str, Any]) -> TimelineStep:
    """One that is broken is shown as it is: it must not hide the others."""
    try:
        return rows.read(
            TimelineStep, row, lambda row: {**rows.unpacked(row, "data"), "at": row["sk"].split("#")[1]}
        )
    except Unreadable:
        stored = {name: row.get(name) for name in ("sk", "kind", "data")}
        return TimelineStep(_LONG_AGO, "unreadable", json.dumps(stored, ensure_ascii=False, default=str))
