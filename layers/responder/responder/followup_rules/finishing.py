"""Finish what was started: changes that AWS still works on, approvals that nobody carried out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from responder.core.change import Change, Lease, LeaseState, Status, unanswered
from responder.core.command import CommandKind
from responder.core.text import text
from responder.followup_rules.calm import lasting
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.postponed import unless_held
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


def unfinished(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """`continue`, quickly at first and slowly later, until AWS is done; also where a run died half-way, to
    learn what it had done."""
    for lease in seen.leases:
        died = lease.state is LeaseState.APPLYING
        if not died and not (working(lease) and any(map(_to_finish, lease.changes))):
            continue
        duty = Duty(DutyKind.CONTINUE, text("duty.continue", remedy=lease.remedy), lease.id, lease=lease.id)
        last, times = watch.orders.get(duty.id, (lease.at, 0))
        first = _DIED if died else _FIRST
        wait = first if not times else _SOON if times < _SOON_TIMES else _LATER
        vain = last + wait if times >= _STUCK_TIMES else None
        yield from unless_held(seen, watch, PlannedDuty(last + wait, duty), vain, times)


def _to_finish(change: Change) -> bool:
    """A look may settle it. What lost other settings no look puts right, only a person does."""
    return change.status is Status.IN_PROGRESS or unanswered(change)


def approved(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The writer of an approval sends the command; where that failed, it is sent for him a minute later."""
    for asking in seen.askings:
        if asking.answer is not ApprovalAnswer.APPROVED or asking.at is None:
            continue
        if asking.asked.order == CommandKind.APPLY and not lasting(seen):
            # What was approved against a fault is not done to a service that works again.
            continue
        lease = _open(seen, asking) if asking.asked.order == CommandKind.TAKE_BACK else None
        if asking.asked.order == CommandKind.TAKE_BACK and lease is None:
            continue
        key = f"{asking.asked.id}@{asking.at.isoformat()}"
        data: dict[str, Any] = {"proposal": asking.asked.id}
        duty = Duty(
            DutyKind.REPEAT, text("duty.repeat", person=asking.by), key, data, lease.id if lease else ""
        )
        last, times = watch.orders.get(duty.id, (asking.at - _BETWEEN + _SOON, 0))
        if lease is None and asking.asked.remedy in seen.held:
            # The answer to the command was the reason why it has to wait: it is sent again when that is gone.
            continue
        if times < _REPEATS or (lease is not None and lease.remedy in seen.held):
            # While it is held it is not sent, and counts as no attempt.
            yield from unless_held(seen, watch, PlannedDuty(last + _BETWEEN, duty))
        else:
            data = {"order": asking.asked.order, "times": times}
            stuck = Duty(DutyKind.STUCK, text("duty.stuck", order=asking.asked.order), key, data)
            if stuck.id not in watch.told_of:
                # While the approval still counts: afterwards nothing would be left to tell.
                yield PlannedDuty(last + _SOON, stuck)


def _open(seen: Observation, asking: OpenRequest) -> Lease | None:
    """The lease of what is left to take back; None where another step was approved or carried out since then,
    whatever came of that."""
    remedy = asking.asked.remedy
    others = (
        each
        for each in seen.askings
        if each.asked.order == CommandKind.TAKE_BACK and each.asked.remedy == remedy
    )
    if any(asking.at is not None and at > asking.at for each in others for at in _said_yes(each)):
        return None
    return next((each for each in seen.leases if each.remedy == remedy), None)


def _said_yes(asking: OpenRequest) -> Iterator[datetime]:
    yield from (each.at for each in asking.said if each.decision == "approve")
    if asking.answer is ApprovalAnswer.CARRIED_OUT and asking.at is not None:
        yield asking.at


def unseen(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The alarm itself cannot be read: what depends on it waits, and a person has to know."""
    duty = Duty(DutyKind.STUCK, text("duty.unseen"), "alarm", {"order": "look", "times": 0})
    said = watch.told_of.get(duty.id)
    if watch.unseen is not None and (said is None or said < watch.unseen):
        yield PlannedDuty(watch.unseen + _UNSEEN, duty)


def rejected(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """A person said no: once, so that nobody waits for it."""
    for asking in seen.askings:
        duty = Duty(DutyKind.REJECTED, text("duty.rejected", person=asking.by), asking.asked.id)
        if asking.answer is ApprovalAnswer.REJECTED and duty.id not in watch.told_of:
            yield PlannedDuty(seen.now, duty)
