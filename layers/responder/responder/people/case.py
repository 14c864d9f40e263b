"""Who requests what about which incident, and the answer. Everything but the names in the request is read
from the stores."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from responder.aws.parallel import Questions, side_by_side
from responder.core.change import Lease, Ledger
from responder.core.command import ApprovalRequest, CommandKind, fingerprint, revert_fingerprint
from responder.core.context import Context
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import AwsError, Declined, ResponderError
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.log import log
from responder.core.modes import Effect
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.settings_document import People, SettingsDocument
from responder.core.text import Text, Texts, text
from responder.followup_rules import ApprovalAnswer
from responder.messages.json_report import both
from responder.people.request import ANSWERS, PersonRequest, RequestKind
from responder.store import Incident, IncidentHead, Incidents
from responder.store.approval_writer import ApprovalWriter, settled
from responder.store.approvals import answer, rows
from responder.store.switches import read_settings


@frozen
class PersonAnswer:
    """`said`: sentences for the person, the first one says how it ended. `error`: a stable key, empty where
    it is done. `data`: what a machine reads besides; its keys are only ever added."""

    ending: RequestResult
    said: Texts
    data: Data = field(default_factory=dict)
    error: str = ""

    def to_json(self) -> Json:
        """The body: JSON with stable keys."""
        error = {"error": self.error} if self.error else {}
        said = [both(each) for each in self.said]
        return {**self.data, **error, "ending": self.ending.value, "said": said}

    def also(self, *said: Text) -> "PersonAnswer":
        """The answer with further sentences."""
        return replace(self, said=(*self.said, *said))

    def without(self, missing: Iterable[AwsError]) -> "PersonAnswer":
        """The answer, where steps are missing on the timeline."""
        return self.also(*(text("person.not_noted", call=each) for each in sorted({*map(str, missing)})))


class TooLarge(ValueError):
    """A body that is not read."""


def body_of(event: object, most: int) -> bytes:
    """The body of a request as a function URL delivers it (payload format 2.0).

    Raises:
        ValueError: it cannot be decoded; TooLarge: it has more bytes than `most`.
    """
    given: Data = event if isinstance(event, Mapping) else {}
    body = given.get("body") or ""
    if not isinstance(body, str):
        raise ValueError
    # Four characters of base64 for three bytes.
    if len(body) > most * 4 // 3 + 4:
        raise TooLarge
    raw = base64.b64decode(body, validate=True) if given.get("isBase64Encoded") else body.encode()
    if len(raw) > most:
        raise TooLarge
    return raw


def http(body: Data) -> Json:
    """An answer's JSON as a function URL delivers it (payload format 2.0), with the status that fits."""
    return {
        "statusCode": RequestResult(body["ending"]).status.value,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body, ensure_ascii=False, allow_nan=False),
    }


def done(*said: Text, **data: Any) -> PersonAnswer:
    """The answer that it is done."""
    return PersonAnswer(RequestResult.DONE, said, data)


def failed(key: str, call: str, **data: Any) -> PersonAnswer:
    """A call failed; `key` is the sentence about the request."""
    return PersonAnswer(RequestResult.AWS, (text(key, call=call),), {**data, "call": call}, key)


@frozen
class Caller:
    """`person` is the name that the document of people gives to the identity `principal`, `may` what this
    person may approve."""

    person: str
    principal: str
    may: frozenset[Effect] = frozenset()

    @classmethod
    def registered(cls, principal: str, people: People) -> "Caller":
        """The person with this identity. Raises Declined: a stranger."""
        person = people.who(principal)
        if person is None:
            raise Declined(DeclineReason.STRANGER(principal=principal))
        return cls(person.name, principal, person.may)

    @property
    def named(self) -> Mapping[str, str]:
        """Who it is, as reasons and records have it."""
        return {"person": self.person, "principal": self.principal}


