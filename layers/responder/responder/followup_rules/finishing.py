"""Finish what was started, report once what people and others did, and end: mitigated, recovered, closed."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta

from responder.core.change import Lease, LeaseState, Status, unanswered
from responder.core.codec import dump
from responder.core.command import CommandKind
from responder.core.text import text
from responder.followup_rules.assessing import GIVEN_UP
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty, of_lease, once, unless_postponed
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, Observation, OpenRequest, working

_FIRST = timedelta(seconds=30)
_SOON = timedelta(minutes=1)
_LATER = timedelta(minutes=5)
_SOON_TIMES = 10
_STUCK_TIMES = 14
# A run of the alarm's function that died, and Lambda's two retries, are over by then.
_DIED = timedelta(minutes=5)
_UNSEEN = timedelta(minutes=10)
_REPEATS = 3
_BETWEEN = timedelta(minutes=5)


def unfinished(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """`finish`, quickly at first and slowly later, until AWS is done; also where a run died half-way, to
    learn what it had done."""
    for lease in seen.leases:
        died = lease.state is LeaseState.APPLYING
        # If other settings were lost, only a person can correct that.
        going = any(each.status is Status.IN_PROGRESS or unanswered(each) for each in lease.changes)
        if not died and not (working(lease) and going):
            continue
        duty = of_lease(DutyKind.FINISH, "duty.finish", lease)
        last, times = memory.orders.get(duty.id, (lease.at, 0))
        first = _DIED if died else _FIRST
        at = last + (first if not times else _SOON if times < _SOON_TIMES else _LATER)
        without_effect = (at, times) if times >= _STUCK_TIMES else None
        yield from unless_postponed(seen, memory, at, duty, without_effect)


def approved(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The writer of an approval sends the command; where that failed, it is sent a minute later."""
    for request in seen.askings:
        asked, back = request.asked, request.asked.order == CommandKind.REVERT
        if request.answer is not ApprovalAnswer.APPROVED or request.at is None:
            continue
        # A change that was approved against a fault is not made to a service that works again.
        if asked.order == CommandKind.APPLY and not seen.raised:
            continue
        lease = _to_revert(seen, request) if back else None
        postponed = asked.remedy in seen.held
        # The answer to a command without a lease said why it has to wait: it is sent when the wait ends.
        if (back and lease is None) or (lease is None and postponed):
            continue
        key = f"{asked.id}@{request.at.isoformat()}"
        why = text("duty.repeat", person=request.by)
        duty = Duty(DutyKind.REPEAT, why, key, {"proposal": asked.id}, lease.id if lease else "")
        last, times = memory.orders.get(duty.id, (request.at - _BETWEEN + _SOON, 0))
        if times < _REPEATS or postponed:
            # While it is postponed it is not sent, and counts as no attempt.
            yield from unless_postponed(seen, memory, last + _BETWEEN, duty)
        else:
            # While the approval still counts: afterwards nothing would be left to report.
            data = {"order": asked.order, "times": times}
            stuck = Duty(DutyKind.STUCK, text("duty.stuck", order=asked.order), key, data)
            yield from once(memory, last + _SOON, stuck)


def _to_revert(seen: Observation, request: OpenRequest) -> Lease | None:
    """The lease of what has to be reverted; None where another step was approved or carried out since then,
    whatever the outcome."""
    remedy = request.asked.remedy
    for each in seen.reverts_asked(remedy):
        times = [vote.at for vote in each.said if vote.decision == "approve"]
        if each.answer is ApprovalAnswer.CARRIED_OUT and each.at is not None:
            times.append(each.at)
        if any(request.at is not None and at > request.at for at in times):
            return None
    return next((each for each in seen.leases if each.remedy == remedy), None)


def unseen(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The alarm itself cannot be read: what depends on it waits, and a person has to know."""
    duty = Duty(DutyKind.STUCK, text("duty.unseen"), "alarm", {"order": "check-leases", "times": 0})
    said = memory.reported.get(duty.id)
    if memory.unseen is not None and (said is None or said < memory.unseen):
        yield PlannedDuty(memory.unseen + _UNSEEN, duty)


def rejected(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Report a rejection once, so that no one waits for the change."""
    for each in seen.askings:
        if each.answer is ApprovalAnswer.REJECTED:
            duty = Duty(DutyKind.REJECTED, text("duty.rejected", person=each.by), each.asked.id)
            yield from once(memory, seen.now, duty)


def changed_by_others(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Report what others have changed of this incident's leases: once, and again if more was changed."""
    for lease in seen.changed_by_others:
        # The key is the same for the same values.
        values = [(each.target, dump(each.note) if each.note else "") for each in lease.changed_by_others]
        digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:8]
        key = f"{lease.id}@{lease.at:%Y%m%dT%H%M%S} {digest}"
        if lease.changed_by_others:
            duty = Duty(DutyKind.CHANGED, text("duty.changed", remedy=lease.remedy), key, lease=lease.id)
            yield from once(memory, seen.now, duty)


def gone(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The alarm does not exist: reported immediately, and again where it was deleted once more."""
    if seen.gone and memory.gone is not None:
        yield from once(memory, seen.now, Duty(DutyKind.GONE, text("duty.gone"), memory.gone.isoformat()))


def settings(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The settings document cannot be used, whatever is wrong with it: once in an incident."""
    if seen.settings is not None:
        yield from once(memory, seen.now, Duty(DutyKind.SETTINGS, seen.settings.text))


def mitigated(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Users are safe from the fault, but nothing proves that it is gone. Reported once for each calm."""
    end = memory.settled(seen.opened)
    if end is not None and seen.holding and memory.recovered is None:
        yield from once(memory, end, Duty(DutyKind.MITIGATED, text("duty.mitigated"), memory.calm))


def recovered(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The fault is gone with traffic that proves it, and something is still in force."""
    end = memory.settled(seen.opened)
    if end is not None and seen.holding and memory.recovered is not None:
        duty = Duty(DutyKind.RECOVERED, text("duty.recovered"), memory.calm)
        yield from once(memory, max(end, seen.now), duty)


def over(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """OK has lasted and nothing is in force; a person closes it; or the alarm already belongs to
    another incident."""
    if not seen.ours:
        yield PlannedDuty(seen.now, Duty(DutyKind.CLOSE, text("duty.superseded")))
        return
    by_itself = Duty(DutyKind.CLOSE, text("duty.close"))
    if seen.closed:
        # An earlier run closed it and died, or could not send its message: the end is still reported.
        by_hand = _by_hand(memory.closed_by, memory.closed_why) if memory.closed_by else by_itself
        yield PlannedDuty(seen.now, by_hand)
        return
    if any(each.keeps_open or working(each) for each in seen.leases):
        return
    asked, end = seen.closing, memory.settled(seen.opened)
    # Not while the alarm is raised, and not where it was raised, or exists again, since the person asked.
    since = max((at for at in (memory.back, memory.void) if at is not None), default=None)
    if asked is not None and not seen.raised and (since is None or asked.at > since):
        yield PlannedDuty(seen.now, _by_hand(asked.person, asked.why))
    elif end is not None:
        # People's assessments of its remedies are read before that; what stays unreadable keeps no incident
        # open.
        yield PlannedDuty(end + (GIVEN_UP if seen.harm_unread else timedelta()), by_itself)


def _by_hand(person: str, why: str) -> Duty:
    return Duty(DutyKind.CLOSE, text("duty.close_by_hand", person=person), data={"by": person, "why": why})
