"""Take leases back when their time has come; ask for what only a person may restore; remind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.approval_request import REMEMBERED, VALID, ApprovalRequest
from responder.core.change import Lease, LeaseState, Status
from responder.core.command import CommandKind, RestoreStep, RestoreVerdict
from responder.core.text import text
from responder.followup_rules.calm import INEFFECTIVE, lasting, lease_key, settled
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.postponed import unless_held
from responder.followup_rules.seen import ApprovalAnswer, Observation, OpenRequest, Rollout, working

_RETRY = timedelta(minutes=15)
_RARELY = timedelta(hours=1)
_OFTEN = 3
_A_DAY = timedelta(days=1)
# So long before it ends a question is renewed.
_RENEWED = timedelta(minutes=5)
# A question of which no proposal is on record is ordered again after so long, and twice more.
_UNASKED = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20))
# The clocks of two functions.
_SKEW = timedelta(minutes=1)
# So many times what waits is said again every hour; later it is said less often.
_QUIET = 3


def ended(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Leases that end by themselves: at their end, provisioned concurrency some time after recovery."""
    for lease in seen.holding:
        at = _ripe(seen, lease, watch)
        if at is None:
            continue
        duty = Duty(DutyKind.TAKE_BACK, text("duty.take_back", remedy=lease.remedy), lease.id, lease=lease.id)
        last, times = watch.orders.get(duty.id, (at - _RETRY, 0))
        often = times < _OFTEN
        planned = PlannedDuty(max(at, last + (_RETRY if often else _RARELY)), duty)
        yield from unless_held(seen, watch, planned, None if often else last + _RETRY, times)


def _ripe(seen: Observation, lease: Lease, watch: FollowUpMemory) -> datetime | None:
    """What AWS still works on gets a little longer; what is in doubt goes back at its end at the latest."""
    if lease.until is None:
        return None
    if any(change.status is Status.IN_PROGRESS for change in lease.changes):
        return None if lease.state is LeaseState.TAKING_BACK else lease.until + _RETRY
    return lease.until if seen.needed or working(lease) else _end(lease, lease.until, watch)


def _end(lease: Lease, until: datetime, watch: FollowUpMemory) -> datetime:
    if not lease.spec.kept_after_recovery or watch.recovered is None:
        return until
    return min(until, watch.recovered + timedelta(minutes=watch.terms.keep))


