"""Mitigated, recovered, over; and the alarm that does not exist."""

from collections.abc import Iterator

from responder.core.alarm_event import State
from responder.core.text import text
from responder.followup_rules.calm import settled
from responder.followup_rules.duty import Duty, Planned, Task
from responder.followup_rules.memory import Watch
from responder.followup_rules.seen import Closing, Seen, working


def mitigated(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """Users are safe from the fault, but nothing proves that it is gone. Told once for each calm."""
    end = settled(seen, watch)
    duty = Duty(Task.MITIGATED, text("duty.mitigated"), watch.calm)
    if end is not None and seen.holding and watch.recovered is None and duty.id not in watch.told_of:
        yield Planned(end, duty)


def recovered(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """The fault is gone with traffic that proves it, and something is still in force."""
    duty = Duty(Task.RECOVERED, text("duty.recovered"), watch.calm)
    end = settled(seen, watch)
    if watch.recovered is not None and end is not None and seen.holding and duty.id not in watch.told_of:
        yield Planned(max(end, seen.now), duty)


def gone(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """The alarm does not exist: said at once, and again where it is gone once more."""
    if not seen.gone or watch.gone is None:
        return
    duty = Duty(Task.GONE, text("duty.gone"), watch.gone.isoformat())
    if duty.id not in watch.told_of:
        yield Planned(seen.now, duty)


def over(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """OK has lasted and nothing is in force; a person closes it by hand; or the alarm already tells of
    another incident."""
    if not seen.ours:
        yield Planned(seen.now, Duty(Task.CLOSE, text("duty.superseded")))
        return
    if seen.closed:
        # A run that died, or could not send its message, has closed it: whatever came since, its end is told.
        person = watch.closed_by
        yield Planned(seen.now, _by_hand(person, watch.closed_why) if person else _BY_ITSELF)
        return
    if seen.holding or any(map(working, seen.leases)):
        return
    asked, end = seen.closing, settled(seen, watch)
    if asked is not None and _counts(asked, seen, watch):
        yield Planned(seen.now, _by_hand(asked.person, asked.why))
    elif end is not None:
        yield Planned(end, _BY_ITSELF)


_BY_ITSELF = Duty(Task.CLOSE, text("duty.close"))


def _by_hand(person: str, why: str) -> Duty:
    return Duty(Task.CLOSE, text("duty.close_by_hand", person=person), data={"by": person, "why": why})


def _counts(asked: Closing, seen: Seen, watch: Watch) -> bool:
    """Not while the alarm is raised, and not where it was raised, or exists again, since the person asked."""
    since = max((at for at in (watch.back, watch.void) if at is not None), default=None)
    return seen.state is not State.ALARM and (since is None or asked.at > since)
