"""Incidents as one row each: what on-call asks first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.proposals import proposals
from responder.core.change import Lease
from responder.core.text import Text, text
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report.json_report import proposal
from responder.messages.bilingual import moment
from responder.messages.headline import name, stamp
from responder.messages.requests import asked_for
from responder.store import Incident, IncidentHead
from responder.store.approvals import ACK, acknowledgements, rows

COLUMNS = (
    "ops.col_incident",
    "ops.col_severity",
    "ops.col_since",
    "ops.col_state",
    "ops.col_level",
    "ops.col_by",
    "ops.col_force",
    "ops.col_waits",
)
_WAITING = (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED)


@dataclass(frozen=True, slots=True)
class Row:
    """`head` None: its first response is not on record. `waiting`: proposals that can still be answered."""

    incident: Incident
    head: IncidentHead | None
    by: tuple[str, ...] = ()
    leases: tuple[Lease, ...] = ()
    waiting: tuple[OpenRequest, ...] = ()

    @property
    def level(self) -> int | None:
        """The highest level that was told."""
        return self.head.remembered.level if self.head else None

    def cells(self) -> tuple[Text | str, ...]:
        """In the order of `COLUMNS`."""
        waits = tuple(
            text("ops.proposal", id=each.asked.id, remedy=asked_for(each.asked)) for each in self.waiting
        )
        return (
            self.incident.id,
            Text(f"severity.{self.head.severity}") if self.head else "–",
            stamp_of(self.incident.opened),
            state_of(self.incident, self.head),
            str(self.level or "–"),
            ", ".join(self.by) or "–",
            joined(name(each.remedy) for each in self.leases),
            joined(waits) if self.head else text("ops.unanswered"),
        )

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "incident": self.incident.id,
            "alarm": self.incident.alarm,
            "severity": self.head.severity.value if self.head else None,
            "since": moment(self.incident.opened),
            "state": self.incident.state.value,
            "closed": self.incident.closed,
            "closed_by_hand": closed_by(self.head) or None,
            "alarm_gone_since": moment(gone_since(self.head)),
            "level": self.level,
            "acknowledged_by": list(self.by),
            "in_force": [{"remedy": each.remedy, "scope": each.scope} for each in self.leases],
            "waiting_for": [proposal(each) for each in self.waiting],
        }


def overview(desk: Desk, newest: Iterable[Incident], leases: Iterable[Lease]) -> tuple[Row, ...]:
    """The open ones among the newest incidents of all alarms, the oldest first."""
    known = tuple(leases)
    found = sorted((each for each in newest if not each.closed), key=lambda each: (each.opened, each.id))
    return tuple(row(desk, each, known) for each in found)


def row(desk: Desk, incident: Incident, leases: Iterable[Lease]) -> Row:
    """One of them."""
    mine = tuple(each for each in leases if each.open and each.incident == incident.id)
    found = rows(desk.aws, desk.settings.approvals_table, f"{ACK}{incident.id}")
    acks = acknowledgements(found, incident.opened, desk.me.people, desk.clock())
    asked = () if incident.closed else proposals(desk, incident.id)
    waiting = tuple(each for each in asked if each.answer in _WAITING)
    by = tuple(dict.fromkeys(each.person for each in acks))
    return Row(incident, desk.incidents.head(incident.id), by, mine, waiting)


def state_of(incident: Incident | None, head: IncidentHead | None) -> Text | str:
    """In words; an alarm that does not exist has none."""
    if incident is None or incident.closed:
        by = closed_by(head)
        return text("ops.closed_by_hand", person=by) if by else text("ops.closed")
    since = gone_since(head)
    return text("ops.alarm_gone", at=stamp(since)) if since else incident.state.value


def closed_by(head: IncidentHead | None) -> str:
    """Who has closed it by hand; empty where it ended by itself, or goes on."""
    return head.remembered.closed_by if head else ""


def gone_since(head: IncidentHead | None) -> datetime | None:
    """When it was first noticed that the alarm does not exist; None where it does."""
    watch = head.remembered if head else FollowUpMemory()
    return watch.gone if watch.back is None and not watch.closed else None


def stamp_of(at: datetime) -> Text:
    """A time as a cell of a table."""
    return text("ops.at", at=stamp(at))


def joined(parts: Iterable[Text]) -> Text | str:
    """A cell with several things, or none."""
    found = tuple(parts)
    return text("ops.joined", parts=found) if found else "–"
