"""What one report adds to how its incident stands."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from responder.core.change import LeaseState
from responder.core.refusals import Refusal
from responder.core.report import ReportKind
from responder.core.text import Text
from responder.core.verdict import Result
from responder.messages.report_message import ReportedLease, ReportedOutcome, ReportMessage
from responder.slack.status.data import (
    CALM,
    AskedMark,
    HeldLease,
    HeldMark,
    IncidentStatus,
    StateMark,
    TakenMark,
    act,
)
from responder.slack.status.state import state_of

MOST = 10
_ACTED = {Result.APPLIED: LeaseState.IN_FORCE, Result.PARTIAL: LeaseState.PARTIAL}
_UNREAD = tuple(each for each in Refusal if each.leases_unread)
_REJECTED = re.compile(r"/rejected-([0-9a-f]+)")


def add(known: IncidentStatus | None, report: ReportMessage) -> IncidentStatus:
    """What holds once this report is known, too; the same again changes nothing."""
    own = _alone(report)
    if known is None:
        return own
    return IncidentStatus(
        newest=max(known.newest, own.newest, key=lambda each: (each.at, each.id)),
        since=min(known.since, own.since),
        main=_newer(known.main, own.main),
        did=_later(known.did, own.did),
        asked=_merged(known.asked, own.asked, _renewed),
        settled=_merged(known.settled, own.settled, max),
        taken=_newer(known.taken, own.taken),
        held=_newer(known.held, own.held),
        calm=_later(known.calm, own.calm),
    )


def acknowledged(known: IncidentStatus, person: str, at: datetime, until: datetime) -> IncidentStatus:
    """Somebody has said that they work on it."""
    return replace(known, taken=_newer(known.taken, TakenMark(person, at, until)))


def _alone(report: ReportMessage) -> IncidentStatus:
    at, state = report.at, state_of(report)
    acted = report.kind is ReportKind.COMMAND and any(one.result.in_force for one in report.outcomes)
    asked = {one.approval: _question(one, at) for one in report.outcomes if one.approval}
    done = [act(one.remedy, one.scope) for one in report.outcomes if not one.approval]
    rejected = [f"|{name}" for name in _REJECTED.findall(report.id)]
    return IncidentStatus(
        newest=_slim(report),
        since=report.since,
        main=StateMark(state, at) if state else None,
        did=at if acted else None,
        asked={**_repeated(report), **asked},
        settled=dict.fromkeys((*done, *rejected), at),
        taken=TakenMark(report.taken.person, at, report.taken.until) if report.taken else None,
        held=_held(report),
        calm=at if state in CALM else None,
    )


def _held(report: ReportMessage) -> HeldMark | None:
    """Nothing of a report that could not read what is in force: that does not end by it."""
    said = (*report.warnings, *(one.because for one in report.outcomes if one.because))
    unread = report.kind is ReportKind.FAILURE or any(each.names(kind) for each in said for kind in _UNREAD)
    if unread and not report.leases:
        # Where the automation itself failed, what it could not read is left out of what it tells.
        return None
    known = [_lease(one) for one in report.leases if one.state.open]
    both = (*known, *_new(report, known))[:MOST]
    return HeldMark(report.at, both, report.security_lowered_by or "")


def _lease(one: ReportedLease) -> HeldLease:
    return HeldLease(
        one.remedy,
        one.scope,
        one.incident,
        one.state,
        one.at,
        one.changes[:MOST],
        one.until,
        one.seen,
        one.unread,
    )


def _new(report: ReportMessage, known: list[HeldLease]) -> Iterator[HeldLease]:
    """A response reads what is in force before it acts: its own change is told as an outcome alone."""
    for one in report.outcomes if report.kind is ReportKind.RESPONSE else ():
        if one.result in _ACTED and not any(_same(one, lease, report) for lease in known):
            undo = Text(one.undo.key) if one.undo else None
            state = _ACTED[one.result]
            yield HeldLease(
                one.remedy, one.scope, report.incident, state, report.at, one.changes[:MOST], undo=undo
            )


def _same(outcome: ReportedOutcome, lease: HeldLease, report: ReportMessage) -> bool:
    if (outcome.remedy, report.incident) != (lease.remedy, lease.incident):
        return False
    targets = {each.target for each in outcome.changes}
    return not targets or bool(targets & {each.target for each in lease.changes})


def _question(outcome: ReportedOutcome, at: datetime) -> AskedMark:
    return AskedMark(
        outcome.remedy,
        outcome.scope,
        outcome.lowers_security,
        outcome.changes[:MOST],
        outcome.back,
        outcome.approval_valid_until or at,
        at,
    )


def _repeated(report: ReportMessage) -> Mapping[str, AskedMark]:
    """Proposals that the message names again; of those, only how long they are valid is new."""
    return {
        one.approval: AskedMark(
            one.remedy, one.scope, False, (), one.take_back, one.approval_valid_until, report.at
        )
        for one in report.waiting
    }


def _slim(report: ReportMessage) -> ReportMessage:
    """What the message itself does not show stays in its thread."""
    shown = tuple(replace(one, proposed=(), changes=one.changes[:MOST]) for one in report.outcomes[:MOST])
    return replace(
        report,
        outcomes=shown,
        findings=(),
        ruled_out=(),
        proposals=(),
        course=(),
        waiting=(),
        taken=None,
        leases=(),
    )


def _renewed(one: AskedMark, other: AskedMark) -> AskedMark:
    newer = max(one, other, key=_order)
    fuller = max(one, other, key=lambda each: (len(each.changes), each is newer))
    return replace(fuller, until=newer.until, at=newer.at)


type _Mark = StateMark | AskedMark | TakenMark | HeldMark


def _order(mark: _Mark) -> tuple[datetime, str]:
    return mark.at, str(mark)


def _newer[M: (StateMark, TakenMark, HeldMark)](one: M | None, other: M | None) -> M | None:
    return max((each for each in (one, other) if each is not None), key=_order, default=None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _merged[M](one: Mapping[str, M], other: Mapping[str, M], chosen: Callable[[M, M], M]) -> Mapping[str, M]:
    both = {name: chosen(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
