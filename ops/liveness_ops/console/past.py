"""Any incident that is still on record: open, closed, or followed by a later one of its alarm."""

from dataclasses import dataclass
from datetime import datetime

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Stop
from responder.core.declined import DeclineReason
from responder.incident_report.reading import mapped
from responder.store import Incident, IncidentHead
from responder.store.reading import TimelineStep


@dataclass(frozen=True, slots=True)
class Found:
    """`incident` None: its alarm has had another one since, so it is closed. `head` None: it was never
    answered."""

    id: str
    incident: Incident | None
    head: IncidentHead | None

    @property
    def closed(self) -> bool:
        """Nothing of it goes on."""
        return self.incident is None or self.incident.closed


def find(desk: Desk, name: str) -> Found:
    """Raises Stop where there never was such an incident."""
    found = Found(name, desk.incidents.find(name), desk.incidents.head(name))
    if found.incident is None and found.head is None:
        raise Stop.declined(DeclineReason.UNKNOWN_INCIDENT(incident=name))
    return found


def ended(steps: tuple[TimelineStep, ...], opened: datetime) -> datetime:
    """When it was closed, as its last step tells."""
    closing = [each.at for each in steps if each.kind == "duty" and mapped(each.data).get("task") == "close"]
    return max(closing or [each.at for each in steps] or [opened])
