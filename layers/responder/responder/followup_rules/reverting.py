"""Revert leases at their end; request what only a person may restore; remind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.change import Lease, LeaseState, Status
from responder.core.command import REMEMBERED, VALID, RestoreStep, RestoreVerdict
from responder.core.text import text
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty, of_lease, unless_postponed
from responder.followup_rules.memory import INEFFECTIVE, FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, Observation, OpenRequest, Rollout, working

_RETRY = timedelta(minutes=15)
_RARELY = timedelta(hours=1)
_OFTEN = 3
_A_DAY = timedelta(days=1)
# How long before its end a request is renewed.
_RENEWED = timedelta(minutes=5)
# A request whose proposal was not stored is ordered again after this time, and twice more.
_UNASKED = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20))
# The clocks of two functions.
_SKEW = timedelta(minutes=1)
# How many times the reminder comes every hour; later it comes less often.
_QUIET = 3
# A step is verified by so many requests, with fewer faults than this share.
ENOUGH = 20
FAULTY = 0.01
_STEPS = (10, 50)


def ended(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Leases that end automatically: at their end, provisioned concurrency some time after recovery. What AWS
    still works on gets a little longer; what is in doubt is reverted at its end at the latest."""
    for lease in seen.holding:
        at = lease.until if seen.needed or working(lease) else memory.end_of(lease)
        if lease.until is not None and any(each.status is Status.IN_PROGRESS for each in lease.changes):
            at = None if lease.state is LeaseState.REVERTING else lease.until + _RETRY
        if at is None:
            continue
        duty = of_lease(DutyKind.REVERT, "duty.revert", lease)
        last, times = memory.orders.get(duty.id, (at - _RETRY, 0))
        often = times < _OFTEN
        next_time = max(at, last + (_RETRY if often else _RARELY))
        vain = None if often else (last + _RETRY, times)
        yield from unless_postponed(seen, memory, next_time, duty, vain)


