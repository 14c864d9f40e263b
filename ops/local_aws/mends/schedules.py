"""What is due runs at the drill's command: a round or a check in its midst would be seen as part of it."""

from __future__ import annotations

from ministack.services import eventbridge, scheduler

from . import seams
from .store import STORE

_TICK_SECONDS = 0.5


def install() -> None:
    """Put the setting before ministack's two clocks, and let them look often enough to be tested."""
    seams.need(eventbridge, "_SCHEDULER_TICK_INTERVAL")
    seams.need(scheduler, "_SCHEDULE_TICK_INTERVAL")
    eventbridge._SCHEDULER_TICK_INTERVAL = _TICK_SECONDS
    scheduler._SCHEDULE_TICK_INTERVAL = _TICK_SECONDS
    rules = seams.swap(eventbridge, "_tick_scheduled_rules", "", lambda: _tick(rules))
    schedules = seams.swap(scheduler, "_tick_schedules", "", lambda: _tick(schedules))


def _tick(before: seams.Function) -> None:
    if STORE.settings.schedules:
        before()