@frozen
class PersonCase:
    """A registered person, and what is stored about what the request names."""

    request: PersonRequest
    context: Context
    people: People
    caller: Caller
    incident: Incident | None
    head: IncidentHead | None
    asked: ApprovalRequest | None = None
    rows: tuple[Any, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def writer(self) -> ApprovalWriter:
        """The writer that records what this person decides."""
        context, caller = self.context, self.caller
        return ApprovalWriter(context.aws, context.settings, self.people, caller.person, caller.principal)

    @property
    def slug(self) -> str:
        """The alarm whose function carries out commands. Raises Declined before the first response."""
        if self.head is None:
            raise Declined(DeclineReason.INCIDENT_UNANSWERED(incident=self.request.incident))
        return self.head.slug

    def open(self) -> tuple[Incident, IncidentHead]:
        """The incident and what was last reported of it. Raises Declined where it is not open."""
        return opened(self.request.incident, self.incident, self.head)

    def shown(self) -> ApprovalRequest:
        """The proposal that the person was shown. Raises Declined if it has changed since."""
        asked, named = self.asked, self.request
        # A change of an incident is reverted also after its end.
        if asked is None or self.head is None or asked.order != CommandKind.REVERT:
            self.open()
        if asked is None:
            raise Declined(DeclineReason.NO_PROPOSAL(proposal=named.proposal, incident=named.incident))
        if asked.order == CommandKind.APPLY:
            hashed = fingerprint(asked.incident, asked.remedy, asked.changes)
        else:
            hashed = revert_fingerprint(asked.incident, asked.remedy, asked.changes, asked.wanted)
        shown = (named.incident, named.remedy or asked.remedy, named.scope or asked.scope)
        if shown != (asked.incident, asked.remedy, asked.scope) or hashed != named.proposal:
            raise Declined(DeclineReason.PROPOSAL_CHANGED(proposal=named.proposal))
        return asked

    def waiting(self) -> ApprovalRequest:
        """The same proposal; raises Declined if it can no longer be answered."""
        asked, now = self.shown(), self.context.now
        because = settled(answer(self.rows, asked, self.people, now), now)
        if because is not None:
            raise Declined(because)
        return asked

    def approved(self, asked: ApprovalRequest) -> bool:
        """Whether it had been approved when this was read, so that it may be under way."""
        found = answer(self.rows, asked, self.people, self.context.now)
        return found.answer is ApprovalAnswer.APPROVED

    def lease(self) -> Lease:
        """The one to revert, also after its incident.

        Raises Declined where it is not in force, or this person may not revert it.
        """
        named = self.request
        if self.incident is None and self.head is None:
            raise Declined(DeclineReason.UNKNOWN_INCIDENT(incident=named.incident))
        mine = leases_of(named, self.ledger, self.context.settings)
        if len(mine) != 1 or self.head is None:
            raise Declined(DeclineReason.NO_LEASE(incident=named.incident))
        self.writer.approver(mine[0].effect)
        return mine[0]


def opened(name: str, incident: Incident | None, head: IncidentHead | None) -> tuple[Incident, IncidentHead]:
    """The incident of this name and what was last reported of it. Raises Declined where it is not open, or
    its first response is not on record."""
    if incident is None and head is None:
        raise Declined(DeclineReason.UNKNOWN_INCIDENT(incident=name))
    if incident is None or incident.closed:
        raise Declined(DeclineReason.INCIDENT_CLOSED(incident=name))
    if head is None:
        raise Declined(DeclineReason.INCIDENT_UNANSWERED(incident=name))
    return incident, head


def leases_of(request: PersonRequest, ledger: Ledger, settings: Settings) -> list[Lease]:
    """What the request may mean of what its incident has in force. A request may leave out remedy and
    scope."""
    return [
        each
        for each in ledger.of_incident(request.incident)
        if request.remedy in ("", each.remedy)
        and request.scope in ("", each.scope, scope_of(each.scope, settings))
    ]


def load(
    request: PersonRequest, context: Context, principal: str, known: SettingsDocument | None = None
) -> PersonCase:
    """What is stored about what the request names, for the person with this identity. `known`: the settings
    document, where it has been read.

    Raises:
        Refused: a stranger asks, or no one can be identified because the document cannot be used.
        ResponderError: something cannot be read. A stranger does not learn that.
    """
    aws, settings = context.aws, context.settings
    incidents = Incidents(aws, settings.incidents_table)
    asks: Questions = {
        "document": lambda: known or read_settings(context),
        "incident": lambda: incidents.find(request.incident),
        "head": lambda: incidents.head(request.incident),
    }
    if request.kind in ANSWERS:
        asks["asked"] = lambda: incidents.asked(request.incident, request.proposal)
        asks["rows"] = lambda: rows(aws, settings.approvals_table, request.proposal)
    elif request.kind is RequestKind.REVERT:
        asks["ledger"] = incidents.ledger
    found = side_by_side(asks, through=aws)
    document = found.pop("document")
    if isinstance(document, ResponderError):
        raise document
    caller = Caller.registered(principal, document.people)
    for each in found.values():
        if isinstance(each, ResponderError):
            raise each
    context = replace(context, settings=document.over(settings))
    return PersonCase(request, context, document.people, caller, **found)


@frozen
class RequestingPerson:
    """A person who was identified by the settings document as it is read in `document`."""

    context: Context
    document: SettingsDocument
    caller: Caller

    def case(self, request: PersonRequest) -> PersonCase:
        """What is stored about what is named. Raises our errors where it cannot be read."""
        return load(request, self.context, self.caller.principal, self.document)


def note(context: Context, caller: Caller, incident: str, at: datetime, *steps: Data) -> tuple[AwsError, ...]:
    """Put what the person did on the incident's timeline, each step tried twice. Why steps are missing there;
    what was done counts also without them.

    `at` is the time of the row: the same decision noted again lands on the same step.
    """
    incidents, missing = Incidents(context.aws, context.settings.incidents_table), list[AwsError]()
    for step in steps:
        for last in (False, True):
            try:
                incidents.note(incident, "person", {**caller.named, **step}, at)
                break
            except AwsError as error:
                log().warning("not noted", extra={"incident": incident, "error": str(error)})
                if last:
                    missing.append(error)
    return tuple(missing)
