"""How many sessions a day usually has, so that an outage does not become its own measure. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
# "Few" is judged by the most recent weeks alone: use changes with the seasons.
RECENT_WEEKS = 4
# CloudWatch keeps hourly values for 455 days.
HISTORY_DAYS = 400
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Usual:
    """Sessions of comparable days.

    Attributes:
        best: the most on the same weekday of the last eight weeks. During an outage: of the eight weeks
            before it, and on any weekday that it has covered.
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
    if last == day:
        same = [created.get(day - number * _WEEK, 0.0) for number in range(1, WEEKS + 1)]
        return Usual(max(same), min(same[:RECENT_WEEKS]), last)
    # After seven days every weekday is among them.
    covered = [last + timedelta(days=number) for number in range(1, min(7, (day - last).days) + 1)]
    before = [created.get(each - number * _WEEK, 0.0) for each in covered for number in range(1, WEEKS + 1)]
    return Usual(max(before), 0.0, last, (day - last).days)
