"""What every command works with: who is at the keyboard, what time it is at AWS, and the stack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Event

from liveness_ops.people.entry import EntryTransport, ask
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.screen import Screen
from responder.aws.gateway import Answer, Send
from responder.aws.operations import Request
from responder.core.context import Gateway
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Declined, SettingsUnusable
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.settings_document import NO_PEOPLE, People
from responder.core.switches import read_document
from responder.core.text import text
from responder.people.case import opened
from responder.people.request import PersonRequest
from responder.store import Incident, IncidentHead, Incidents
from responder.store.approval_writer import ApprovalWriter
from responder.store.switches import read_parameters

type Clock = Callable[[], datetime]

# The header has whole seconds, and takes some time to arrive.
_SAME = timedelta(seconds=5)
# A clock that is off by more is worth a line.
_LITTLE = timedelta(minutes=2)
# They only hide a message of a queue for a minute, or no longer.
_HARMLESS = ("receive_message", "change_message_visibility")


@dataclass(frozen=True, slots=True)
class WatchedWrites:
    """A policy that knows whether anything may have been changed, which the console reports after Ctrl-C."""

    changing: Event

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """Set `changing` before the first request is sent that may change something."""
        if not request.reads and request.operation not in _HARMLESS:
            self.changing.set()
        return send()


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is the name of the registered person with the identity `principal`; the end of the ARN
    (`user/eve`) where there is none, and `known` is then False. `people`: everyone who is registered."""

    person: str
    principal: str
    known: bool = True
    people: People = NO_PEOPLE

    @property
    def account(self) -> str:
        """The AWS account of the identity."""
        return self.principal.split(":")[4]


def identify(aws: Gateway, settings: Settings, local: Clock, strangers: bool = False) -> tuple[Caller, Clock]:
    """The caller as AWS knows it, and a clock that is right where this machine's is wrong.

    Raises:
        EarlyExit: the settings document cannot be used or has no person with this identity, and `strangers`
            may not come in.
        AwsError: AWS does not know the caller, or cannot be reached.
    """
    answer = aws.call("sts", "get_caller_identity")
    principal, people = str(answer["Arn"]), NO_PEOPLE
    try:
        people = read_document(settings.parameters_path, read_parameters(aws, settings)).people
    except SettingsUnusable as error:
        # What a stranger may do (read and stop) also works in that case.
        if not strangers:
            said = text("settings.refused", reason=error.reason.text)
            raise EarlyExit(Exit.STRANGER, said, {"principal": principal}) from None
    except AwsError:
        if not strangers:
            raise
    person = people.who(principal)
    if person is None and not strangers:
        raise EarlyExit.declined(DeclineReason.STRANGER(principal=principal), {"principal": principal})
    name = principal.split(":", 5)[-1] if person is None else person.name
    return Caller(name, principal, person is not None, people), _right(answer, local)


def _right(answer: Data, local: Clock) -> Clock:
    """The corrected clock. An approval dated in the future, or before the request, would not count; a clock
    that is late by the answer's travel time does no harm."""
    stamp = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not stamp:
        return local
    ahead = parsedate_to_datetime(stamp).astimezone(UTC) - local()
    return local if timedelta() <= ahead < _SAME else lambda: local() + ahead


@dataclass(frozen=True, slots=True)
class OperatorSession:
    """A person at a stack that was found; `outputs` are the stack's; `wire` leads to its entry for people;
    `where`: the options by which another command finds the same stack."""

    aws: Gateway
    settings: Settings
    screen: Screen
    me: Caller
    clock: Clock
    outputs: Mapping[str, str] = field(default_factory=dict)
    wire: EntryTransport | None = None
    where: str = ""

    @property
    def minutes_off(self) -> int:
        """The minutes by which this machine's clock differs from AWS's; 0 where that is up to two."""
        off = abs(self.clock() - datetime.now(UTC))
        return round(off / timedelta(minutes=1)) if off > _LITTLE else 0

    def typed(self, *words: str) -> str:
        """The command of these words, for the same stack."""
        return " ".join(("liveness-ops", *words, self.where)).rstrip()

    @property
    def incidents(self) -> Incidents:
        """The register."""
        return Incidents(self.aws, self.settings.incidents_table)

    @property
    def writer(self) -> ApprovalWriter:
        """The writer that records what this person decides."""
        return ApprovalWriter(self.aws, self.settings, self.me.people, self.me.person, self.me.principal)

    def incident(self, name: str) -> tuple[Incident, IncidentHead]:
        """An open incident and what was last reported of it. Raises EarlyExit where there is none."""
        try:
            return opened(name, self.incidents.find(name), self.incidents.head(name))
        except Declined as error:
            raise EarlyExit.declined(error.because) from None

    def left(self, name: str) -> IncidentHead:
        """What was last reported of an incident that is open, or over with something of it still in force.

        Raises EarlyExit where it is neither.
        """
        head = self.incidents.head(name)
        if head is not None and self.incidents.ledger().of_incident(name):
            return head
        return self.incident(name)[1]

    def ask(self, request: PersonRequest) -> Json:
        """Send it to the entry for people and show the answer. Raises EarlyExit if it was not done."""
        if self.wire is None:
            raise EarlyExit(Exit.AWS, text("console.no_entry", stack=self.settings.stack))
        self.screen.changing.set()
        reply = ask(self.wire, self.screen.language, request, self.typed("pause"))
        self.screen.say(*reply.said[:1], style="green")
        self.screen.say(*reply.said[1:])
        return dict(reply.data)
