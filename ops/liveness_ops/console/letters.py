"""What a failed message is about: its alarm or command, its function, its incident."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from liveness_ops.console import envelopes
from liveness_ops.console.envelopes import part, word
from liveness_ops.console.queues import Letter
from responder.core.alarm_event import parse
from responder.core.command import is_command
from responder.core.errors import BadEvent


@dataclass(frozen=True, slots=True)
class Failure:
    """One message. What it does not tell is empty.

    Attributes:
        what: `alarm` (a state change), `command`, `button` (pressed in Slack), `follow-up`, `round` (of the
            watchdog), `check` (a scheduled one, or a backup), `message` (that Slack or a mail server never
            got) or `unknown`.
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
    found = envelopes.records(letter)
    event = found[-1] if found else {}
    function, error = envelopes.function(found, letter), envelopes.error(found, letter)
    try:
        alarm = parse(event)
    except BadEvent:
        return replace(_other(letter, event), function=function, error=error)
    about = (alarm.name, alarm.state.value, alarm.at, function, error, alarm.slug)
    return Failure(letter, "alarm", *about, event=event)


def _other(letter: Letter, event: Mapping[str, Any]) -> Failure:
    incident = word(event.get("incident"))
    if is_command(event):
        return Failure(letter, "command", incident=incident, order=word(event.get("command")))
    if (told := envelopes.notified(event)) is not None:
        named = part(part(told, "MessageAttributes"), "incident").get("Value")
        return Failure(letter, "message", incident=word(named))
    if (click := envelopes.clicked(event)) is not None:
        return Failure(letter, "button", incident=word(click.get("incident")))
    if incident:
        return Failure(letter, "follow-up", incident=incident)
    if envelopes.scheduled(letter) or event.get("source") == "aws.scheduler":
        return Failure(letter, "check")
    return Failure(letter, "round" if event.get("detail-type") == "Scheduled Event" else "unknown")
