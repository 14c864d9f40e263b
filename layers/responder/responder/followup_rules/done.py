"""What is remembered of a duty that was done."""

from dataclasses import replace
from datetime import datetime

from responder.followup_rules.calm import HELPED, INEFFECTIVE, began
from responder.followup_rules.duty import Duty, DutyKind
from responder.followup_rules.escalation import due_at
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation

_ORDERS = (DutyKind.LOOK, DutyKind.CONTINUE, DutyKind.REPEAT, DutyKind.TAKE_BACK, DutyKind.RESTORE)
_TELLINGS = (
    DutyKind.CHANGED,
    DutyKind.GONE,
    DutyKind.SETTINGS,
    DutyKind.REJECTED,
    DutyKind.MITIGATED,
    DutyKind.RECOVERED,
    DutyKind.POSTPONED,
    DutyKind.STUCK,
    DutyKind.REMIND,
)
# Told to every level that knows of the incident.
_TO_ALL = (DutyKind.CHANGED, DutyKind.ESCALATE, DutyKind.MITIGATED, DutyKind.RECOVERED)

# Ordered so shortly before a planned minute, it is not ordered again for that minute.
_NEAR = 2


def done(duty: Duty, seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """The same duty is not due again at the same moment."""
    now = seen.now
    if duty.task in _TO_ALL and watch.back is not None:
        watch = replace(watch, gone=None, back=None)
    if duty.task in _ORDERS:
        _, times = watch.orders.get(duty.id, (now, 0))
        return replace(watch, orders={**watch.orders, duty.id: (now, times + 1)})
    if duty.task in _TELLINGS:
        return replace(watch, told_of={**watch.told_of, duty.id: now})
    if duty.task is DutyKind.AGAIN:
        minutes = (now - began(seen, watch)).total_seconds() / 60
        used = sum(each <= minutes + _NEAR for each in watch.terms.again)
        return replace(watch, again=now, round=max(watch.round, used))
    if duty.task is DutyKind.JUDGE:
        verdict = HELPED if duty.data["helped"] else INEFFECTIVE
        judged = {**watch.judged, duty.key: verdict}
        told_of = watch.told_of if duty.data["helped"] else {**watch.told_of, duty.id: now}
        return replace(watch, judged=judged, told_of=told_of)
    if duty.task is DutyKind.ESCALATE:
        return _told(int(duty.key), now, seen, watch)
    if duty.task is DutyKind.CLOSE:
        by, why = str(duty.data.get("by", "")), str(duty.data.get("why", ""))
        return replace(watch, closed=True, closed_by=by, closed_why=why)
    return watch


def _told(level: int, now: datetime, seen: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    """Only what an acknowledgement held makes the next levels as late; our own lateness does not."""
    late = 0
    if watch.held is not None and watch.held <= now:
        late = max(0, int((watch.held - due_at(seen, watch, level)).total_seconds() // 60))
    return replace(watch, told={**watch.told, level: now}, late=watch.late + late)
