"""The queues of what failed: each message with its alarm or command, its function, its error, its incident.

Reading takes nothing out. EventBridge writes function and error into the attributes of the message, Lambda
and Scheduler into what they pack around the event; SNS leaves its notification.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime

from liveness_ops.people.operator_session import OperatorSession
from responder.aws.items import partition
from responder.checks.model import Cadence
from responder.core.alarm_event import parse
from responder.core.command import is_command
from responder.core.errors import AwsError, BadEvent, Unreadable
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Text, text
from responder.messages.json_report import moment
from responder.people.dead_letters import is_request, unpacked
from responder.store import Incident
from responder.store.incidents import read_incident, slug_of
from responder.store.rows import ALARMS

QUEUES = {
    "failures": "FailuresQueue",
    "undelivered": "UndeliveredQueue",
    "failed-twice": "FailedTwiceQueue",
    "unfollowed": "UnfollowedQueue",
    "unmailed": "UnmailedQueue",
    # Only in a stack with Slack.
    "unposted": "UnpostedQueue",
}
# While messages are listed no other reader sees them; after this time those of a console that died are
# visible again.
_HELD_SECONDS = 60
# Long polling asks every server of the queue, and an empty answer then is the end.
POLL_SECONDS = 1
_MOST = 1_000
_FUNCTION, _SCHEDULE = ":function:", ":schedule/"
_CHECK, _BACKUP = "-check", "-sessions-backup"


@frozen
class Letter:
    """A message of a queue as it was received; `receipt` is good until it becomes visible again."""

    queue: str
    url: str
    id: str
    sent: int
    body: str
    receipt: str
    attributes: Mapping[str, str]


@frozen
class Failure:
    """What one message is about. What cannot be read from it is empty.

    Attributes:
        what: `alarm` (a state change), `command`, `button` (pressed in Slack), `follow-up`, `round` (of the
            watchdog), `check` (a scheduled one, or a backup), `message` (that Slack or a mail server never
            got) or `unknown`.
        event: what was not answered, as it arrived.
        function: the function that should have answered it.
        error: class or code of the error, never its text.
        slug: alarm slug, by which an incident is found; `incident` where the message names one.
        number: in the list.
        opened: the open incident that it belongs to, if any.
        answers: the function that re-evaluates; empty where unknown.
        unread: the broken row that leaves unknown how its alarm is.
    """

    letter: Letter
    what: str = "unknown"
    alarm: str = ""
    state: str = ""
    at: datetime | None = None
    function: str = ""
    error: str = ""
    slug: str = ""
    incident: str = ""
    order: str = ""
    event: Data = field(default_factory=dict)
    number: int = 0
    opened: Incident | None = None
    answers: str = ""
    unread: str = ""

    @property
    def sent(self) -> datetime:
        """When it came into the queue."""
        return datetime.fromtimestamp(self.letter.sent / 1000, UTC)

    @property
    def name(self) -> str:
        """The incident's id; empty where none is open."""
        return self.opened.id if self.opened else ""

    @property
    def title(self) -> str:
        """What is decided again: the open incident, or else the alarm of the event."""
        return self.name or self.alarm

    @property
    def afresh(self) -> bool:
        """No incident of it is open, but its event can be sent again."""
        return self.opened is None and self.what == "alarm" and bool(self.answers)

    def why_not(self, session: OperatorSession) -> Text | None:
        """Why it cannot be re-evaluated, and what to do instead; None where it can."""
        number, letter = self.number, self.letter
        match self.what:
            case "message":
                if letter.queue != "unmailed":
                    return text("ops.went_by_mail", n=number)
                words = ("show", self.incident) if self.incident else ("incidents",)
                return text("ops.not_mailed", n=number, command=session.typed(*words))
            case "check":
                return self._by_hand(session)
            case "round":
                return text("ops.next_round", n=number, command=session.typed("incidents"))
            case "unknown":
                return text("ops.letter_unreadable", n=number, queue=letter.queue, id=letter.id)
        if self.unread:
            return text("ops.row_unread", n=number, row=self.unread)
        if self.opened is None and not self.afresh:
            return text("ops.not_open", n=number)
        return None if self.answers else text("ops.no_function", n=number)

    def _by_hand(self, session: OperatorSession) -> Text:
        function = self.function
        rhythm = function.removesuffix(_CHECK).rpartition("-")[2]
        if function.endswith(_BACKUP):
            command = session.typed("backup-table", "--yes")
        elif function.endswith(_CHECK) and rhythm in Cadence:
            command = session.typed("check", rhythm)
        else:
            # Among them: a check of an earlier version that this one does not have.
            return text("ops.next_run", n=self.number)
        return text("ops.run_by_hand", n=self.number, command=command)

    def as_json(self) -> Json:
        """The failure for machines."""
        return {
            "n": self.number,
            "id": self.letter.id,
            "queue": self.letter.queue,
            "came": moment(self.sent),
            "what": self.what,
            "alarm": self.alarm or None,
            "state": self.state or None,
            "at": moment(self.at),
            "command": self.order or None,
            "function": self.function or None,
            "error": self.error or None,
            "incident": self.name or self.incident or None,
            # None: not known.
            "open": self.opened is not None or (None if self.unread else False),
        }


