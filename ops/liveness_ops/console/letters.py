"""What a failed message is about: its alarm or command, its function, its incident."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from liveness_ops.console.queues import Letter
from responder.alarm import AlarmEvent, parse
from responder.command import is_command
from responder.errors import BadEvent

_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """One message. What it does not tell is empty.

    Attributes:
        what: `alarm` (a state change), `command`, `follow-up`, `round` (of the watchdog),
            `check` (a scheduled one), `message` (that Slack never got) or `unknown`.
        event: what nobody answered, as it arrived.
        function: the one that should have answered it.
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
    event: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sent(self) -> datetime:
        """When it came into the queue."""
        return datetime.fromtimestamp(self.letter.sent / 1000, UTC)


def read(letter: Letter) -> Failure:
    """Never raises: a message that nobody can read is listed all the same."""
    records = list(_records(_json(letter.body)))
    event = records[-1] if records else {}
    function = _function(records, letter)
    error = _error(records, letter)
    try:
        alarm = parse(event)
    except BadEvent:
        return replace(_other(letter, event), function=function, error=error)
    return replace(_alarm(letter, alarm, function, error), event=event)


def _alarm(letter: Letter, event: AlarmEvent, function: str, error: str) -> Failure:
    about = (event.name, event.state.value, event.at, function, error, event.slug)
    return Failure(letter, "alarm", *about)


def _other(letter: Letter, event: Mapping[str, Any]) -> Failure:
    incident = _word(event.get("incident"))
    if is_command(event):
        return Failure(letter, "command", incident=incident, order=_word(event.get("command")))
    if event.get("Type") == "Notification":
        named = _part(_part(event, "MessageAttributes"), "incident").get("Value")
        return Failure(letter, "message", incident=_word(named))
    if incident:
        return Failure(letter, "follow-up", incident=incident)
    if event.get("detail-type") != "Scheduled Event":
        return Failure(letter, "unknown")
    return Failure(letter, "check" if event.get("source") == "aws.scheduler" else "round")


def _records(found: object) -> Iterator[Mapping[str, Any]]:
    """The record of a failure, what is packed in it, and at last the event itself."""
    for _ in range(_DEEPEST):
        if not isinstance(found, Mapping):
            return
        yield found
        if "requestPayload" not in found:
            return
        found = found["requestPayload"]


def _function(records: list[Mapping[str, Any]], letter: Letter) -> str:
    """That of the innermost record: the outer ones are of those who should have told of it."""
    told = (_word(_part(each, "requestContext").get("functionArn")) for each in records)
    known = [each for each in (letter.attributes.get("TARGET_ARN", ""), *told) if ":function:" in each]
    return known[-1].split(":function:", 1)[1].split(":", 1)[0] if known else ""


def _error(records: list[Mapping[str, Any]], letter: Letter) -> str:
    for each in reversed(records):
        kind = _word(_part(each, "responsePayload").get("errorType")) or _word(
            _part(each, "requestContext").get("condition")
        )
        if kind:
            return kind[:80]
    told = (letter.attributes.get(name, "") for name in ("ERROR_CODE", "ErrorCode"))
    return next((_word(each)[:80] for each in told if each), "")


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: object = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) and value.isprintable() and len(value) < 300 else ""


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
