"""What alarms read from the datapoints of one period. Pure."""

import math
from collections.abc import Callable, Sequence

from rehearsal.world.points import Point

# MinimumSamples of the template.
_ENOUGH = 20
# MinimumFaults.
_FAULTS = 3
_ANSWERED = ("VerificationError", "SuccessCount", "FailureCount", "SessionNotFound", "SessionExpired")
type Reading = Callable[[Sequence[Point]], float | None]


def _values(metric: str, function: str = "") -> Callable[[Sequence[Point]], list[float]]:
    where = (("FunctionName", function),) if function else ()
    return lambda points: [p.value for p in points if p.metric == metric and p.dimensions == where]


def total(metric: str, function: str = "") -> Reading:
    """The sum."""
    pick = _values(metric, function)
    return lambda points: sum(pick(points)) if pick(points) else None


def average(metric: str) -> Reading:
    """The average."""
    pick = _values(metric)
    return lambda points: sum(pick(points)) / len(pick(points)) if pick(points) else None


def tail(function: str) -> Reading:
    """The longest run of a function in ms."""
    pick = _values("Duration", function)
    return lambda points: max(pick(points), default=None)


def rate(points: Sequence[Point]) -> float | None:
    """Successes of all checks."""
    good = sum(_values("SuccessCount")(points))
    bad = sum(_values("FailureCount")(points))
    return good / (good + bad) if good + bad else None


def errors(points: Sequence[Point]) -> float | None:
    """Percent of results that failed with an error of the service, as the corrected alarm counts them."""
    count = {name: sum(_values(name)(points)) for name in _ANSWERED}
    asked, failed = sum(count.values()), count["VerificationError"]
    return 100 * failed / asked if asked >= _ENOUGH and failed >= _FAULTS else 0.0


def p90(metric: str) -> Reading:
    """What nine in ten stay below; 0 of too few, as the alarm's own expression."""
    pick = _values(metric)
    return lambda points: _ninth_tenth(sorted(pick(points)))


def _ninth_tenth(values: list[float]) -> float:
    return values[math.ceil(0.9 * len(values)) - 1] if len(values) >= _ENOUGH else 0.0


def throttled(points: Sequence[Point]) -> float:
    """Of the table and its index together."""
    return sum(p.value for p in points if p.metric in ("ReadThrottleEvents", "WriteThrottleEvents"))


def denied(points: Sequence[Point]) -> float:
    """What the metric filters counted."""
    return sum(p.value for p in points if p.metric == "AccessDenied")