def look(session: OperatorSession) -> tuple[tuple[Letter, ...], int]:
    """Every message, the oldest first, and how many more another reader holds. All are visible again
    immediately."""
    letters: list[Letter] = []
    unseen = 0
    try:
        for queue, output in QUEUES.items():
            if (url := session.outputs.get(output)) is not None:
                found = _received(session, queue, url)
                letters += found
                names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
                counted = session.aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=names)
                number = sum(int(counted.get("Attributes", {}).get(name, 0)) for name in names)
                unseen += max(number - len(found), 0)
    finally:
        _release(session, letters)
    return tuple(sorted(letters, key=lambda each: (each.sent, each.id))), unseen


def _release(session: OperatorSession, letters: Iterable[Letter]) -> None:
    """Make the messages visible again; if that fails, SQS does so within a minute."""
    for each in letters:
        try:
            session.aws.call(
                "sqs",
                "change_message_visibility",
                QueueUrl=each.url,
                ReceiptHandle=each.receipt,
                VisibilityTimeout=0,
            )
        except AwsError:
            continue


def _received(session: OperatorSession, queue: str, url: str) -> tuple[Letter, ...]:
    found: dict[str, Letter] = {}
    while len(found) < _MOST:
        answer = session.aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=POLL_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        new = [_letter(queue, url, each) for each in answer.get("Messages", [])]
        if not new:
            break
        found.update((each.id, each) for each in new)
    return tuple(found.values())


def _letter(queue: str, url: str, message: Data) -> Letter:
    given = message.get("MessageAttributes", {})
    attributes = {name: each.get("StringValue", "") for name, each in given.items()}
    sent = int(message.get("Attributes", {}).get("SentTimestamp", 0))
    where = (queue, url, message["MessageId"], sent)
    return Letter(*where, message["Body"], message["ReceiptHandle"], attributes)


def read(letter: Letter) -> Failure:
    """Never raises: a message that cannot be read is listed all the same."""
    # The outermost first; the last one is the event itself.
    found = unpacked(letter.body)
    event = found[-1] if found else {}
    function, error = _function(found, letter), _error(found, letter)
    try:
        alarm = parse(event)
    except BadEvent:
        return replace(_other(letter, event), function=function, error=error)
    about = (alarm.name, alarm.state, alarm.at, function, error, alarm.slug)
    return Failure(letter, "alarm", *about, event=event)


def _other(letter: Letter, event: Data) -> Failure:
    incident = _word(event.get("incident"))
    if is_command(event):
        return Failure(letter, "command", incident=incident, order=_word(event.get("command")))
    if (message := _notified(event)) is not None:
        named = _part(_part(message, "MessageAttributes"), "incident").get("Value")
        return Failure(letter, "message", incident=_word(named))
    if click := _part(_part(event, "job"), "click"):
        return Failure(letter, "button", incident=_word(click.get("incident")))
    if incident:
        return Failure(letter, "follow-up", incident=incident)
    if "SCHEDULE_ARN" in letter.attributes or event.get("source") == "aws.scheduler":
        return Failure(letter, "check")
    return Failure(letter, "round" if event.get("detail-type") == "Scheduled Event" else "unknown")


