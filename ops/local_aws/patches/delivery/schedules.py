"""What is due runs at the drill's command: a round or a check in its midst would be seen as part of it."""

from __future__ import annotations

from ministack.services import eventbridge, scheduler

from local_aws.patches import patching
from local_aws.patches.drill.store import STORE

_TICK_SECONDS = 0.5


def install() -> None:
    """Put the setting before ministack's two clocks, and let them look often enough to be tested."""
    patching.need(eventbridge, "_SCHEDULER_TICK_INTERVAL")
    patching.need(scheduler, "_SCHEDULE_TICK_INTERVAL")
    eventbridge._SCHEDULER_TICK_INTERVAL = _TICK_SECONDS
    scheduler._SCHEDULE_TICK_INTERVAL = _TICK_SECONDS
    rules = patching.swap(eventbridge, "_tick_scheduled_rules", "", lambda: _tick(rules))
    schedules = patching.swap(scheduler, "_tick_schedules", "", lambda: _tick(schedules))


def _tick(before: patching.Function) -> None:
    if STORE.settings.schedules:
        before()
