"""Rules with a schedule fire when a drill says so: a round in its midst would be seen as part of it."""

from __future__ import annotations

from ministack.services import eventbridge

from . import seams
from .store import STORE


def install() -> None:
    """Put the setting before ministack's clock, and let it look often enough to be tested."""
    seams.need(eventbridge, "_SCHEDULER_TICK_INTERVAL")
    eventbridge._SCHEDULER_TICK_INTERVAL = 0.5
    tick = seams.swap(eventbridge, "_tick_scheduled_rules", "", lambda: _tick(tick))


def _tick(before: seams.Function) -> None:
    if STORE.settings.schedules:
        before()