def _function(found: list[Data], letter: Letter) -> str:
    """The function of the innermost record: the outer ones are of the functions that should have reported the
    failure.

    A schedule has the name of its function."""

    def arns() -> Iterator[str]:
        yield letter.attributes.get("TARGET_ARN", "")
        yield from (_word(_part(each, "requestContext").get("functionArn")) for each in found)
        yield from (_word(each.get("FunctionName")) for each in found if is_request(each))

    known = [each for each in arns() if _FUNCTION in each]
    if known:
        return known[-1].split(_FUNCTION, 1)[1].split(":", 1)[0]
    schedule = _word(letter.attributes.get("SCHEDULE_ARN"))
    return schedule.rsplit("/", 1)[-1] if _SCHEDULE in schedule else ""


def _error(found: list[Data], letter: Letter) -> str:
    """The error's class or code, never its text, which may contain anything."""
    for each in reversed(found):
        kind = _word(_part(each, "responsePayload").get("errorType"))
        kind = kind or _word(_part(each, "requestContext").get("condition"))
        if kind:
            return kind[:80]
    codes = (letter.attributes.get(name, "") for name in ("ERROR_CODE", "ErrorCode"))
    return next((_word(each)[:80] for each in codes if each), "")


def _notified(event: Data) -> Data | None:
    """A message of SNS, as it is in a dead letter or as a function gets it."""
    if event.get("Type") == "Notification":
        return event
    several = event.get("Records")
    first: object = several[0] if isinstance(several, list) and several else None
    return (_part(first, "Sns") if isinstance(first, Mapping) else {}) or None


def _part(record: Data, name: str) -> Data:
    """Empty where there is no such part."""
    value: object = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _word(value: object) -> str:
    """A short word that can be shown; empty if it is not one."""
    return value if isinstance(value, str) and value.isprintable() and len(value) < 300 else ""


# --- the incidents that they belong to -----------------------------------------------------------


@frozen
class Opened:
    """Which incidents are open, as far as their rows can be read.

    `functions`: by incident, the function that re-evaluates; empty before the first response.
    `broken`: by alarm slug, the row that cannot be read.
    """

    incidents: tuple[Incident, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


def opened(session: OperatorSession) -> Opened:
    """Read the open incidents; a broken row does not hide other alarms.

    Raises:
        AwsError: the table could not be read.
    """
    incidents, functions, broken = list[Incident](), dict[str, str](), dict[str, str]()
    for row in partition(session.aws, session.settings.incidents_table, ALARMS):
        try:
            incident = read_incident(row)
        except Unreadable as error:
            broken[row["sk"]] = error.row
            continue
        if not incident.closed:
            incidents.append(incident)
            try:
                head = session.incidents.head(incident.id)
            except Unreadable as error:
                broken[incident.slug], head = error.row, None
            functions[incident.id] = f"{session.settings.stack}-{head.slug}" if head else ""
    return Opened(tuple(incidents), functions, broken)


def numbered(session: OperatorSession, now: Opened, failures: Iterable[Failure]) -> list[Failure]:
    """Each with its incident, where that is open."""
    known, found = session.outputs.get("AlarmFunctions", "").split(), []
    for number, failure in enumerate(failures, 1):
        incident = next((each for each in now.incidents if _belongs(failure, each)), None)
        function = now.functions.get(incident.id, "") if incident else ""
        # The first response may have died before it recorded its name; the message has it.
        function = function or (failure.function if failure.function in known else "")
        unread = now.broken.get(failure.slug or slug_of(failure.incident), "")
        found.append(replace(failure, number=number, opened=incident, answers=function, unread=unread))
    return found


def _belongs(failure: Failure, incident: Incident) -> bool:
    if failure.incident:
        return failure.incident == incident.id
    return failure.slug == incident.slug and failure.at is not None and failure.at >= incident.opened
