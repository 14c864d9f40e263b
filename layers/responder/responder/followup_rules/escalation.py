"""The manual's escalation: what is unsolved goes one level up, on the clock of `followup_rules.clock`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmState
from responder.core.text import text
from responder.followup_rules.calm import lasting, soaked
from responder.followup_rules.clock import OFTEN
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation


def escalate(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The next level, where there is one and nothing holds the ladder."""
    planned = upcoming(seen, watch)
    if planned is not None:
        yield planned


def upcoming(seen: Observation, watch: FollowUpMemory) -> PlannedDuty | None:
    """The next level, or the next repeat of the last one; None while the ladder waits for something else."""
    return next_level(seen, watch) or _once_more(seen, watch)


def reached(seen: Observation, watch: FollowUpMemory) -> int:
    """The highest level that was told since the levels count."""
    since = watch.clock(seen.opened).since
    return max((level for level, at in watch.told.items() if at >= since), default=1)


def _once_more(seen: Observation, watch: FollowUpMemory) -> PlannedDuty | None:
    """No level is above the last one, and the alarm is still unsolved, or does not exist: the last level
    hears it every hour."""
    level = watch.terms.last
    open_ = lasting(seen) or seen.gone or watch.calm_from is not None
    if reached(seen, watch) < level or seen.lead or not open_:
        return None
    at = watch.told[level] + timedelta(minutes=watch.terms.remind)
    return _planned(seen, watch, at, level, again=True)


def next_level(seen: Observation, watch: FollowUpMemory) -> PlannedDuty | None:
    """An acknowledgement holds it, and a calm; the incident that leads tells for this one.

    A level that was held makes the later ones as late: they keep their distance.
    """
    level = reached(seen, watch) + 1
    if level > watch.terms.last or seen.lead:
        return None
    return _planned(seen, watch, due_at(seen, watch, level), level)


def due_at(seen: Observation, watch: FollowUpMemory, level: int) -> datetime:
    """When a level is told, unless something holds it."""
    since = watch.clock(seen.opened).since
    return since + watch.terms.level_after(level) + timedelta(minutes=watch.late)


def _planned(
    seen: Observation, watch: FollowUpMemory, at: datetime, level: int, *, again: bool = False
) -> PlannedDuty | None:
    at = max(at, watch.held) if watch.held is not None else at
    if _calm(seen, watch, at):
        return None
    data = {"again": True} if again else {}
    return PlannedDuty(at, Duty(DutyKind.ESCALATE, text("duty.escalate", level=level), str(level), data))


def _calm(seen: Observation, watch: FollowUpMemory, at: datetime) -> bool:
    """A calm holds the ladder: at once; where the alarm has come back twice before, only when it has lasted
    for the soak time."""
    end = soaked(watch)
    if end is None:
        return seen.state is AlarmState.OK
    flaps = max(watch.flaps, watch.returns) >= OFTEN
    return not flaps or max(at, seen.now) >= end
