"""Mitigated, recovered, over."""

from collections.abc import Iterator

from responder.text import text
from responder.watch.calm import settled
from responder.watch.duty import Duty, Planned, Task
from responder.watch.memory import Watch
from responder.watch.seen import Seen, working


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


def over(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """OK has lasted and nothing is in force; or the alarm already tells of another incident."""
    if not seen.ours:
        yield Planned(seen.now, Duty(Task.CLOSE, text("duty.superseded")))
        return
    end = settled(seen, watch)
    if end is not None and not seen.holding and not any(map(working, seen.leases)):
        yield Planned(end, Duty(Task.CLOSE, text("duty.close")))
