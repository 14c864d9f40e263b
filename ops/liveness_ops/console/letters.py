"""The queues of what failed: each message with its alarm or command, its function, its error, its incident.

Reading takes nothing out. EventBridge writes function and error into the attributes of the message, Lambda
and Scheduler into what they pack around the event; SNS leaves its notification.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime

from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.plain_data import Data
from responder.core.alarm_event import parse
from responder.core.command import is_command
from responder.core.errors import AwsError, BadEvent
from responder.core.frozen import frozen
from responder.people.dead_letters import is_request, unpacked

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

    @property
    def sent(self) -> datetime:
        """When it came into the queue."""
        return datetime.fromtimestamp(self.letter.sent / 1000, UTC)


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
