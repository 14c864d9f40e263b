"""What every command works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liveness_ops.people.caller import Caller, Clock
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.entry import Wire, ask
from liveness_ops.people.screen import Screen
from responder.core.context import Gateway
from responder.core.declined import DeclineReason
from responder.core.settings import Settings
from responder.core.text import text
from responder.store import Incident, IncidentHead, Incidents
from responder.store.approvals.writing import ApprovalWriter


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at a stack that was found; `outputs` are the stack's; `wire` leads to its entry for people."""

    aws: Gateway
    settings: Settings
    screen: Screen
    me: Caller
    clock: Clock
    outputs: Mapping[str, str] = field(default_factory=dict)
    wire: Wire | None = None

    @property
    def incidents(self) -> Incidents:
        """The register."""
        return Incidents(self.aws, self.settings.incidents_table)

    @property
    def pen(self) -> ApprovalWriter:
        """What this person decides gets on record with it."""
        return ApprovalWriter(self.aws, self.settings, self.me.people, self.me.person, self.me.principal)

    def incident(self, name: str) -> tuple[Incident, IncidentHead]:
        """An open incident and what was last told of it. Raises Stop where there is none."""
        incident, head = self.incidents.find(name), self.incidents.head(name)
        if incident is None and head is None:
            raise Stop.declined(DeclineReason.UNKNOWN_INCIDENT(incident=name))
        if incident is None or incident.closed:
            raise Stop.declined(DeclineReason.INCIDENT_CLOSED(incident=name))
        if head is None:
            raise Stop.declined(DeclineReason.INCIDENT_UNANSWERED(incident=name))
        return incident, head

    def left(self, name: str) -> IncidentHead:
        """What was last told of an incident that is open, or over with something of it still in force.

        Raises Stop where it is neither.
        """
        head = self.incidents.head(name)
        if head is not None and self.incidents.ledger().of_incident(name):
            return head
        return self.incident(name)[1]

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """Have the entry for people do it, and say what it says. Raises Stop where it was not done."""
        if self.wire is None:
            raise Stop(Exit.AWS, text("console.no_entry", stack=self.settings.stack))
        reply = ask(self.wire, self.screen.language, do, fields)
        self.screen.say(*reply.said[:1], style="green")
        self.screen.say(*reply.said[1:])
        return dict(reply.data)
