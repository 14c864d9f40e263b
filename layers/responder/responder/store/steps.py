"""The timeline of an incident: one small row per thing that happened."""

import hashlib
from datetime import datetime
from typing import Any

from responder.aws.items import to_item
from responder.store import rows

# What people put down stands apart: their rights end there, and none of it can pass for ours.
BY_PERSON = "person"
PERSON = "PERSON#"


def step(incident: str, kind: str, data: Any, at: datetime) -> dict[str, Any]:
    """The row of a step. The same step told again lands on the same row."""
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


def step_put(table: str, incident: str, kind: str, data: Any, at: datetime) -> dict[str, Any]:
    """The same as a part of a transaction."""
    return {"Put": {"TableName": table, "Item": step(incident, kind, data, at)}}
