"""How many sessions a day usually has, so that an outage does not become its own measure. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from responder.checks import thresholds
from responder.checks.model import CheckStatus

WEEKS = 8
# "Few" is judged by the most recent weeks alone: use changes with the seasons.
RECENT_WEEKS = 4
# CloudWatch keeps hourly values for 455 days.
HISTORY_DAYS = 400
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Usual:
    """Sessions of comparable days.

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
    """Of `day`, by the sessions of each day before it; a day that is not listed had none."""
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
        # A quiet weekday that is as it always is ends an outage too.
        measures = {weekday} if count and count >= thresholds.FEW * own else {*covered, weekday}
        best = max((most for one in measures for most in ordinary[one]), default=0.0)
        if thresholds.sessions(count, best) is CheckStatus.RED:
            covered.add(weekday)
        else:
            covered.clear()
            ordinary[weekday] = [*ordinary[weekday], count][-WEEKS:]
        each += _DAY
    return best
