"""The status of an incident, put together from its reports, in whatever order they arrive.

Each part keeps the newest of its kind: a late report reverts nothing, and a repeated one changes nothing. All
times are those of reports.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from enum import StrEnum

from responder.core.cause import Cause
from responder.core.change import LeaseState
from responder.core.codec import dump, load
from responder.core.frozen import frozen
from responder.core.refusals import Refusal
from responder.core.report import ReportKind
from responder.core.text import Text
from responder.core.verdict import Result
from responder.messages.report_message import ReportedChange, ReportedOutcome, ReportMessage
from responder.messages.requests import RequestedChange

_MOST = 10
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_ACTED = {Result.APPLIED: LeaseState.IN_FORCE, Result.PARTIAL: LeaseState.PARTIAL}
_UNREAD = tuple(each for each in Refusal if each.leases_unread)
_REJECTED = re.compile(r"/rejected-([0-9a-f]+)")


class ReportedState(StrEnum):
    """The state of an incident, by its reports."""

    UNSOLVED = "unsolved"
    ESCALATED = "escalated"  # unsolved, and a person was called for that
    NORMAL = "normal"  # the alarm went off, and nothing needs fixing
    HELD = "held"  # a remedy is in force, and its effect is not known yet
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    CLOSED = "closed"
    BY_HAND = "closed_by_hand"  # a person has closed it; whether it is solved is not known
    SUPERSEDED = "superseded"  # a newer incident of the same alarm has begun

    @property
    def over(self) -> bool:
        """The incident has ended, and needs no acknowledgement."""
        return self in (ReportedState.CLOSED, ReportedState.BY_HAND, ReportedState.SUPERSEDED)

    @property
    def calm(self) -> bool:
        """Users are safe, or it has ended."""
        return self.over or self in (ReportedState.MITIGATED, ReportedState.RECOVERED)


_BY_TOPIC = {
    "gone": ReportedState.UNSOLVED,
    "escalate": ReportedState.ESCALATED,
    "ineffective": ReportedState.ESCALATED,
    "restore_failing": ReportedState.ESCALATED,
    "broken": ReportedState.ESCALATED,
    "mitigated": ReportedState.MITIGATED,
    "recovered": ReportedState.RECOVERED,
    "close": ReportedState.CLOSED,
    "closed_by_hand": ReportedState.BY_HAND,
    "superseded": ReportedState.SUPERSEDED,
}


def state_of(report: ReportMessage) -> ReportedState | None:
    """The state by one report; None where it has none, such as a reminder."""
    if report.topic in _BY_TOPIC:
        return _BY_TOPIC[report.topic]
    results = {one.result for one in report.outcomes}
    acts = report.kind in (ReportKind.RESPONSE, ReportKind.COMMAND)
    if report.kind is ReportKind.FAILURE or (acts and any(each.half_done for each in results)):
        return ReportedState.ESCALATED
    if report.kind is not ReportKind.RESPONSE:
        return None
    if any(each.in_force for each in results):
        return ReportedState.HELD
    normal = any(report.cause.names(each) for each in Cause if each.normal) and not results
    return ReportedState.NORMAL if normal else ReportedState.UNSOLVED


@frozen
class StateMark:
    """A state, and the time of the report of it."""

    state: ReportedState
    at: datetime


@frozen
class AskedMark:
    """A proposal that people were asked about, `at` last. `until`: when it can no longer be approved."""

    remedy: str
    scope: str
    lowers_security: bool
    changes: tuple[ReportedChange, ...]
    back: bool
    until: datetime
    at: datetime

    @property
    def request(self) -> RequestedChange:
        """The change, as it is named."""
        changes = tuple(each.change for each in self.changes)
        return RequestedChange(self.remedy, self.scope, self.back, changes)


@frozen
class TakenMark:
    """Who acknowledged it, when, and until when that holds the escalation."""

    person: str
    at: datetime
    until: datetime


@frozen
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


@frozen
class HeldMark:
    """What was in force `at` a time, and the remedy by which security was lowered, or empty."""

    at: datetime
    leases: tuple[HeldLease, ...]
    lowered: str


@frozen
class IncidentStatus:
    """What is kept of an incident.

    Attributes:
        newest: the report that was written last.
        since: the first ALARM.
        main: the newest state; `did` the time of the newest change by a command.
        asked: by id, every proposal that people were asked about.
        settled: by remedy and scope, or by proposal: when it was settled.
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
    def incident(self) -> str:
        """Its id."""
        return self.newest.incident

    @property
    def at(self) -> datetime:
        """When its message is written: a report or an acknowledgement has arrived."""
        return self.newest.at if self.taken is None else max(self.newest.at, self.taken.at)

    @property
    def state(self) -> ReportedState:
        """The incident's state, no matter who works on it. A change by a command improves it, until it is
        reverted."""
        unknown = ReportedState.HELD if self.leases else ReportedState.UNSOLVED
        said = self.main.state if self.main else unknown
        main, did = self.main.at if self.main else _LONG_AGO, self.did or _LONG_AGO
        state = ReportedState.HELD if did > main and not said.calm else said
        ended = self.held is not None and self.held.at > max(main, did) and not self.held.leases
        return ReportedState.UNSOLVED if state is ReportedState.HELD and ended else state

    @property
    def unsolved(self) -> bool:
        """The next level will be notified, unless a person acknowledges the incident."""
        return not self.state.calm

    @property
    def waiting(self) -> Mapping[str, AskedMark]:
        """Proposals that can still be approved when its message is written; none while answers are
        refused."""
        return {
            name: each
            for name, each in self.asked.items()
            if not self.state.over
            and self.newest.answered
            and each.until > self.at
            and each.at >= max(self.settled.get(key, _LONG_AGO) for key in (_act(each), f"|{name}"))
        }

    @property
    def taken_by(self) -> str:
        """Who works on it; empty if the incident has got worse or calm since then, or the acknowledgement has
        run out. A re-evaluation does not change it."""
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
    def lowered(self) -> str:
        """The remedy by which security is lowered; empty where it is not."""
        return self.newest.security_lowered_by or (self.held.lowered if self.held else "")

    def calm_after(self, report: ReportMessage) -> bool:
        """Users are safe, or it has ended, and that report is older."""
        return self.main is not None and self.main.at > report.at and self.state.calm


