"""What every command works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from liveness_ops.people.caller import Caller, Clock
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.screen import Screen
from responder.approvals.writing import Pen
from responder.errors import AwsError
from responder.gateway import Gateway
from responder.incidents import Head, Incident, Incidents
from responder.settings import Settings
from responder.text import text


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at a stack that was found; `outputs` are the stack's."""

    aws: Gateway
    settings: Settings
    screen: Screen
    me: Caller
    clock: Clock
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def incidents(self) -> Incidents:
        """The register."""
        return Incidents(self.aws, self.settings.incidents_table)

    @property
    def pen(self) -> Pen:
        """What this person decides gets on record with it."""
        return Pen(self.aws, self.settings, self.me.people, self.me.person, self.me.principal)

    def incident(self, name: str) -> tuple[Incident, Head]:
        """An open incident and what was last told of it. Raises Stop where there is none."""
        incident, head = self.incidents.find(name), self.incidents.head(name)
        if incident is None and head is None:
            raise Stop(Exit.NO_INCIDENT, text("console.unknown_incident", incident=name))
        if incident is None or incident.closed:
            raise Stop(Exit.NO_INCIDENT, text("console.incident_closed", incident=name))
        if head is None:
            raise Stop(Exit.NO_INCIDENT, text("console.incident_unanswered", incident=name))
        return incident, head

    def left(self, name: str) -> Head:
        """What was last told of an incident that is open, or over with something of it still in force.

        Raises Stop where it is neither.
        """
        head = self.incidents.head(name)
        if head is not None and self.incidents.ledger().of_incident(name):
            return head
        return self.incident(name)[1]

    def note(self, incident: str, what: str, at: datetime | None = None, **more: Any) -> None:
        """A step of the incident's timeline; what was done stands also without it.

        `at` is that of the row: the same decision twice at once is one step.
        """
        data = {"person": self.me.person, "principal": self.me.principal, "what": what, **more}
        try:
            self.incidents.note(incident, "person", data, at or self.clock())
        except AwsError as error:
            self.screen.say(text("console.not_noted", call=str(error)), style="dim")
