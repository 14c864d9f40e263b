"""The figures of the manual's lists: how each is judged, shown and drawn; the usual sessions. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from responder.checks import days, thresholds
from responder.checks.figures.counts import Counts, Mean, Share, decimals
from responder.checks.finding import AMBER, GREEN, RED, CheckStatus, worst
from responder.checks.model import Better, Chart, KeyFigure, Since
from responder.core.frozen import frozen
from responder.core.text import Strings, Text, Texts, text

WEEKS = 8
# "Few" is judged by the most recent weeks alone: use changes with the seasons.
RECENT_WEEKS = 4
# CloudWatch keeps hourly values for 455 days.
HISTORY_DAYS = 400
_MOST_UNFINISHED = decimals(thresholds.UNFINISHED)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


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


def _success(of: Counts) -> CheckStatus:
    """Success by the results with a score; results without one are judged by their number."""
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
    # Without attempts to create sessions, that rate proves nothing.
    tried = of.creation_error_rate.value is not None
    worse = FIGURES["creation"].status(of).rank < FIGURES["errors"].status(of).rank
    return "creation" if tried and worse else "errors"


def other_errors(figure: str, of: Counts) -> Text:
    """The other of the two rates."""
    other = "errors" if figure == "creation" else "creation"
    return text(f"checks.figure.{other}.rate", rate=FIGURES[other].shown(of))


def causes_of_success(of: Counts) -> Strings:
    """The parts of `success` outside of their range; a person accepts only these."""
    found = {
        "success": thresholds.success(of.finished_rate),
        "unfinished": thresholds.unfinished(of.unfinished),
    }
    return tuple(name for name, status in found.items() if status in (RED, AMBER))


def unfinished(of: Counts) -> Text | None:
    """The share of checks that users gave up, where `success` is out of its range by it."""
    if thresholds.unfinished(of.unfinished) is GREEN:
        return None
    return text("checks.figure.unfinished", share=of.unfinished.shown, most=_MOST_UNFINISHED)


def range_of(name: str, of: Counts) -> Text:
    """The normal range of a figure; that of the unfinished checks too, where they are outside of it."""
    if name == "success" and unfinished(of) is not None:
        return text("checks.range.success_unfinished", most=_MOST_UNFINISHED)
    return text(f"checks.range.{name}")


def zeros(of: Counts) -> Texts:
    """What a result without a score is, and when their number is worth a look."""
    if not of.zeros:
        return ()
    return (text("checks.figure.zeros", share=of.unfinished.shown, most=_MOST_UNFINISHED),)


def known(numbers: Mapping[str, float | None]) -> dict[str, float]:
    """The figures that have a value."""
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
    "creation": ("%", lambda of: of.creation_error_rate.drawn, 0.0, thresholds.ERRORS),
}


# The end of a range that is not normal itself: success and errors include theirs.
_EXCLUDED = {"confidence": thresholds.CONFIDENCE, "time": thresholds.SECONDS}


def charts(by_day: Mapping[date, Counts], where: tzinfo, *figures: str) -> tuple[Chart, ...]:
    """A chart for each of the figures, over the days of the zone."""
    drawn = []
    for name in figures:
        unit, value, floor, ceiling = CHARTS[name]
        points = tuple((days.start_of(day, where), value(each)) for day, each in sorted(by_day.items()))
        drawn.append(Chart(text(f"checks.figure.{name}"), unit, points, floor, ceiling, _EXCLUDED.get(name)))
    return tuple(drawn)


# The better direction of each figure; for the others there is none.
_BETTER = {
    **dict.fromkeys(("success", "confidence"), Better.HIGHER),
    **dict.fromkeys(("time", "errors", "creation"), Better.LOWER),
}


def key_figure(
    name: str,
    light: CheckStatus,
    by_day: Mapping[date, Counts],
    where: tzinfo,
    compared: tuple[Counts, Mapping[Since, Counts]],
) -> KeyFigure:
    """One of `CHARTS`. `compared`: the count, and earlier counts; `by_day`: its past."""
    (drawn,) = charts(by_day, where, name)
    _, value, _, _ = CHARTS[name]
    now, earlier = compared
    before = {since: value(each) for since, each in earlier.items()}
    beside = unfinished(now) if name == "success" else None
    return KeyFigure(drawn, value(now), light, before, _BETTER.get(name), beside)


@frozen
class Usual:
    """Sessions of comparable days, so that an outage does not become its own measure.

    Attributes:
        best: the most on the same weekday of the last eight weeks without an outage. During an outage: on any
            weekday that it has covered.
        least: the fewest on the same weekday of the last four weeks.
        last: the last day with a session; None where there was none within the history.
        days: for how many days there has been none.
    """

    best: float = 0.0
    least: float = 0.0
    last: date | None = None
    days: int = 0


def usual(created: Mapping[date, float], day: date) -> Usual:
    """The usual sessions of `day`, by the sessions of each day before it; a day that is not listed had
    none."""
    last = max((each for each, count in created.items() if count and each <= day), default=None)
    if last is None:
        return Usual()
    best = _best(created, day)
    if last != day:
        return Usual(best, 0.0, last, (day - last).days)
    same = [created.get(day - number * _WEEK, 0.0) for number in range(1, RECENT_WEEKS + 1)]
    return Usual(best, min(same), last)


def _best(created: Mapping[date, float], day: date) -> float:
    """Days of an outage, with no or nearly no sessions, are no measure of the days after them."""
    ordinary: defaultdict[int, list[float]] = defaultdict(list)
    covered: set[int] = set()
    best, each = 0.0, min(created)
    while each <= day:
        weekday, count = each.weekday(), created.get(each, 0.0)
        own = max(ordinary[weekday], default=0.0)
        # A weekday as quiet as usual also ends an outage.
        measures = {weekday} if count and count >= thresholds.FEW * own else {*covered, weekday}
        best = max((most for one in measures for most in ordinary[one]), default=0.0)
        if thresholds.sessions(count, best) is RED:
            covered.add(weekday)
        else:
            covered.clear()
            ordinary[weekday] = [*ordinary[weekday], count][-WEEKS:]
        each += _DAY
    return best
