"""Which incidents are open, as far as their rows can be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from liveness_ops.people.desk import Desk
from responder.aws.items import partition
from responder.core.errors import Unreadable
from responder.store import Incident, rows
from responder.store.opening import ALARMS


@dataclass(frozen=True, slots=True)
class Opened:
    """`functions`: by incident, the one that decides again; empty before the first response.
    `broken`: by alarm slug, the row that cannot be read."""

    incidents: tuple[Incident, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


def opened(desk: Desk) -> Opened:
    """Reads on past a row that is broken: it must not keep other alarms back.

    Raises:
        AwsError: the table could not be read.
    """
    broken: dict[str, str] = {}
    found = tuple(each for each in _pointed(desk, broken) if not each.closed)
    return Opened(found, {each.id: _function(desk, each, broken) for each in found}, broken)


def _pointed(desk: Desk, broken: dict[str, str]) -> list[Incident]:
    found = []
    for row in partition(desk.aws, desk.settings.incidents_table, ALARMS):
        try:
            found.append(rows.incident(row))
        except Unreadable as error:
            broken[row["sk"]] = error.row
    return found


def _function(desk: Desk, incident: Incident, broken: dict[str, str]) -> str:
    try:
        head = desk.incidents.head(incident.id)
    except Unreadable as error:
        broken[incident.slug] = error.row
        return ""
    return f"{desk.settings.stack}-{head.slug}" if head else ""
