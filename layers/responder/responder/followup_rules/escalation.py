"""While an incident is unresolved: re-evaluate, judge what was done, escalate level by level as the manual
says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState
from responder.core.command import VALID
from responder.core.text import text
from responder.core.verdict import AWAITED, Result
from responder.followup_rules.assessing import judged_from
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import INEFFECTIVE, OFTEN, FollowUpMemory
from responder.followup_rules.seen import Observation, working

# A decision of the last minutes is not made again.
_FRESH = timedelta(minutes=4)
# Where a figure had not arrived, a decision is made again so soon.
_ARRIVAL = timedelta(minutes=1)
# What an escalation proposes has to be known when on-call is notified.
_AHEAD = timedelta(minutes=1)
# Must be well below `_AHEAD`.
_SPREAD_SECONDS = 30
# A decision is made again before what it asked for ends: then it can be approved at any minute. What has not
# changed is not reported again.
OLDEST = VALID - timedelta(minutes=5)
# What AWS never finished, or could not be judged for so long, is not waited for.
_PATIENCE = timedelta(hours=2)


def escalate(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The next level, where there is one and nothing holds the escalation."""
    planned = upcoming(seen, memory)
    if planned is not None:
        yield planned


def upcoming(seen: Observation, memory: FollowUpMemory) -> PlannedDuty | None:
    """The next level; above the last one its repeat every hour while the alarm is still unsolved, or does not
    exist. None while the escalation waits for something else."""
    planned, level = next_level(seen, memory), memory.terms.last
    unsolved = seen.raised or seen.gone or memory.calm_from is not None
    if planned is not None or reached(seen, memory) < level or seen.lead or not unsolved:
        return planned
    return _planned(
        seen, memory, memory.notified[level] + timedelta(minutes=memory.terms.remind), level, again=True
    )


def reached(seen: Observation, memory: FollowUpMemory) -> int:
    """The highest level that was notified since the levels count."""
    since = memory.clock(seen.opened).since
    return max((level for level, at in memory.notified.items() if at >= since), default=1)


def next_level(seen: Observation, memory: FollowUpMemory) -> PlannedDuty | None:
    """An acknowledgement holds it, and a calm; the incident that leads reports for this one.

    A level that was held makes the later ones as late: they keep their distance.
    """
    level = reached(seen, memory) + 1
    if level > memory.terms.last or seen.lead:
        return None
    return _planned(seen, memory, due_at(seen, memory, level), level)


def due_at(seen: Observation, memory: FollowUpMemory, level: int) -> datetime:
    """When a level is notified, unless something holds it."""
    since = memory.clock(seen.opened).since
    return since + memory.terms.level_after(level) + timedelta(minutes=memory.late)


def _planned(
    seen: Observation, memory: FollowUpMemory, at: datetime, level: int, *, again: bool = False
) -> PlannedDuty | None:
    """OK holds it: immediately; where the alarm has come back twice before, only when it has lasted for the
    soak time."""
    at, soaked = max(at, memory.held or at), memory.soaked
    flaps = max(memory.flaps, memory.returns) >= OFTEN
    calm = seen.state is AlarmState.OK if soaked is None else (not flaps or max(at, seen.now) >= soaked)
    if calm:
        return None
    data = {"again": True} if again else {}
    return PlannedDuty(at, Duty(DutyKind.ESCALATE, text("duty.escalate", level=level), str(level), data))


def re_evaluate(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """As long as the alarm lasts: at the planned minutes, when a guard's time has ended, before each
    escalation and each repeat of the last level, once a remedy was judged not to help, and when the last
    decision is 25 minutes old; within a minute where it lacked a figure that may have arrived since, until
    metrics have had their time."""
    began = memory.episode or seen.opened
    made = seen.decision.at if seen.decision else began
    last, raised = max(made, memory.again or made), max(began, memory.raised or began)
    # Of the decision about this ALARM, which is seen up to a minute later; one about an earlier ALARM is old.
    age = max(last - raised, timedelta()) if last >= raised - _ARRIVAL else _FRESH
    lacks = seen.decision is not None and bool(seen.decision.awaits) and age < AWAITED
    times = tuple(_times(seen, memory, began, last)) if seen.raised else ()
    at = None
    if lacks and seen.raised and not seen.lead:
        at = last + _ARRIVAL - seen.spread / 2
    elif times:
        # Only one that lacked figures is made again so soon: after it the planned ones stay as they are.
        awaited = memory.again is not None and age < _FRESH
        at = max(min(times), last if awaited else last + _FRESH) + seen.spread
    if at is not None:
        yield PlannedDuty(at, Duty(DutyKind.RE_EVALUATE, text("duty.re_evaluate"), at.isoformat()))


def spread(incident: str) -> timedelta:
    """Alarms of one fault fire together, and a decision uses nearly all the requests that AWS accepts of a
    whole account in a second. So each incident has its own second for all its further decisions; always the
    same one, so that nothing has to be remembered."""
    return timedelta(seconds=int(sha256(incident.encode()).hexdigest(), 16) % _SPREAD_SECONDS)


def _times(seen: Observation, memory: FollowUpMemory, began: datetime, last: datetime) -> Iterator[datetime]:
    decision, since = seen.decision, memory.again or began
    if decision is not None and any(each.result is Result.ASKED for each in decision.done):
        # A request is renewed before it expires, whatever is in force and whichever incident leads.
        yield last + OLDEST
    level = upcoming(seen, memory)
    if level is not None and level.at - _AHEAD > since:
        # An escalation reports the current state, whatever is in force.
        yield level.at - _AHEAD
    if seen.lead or not _helpless(seen, memory):
        return
    yield last + OLDEST
    yield from (began + timedelta(minutes=each) for each in memory.terms.again[memory.round :][:1])
    if decision is not None and decision.until is not None and decision.until > since:
        yield decision.until
    # A remedy that was judged not to help no longer prevents another proposal.
    yield from (at for key, at in memory.reported.items() if key.startswith(DutyKind.JUDGE) and at > since)


def _helpless(seen: Observation, memory: FollowUpMemory) -> bool:
    """Nothing is in force that could still help; what was done in part is finished by deciding again."""
    return all(
        each.state is LeaseState.PARTIAL
        or memory.judged.get(seen.lease_key(each.id)) == INEFFECTIVE
        or seen.now - max(each.at, memory.raised or each.at) >= _PATIENCE
        for each in seen.leases
    )


def effect(seen: Observation, memory: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Judge by the alarm: it helped if the alarm stays calm, it did not if the alarm lasts although it is in
    force."""
    for lease in seen.leases:
        key = seen.lease_key(lease.id)
        if key in memory.judged or working(lease) or lease.state is not LeaseState.IN_FORCE:
            continue
        if memory.soaked is not None:
            duty = Duty(DutyKind.JUDGE, text("duty.helped"), key, {"helped": True}, lease.id)
            yield PlannedDuty(memory.soaked, duty)
        # With a step of its revert set, what it did is no longer what is in force.
        elif seen.raised and not lease.step:
            at = judged_from(lease, seen, memory)
            duty = Duty(DutyKind.JUDGE, text("duty.ineffective"), key, {"helped": False}, lease.id)
            yield PlannedDuty(at, duty)
