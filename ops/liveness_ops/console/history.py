"""Incidents that are over: those that no alarm points to any more, too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from liveness_ops.console.overview import Row, row
from liveness_ops.people.desk import Desk
from responder.aws.items import from_item, to_item
from responder.core.alarm_event import AlarmState
from responder.core.change import Lease
from responder.core.errors import Unreadable
from responder.store import Incident
from responder.store.incident import slug_of

MOST = 50


@dataclass(frozen=True, slots=True)
class Past:
    """The newest of them first; `older`: how many more there are."""

    rows: tuple[Row, ...]
    older: int


def past(desk: Desk, newest: tuple[Incident, ...], leases: tuple[Lease, ...]) -> Past:
    """No index leads to the heads of incidents: the whole table is read, some megabytes, and only when a
    person asks for it. `newest`: what the alarms point to."""
    pointed = {each.id: each for each in newest}
    found = {**{each.id: each for each in _heads(desk)}, **pointed}
    over = [each for each in found.values() if each.closed or each.id not in pointed]
    over.sort(key=lambda each: (each.opened, each.id), reverse=True)
    return Past(tuple(_row(desk, each, leases) for each in over[:MOST]), max(len(over) - MOST, 0))


def _heads(desk: Desk) -> Iterator[Incident]:
    pages = desk.aws.pages(
        "dynamodb",
        "scan",
        TableName=desk.settings.incidents_table,
        FilterExpression="sk = :head",
        ExpressionAttributeValues=to_item({":head": "HEAD"}),
    )
    for page in pages:
        for item in page.get("Items", []):
            if (known := _incident(from_item(item))) is not None:
                yield known


def _incident(head: Mapping[str, Any]) -> Incident | None:
    """A row that another version wrote must not hide the others."""
    try:
        name, opened = str(head["incident"]), datetime.fromisoformat(head["opened"])
        # The alarm's state has gone on to its next incident; that this one is over is what is known.
        return Incident(name, slug_of(name), str(head["alarm"]), opened, AlarmState.OK, opened, closed=True)
    except (KeyError, TypeError, ValueError):
        return None


def _row(desk: Desk, incident: Incident, leases: tuple[Lease, ...]) -> Row:
    try:
        return row(desk, replace(incident, closed=True), leases)
    except (KeyError, TypeError, Unreadable, ValueError):
        return Row(incident, None)
