"""Did an applied remedy help, seen from outside: by what CloudWatch counts, and by what people say.

`judge` (in `escalation`) decides by the alarm alone, immediately, because what is decided next depends on it.
An assessment needs proof, because it is the remedy's record and can cost its trust; without proof there is
none.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from responder.core.assessment import ENOUGH_SURE, AssessmentResult, MeasuredEffect
from responder.core.change import Lease, LeaseState
from responder.core.text import Text
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import HarmReport, Observation, working

# Requests that were under way when it took effect, and those of that minute, count neither before nor after.
SETTLING = timedelta(minutes=2)
# How long after it took effect it can be assessed.
MEASURED = timedelta(minutes=10)
# A stop that could not be created is tried again after so long.
AGAIN = timedelta(minutes=30)
# An act that could not be judged for this long, from when a lasting alarm counts, is not judged.
GIVEN_UP = timedelta(hours=2)


def assess(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Assess each act once; again only if harm is found later, or if its stop could not be created."""
    for lease in (*seen.leases, *seen.ended):
        known = memory.assessed.get(lease.act)
        if known is not None and lease.act in seen.unheld:
            duty = _assess(lease, known, retried=True)
            tried, _ = memory.orders.get(f"{DutyKind.ASSESS} {lease.act}", (seen.now, 0))
            yield PlannedDuty(tried + AGAIN, duty)
        result, by = assessment(lease, seen, memory)
        if result is AssessmentResult.NOT_JUDGED or result is known:
            continue
        if known is None or result is AssessmentResult.HARMFUL:
            yield PlannedDuty(seen.now, _assess(lease, result, by))


def _assess(lease: Lease, result: AssessmentResult, by: str = "", *, retried: bool = False) -> Duty:
    data = {"act": lease.act, "result": result, "by": by, "retried": retried}
    why = Text(f"duty.assessed_{result}", {"remedy": lease.remedy})
    # Its message is another one.
    key = f"{lease.act} {result}" + (" retried" if retried else "")
    return Duty(DutyKind.ASSESS, why, key, data, lease.id)


def assessment(lease: Lease, seen: Observation, memory: FollowUpMemory) -> tuple[AssessmentResult, str]:
    """The assessment of an act now; of harm that a person reported also who."""
    said = next((each for each in seen.harm if _counts(each, lease, seen, memory)), None)
    if said is not None:
        return AssessmentResult.HARMFUL, said.person
    measured = seen.measured.get(lease.act)
    if measured is None or not in_effect(lease) or not _can_be_judged(lease, measured):
        return AssessmentResult.NOT_JUDGED, ""
    # With the check off, what still fails is what callers send straight to the functions.
    if not lease.spec.in_steps and measured.faults_after.worse_than(measured.faults_before):
        return AssessmentResult.HARMFUL, ""
    if _helped(lease, measured, seen, memory):
        return AssessmentResult.HELPED, ""
    lasts = seen.raised and seen.now >= judged_from(lease, seen, memory)
    if lasts and _did_not_help(lease, measured):
        return AssessmentResult.INEFFECTIVE, ""
    return AssessmentResult.NOT_JUDGED, ""


def assessable(lease: Lease, now: datetime, memory: FollowUpMemory, window: timedelta) -> bool:
    """Whether CloudWatch should be asked about the act. `window`: how far back the alarm looks."""
    age = now - confirmed(lease, memory)
    timely = MEASURED <= age <= _lasting(memory, window) + GIVEN_UP
    known = memory.assessed.get(lease.act)
    return known is not AssessmentResult.HARMFUL and in_effect(lease) and timely


def in_effect(lease: Lease) -> bool:
    """Whether it is in effect on all targets as it was applied; a step of the revert does not count."""
    if lease.spec.in_steps and any(each.after != "0" for each in lease.changes):
        return False
    every = bool(lease.changes) and all(each.status.in_effect for each in lease.changes)
    return lease.state is LeaseState.IN_FORCE and every and not lease.changed_by_others and not working(lease)


def confirmed(lease: Lease, memory: FollowUpMemory) -> datetime:
    """When it was found to have taken effect."""
    at, _ = memory.orders.get(f"{DutyKind.FINISH} {lease.id}", (lease.at, 0))
    return max(at, lease.at)


def judged_from(lease: Lease, seen: Observation, memory: FollowUpMemory) -> datetime:
    """The time from which a lasting alarm shows that it did not help. A fault that returned after the remedy
    had helped gets the same time again."""
    since = confirmed(lease, memory)
    return max(since, memory.raised or since) + _lasting(memory, seen.window)


def _lasting(memory: FollowUpMemory, window: timedelta) -> timedelta:
    """An alarm on a whole hour counts old faults until they are an hour old."""
    return max(timedelta(minutes=memory.terms.effect), window)


def _counts(said: HarmReport, lease: Lease, seen: Observation, memory: FollowUpMemory) -> bool:
    """A person said so of this act before recovery, and its revert has begun."""
    step = seen.rollout is not None and seen.rollout.lease == lease.id and seen.rollout.percent > 0
    going = lease.state.going_back or step
    # It is confirmed at the end of the soak time at the earliest, also by a late look.
    early = memory.recovered is None or memory.soaked is None or said.at < memory.soaked
    return said.act == lease.act and going and early


def _can_be_judged(lease: Lease, measured: MeasuredEffect) -> bool:
    """Callers can cause what a person approved a rollout for, unless sure faults were seen. Without them it
    could not be found ineffective, so it is not found to have helped either."""
    return not lease.spec.in_steps or lease.automatic or _saw_sure_faults(measured)


def _did_not_help(lease: Lease, measured: MeasuredEffect) -> bool:
    """Enough requests show that it did not help. With the check off, what still fails may be what callers
    send straight to the functions, so only sure faults show it. They are counted, whatever their share is:
    callers could lower that by more requests. Where automation applied it for sure faults that the metric
    filters did not see, all failed requests count."""
    by_sure_faults = lease.spec.in_steps and _saw_sure_faults(measured)
    return measured.after.enough and (not by_sure_faults or measured.sure_after >= ENOUGH_SURE)


def _saw_sure_faults(measured: MeasuredEffect) -> bool:
    """The metric filters saw, in the hour before it, what automation needs to apply a rollout."""
    return measured.sure_before >= ENOUGH_SURE


def _helped(lease: Lease, measured: MeasuredEffect, seen: Observation, memory: FollowUpMemory) -> bool:
    """Whether the failures that it is against have stopped. If few of them were seen before, the alarm has to
    be calm, too."""
    before, after = measured.before, measured.after
    # With the check off no request may fail at all: more requests do not make up for one that did.
    stopped = not after.bad if lease.spec.in_steps else after.clean
    seen_before = before.bad > 0 and not before.clean
    calm = memory.soaked is not None and seen.now >= memory.soaked
    return stopped and (seen_before or calm)
