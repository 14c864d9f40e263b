"""Everything that is on record about one incident."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from responder.aws.items import partition
from responder.core.approval_request import ApprovalRequest
from responder.core.context import Gateway
from responder.core.errors import Unreadable
from responder.core.frozen import frozen
from responder.store import rows
from responder.store.steps import BY_PERSON, PERSON

# Where its time cannot be read either, it comes before everything.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@frozen
class TimelineStep:
    """One row of the timeline. `kind` is what happened (`verdict`, `applying`, `told`, `state`, …),
    `data` the JSON that was put down with it."""

    at: datetime
    kind: str
    data: Any


def steps(aws: Gateway, table: str, incident: str) -> tuple[TimelineStep, ...]:
    """Oldest first."""
    ours = map(_step, partition(aws, table, f"INCIDENT#{incident}", "STEP#"))
    people = map(_step, partition(aws, table, f"{PERSON}{incident}", "STEP#"))
    return tuple(
        sorted((*ours, *(each for each in people if each.kind == BY_PERSON)), key=lambda one: one.at)
    )


def proposals(aws: Gateway, table: str, incident: str) -> tuple[ApprovalRequest, ...]:
    """Each as it was last asked."""
    return tuple(map(rows.asked, partition(aws, table, f"INCIDENT#{incident}", "PROPOSAL#")))


def _step(row: Mapping[str, Any]) -> TimelineStep:
    """One that is broken is shown as it is: it must not hide the others."""
    try:
        return _written(row)
    except Unreadable:
        stored = {name: row.get(name) for name in ("sk", "kind", "data")}
        return TimelineStep(_LONG_AGO, "unreadable", json.dumps(stored, ensure_ascii=False, default=str))


def _written(row: Mapping[str, Any]) -> TimelineStep:
    return rows.read(
        TimelineStep, row, lambda row: {**rows.unpacked(row, "data"), "at": row["sk"].split("#")[1]}
    )
