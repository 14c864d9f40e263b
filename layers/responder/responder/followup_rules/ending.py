"""Mitigated, recovered, over; and the alarm that does not exist."""

from collections.abc import Iterator

from responder.core.alarm_event import AlarmState
from responder.core.text import text
from responder.followup_rules.calm import settled
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import ClosingRequest, Observation, working


def mitigated(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """Users are safe from the fault, but nothing proves that it is gone. Told once for each calm."""
    end = settled(seen, watch)
    duty = Duty(DutyKind.MITIGATED, text("duty.mitigated"), watch.calm)
    if end is not None and seen.holding and watch.recovered is None and duty.id not in watch.told_of:
        yield PlannedDuty(end, duty)


def recovered(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The fault is gone with traffic that proves it, and something is still in force."""
    duty = Duty(DutyKind.RECOVERED, text("duty.recovered"), watch.calm)
    end = settled(seen, watch)
    if watch.recovered is not None and end is not None and seen.holding and duty.id not in watch.told_of:
        yield PlannedDuty(max(end, seen.now), duty)


def gone(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The alarm does not exist: said at once, and again where it is gone once more."""
    if not seen.gone or watch.gone is None:
        return
    duty = Duty(DutyKind.GONE, text("duty.gone"), watch.gone.isoformat())
    if duty.id not in watch.told_of:
        yield PlannedDuty(seen.now, duty)


def over(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """OK has lasted and nothing is in force; a person closes it by hand; or the alarm already tells of
    another incident."""
    if not seen.ours:
        yield PlannedDuty(seen.now, Duty(DutyKind.CLOSE, text("duty.superseded")))
        return
    if seen.closed:
        # An earlier run closed it and died, or could not send its message: the end is still reported.
        person = watch.closed_by
        yield PlannedDuty(seen.now, _by_hand(person, watch.closed_why) if person else _BY_ITSELF)
        return
    if seen.holding or any(map(working, seen.leases)):
        return
    asked, end = seen.closing, settled(seen, watch)
    if asked is not None and _counts(asked, seen, watch):
        yield PlannedDuty(seen.now, _by_hand(asked.person, asked.why))
    elif end is not None:
        yield PlannedDuty(end, _BY_ITSELF)


_BY_ITSELF = Duty(DutyKind.CLOSE, text("duty.close"))


def _by_hand(person: str, why: str) -> Duty:
    return Duty(DutyKind.CLOSE, text("duty.close_by_hand", person=person), data={"by": person, "why": why})


def _counts(asked: ClosingRequest, seen: Observation, watch: FollowUpMemory) -> bool:
    """Not while the alarm is raised, and not where it was raised, or exists again, since the person asked."""
    since = max((at for at in (watch.back, watch.void) if at is not None), default=None)
    return seen.state is not AlarmState.ALARM and (since is None or asked.at > since)
