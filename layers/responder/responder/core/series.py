"""Numbers over time, as CloudWatch gives them."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import datetime
from operator import itemgetter

from responder.core.frozen import frozen

_START = itemgetter(0)


type SeriesByName = Mapping[str, Series]


@frozen
class Series:
    """Datapoints of one statistic: `points` are (start of period, value).

    The caller gives them oldest first: `since` and `between` depend on that order, and it is not checked.
    """

    points: tuple[tuple[datetime, float], ...] = ()

    def since(self, start: datetime) -> "Series":
        """The datapoints whose period starts at `start` or later."""
        return Series(self.points[bisect_left(self.points, start, key=_START) :])

    def before(self, end: datetime) -> "Series":
        """The datapoints whose period starts before `end`."""
        return Series(self.points[: bisect_left(self.points, end, key=_START)])

    def between(self, start: datetime, end: datetime) -> "Series":
        """The datapoints whose period starts in [start, end)."""
        first = bisect_left(self.points, start, key=_START)
        return Series(self.points[first : bisect_left(self.points, end, first, key=_START)])

    @property
    def values(self) -> tuple[float, ...]:
        """The values alone."""
        return tuple(value for _, value in self.points)

    @property
    def total(self) -> float:
        """Their sum; 0.0 of nothing."""
        return sum(self.values)

    @property
    def peak(self) -> float | None:
        """The largest value; None of nothing."""
        return max(self.values, default=None)

    def count(self, holds: Callable[[float], bool]) -> int:
        """How many datapoints fulfil a condition."""
        return sum(1 for value in self.values if holds(value))
