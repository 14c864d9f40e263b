"""The course of an incident after the response, as data: a script in virtual time, and the expected
result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from liveness_ops.people.options import Language
from local_aws.client import Mail
from rehearsal.drill import words

if TYPE_CHECKING:
    from rehearsal.drill.followed_incident import FollowedIncident


@dataclass(frozen=True, slots=True)
class Message:
    """What on-call got, `minute` minutes after the alarm."""

    minute: float
    mail: Mail
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """`escalation 2`, `progress mitigated`, `response`."""
        kind, topic = self.body["kind"], self.body.get("topic", "")
        more = self.body["level"] if kind == "escalation" else topic
        return f"{kind} {more}".strip() if more != kind else str(kind)

    def title(self, language: Language) -> str:
        """What kind of message it is, in words."""
        return words.title(self.name, language)

    @property
    def first_line(self) -> str:
        """What is broken, what was done, what the reader must do."""
        return self.mail.text.strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class PastEvent:
    """Something of the script; `what`: the name of its class."""

    minute: float
    what: str

    def said(self, language: Language) -> str:
        """The step in words."""
        return words.say(f"happens.{self.what}", language)


class IncidentEvent(Protocol):
    """Something that happens while an incident is followed; its words are `happens.` and its class's name."""

    @property
    def lasts(self) -> float:
        """How many minutes it lasts."""
        ...

    def apply(self, scene: "FollowedIncident") -> None:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class At:
    """Minutes after the alarm. Events at 0 happen before the follow-up begins."""

    minute: float
    event: IncidentEvent


@dataclass(frozen=True, slots=True)
class ExpectedMessage:
    """A message that must come: when (in minutes), which, and words that its JSON body must hold."""

    minute: float
    name: str
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """An incident's course.

    Attributes:
        messages: every message, from the response on.
        until: minutes after which the script ends, where the incident does not.
        closed: it ends, and its report is in the bucket.
        left: settings that differ at the end from before the alarm.
        runs: the generations that take part, in sequence.
        others: the other alarms that go off.
        most: after so many operations the first of them hands over; 0: as deployed.
    """

    script: tuple[At, ...]
    messages: tuple[ExpectedMessage, ...]
    until: float = 240
    closed: bool = True
    left: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[str, ...] = ("g1",)
    others: tuple[str, ...] = ()
    most: int = 0
