"""What is remembered from one look to the next, and of each duty that was done."""

from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmState
from responder.followup_rules.duty import Duty, DutyKind
from responder.followup_rules.escalation import due_at
from responder.followup_rules.memory import HELPED, INEFFECTIVE, FollowUpMemory
from responder.followup_rules.seen import Observation

# If a larger share of the requests in the calm fails, recovery is not confirmed (the limit of a fault,
# section 7).
_FAULTY = 0.05
_ORDERS = (DutyKind.CHECK_LEASES, DutyKind.FINISH, DutyKind.REPEAT, DutyKind.REVERT, DutyKind.RESTORE)
_REPORTED = (
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
# Reported to every level that was notified of the incident.
_TO_ALL = (DutyKind.CHANGED, DutyKind.ESCALATE, DutyKind.MITIGATED, DutyKind.RECOVERED)
# Ordered so many minutes before a planned minute, a decision is not ordered again for that minute.
_NEAR = 2


def done(duty: Duty, seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """What to remember once a duty was done, so that it is not due again at the same moment."""
    now = seen.now
    if duty.task in _TO_ALL and memory.back is not None:
        memory = replace(memory, gone=None, back=None)
    if duty.task in _ORDERS:
        _, times = memory.orders.get(duty.id, (now, 0))
        return replace(memory, orders={**memory.orders, duty.id: (now, times + 1)})
    if duty.task in _REPORTED:
        return replace(memory, reported={**memory.reported, duty.id: now})
    match duty.task:
        case DutyKind.RE_EVALUATE:
            minutes = (now - (memory.episode or seen.opened)).total_seconds() / 60
            # One for figures that had not arrived takes the place of no planned one.
            near = 0 if seen.decision is not None and seen.decision.awaits else _NEAR
            used = sum(each <= minutes + near for each in memory.terms.again)
            return replace(memory, again=now, round=max(memory.round, used))
        case DutyKind.JUDGE | DutyKind.ASSESS:
            return _judged(duty, memory, now)
        case DutyKind.ESCALATE:
            return _notified(int(duty.key), seen, memory)
        case DutyKind.CLOSE:
            by, why = str(duty.data.get("by", "")), str(duty.data.get("why", ""))
            return replace(memory, closed=True, closed_by=by, closed_why=why)
        case _:
            return memory


def _judged(duty: Duty, memory: FollowUpMemory, now: datetime) -> FollowUpMemory:
    if duty.task is DutyKind.ASSESS:
        act = duty.data["act"]
        orders = {**memory.orders, f"{duty.task} {act}": (now, 1)}
        return replace(memory, assessed={**memory.assessed, act: duty.data["result"]}, orders=orders)
    helped = duty.data["helped"]
    judged = {**memory.judged, duty.key: HELPED if helped else INEFFECTIVE}
    reported = memory.reported if helped else {**memory.reported, duty.id: now}
    return replace(memory, judged=judged, reported=reported)


def _notified(level: int, seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """Only a delay by an acknowledgement delays the next levels; the responder's own lateness does not."""
    late = 0
    if memory.held is not None and memory.held <= seen.now:
        late = max(0, int((memory.held - due_at(seen, memory, level)).total_seconds() // 60))
    return replace(memory, notified={**memory.notified, level: seen.now}, late=memory.late + late)


def observe(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """What has to be remembered of this look. If the alarm could not be read, its calm is unchanged."""
    known = _withdrawn(seen, memory)
    if not seen.closed:
        # Who closes it is remembered from the moment before it is stored as closed: the end may be reported
        # later than the request counts.
        known = replace(known, closed_by="", closed_why="")
    if seen.blind:
        return _acks(seen, replace(known, unseen=memory.unseen or seen.now))
    if seen.gone:
        # Neither ALARM nor OK: an OK period ends, and the levels continue as for an unresolved incident.
        since = seen.now if known.gone is None or known.back is not None else known.gone
        known = replace(known, gone=since, back=None, unseen=None, calm="", calm_from=None)
        return _acks(seen, _step(seen, replace(known, quiet=0, faults=0, recovered=None)))
    if known.gone is not None:
        known = replace(known, back=known.back or seen.now)
    asked = seen.closing
    if asked is not None and (seen.raised or (known.back is not None and asked.at <= known.back)):
        # A request to close it does not outlive an alarm that is raised, or that exists again since then.
        known = replace(known, void=max(asked.at, known.void or asked.at))
    return _recovery(seen, _acks(seen, _step(seen, _calm(seen, replace(known, unseen=None)))))


def _withdrawn(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """A rejection holds its remedy back for the rest of the incident, unless it is withdrawn. That it does
    not count, because it is unknown who may give one or this person no longer may, is no withdrawal."""
    gone = {f"{DutyKind.REJECTED} {each.asked.id}" for each in seen.askings if each.said and not each.stands}
    if gone.isdisjoint(memory.reported):
        return memory
    return replace(memory, reported={key: at for key, at in memory.reported.items() if key not in gone})


def _calm(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    same = memory.calm_from is not None and memory.calm == seen.mark
    # At night no data arrives after OK; the calm lasts nevertheless.
    if same and seen.state in (AlarmState.OK, AlarmState.INSUFFICIENT_DATA):
        if seen.traffic is None or seen.rollout is not None:
            return memory
        return replace(memory, quiet=seen.traffic.requests, faults=seen.traffic.faults)
    if seen.state is not AlarmState.OK:
        return _raised(seen, memory) if memory.calm_from is not None else memory
    if memory.calm_from is not None and memory.calm:
        # Another mark shows a flap between two looks: it came back, and the calm begins anew.
        memory = _raised(seen, memory)
    return _anew(seen, replace(memory, calm=seen.mark, mitigated=memory.mitigated or seen.now))


def _anew(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    return replace(memory, calm_from=seen.now, quiet=0, faults=0, recovered=None)


def _raised(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """The alarm is back: what had helped is judged again. Where on-call was notified of the calm, the
    decisions begin anew; from when the levels count is the clock's rule."""
    since, calm = memory.raised or seen.opened, seen.now - (memory.calm_from or seen.now)
    reported = any(
        key.startswith((DutyKind.MITIGATED, DutyKind.RECOVERED)) and at >= since
        for key, at in memory.reported.items()
    )
    judged = {lease: verdict for lease, verdict in memory.judged.items() if verdict != HELPED}
    before, soak = memory.clock(seen.opened), timedelta(minutes=memory.terms.soak)
    clock = before.returned(calm, seen.now, soak)
    if clock != before:
        memory = replace(memory, first=clock.first, since=clock.since, returns=clock.returns)
        if clock.since == seen.now:
            memory = replace(memory, late=0, held=None, held_by="")
    back = replace(memory, calm="", calm_from=None, quiet=0, faults=0, recovered=None, judged=judged)
    back = replace(back, raised=seen.now, flaps=memory.flaps + 1)
    return replace(back, episode=seen.now, again=None, round=0) if reported else back


def _recovery(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """The fault is gone, and traffic proves it: with the check off for all users nothing is proved."""
    newest = seen.traffic.newest if seen.traffic else 0
    end, faulty = memory.soaked, memory.faults + newest >= _FAULTY * memory.quiet
    proven = end is not None and seen.now >= end and not seen.lowered and memory.quiet and not faulty
    return replace(memory, recovered=memory.calm_from) if proven and memory.recovered is None else memory


def _acks(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    new = [each for each in seen.acks if memory.acks.get(each.person) != each.at]
    if not new:
        return memory
    return replace(
        memory,
        acks={**memory.acks, **{each.person: each.at for each in new}},
        held=seen.now + timedelta(minutes=memory.terms.hold),
        held_by=new[-1].person,
    )


def _step(seen: Observation, memory: FollowUpMemory) -> FollowUpMemory:
    """The last restore step is verified like the others: once all users have the check, the calm begins
    again."""
    percent = str(seen.rollout.percent) if seen.rollout else ""
    if percent == memory.step:
        return memory
    stepped = replace(memory, step=percent, step_at=seen.now if percent else None)
    return _anew(seen, stepped) if not percent and memory.calm_from is not None else stepped