def add(known: IncidentStatus | None, report: ReportMessage) -> IncidentStatus:
    """This status with one more report."""
    own = _alone(report)
    if known is None:
        return own
    return IncidentStatus(
        newest=max(known.newest, own.newest, key=lambda each: (each.at, each.id)),
        since=min(known.since, own.since),
        main=_newer(known.main, own.main),
        did=_newer(known.did, own.did),
        asked=_merged(known.asked, own.asked, _renewed),
        settled=_merged(known.settled, own.settled, max),
        taken=_newer(known.taken, own.taken),
        held=_newer(known.held, own.held),
        calm=_newer(known.calm, own.calm),
    )


def acknowledged(known: IncidentStatus, person: str, at: datetime, until: datetime) -> IncidentStatus:
    """A person has said that they work on it."""
    return replace(known, taken=_newer(known.taken, TakenMark(person, at, until)))


def _alone(report: ReportMessage) -> IncidentStatus:
    at, state, outcomes = report.at, state_of(report), report.outcomes
    acted = report.kind is ReportKind.COMMAND and any(one.result.in_force for one in outcomes)
    # Proposals that the message names again; of those, only how long they are valid is new.
    asked = {
        one.approval: AskedMark(one.remedy, one.scope, False, (), one.revert, one.approval_valid_until, at)
        for one in report.waiting
    }
    for one in outcomes:
        if one.approval:
            until = one.approval_valid_until or at
            asked[one.approval] = AskedMark(
                one.remedy, one.scope, one.lowers_security, one.changes[:_MOST], one.back, until, at
            )
    done = [_act(one) for one in outcomes if not one.approval]
    rejected = [f"|{name}" for name in _REJECTED.findall(report.id)]
    # What the incident's message does not show is only in its thread.
    newest = replace(
        report,
        outcomes=tuple(replace(one, proposed=(), changes=one.changes[:_MOST]) for one in outcomes[:_MOST]),
        findings=(),
        ruled_out=(),
        proposals=(),
        course=(),
        waiting=(),
        taken=None,
        leases=(),
    )
    return IncidentStatus(
        newest=newest,
        since=report.since,
        main=StateMark(state, at) if state else None,
        did=at if acted else None,
        asked=asked,
        settled=dict.fromkeys((*done, *rejected), at),
        taken=TakenMark(report.taken.person, at, report.taken.until) if report.taken else None,
        held=_held(report),
        calm=at if state and state.calm else None,
    )


def _act(one: AskedMark | ReportedOutcome) -> str:
    """The key by which a request and its end are matched."""
    return f"{one.remedy}|{one.scope}"


def _held(report: ReportMessage) -> HeldMark | None:
    """The changes in force by a report; None if it could not read them, since they do not end by that."""
    said = (*report.warnings, *(one.because for one in report.outcomes if one.because))
    unread = report.kind is ReportKind.FAILURE or any(each.names(kind) for each in said for kind in _UNREAD)
    if unread and not report.leases:
        return None
    leases = [
        replace(load(HeldLease, dump(one)), changes=one.changes[:_MOST])
        for one in report.leases
        if one.state.open
    ]
    known = tuple(leases)
    # A response reads what is in force before it acts: its own change is reported as an outcome alone.
    for one in report.outcomes if report.kind is ReportKind.RESPONSE else ():
        if one.result in _ACTED and not any(_same(one, lease, report) for lease in known):
            undo, state = Text(one.undo.key) if one.undo else None, _ACTED[one.result]
            changes = one.changes[:_MOST]
            leases.append(
                HeldLease(one.remedy, one.scope, report.incident, state, report.at, changes, undo=undo)
            )
    return HeldMark(report.at, tuple(leases[:_MOST]), report.security_lowered_by or "")


def _same(outcome: ReportedOutcome, lease: HeldLease, report: ReportMessage) -> bool:
    if (outcome.remedy, report.incident) != (lease.remedy, lease.incident):
        return False
    targets = {each.target for each in outcome.changes}
    return not targets or bool(targets & {each.target for each in lease.changes})


def _renewed(one: AskedMark, other: AskedMark) -> AskedMark:
    newer = max(one, other, key=_order)
    fuller = max(one, other, key=lambda each: (len(each.changes), each is newer))
    return replace(fuller, until=newer.until, at=newer.at)


def _order(mark: StateMark | AskedMark | TakenMark | HeldMark | datetime) -> tuple[datetime, str]:
    return mark if isinstance(mark, datetime) else mark.at, str(mark)


def _newer[M: (StateMark, TakenMark, HeldMark, datetime)](one: M | None, other: M | None) -> M | None:
    return max((each for each in (one, other) if each is not None), key=_order, default=None)


def _merged[M](one: Mapping[str, M], other: Mapping[str, M], chosen: Callable[[M, M], M]) -> Mapping[str, M]:
    both = {name: chosen(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
