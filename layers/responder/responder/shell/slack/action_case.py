"""Who pressed what about which incident, read from the stores; of the button only the names count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from responder.approvals import answer, rows
from responder.approvals.writing import Pen, settled
from responder.asked import Asked, fingerprint, way_back
from responder.change import Lease
from responder.command import Order
from responder.context import Context
from responder.errors import Refused, ResponderError
from responder.incidents import Head, Incident, Incidents
from responder.ledger import Ledger
from responder.refusal import AnswerRefusal
from responder.settings_document import People
from responder.shell.look import side_by_side
from responder.shell.slack.request_click import Click, Kind
from responder.shell.switchboard import read_settings
from responder.watch.seen import Answer
from responder.which import scope_of


@dataclass(frozen=True, slots=True)
class Case:
    """A registered person, and what is on record of what the button named."""

    click: Click
    context: Context
    people: People
    person: str
    incident: Incident | None
    head: Head | None
    asked: Asked | None
    rows: tuple[Any, ...]
    ledger: Ledger

    @property
    def pen(self) -> Pen:
        """What this person decides gets on record with it."""
        return Pen(self.context.aws, self.context.settings, self.people, self.person, self.click.user)

    def open(self) -> tuple[Incident, Head]:
        """The incident and what was last told of it. Raises Refused where it is not open."""
        name = self.click.incident
        if self.incident is None and self.head is None:
            raise Refused(AnswerRefusal.UNKNOWN_INCIDENT(incident=name))
        if self.incident is None or self.incident.closed:
            raise Refused(AnswerRefusal.INCIDENT_CLOSED(incident=name))
        if self.head is None:
            raise Refused(AnswerRefusal.INCIDENT_UNANSWERED(incident=name))
        return self.incident, self.head

    def proposal(self) -> Asked:
        """The very proposal that was shown. Raises Refused where nobody can answer it any more."""
        asked, click = self.asked, self.click
        # What is left of an incident is taken back also after its end.
        if asked is None or self.head is None or asked.order != Order.TAKE_BACK:
            self.open()
        if asked is None:
            raise Refused(AnswerRefusal.NO_PROPOSAL(proposal=click.proposal, incident=click.incident))
        shown = (click.incident, click.remedy or asked.remedy, click.scope or asked.scope)
        if shown != (asked.incident, asked.remedy, asked.scope) or _hash(asked) != click.proposal:
            raise Refused(AnswerRefusal.PROPOSAL_CHANGED(proposal=click.proposal))
        # The form is sent again because its first sending failed half-way.
        if click.kind is Kind.REJECTED and self.pen.refused(self.rows, asked, self.context.now):
            return asked
        said = settled(answer(self.rows, asked, self.people, self.context.now), self.context.now)
        if said is not None:
            raise Refused(said)
        return asked

    def approved(self, asked: Asked) -> bool:
        """Somebody had approved it when this was read: it may be under way."""
        said = answer(self.rows, asked, self.people, self.context.now)
        return said.answer is Answer.APPROVED

    def lease(self) -> Lease:
        """The one to take back, also after its incident. Raises Refused where it is not in force."""
        click, settings = self.click, self.context.settings
        if self.incident is None and self.head is None:
            raise Refused(AnswerRefusal.UNKNOWN_INCIDENT(incident=click.incident))
        mine = [
            each
            for each in self.ledger.of_incident(click.incident)
            if each.remedy == click.remedy and click.scope in ("", each.scope, scope_of(each.scope, settings))
        ]
        if len(mine) != 1 or self.head is None:
            raise Refused(AnswerRefusal.NO_LEASE(incident=click.incident))
        return mine[0]


def who(click: Click, people: People) -> str:
    """The name of the person who pressed. Raises Refused for a stranger."""
    person = people.who(click.user)
    if person is None:
        raise Refused(AnswerRefusal.STRANGER(user=click.user))
    return person.name


def load(click: Click, context: Context) -> Case:
    """Raises Refused for a stranger, and for everyone while the settings document cannot be used; our errors
    where something cannot be read."""
    aws, settings = context.aws, context.settings
    incidents = Incidents(aws, settings.incidents_table)
    asks: dict[str, Callable[[], Any]] = {
        "settings": lambda: read_settings(aws, settings),
        "incident": lambda: incidents.find(click.incident),
        "head": lambda: incidents.head(click.incident),
    }
    if click.proposal:
        asks["asked"] = lambda: incidents.asked(click.incident, click.proposal)
        asks["rows"] = lambda: rows(aws, settings.approvals_table, click.proposal)
    if click.kind is Kind.TAKE_BACK:
        asks["ledger"] = incidents.ledger
    found = side_by_side(asks)
    document = found["settings"]
    if isinstance(document, ResponderError):
        raise document
    # A stranger hears nothing else, not even what could not be read.
    person = who(click, document.people)
    for each in found.values():
        if isinstance(each, ResponderError):
            raise each
    return Case(
        click,
        context,
        document.people,
        person,
        found["incident"],
        found["head"],
        found.get("asked"),
        found.get("rows", ()),
        found.get("ledger", Ledger()),
    )


def _hash(asked: Asked) -> str:
    if asked.order == Order.APPLY:
        return fingerprint(asked.incident, asked.remedy, asked.changes)
    return way_back(asked.incident, asked.remedy, asked.changes, asked.wanted)