def by_person(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """On-demand billing: asked some time after recovery, and once a day as long as nobody answers."""
    for lease in seen.holding:
        if lease.until is not None or lease.lowers_security or lease.stays or working(lease):
            continue
        if watch.recovered is None or seen.needed or _asked(seen, lease.remedy):
            continue
        duty = Duty(DutyKind.RESTORE, text("duty.restore", remedy=lease.remedy), lease.id, lease=lease.id)
        first = watch.recovered + timedelta(minutes=watch.terms.keep)
        last, times = watch.orders.get(duty.id, (first - _A_DAY, 0))
        at = _unasked(seen, lease.remedy, last, times) or max(first, last + _A_DAY)
        yield from unless_held(seen, watch, PlannedDuty(at, duty))


def remind(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Security is lowered: said again, also while nothing else happens."""
    for lease in seen.lowering:
        duty = Duty(DutyKind.REMIND, text("duty.remind", remedy=lease.remedy), lease.id, lease=lease.id)
        said = [at for key, at in watch.told_of.items() if lease.id in key]
        ordered = [at for key, (at, _) in watch.orders.items() if lease.id in key and DutyKind.RESTORE in key]
        # An escalation says it as well: in its hour there is no reminder.
        yield PlannedDuty(_said_again(max([lease.at, *said, *ordered, *watch.told.values()]), watch), duty)


def _said_again(last: datetime, watch: FollowUpMemory) -> datetime:
    """What waits for a person is said again every hour; where nothing has happened for some hours of calm,
    every third hour."""
    every = timedelta(minutes=watch.terms.remind)
    quiet = max(filter(None, (watch.calm_from, watch.step_at)), default=last)
    return last + (3 * every if watch.calm_from is not None and last - quiet >= _QUIET * every else every)


def in_vain(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The liveness check is off and that did not help: the old value is asked for at once. The question is
    renewed, without a message, until it is answered or the alarm is over."""
    for lease in seen.lowering:
        key = lease_key(seen, lease.id)
        if not lasting(seen) or watch.judged.get(key) != INEFFECTIVE or not lease.spec.in_steps:
            continue
        off = seen.rollout is not None and seen.rollout.percent == 0 and not seen.rollout.unreleased
        if working(lease) or lease.state is not LeaseState.IN_FORCE or not off:
            continue
        duty = Duty(DutyKind.RESTORE, text("duty.restore_vain"), f"{lease.id} vain", {}, lease.id)
        if duty.id not in watch.orders:
            since = (watch.step_at or lease.at) + timedelta(minutes=watch.terms.effect)
            yield from unless_held(seen, watch, PlannedDuty(since, duty))
            continue
        last, times = watch.orders[duty.id]
        retry = _unasked(seen, lease.remedy, last, times)
        asked = max(_back(seen, lease.remedy), key=lambda each: each.asked.at, default=None)
        if retry is None and asked is None and times > len(_UNASKED) and not seen.unheard:
            # The topic was away for long, and nothing else asks for it.
            retry = last + _RARELY
        if retry is not None:
            yield from unless_held(seen, watch, PlannedDuty(retry, duty))
            continue
        if asked is not None and asked.answer in (ApprovalAnswer.OPEN, ApprovalAnswer.EXPIRED):
            renewal = replace(duty, key=f"{lease.id} renewed", data={"quiet": True})
            # Where nothing came of the order it is not given again at once.
            last, _ = watch.orders.get(renewal.id, (asked.asked.at, 0))
            at = max(asked.asked.at + VALID - _RENEWED, last + _RENEWED)
            yield from unless_held(seen, watch, PlannedDuty(at, renewal))


def _unasked(seen: Observation, remedy: str, last: datetime, times: int) -> datetime | None:
    """When a question is ordered again that was ordered and is not on record, so its message was not sent
    either; None where it is, or that is not known."""
    if not 1 <= times <= len(_UNASKED) or seen.unheard or seen.now - last >= REMEMBERED:
        return None
    if any(each.asked.at >= last - _SKEW for each in _back(seen, remedy)):
        return None
    return last + _UNASKED[times - 1]


def _back(seen: Observation, remedy: str) -> Iterator[OpenRequest]:
    return (
        each
        for each in seen.askings
        if each.asked.order == CommandKind.TAKE_BACK and each.asked.remedy == remedy
    )


def _asked(seen: Observation, remedy: str) -> bool:
    """Taking it back was asked for, and waits for its answer or for being carried out."""
    return any(
        each.asked.order == CommandKind.TAKE_BACK
        and each.asked.remedy == remedy
        and each.answer in (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED)
        for each in seen.askings
    )


def _rejected(seen: Observation, lease: Lease, percent: int) -> bool:
    """Exactly this step would weaken the check again, and a person said no to it."""
    return any(
        each.answer is ApprovalAnswer.REJECTED
        and not each.asked.restores
        and _same(each.asked, lease, percent)
        for each in seen.askings
    )


def _same(asked: ApprovalRequest, lease: Lease, percent: int) -> bool:
    """It was asked for at the values that are set now."""
    now = {change.target: change.after for change in lease.changes}
    of_lease = asked.order == CommandKind.TAKE_BACK and asked.remedy == lease.remedy
    as_now = all(now.get(change.target) == change.before for change in asked.changes)
    return of_lease and as_now and asked.wanted.get("percent") == percent


def steps(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The rollout comes back in steps, each asked for, and verified before the next is."""
    lease = next((each for each in seen.lowering if seen.rollout and each.id == seen.rollout.lease), None)
    if lease is None or seen.rollout is None or working(lease):
        return
    found = _next(seen, watch)
    if found is None:
        return
    at, percent, judged = found
    wanted = {} if percent == seen.rollout.old else {"percent": percent}
    step = _step(seen, watch, seen.rollout, judged)
    data = {"wanted": wanted, **({"step": step} if step else {})}
    why = text(f"duty.{judged or 'restore_begin'}")
    duty = Duty(DutyKind.RESTORE, why, f"{lease.id} {percent}", data, lease.id)
    if _asked(seen, lease.remedy) or _rejected(seen, lease, percent):
        return
    last, times = watch.orders.get(duty.id, (at, 0))
    retry = _unasked(seen, lease.remedy, last, times)
    next_time = retry or (max(at, _said_again(last, watch)) if times else at)
    yield from unless_held(seen, watch, PlannedDuty(next_time, duty))


def _step(
    seen: Observation, watch: FollowUpMemory, rollout: Rollout, judged: RestoreVerdict | None
) -> RestoreStep | None:
    if judged is None or watch.step_at is None:
        return None
    minutes, found = int((seen.now - watch.step_at).total_seconds() // 60), seen.traffic
    requests, faults = (None, 0) if found is None else (found.requests, found.faults)
    return RestoreStep(judged, rollout.percent, minutes, requests, faults, lasting(seen))


def _next(seen: Observation, watch: FollowUpMemory) -> tuple[datetime, int, RestoreVerdict | None] | None:
    """When to ask, for how many percent, and how the present step went: None where the first is asked for."""
    rollout, end = seen.rollout, None if seen.needed else settled(seen, watch)
    if rollout is None or watch.step_at is None:
        return None
    if rollout.unreleased:
        # A step may be less than the aliases serve, and would lower security further.
        return (end, rollout.old, None) if end else None
    if rollout.percent == 0:
        return (end, _onward(rollout), None) if end else None
    if _failing(seen) or lasting(seen):
        return seen.now, 0, RestoreVerdict.FAILING
    onward = _onward(rollout)
    if end is None:
        return None
    if _verified(seen):
        return max(end, seen.now), onward, RestoreVerdict.VERIFIED
    return max(end, watch.step_at + timedelta(minutes=watch.terms.verify)), onward, RestoreVerdict.UNPROVEN


ENOUGH = 20
FAULTY = 0.01
_STEPS = (10, 50)


def _onward(rollout: Rollout) -> int:
    """The next step; where one function is behind the others, the step that they have reached."""
    step = next((step for step in _STEPS if rollout.percent < step < rollout.old), rollout.old)
    return min(max(step, rollout.highest), rollout.old)


def _verified(seen: Observation) -> bool:
    found = seen.traffic
    return found is not None and found.requests >= ENOUGH and found.faults < FAULTY * found.requests


def _failing(seen: Observation) -> bool:
    found = seen.traffic
    return found is not None and found.requests >= ENOUGH and found.faults >= FAULTY * found.requests
