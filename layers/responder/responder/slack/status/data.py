"""What is kept of an incident. Each part keeps the newest of its kind: a late report takes nothing back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from responder.core.change import LeaseState
from responder.core.text import Text
from responder.messages.report_message import ReportedChange, ReportMessage
from responder.messages.requests import RequestedChange

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class ReportedState(StrEnum):
    """What is said of the incident itself."""

    UNSOLVED = "unsolved"
    ESCALATED = "escalated"  # unsolved, and somebody was told for that
    NORMAL = "normal"  # it went off, and nothing needs fixing
    HELD = "held"  # a remedy is in force, and its effect is not known yet
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    CLOSED = "closed"
    BY_HAND = "closed_by_hand"  # a person has closed it; whether it is solved is not known
    SUPERSEDED = "superseded"  # a newer incident of the same alarm has begun


# A change that a command brought makes these better, and the others no worse.
_HELPED = (ReportedState.UNSOLVED, ReportedState.ESCALATED, ReportedState.NORMAL)
CALM = (
    ReportedState.MITIGATED,
    ReportedState.RECOVERED,
    ReportedState.CLOSED,
    ReportedState.BY_HAND,
    ReportedState.SUPERSEDED,
)


@dataclass(frozen=True, slots=True)
class StateMark:
    """A state, and the time of the report that says so."""

    state: ReportedState
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedMark:
    """A proposal that people were asked about, `at` last. `until`: when nobody can approve it any more."""

    remedy: str
    scope: str
    lowers_security: bool
    changes: tuple[ReportedChange, ...]
    back: bool
    until: datetime
    at: datetime

    @property
    def act(self) -> str:
        """By what a question and its end are matched."""
        return act(self.remedy, self.scope)

    @property
    def request(self) -> RequestedChange:
        """The change, as it is named."""
        return RequestedChange(
            self.remedy, self.scope, self.back, tuple(each.change for each in self.changes)
        )


@dataclass(frozen=True, slots=True)
class TakenMark:
    """Who acknowledged it, when, and until when that holds the escalation."""

    person: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A change in force. `seen`: when it was last read; `unread`: why it could not be read since; `undo`: how
    it ends, where a response has just made it."""

    remedy: str
    scope: str
    incident: str
    state: LeaseState
    at: datetime
    changes: tuple[ReportedChange, ...]
    until: datetime | None = None
    seen: datetime | None = None
    unread: Text | None = None
    undo: Text | None = None


@dataclass(frozen=True, slots=True)
class HeldMark:
    """What was in force `at` a time, and the remedy by which security was lowered, or empty."""

    at: datetime
    leases: tuple[HeldLease, ...]
    lowered: str


@dataclass(frozen=True, slots=True)
class IncidentStatus:
    """All times are those of reports.

    Attributes:
        newest: the report that was written last.
        since: the first ALARM.
        main: the newest state; `did` the time of the newest change by a command.
        asked: by id, every proposal that people were asked about.
        settled: by remedy and scope, or by proposal: when it was no question any more.
        taken: who acknowledged it last.
        held: what is in force in the stack, as read last; `calm` the newest time that users were safe.
    """

    newest: ReportMessage
    since: datetime
    main: StateMark | None = None
    did: datetime | None = None
    asked: Mapping[str, AskedMark] = field(default_factory=dict)
    settled: Mapping[str, datetime] = field(default_factory=dict)
    taken: TakenMark | None = None
    held: HeldMark | None = None
    calm: datetime | None = None

    @property
    def state(self) -> ReportedState:
        """Of the incident, whoever works on it."""
        unknown = ReportedState.HELD if self.leases else ReportedState.UNSOLVED
        said = self.main.state if self.main else unknown
        acted = self.did is not None and (self.main is None or self.did > self.main.at)
        return ReportedState.HELD if acted and said in _HELPED else said

    @property
    def unsolved(self) -> bool:
        """The next level will be told, unless somebody takes it."""
        return self.state in (*_HELPED, ReportedState.HELD)

    @property
    def over(self) -> bool:
        """Nobody has to take it any more."""
        return self.state in (ReportedState.CLOSED, ReportedState.BY_HAND, ReportedState.SUPERSEDED)

    @property
    def waiting(self) -> Mapping[str, AskedMark]:
        """Proposals that can still be approved, as far as the newest report goes."""
        now = self.newest.at
        return {
            name: each
            for name, each in self.asked.items()
            if not self.over and each.until > now and not self._settled(name, each)
        }

    def _settled(self, name: str, asked: AskedMark) -> bool:
        return any(self.settled.get(key, _LONG_AGO) > asked.at for key in (asked.act, f"|{name}"))

    @property
    def taken_by(self) -> str:
        """Who works on it; nobody where it got worse or calm since then, or that has run out. Deciding again
        takes nobody off it."""
        worse = self.main.at if self.main and self.main.state is ReportedState.ESCALATED else _LONG_AGO
        since = max(worse, self.calm or _LONG_AGO)
        valid = self.taken and self.taken.at >= since and self.taken.until > self.newest.at
        return self.taken.person if self.taken and valid else ""

    @property
    def leases(self) -> tuple[HeldLease, ...]:
        """What this incident has in force."""
        held = self.held.leases if self.held else ()
        return tuple(one for one in held if one.incident == self.incident)

    @property
    def incident(self) -> str:
        """Its id."""
        return self.newest.incident

    @property
    def lowered(self) -> str:
        """The remedy by which security is lowered; empty where it is not."""
        return self.newest.security_lowered_by or (self.held.lowered if self.held else "")

    def calm_after(self, report: ReportMessage) -> bool:
        """Users are safe, or it is over, and that report is of before."""
        return self.main is not None and self.main.at > report.at and self.state in CALM


def act(remedy: str, scope: str) -> str:
    """By what a question and its end are matched."""
    return f"{remedy}|{scope}"
