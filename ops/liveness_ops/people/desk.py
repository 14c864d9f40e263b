"""What every command works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liveness_ops.people.caller import Caller, Clock
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.screen import Screen
from responder.aws.items import to_item
from responder.errors import AwsError
from responder.gateway import Gateway
from responder.incidents import Head, Incident, Incidents
from responder.settings import Settings
from responder.text import text


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody who is registered, at a stack that was found."""

    aws: Gateway
    settings: Settings
    screen: Screen
    me: Caller
    clock: Clock

    @property
    def incidents(self) -> Incidents:
        """The register."""
        return Incidents(self.aws, self.settings.incidents_table)

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

    def write(self, row: Mapping[str, Any], **condition: Any) -> None:
        """A row of the approvals, by this person. Raises Changed where the condition does not hold."""
        mine = {"principal": self.me.principal, **row}
        self.aws.call(
            "dynamodb", "put_item", TableName=self.settings.approvals_table, Item=to_item(mine), **condition
        )

    def note(self, incident: str, what: str, **more: Any) -> None:
        """A step of the incident's timeline; what was done stands also without it."""
        data = {"person": self.me.person, "principal": self.me.principal, "what": what, **more}
        try:
            self.incidents.note(incident, "person", data, self.clock())
        except AwsError as error:
            self.screen.say(text("console.not_noted", call=str(error)), style="dim")
