"""What is kept of an incident. Each part keeps the newest of its kind: a late report takes nothing back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from responder.core.timestamps import sound

type ReportJson = Mapping[str, Any]
type Marks = Mapping[str, ReportJson]

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
class IncidentStatus:
    """JSON all through.

    Attributes:
        newest: the report that was written last.
        since: the first ALARM.
        main: the newest state, with the time of its report; `did` the time of the newest change by a command.
        asked: by id, every proposal that people were asked about, with `until` and when it was asked last.
        settled: by remedy and scope, or by proposal: when it was no question any more.
        taken: who acknowledged it last, with the time of that and `until`.
        held: what is in force in the stack, as read last; `calm` the newest time that users were safe.
    """

    newest: ReportJson
    since: str
    main: ReportJson = field(default_factory=dict)
    did: ReportJson = field(default_factory=dict)
    asked: Marks = field(default_factory=dict)
    settled: Marks = field(default_factory=dict)
    taken: ReportJson = field(default_factory=dict)
    held: ReportJson = field(default_factory=dict)
    calm: ReportJson = field(default_factory=dict)

    @property
    def state(self) -> ReportedState:
        """Of the incident, whoever works on it."""
        unknown = ReportedState.HELD if self.leases else ReportedState.UNSOLVED
        said = ReportedState(self.main["state"]) if self.main else unknown
        acted = bool(self.did) and moment(self.did["at"]) > moment(self.main.get("at"))
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
    def waiting(self) -> Marks:
        """Proposals that can still be approved, as far as the newest report goes."""
        now = moment(self.newest.get("at"))
        return {
            name: each
            for name, each in self.asked.items()
            if not self.over and moment(each.get("until")) > now and not self._settled(name, each)
        }

    def _settled(self, name: str, asked: ReportJson) -> bool:
        keys = (act(asked), f"|{name}")
        return any(moment(self.settled.get(key, {}).get("at")) > moment(asked["at"]) for key in keys)

    @property
    def taken_by(self) -> str:
        """Who works on it; nobody where it got worse or calm since then, or that has run out. Deciding again
        takes nobody off it."""
        worse = self.main if self.main.get("state") == ReportedState.ESCALATED else {}
        since = max(moment(worse.get("at")), moment(self.calm.get("at")))
        until = moment(self.taken.get("until"))
        valid = moment(self.taken.get("at")) >= since and until > moment(self.newest.get("at"))
        return str(self.taken.get("person", "")) if valid else ""

    @property
    def leases(self) -> tuple[ReportJson, ...]:
        """What this incident has in force."""
        return tuple(one for one in self.held.get("leases", ()) if one.get("incident") == self.incident)

    @property
    def incident(self) -> str:
        """Its id."""
        return str(self.newest.get("incident", ""))

    @property
    def lowered(self) -> str:
        """The remedy by which security is lowered; empty where it is not."""
        return str(self.newest.get("security_lowered_by") or self.held.get("lowered") or "")

    def calm_after(self, report: ReportJson) -> bool:
        """Users are safe, or it is over, and that report is of before."""
        later = moment(self.main.get("at")) > moment(report.get("at"))
        return later and self.state in CALM


def moment(stamp: object) -> datetime:
    """A time of the report for machines; long ago where there is none."""
    try:
        read = datetime.fromisoformat(str(stamp))
    except ValueError:
        return _LONG_AGO
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    return read if sound(read) else _LONG_AGO


def act(one: ReportJson) -> str:
    """By what a question and its end are matched."""
    return f"{one.get('remedy')}|{one.get('scope')}"
