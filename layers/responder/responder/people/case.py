"""Who asks what about which incident, read from the stores; of the request only the names count."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from responder.aws.parallel import side_by_side
from responder.core.approval_request import ApprovalRequest, fingerprint, way_back
from responder.core.change import Lease, Ledger
from responder.core.command import CommandKind
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import Declined, ResponderError
from responder.core.liveness_function import scope_of
from responder.core.settings_document import People, SettingsDocument
from responder.followup_rules.seen import ApprovalAnswer
from responder.store import Incident, IncidentHead, Incidents
from responder.store.approvals import answer, rows
from responder.store.approvals.writing import ApprovalWriter, settled
from responder.store.switches import read_settings


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is the name that the document of people gives to the identity `principal`."""

    person: str
    principal: str


@dataclass(frozen=True, slots=True)
class RequestSubject:
    """What a request names. `proposal` or `remedy` (with `scope` where it has two functions) may be empty."""

    incident: str
    proposal: str = ""
    remedy: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class PersonCase:
    """A registered person, and what is on record of what the request names."""

    subject: RequestSubject
    context: Context
    people: People
    caller: Caller
    incident: Incident | None
    head: IncidentHead | None
    asked: ApprovalRequest | None = None
    rows: tuple[Any, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def pen(self) -> ApprovalWriter:
        """What this person decides gets on record with it."""
        caller = self.caller
        return ApprovalWriter(
            self.context.aws, self.context.settings, self.people, caller.person, caller.principal
        )

    @property
    def slug(self) -> str:
        """Whose function carries out commands. Raises Declined before the first response."""
        if self.head is None:
            raise Declined(DeclineReason.INCIDENT_UNANSWERED(incident=self.subject.incident))
        return self.head.slug

    def open(self) -> tuple[Incident, IncidentHead]:
        """The incident and what was last told of it. Raises Declined where it is not open."""
        name = self.subject.incident
        if self.incident is None and self.head is None:
            raise Declined(DeclineReason.UNKNOWN_INCIDENT(incident=name))
        if self.incident is None or self.incident.closed:
            raise Declined(DeclineReason.INCIDENT_CLOSED(incident=name))
        if self.head is None:
            raise Declined(DeclineReason.INCIDENT_UNANSWERED(incident=name))
        return self.incident, self.head

    def shown(self) -> ApprovalRequest:
        """The very proposal that the person was shown. Raises Declined where it is another one by now."""
        asked, subject = self.asked, self.subject
        # What is left of an incident is taken back also after its end.
        if asked is None or self.head is None or asked.order != CommandKind.TAKE_BACK:
            self.open()
        if asked is None:
            raise Declined(DeclineReason.NO_PROPOSAL(proposal=subject.proposal, incident=subject.incident))
        named = (subject.incident, subject.remedy or asked.remedy, subject.scope or asked.scope)
        if named != (asked.incident, asked.remedy, asked.scope) or _hash(asked) != subject.proposal:
            raise Declined(DeclineReason.PROPOSAL_CHANGED(proposal=subject.proposal))
        return asked

    def waiting(self) -> ApprovalRequest:
        """The same; raises Declined where nobody can answer it any more."""
        asked = self.shown()
        because = settled(answer(self.rows, asked, self.people, self.context.now), self.context.now)
        if because is not None:
            raise Declined(because)
        return asked

    def approved(self, asked: ApprovalRequest) -> bool:
        """It had been approved when this was read: it may be under way."""
        said = answer(self.rows, asked, self.people, self.context.now)
        return said.answer is ApprovalAnswer.APPROVED

    def lease(self) -> Lease:
        """The one to take back, also after its incident.

        Raises Declined where it is not in force, or this person may not take it back.
        """
        subject, settings = self.subject, self.context.settings
        if self.incident is None and self.head is None:
            raise Declined(DeclineReason.UNKNOWN_INCIDENT(incident=subject.incident))
        mine = [
            each
            for each in self.ledger.of_incident(subject.incident)
            if each.remedy == subject.remedy
            and subject.scope in ("", each.scope, scope_of(each.scope, settings))
        ]
        if len(mine) != 1 or self.head is None:
            raise Declined(DeclineReason.NO_LEASE(incident=subject.incident))
        self.pen.approver(mine[0].effect)
        return mine[0]


def load(
    subject: RequestSubject,
    context: Context,
    whose: Callable[[People], Caller],
    known: SettingsDocument | None = None,
) -> PersonCase:
    """What is on record of the subject, for the caller whom `whose` finds in the settings document. `known`:
    the document, where it has been read.

    Raises:
        Refused: a stranger asks, or nobody can be known because the document cannot be used.
        ResponderError: something cannot be read. A stranger does not learn that.
    """
    aws, settings = context.aws, context.settings
    incidents = Incidents(aws, settings.incidents_table)
    asks: dict[str, Callable[[], Any]] = {
        "document": lambda: known or read_settings(context),
        "incident": lambda: incidents.find(subject.incident),
        "head": lambda: incidents.head(subject.incident),
    }
    if subject.proposal:
        asks["asked"] = lambda: incidents.asked(subject.incident, subject.proposal)
        asks["rows"] = lambda: rows(aws, settings.approvals_table, subject.proposal)
    elif subject.remedy:
        asks["ledger"] = incidents.ledger
    found = side_by_side(asks, through=aws)
    document = found.pop("document")
    if isinstance(document, ResponderError):
        raise document
    caller = whose(document.people)
    for each in found.values():
        if isinstance(each, ResponderError):
            raise each
    context = replace(context, settings=document.over(settings))
    return PersonCase(subject, context, document.people, caller, **found)


@dataclass(frozen=True, slots=True)
class RequestingPerson:
    """A person who was identified by the settings document as it is read in `document`."""

    context: Context
    document: SettingsDocument
    caller: Caller

    def case(self, subject: RequestSubject) -> PersonCase:
        """What is on record of a subject. Raises our errors where it cannot be read."""
        return load(subject, self.context, lambda _: self.caller, self.document)


def _hash(asked: ApprovalRequest) -> str:
    if asked.order == CommandKind.APPLY:
        return fingerprint(asked.incident, asked.remedy, asked.changes)
    return way_back(asked.incident, asked.remedy, asked.changes, asked.wanted)
