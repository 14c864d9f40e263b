"""What is to be done and when: all rules in the order of an incident's story, and when to look again.

Before a message says what is in force, the function of its alarm looks whether that is still so.
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from responder.core.command import VALID
from responder.core.text import text
from responder.followup_rules.assessing import assess
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.escalation import effect, escalate, re_evaluate
from responder.followup_rules.finishing import (
    approved,
    changed_by_others,
    gone,
    mitigated,
    over,
    recovered,
    rejected,
    settings,
    unfinished,
    unseen,
)
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.reverting import by_person, ended, remind, restore_without_effect, steps
from responder.followup_rules.seen import ApprovalAnswer, Observation

RULES = (
    changed_by_others,
    gone,
    settings,
    unseen,
    unfinished,
    approved,
    re_evaluate,
    effect,
    assess,
    escalate,
    rejected,
    mitigated,
    recovered,
    ended,
    by_person,
    restore_without_effect,
    steps,
    remind,
    over,
)

# Duties that are done even if the alarm cannot be read: messages only.
_UNSEEN = (
    DutyKind.CHECK_LEASES,
    DutyKind.CHANGED,
    DutyKind.SETTINGS,
    DutyKind.STUCK,
    DutyKind.ESCALATE,
    DutyKind.REJECTED,
    DutyKind.POSTPONED,
    DutyKind.REMIND,
)
# Their messages say what is in force, or judge it. What reverts or asks makes its own comparison.
_SAYING = (
    DutyKind.JUDGE,
    DutyKind.ASSESS,
    DutyKind.ESCALATE,
    DutyKind.MITIGATED,
    DutyKind.RECOVERED,
    DutyKind.REMIND,
    DutyKind.CLOSE,
)
CHECK_LEASES = Duty(DutyKind.CHECK_LEASES, text("duty.check_leases"))
# How long before a message falls due its look is ordered, so that the answer arrives in time.
AHEAD = timedelta(minutes=1)
# A look of the last minutes is not made again, and without an answer nothing waits longer than this.
FRESH = timedelta(minutes=5)
_PATIENCE = timedelta(seconds=20)
_NEVER = datetime.min.replace(tzinfo=UTC)

_PACES = (
    (timedelta(minutes=10), 30),
    (timedelta(hours=1), 60),
    (timedelta(hours=6), 300),
)
_SLOWEST = 900
# The seconds between looks at a new request and at a waiting one: how soon an approval is applied whose
# command got lost.
_WAITING = ((VALID, 60), (timedelta.max, 180))


type Plan = tuple[PlannedDuty, ...]


def due(seen: Observation, memory: FollowUpMemory, plan: Plan = ()) -> tuple[Duty, ...]:
    """What is to be done now, in the order of the follow-up; an incident that has ended is only closed.
    `plan`: as `planned` has found it, where it is known."""
    now = [each.duty for each in plan or planned(seen, memory) if each.at <= seen.now]
    if seen.closed:
        return tuple(each for each in now if each.task in (DutyKind.CHECK_LEASES, DutyKind.CLOSE))
    if not seen.ours:
        now = [each for each in now if each.task in (DutyKind.CHECK_LEASES, DutyKind.CHANGED, DutyKind.CLOSE)]
    if seen.blind:
        now = [each for each in now if each.task in _UNSEEN]
    return tuple(sorted(now, key=lambda duty: tuple(DutyKind).index(duty.task)))


def pause(seen: Observation, memory: FollowUpMemory, plan: Plan = ()) -> int:
    """Seconds until the next look, at least 1: quickly at first, slowly later, and always when something
    falls due. `plan`: as of `due`."""
    age = seen.now - seen.opened
    seconds = next((pace for until, pace in _PACES if age < until), _SLOWEST)
    for each in seen.askings:
        if each.answer is ApprovalAnswer.OPEN:
            waits = seen.now - (each.asked.since or each.asked.at)
            seconds = min(seconds, next(pace for until, pace in _WAITING if waits < until))
    later = (each.at - seen.now for each in plan or planned(seen, memory) if each.at > seen.now)
    ahead = [each.total_seconds() for each in later]
    return max(1, min([seconds, *(math.ceil(each) for each in ahead)]))


def planned(seen: Observation, memory: FollowUpMemory) -> Plan:
    """Everything that is to be done some time, at present: what reports what is in force after a look at
    it, and that look itself where one is to be made."""
    found = tuple(each for rule in RULES for each in rule(seen, memory))
    if not (seen.leases or seen.others):
        return found
    looked = min(each.looked or each.at for each in (*seen.leases, *seen.others))
    ordered = memory.orders[CHECK_LEASES.id][0] if CHECK_LEASES.id in memory.orders else _NEVER
    if memory.again and not seen.others:
        # A re-evaluation reads what is in force, but not what belongs to other alarms.
        ordered = max(ordered, memory.again)
    waiting = [each.at for each in found if _needs_look(each, seen)]
    looks = [at - AHEAD for at in waiting if max(looked, ordered) < at - FRESH]
    if not seen.others:
        looks = [at for at in looks if not _decided_first(found, at)]
    after = tuple(
        _after(each, seen.now, looked, ordered) if _needs_look(each, seen) else each for each in found
    )
    return (*after, PlannedDuty(min(looks), CHECK_LEASES)) if looks else after


def _needs_look(planned: PlannedDuty, seen: Observation) -> bool:
    """Whether a look is needed first: a decision must not rely on a stored lease of another incident."""
    task = planned.duty.task
    return task in _SAYING or (task is DutyKind.RE_EVALUATE and bool(seen.others))


def _decided_first(found: Iterable[PlannedDuty], at: datetime) -> bool:
    again = (each.at for each in found if each.duty.task is DutyKind.RE_EVALUATE)
    return any(at - FRESH <= each <= at for each in again)


def _after(planned: PlannedDuty, now: datetime, looked: datetime, ordered: datetime) -> PlannedDuty:
    """It waits for the answer, up to its limit."""
    if looked >= planned.at - FRESH:
        return planned
    asked = ordered if ordered >= planned.at - FRESH else max(now, planned.at - AHEAD)
    return planned._replace(at=max(planned.at, asked + _PATIENCE))
