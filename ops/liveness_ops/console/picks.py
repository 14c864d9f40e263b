"""Failures as they are numbered, each beside the incident that it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from liveness_ops.console.letters import Failure
from liveness_ops.console.opened import Opened
from liveness_ops.console.ways_on import never_again
from liveness_ops.people.desk import Desk
from responder.core.text import Text, text
from responder.messages.bilingual import moment
from responder.store import Incident
from responder.store.incident import slug_of


@dataclass(frozen=True, slots=True)
class Pick:
    """A failure, as numbered in the list, and the open incident that it belongs to, if any.

    `function`: the one that decides again; empty where none is known. `unread`: the broken row that leaves
    unknown how its alarm stands.
    """

    number: int
    failure: Failure
    incident: Incident | None
    function: str
    unread: str = ""

    @property
    def name(self) -> str:
        """The incident's id; empty where none is open."""
        return self.incident.id if self.incident else ""

    @property
    def title(self) -> str:
        """What is decided again: the open incident, or else the alarm of the event."""
        return self.name or self.failure.alarm

    @property
    def afresh(self) -> bool:
        """No incident of it is open, but its event can be handed over once more."""
        return self.incident is None and self.failure.what == "alarm" and bool(self.function)

    @property
    def why_not(self) -> Text | None:
        """Why nothing can be decided again."""
        if (never := never_again(self.number, self.failure)) is not None:
            return never
        if self.unread:
            return text("ops.row_unread", n=self.number, row=self.unread)
        if self.incident is None and not self.afresh:
            return text("ops.not_open", n=self.number)
        return None if self.function else text("ops.no_function", n=self.number)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        one = self.failure
        return {
            "n": self.number,
            "id": one.letter.id,
            "queue": one.letter.queue,
            "came": moment(one.sent),
            "what": one.what,
            "alarm": one.alarm or None,
            "state": one.state or None,
            "at": moment(one.at),
            "command": one.order or None,
            "function": one.function or None,
            "error": one.error or None,
            "incident": self.incident.id if self.incident else one.incident or None,
            # None: not known.
            "open": self.incident is not None or (None if self.unread else False),
        }


def picks(desk: Desk, now: Opened, failures: Iterable[Failure]) -> list[Pick]:
    """Each with its incident, where that is open."""
    known = frozenset(desk.outputs.get("AlarmFunctions", "").split())
    return [_pick(number, each, now, known) for number, each in enumerate(failures, 1)]


def _pick(number: int, failure: Failure, now: Opened, known: frozenset[str]) -> Pick:
    incident = next((each for each in now.incidents if _of(failure, each)), None)
    answers = now.functions.get(incident.id, "") if incident else ""
    # The first response may have died before it put its name down; who that was stands in the message.
    function = answers or (failure.function if failure.function in known else "")
    alarm = failure.slug or slug_of(failure.incident)
    return Pick(number, failure, incident, function, now.broken.get(alarm, ""))


def _of(failure: Failure, incident: Incident) -> bool:
    if failure.incident:
        return failure.incident == incident.id
    return failure.slug == incident.slug and failure.at is not None and failure.at >= incident.opened
