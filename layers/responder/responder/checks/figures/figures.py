"""The figures of the manual's lists: how each is judged, shown and drawn. Pure."""

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from typing import NamedTuple

from responder.checks import days, thresholds
from responder.checks.figures.counts import Counts
from responder.checks.figures.shares import Mean, Share, decimals
from responder.checks.model import AMBER, RED, Chart, CheckStatus, worst
from responder.core.text import Text, text


class Figure(NamedTuple):
    """How a figure is judged and what was measured for it; `whole`: also with the checks that users left."""

    status: Callable[[Counts], CheckStatus]
    measured: Callable[[Counts], Share | Mean]
    whole: Callable[[Counts], Share | Mean] | None = None

    def shown(self, of: Counts) -> Text:
        """`97 % (of 270); 87.3 % (of 300) with the 30 that were not finished`, or one figure without any."""
        real = self.measured(of).shown
        if self.whole is None or not of.zeros:
            return real
        return text("checks.beside", real=real, whole=self.whole(of).shown, zeros=round(of.zeros))

    def numbers(self, of: Counts) -> tuple[float | None, float]:
        """The value, None of nothing, and out of how many samples."""
        found = self.measured(of)
        return (found.percent, found.of) if isinstance(found, Share) else (found.value, found.samples)


def _success(of: Counts) -> CheckStatus:
    """By the results with a score; results without one are judged by how many there are."""
    return worst(thresholds.success(of.finished_rate), thresholds.unfinished(of.unfinished))


FIGURES: Mapping[str, Figure] = {
    "success": Figure(_success, lambda of: of.finished_rate, lambda of: of.success_rate),
    "confidence": Figure(
        lambda of: thresholds.confidence(of.real_confidence),
        lambda of: of.real_confidence,
        lambda of: of.confidence,
    ),
    "answered": Figure(lambda of: thresholds.answered(of.answered), lambda of: of.answered),
    "time": Figure(lambda of: thresholds.seconds(of.time), lambda of: of.time),
    "errors": Figure(lambda of: thresholds.errors(of.error_rate), lambda of: of.error_rate),
    "creation": Figure(
        lambda of: thresholds.errors(of.creation_error_rate), lambda of: of.creation_error_rate
    ),
}
# The two error rates are one subject.
ERRORS = ("errors", "creation")


def leading_errors(of: Counts) -> str:
    """The rate that is reported first, for a message holds no other: that of results, or a worse one."""
    # Creations that were never tried say nothing against it.
    tried = of.creation_error_rate.percent is not None
    worse = FIGURES["creation"].status(of).rank < FIGURES["errors"].status(of).rank
    return "creation" if tried and worse else "errors"


def other_errors(figure: str, of: Counts) -> Text:
    """The other one of the two."""
    other = "errors" if figure == "creation" else "creation"
    return text(f"checks.figure.{other}.rate", rate=FIGURES[other].shown(of))


def causes_of_success(of: Counts) -> tuple[str, ...]:
    """What of `success` is outside of its range; a person accepts that and no more."""
    found = {
        "success": thresholds.success(of.finished_rate),
        "unfinished": thresholds.unfinished(of.unfinished),
    }
    return tuple(name for name, status in found.items() if status in (RED, AMBER))


def zeros(of: Counts) -> tuple[Text, ...]:
    """What a result without a score is, and when their number is worth a look."""
    if not of.zeros:
        return ()
    return (text("checks.figure.zeros", share=of.unfinished.shown, most=decimals(thresholds.UNFINISHED)),)


def known(numbers: Mapping[str, float | None]) -> dict[str, float]:
    """Those that have a value."""
    return {name: value for name, value in numbers.items() if value is not None}


# Unit, value of one day, and the normal range. A day with too few samples is a gap.
CHARTS: Mapping[str, tuple[str, Callable[[Counts], float | None], float | None, float | None]] = {
    "sessions": ("a_day", lambda of: of.created, *thresholds.SESSIONS),
    "unverified": ("a_day", lambda of: of.unverified.count, None, None),
    "success": ("%", lambda of: of.finished_rate.drawn, thresholds.SUCCESS, 100.0),
    "confidence": (
        "points",
        lambda of: of.real_confidence.value if of.real_confidence.enough else None,
        thresholds.CONFIDENCE,
        100.0,
    ),
    "time": ("s", lambda of: of.time.value, 0.0, thresholds.SECONDS),
    "errors": ("%", lambda of: of.error_rate.drawn, 0.0, thresholds.ERRORS),
}


def charts(by_day: Mapping[date, Counts], where: tzinfo, *figures: str) -> tuple[Chart, ...]:
    """One for each of the figures, over the days of the zone."""
    drawn = []
    for name in figures:
        unit, value, floor, ceiling = CHARTS[name]
        points = tuple((days.start_of(day, where), value(each)) for day, each in sorted(by_day.items()))
        drawn.append(Chart(text(f"checks.figure.{name}"), unit, points, floor, ceiling))
    return tuple(drawn)
