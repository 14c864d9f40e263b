"""The manual's escalation: what is unsolved goes one level up, on the clock."""

from collections.abc import Iterator
from datetime import timedelta

from responder.alarm import State
from responder.text import text
from responder.watch.calm import began, lasting
from responder.watch.duty import Duty, Planned, Task
from responder.watch.memory import Watch
from responder.watch.seen import Seen


def escalate(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """The next level, where there is one and nothing holds the ladder."""
    planned = upcoming(seen, watch)
    if planned is not None:
        yield planned


def upcoming(seen: Seen, watch: Watch) -> Planned | None:
    """The next level, or the next repeat of the last one; None while the ladder waits for something else."""
    return next_level(seen, watch) or _once_more(seen, watch)


def _once_more(seen: Seen, watch: Watch) -> Planned | None:
    """There is nobody above the last level, and still somebody has to solve it: they hear it every hour."""
    last = watch.told.get(watch.terms.last)
    if last is None or not lasting(seen) or seen.lead:
        return None
    at = last + timedelta(minutes=watch.terms.remind)
    at = max(at, watch.held) if watch.held is not None else at
    level = watch.terms.last
    return Planned(at, Duty(Task.ESCALATE, text("duty.escalate", level=level), str(level), {"again": True}))


def next_level(seen: Seen, watch: Watch) -> Planned | None:
    """An acknowledgement holds it; OK holds it while it lasts; the incident that leads tells for this one.

    A level that was held makes the later ones as late: they keep their distance.
    """
    level = watch.level + 1
    if level > watch.terms.last or seen.state is State.OK or watch.calm_from is not None or seen.lead:
        return None
    at = began(seen, watch) + watch.terms.level_after(level) + timedelta(minutes=watch.late)
    at = max(at, watch.held) if watch.held is not None else at
    return Planned(at, Duty(Task.ESCALATE, text("duty.escalate", level=level), str(level)))