def by_person(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """On-demand billing: asked some time after recovery, and once a day until a person answers."""
    for lease in seen.holding:
        if lease.until is not None or lease.lowers_security or working(lease):
            continue
        if memory.recovered is None or seen.needed or _asked(seen, lease.remedy):
            continue
        duty = of_lease(DutyKind.RESTORE, "duty.restore", lease)
        first = memory.recovered + timedelta(minutes=memory.terms.keep)
        last, times = memory.orders.get(duty.id, (first - _A_DAY, 0))
        at = _unasked(seen, lease.remedy, last, times) or max(first, last + _A_DAY)
        yield from unless_postponed(seen, memory, at, duty)


def remind(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Remind that security is lowered, even if nothing else happens."""
    for lease in seen.lowering:
        said = [at for key, at in memory.reported.items() if lease.id in key]
        ordered = [
            at for key, (at, _) in memory.orders.items() if lease.id in key and DutyKind.RESTORE in key
        ]
        # An escalation says the same, so there is no reminder in its hour.
        at = _said_again(max([lease.at, *said, *ordered, *memory.notified.values()]), memory)
        yield PlannedDuty(at, of_lease(DutyKind.REMIND, "duty.remind", lease))


def _said_again(last: datetime, memory: FollowUpMemory) -> datetime:
    """A reminder of what waits for a person, every hour; where nothing has happened for some hours of calm,
    every third hour."""
    every = timedelta(minutes=memory.terms.remind)
    quiet = max(filter(None, (memory.calm_from, memory.step_at)), default=last)
    return last + (3 * every if memory.calm_from is not None and last - quiet >= _QUIET * every else every)


def restore_without_effect(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The liveness check is off and that did not help: restoring the old value is requested immediately. The
    request is renewed, without a message, until it is answered or the alarm is OK."""
    off = seen.rollout is not None and seen.rollout.percent == 0 and not seen.rollout.unreleased
    for lease in seen.lowering:
        ineffective = memory.judged.get(seen.lease_key(lease.id)) == INEFFECTIVE
        if not (seen.raised and ineffective and lease.spec.in_steps and off):
            continue
        if working(lease) or lease.state is not LeaseState.IN_FORCE:
            continue
        duty = Duty(DutyKind.RESTORE, text("duty.restore_vain"), f"{lease.id} vain", lease=lease.id)
        if duty.id not in memory.orders:
            since = (memory.step_at or lease.at) + timedelta(minutes=memory.terms.effect)
            yield from unless_postponed(seen, memory, since, duty)
            continue
        last, times = memory.orders[duty.id]
        retry = _unasked(seen, lease.remedy, last, times)
        asked = max(seen.reverts_asked(lease.remedy), key=lambda each: each.asked.at, default=None)
        if retry is None and asked is None and times > len(_UNASKED) and not seen.unheard:
            # The topic was unavailable for long, and nothing else requests the revert.
            retry = last + _RARELY
        if retry is not None:
            yield from unless_postponed(seen, memory, retry, duty)
        elif asked is not None and asked.answer in (ApprovalAnswer.OPEN, ApprovalAnswer.EXPIRED):
            yield from _renewed(seen, memory, duty, asked)


def _renewed(
    seen: Observation, memory: FollowUpMemory, duty: Duty, asked: OpenRequest
) -> Iterator[PlannedDuty]:
    renewal = replace(duty, key=f"{duty.lease} renewed", data={"quiet": True})
    # An order without effect is not repeated immediately.
    last, _ = memory.orders.get(renewal.id, (asked.asked.at, 0))
    at = max(asked.asked.at + VALID - _RENEWED, last + _RENEWED)
    yield from unless_postponed(seen, memory, at, renewal)


def _unasked(seen: Observation, remedy: str, last: datetime, times: int) -> datetime | None:
    """When a question is ordered again that was ordered and is not stored, so its message was not sent
    either; None where it is, or that is unknown."""
    if not 1 <= times <= len(_UNASKED) or seen.unheard or seen.now - last >= REMEMBERED:
        return None
    if any(each.asked.at >= last - _SKEW for each in seen.reverts_asked(remedy)):
        return None
    return last + _UNASKED[times - 1]


def _asked(seen: Observation, remedy: str) -> bool:
    """The revert was requested, and waits for an answer or to be applied."""
    waits = (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED)
    return any(each.answer in waits for each in seen.reverts_asked(remedy))


def steps(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Restore the rollout in steps: each is requested, and verified before the next request."""
    rollout = seen.rollout
    lease = next((each for each in seen.lowering if rollout and each.id == rollout.lease), None)
    found = _next(seen, memory, rollout) if rollout else None
    if lease is None or rollout is None or working(lease) or found is None:
        return
    at, percent, judged = found
    if _asked(seen, lease.remedy) or _rejected(seen, lease, percent):
        return
    data: dict[str, object] = {"wanted": {} if percent == rollout.old else {"percent": percent}}
    if judged is not None and memory.step_at is not None:
        minutes, traffic = int((seen.now - memory.step_at).total_seconds() // 60), seen.traffic
        requests, faults = (None, 0) if traffic is None else (traffic.requests, traffic.faults)
        data["step"] = RestoreStep(judged, rollout.percent, minutes, requests, faults, seen.raised)
    why = text(f"duty.{judged or 'restore_begin'}")
    duty = Duty(DutyKind.RESTORE, why, f"{lease.id} {percent}", data, lease.id)
    last, times = memory.orders.get(duty.id, (at, 0))
    retry = _unasked(seen, lease.remedy, last, times)
    next_time = retry or (max(at, _said_again(last, memory)) if times else at)
    yield from unless_postponed(seen, memory, next_time, duty)


def _rejected(seen: Observation, lease: Lease, percent: int) -> bool:
    """A person rejected exactly this step, which would weaken the check again, at the current values."""
    now = {change.target: change.after for change in lease.changes}
    return any(
        each.answer is ApprovalAnswer.REJECTED
        and not each.asked.restores
        and each.asked.wanted.get("percent") == percent
        and all(now.get(change.target) == change.before for change in each.asked.changes)
        for each in seen.reverts_asked(lease.remedy)
    )


def _next(
    seen: Observation, memory: FollowUpMemory, rollout: Rollout
) -> tuple[datetime, int, RestoreVerdict | None] | None:
    """When to request the next step, its percentage, and the result of the current step (None before the
    first)."""
    end, traffic = None if seen.needed else memory.settled(seen.opened), seen.traffic
    if memory.step_at is None:
        return None
    if rollout.unreleased:
        # A step may be less than the aliases serve, and would lower security further.
        return (end, rollout.old, None) if end else None
    # Where one function is behind the others, the next step is the one that they have reached.
    onward = next((step for step in _STEPS if rollout.percent < step < rollout.old), rollout.old)
    onward = min(max(onward, rollout.highest), rollout.old)
    if rollout.percent == 0:
        return (end, onward, None) if end else None
    proven = traffic is not None and traffic.requests >= ENOUGH
    faulty = traffic is not None and traffic.faults >= FAULTY * traffic.requests
    if (proven and faulty) or seen.raised:
        return seen.now, 0, RestoreVerdict.FAILING
    if end is None:
        return None
    if traffic is not None and proven:
        if traffic.faults + traffic.newest >= FAULTY * traffic.requests:
            return None
        return max(end, seen.now), onward, RestoreVerdict.VERIFIED
    return max(end, memory.step_at + timedelta(minutes=memory.terms.verify)), onward, RestoreVerdict.UNPROVEN
