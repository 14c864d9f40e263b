"""The month by its days. A day with too few samples for a rate is a gap. Pure."""

from collections.abc import Callable, Mapping
from datetime import date, tzinfo

from responder.checks import days, thresholds
from responder.checks.figures.counts import Counts
from responder.checks.model import Chart
from responder.core.text import text


def charts(by_day: Mapping[date, Counts], where: tzinfo) -> tuple[Chart, ...]:
    """One for each figure of the manual's list."""
    low, high = thresholds.SESSIONS

    def drawn(
        name: str,
        unit: str,
        value: Callable[[Counts], float | None],
        floor: float | None = None,
        ceiling: float | None = None,
    ) -> Chart:
        points = tuple((days.start_of(day, where), value(each)) for day, each in sorted(by_day.items()))
        return Chart(text(f"checks.figure.{name}"), unit, points, floor, ceiling)

    return (
        drawn("sessions", "a_day", lambda each: each.created, low, high),
        drawn("unverified", "a_day", lambda each: each.unverified.count),
        drawn("success", "%", lambda each: each.finished_rate.drawn, thresholds.SUCCESS, 100.0),
        drawn("confidence", "points", _confidence, thresholds.CONFIDENCE, 100.0),
        drawn("time", "s", lambda each: each.time.value, 0.0, thresholds.SECONDS),
        drawn("errors", "%", lambda each: each.error_rate.drawn, 0.0, thresholds.ERRORS),
    )


def _confidence(of: Counts) -> float | None:
    return of.real_confidence.value if of.real_confidence.enough else None
