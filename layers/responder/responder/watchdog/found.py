"""What a round has read, and what it found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.cause import Cause
from responder.core.change import Lease
from responder.core.modes import Severity
from responder.core.reasons import ExplainedReason
from responder.core.report import MissingAlarm
from responder.core.text import Text
from responder.followup_rules import FollowUpMemory, OpenRequest
from responder.respond.report import absence
from responder.store import Incident, IncidentHead


class Trouble(StrEnum):
    """In the order in which they are told."""

    ORPHAN = "orphan"  # a change in force that belongs to no open incident
    OVERDUE = "overdue"  # a change whose time is over, still in force
    HEADLESS = "headless"  # an open incident whose first response never ended
    DYING = "dying"  # a follow-up that stops again and again
    SILENT = "silent"  # a follow-up that should have looked long ago
    APPROVED = "approved"  # an approval that nobody carried out
    UNREAD = "unread"  # what could not be looked at


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident. `head` is None where there is none, or where it is among what is unread."""

    incident: Incident
    head: IncidentHead | None = None
    askings: tuple[OpenRequest, ...] = ()
    head_read: bool = True


@dataclass(frozen=True, slots=True)
class TroubleNote:
    """What an earlier round put down about a trouble: when, and whether it came to telling it."""

    trouble: str
    at: datetime
    told: bool


@dataclass(frozen=True, slots=True)
class RoundRegister:
    """Everything of one round.

    Attributes:
        newest: the newest incident of every alarm; None where that could not be read.
        cases: those of them that are open.
        leases: every open lease of the stack; None where they could not be read.
        unread: by name, what could not be read and why.
        unsent: failed events that Lambda could not send on.
        unusable: what is wrong with the settings document, which could be read; every incident tells it too.
    """

    now: datetime
    newest: tuple[Incident, ...] | None = ()
    cases: tuple[OpenIncident, ...] = ()
    leases: tuple[Lease, ...] | None = ()
    notes: tuple[TroubleNote, ...] = ()
    unread: Mapping[str, tuple[Text, Text]] = field(default_factory=dict)
    unusable: tuple[Text, Text] | None = None
    unsent: float = 0

    @property
    def looked(self) -> bool:
        """The round could see what it is for."""
        heads = not self.cases or any(each.head_read for each in self.cases)
        return self.newest is not None and self.leases is not None and heads


@dataclass(frozen=True, slots=True)
class FoundTrouble:
    """One trouble. `key` tells it apart from others of its kind; `since` is when it began (UTC).

    Attributes:
        opened: when its incident began, where that is known (UTC).
        head: whose follow-up is to be brought back; None where only a person can help.
        absence: the alarm does not exist, as the follow-up has last seen it.
        details: what else is known, and what was done about it.
        steps: what a person has to do.
        quiet: for how long it is not told again.
    """

    trouble: Trouble
    key: str
    said: ExplainedReason[Cause]
    since: datetime
    incident: str = ""
    alarm: str = ""
    slug: str = ""
    severity: Severity = Severity.HIGH
    opened: datetime | None = None
    head: IncidentHead | None = None
    absence: MissingAlarm | None = None
    details: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    quiet: timedelta = timedelta(hours=1)

    @property
    def id(self) -> str:
        """What it is called from round to round."""
        return f"{self.trouble}#{self.key}"


def about(  # noqa: PLR0913  one value per column of what was found
    case: OpenIncident,
    trouble: Trouble,
    said: ExplainedReason[Cause],
    since: datetime,
    key: str = "",
    steps: tuple[Text, ...] = (),
) -> FoundTrouble:
    """A trouble of an open incident; without a head its severity is not known, so it counts as high."""
    incident, head = case.incident, case.head
    return FoundTrouble(
        trouble,
        key or incident.id,
        said,
        since,
        incident.id,
        incident.alarm,
        head.slug if head else "",
        head.severity if head else Severity.HIGH,
        incident.opened,
        absence=absence(FollowUpMemory.from_json(head.watch)) if head else None,
        steps=steps,
    )
