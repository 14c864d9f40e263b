"""Which values the service's metrics can have at all, and so which alarms can never, or hardly, go off.

Everything here is proved from metric, statistic, threshold, comparison and the treatment of missing data,
with what the service's code puts into each metric. What is not known is never called impossible.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from responder.checks.alarms_deployed import Watch

_ONES = {"SuccessCount", "FailureCount"}  # the value 1 for each, absent otherwise
_TIMES = ("VerificationTime", "SessionCreationTime")
_COUNTS = {"SessionCreated", "SessionCreationError", "VerificationError", "SessionNotFound", "SessionExpired"}
_OWN = _ONES | _COUNTS | {*_TIMES, "ConfidenceScore", "SessionCount"}
# At most one for each session, so no more of them than sessions.
_A_SESSION = {*_COUNTS, *_ONES, "Errors"}
_PERCENTILE = re.compile(r"p\d+(\.\d+)?")
_LEVEL = {"Average", "Minimum", "Maximum", "IQM"}
# Lambda reports a run that it ended as a little longer than the time-out.
_SLACK = 1.01
# The manual's 100-1000 sessions a day.
QUIET, BUSY = 100, 1000
# Below this chance within an hour of a total outage, an alarm hardly goes off.
CHANCE = 0.5
# What runs that are not ended by the time-out take of it, generously.
USUAL = 0.2
# Share of all runs that would have to end at the time-out.
SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """`timeouts`: seconds of each function by its name; absent where it could not be read."""

    namespace: str
    create: str
    result: str
    timeouts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Range:
    """The least and greatest value wherever there is data."""

    low: float
    high: float


def function_of(watch: Watch, known: Known) -> str:
    """The function whose time-out cuts the metric off; "" where none does."""
    if watch.namespace == known.namespace and watch.metric in _TIMES:
        return known.result if watch.metric == "VerificationTime" else known.create
    if watch.namespace == "AWS/Lambda" and watch.metric == "Duration":
        return dict(watch.dimensions).get("FunctionName", "")
    return ""


def absent(watch: Watch, known: Known) -> bool:
    """Nobody puts such a metric: no such name, or it carries other dimensions."""
    if watch.namespace != known.namespace or watch.queries:
        return False
    if watch.metric == "SessionCount":
        return watch.dimensions not in ((("Status", "SUCCESS"),), (("Status", "FAILED"),))
    return watch.metric not in _OWN or bool(watch.dimensions)


def values(watch: Watch, known: Known) -> Range | None:
    """What the statistic can be; None where that is not known."""
    one = _one(watch, known)
    if one is None:
        return None
    if watch.statistic == "SampleCount":
        return Range(1, math.inf)
    if watch.statistic == "Sum":
        return Range(one.low, math.inf)
    level = watch.statistic in _LEVEL or _PERCENTILE.fullmatch(watch.statistic)
    return one if level else None


def never(watch: Watch, known: Known) -> bool:
    """It cannot go off: no possible value breaches, and no gap does."""
    if watch.missing == "breaching":
        return False
    if absent(watch, known):
        return True
    possible = values(watch, known)
    if possible is None or watch.threshold is None:
        return False
    return {
        "GreaterThanThreshold": possible.high <= watch.threshold,
        "GreaterThanOrEqualToThreshold": possible.high < watch.threshold,
        "LessThanThreshold": possible.low >= watch.threshold,
        "LessThanOrEqualToThreshold": possible.low > watch.threshold,
    }.get(watch.comparison, False)


def needed_share(watch: Watch, known: Known) -> float | None:
    """Share of all runs (0-1) that must end at the time-out before the average breaches; None: no average."""
    limit = known.timeouts.get(function_of(watch, known))
    if watch.statistic != "Average" or limit is None or not _upwards(watch) or watch.threshold is None:
        return None
    seconds = watch.threshold / (1000 if watch.metric == "Duration" else 1)
    return max(0.0, (seconds / limit - USUAL) / (1 - USUAL))


def chance(watch: Watch, known: Known, a_day: int) -> float | None:
    """Chance (0-1) that it goes off within an hour in which every session fails; None: it counts none."""
    ours = dict(watch.dimensions).get("FunctionName") in (known.create, known.result)
    counted = watch.metric in _A_SESSION and (watch.namespace == known.namespace or ours)
    if not counted or watch.statistic != "Sum" or not _upwards(watch) or watch.threshold is None:
        return None
    equal = watch.comparison == "GreaterThanOrEqualToThreshold"
    least = math.ceil(watch.threshold) if equal else math.floor(watch.threshold) + 1
    period = max(watch.period, 1)
    breached: float = _at_least(least, a_day * period / 86_400) ** max(watch.datapoints, 1)
    windows = max(1.0, 3600 / period / max(watch.datapoints, 1))
    return float(1 - (1 - breached) ** windows)


def _one(watch: Watch, known: Known) -> Range | None:
    if function_of(watch, known):
        limit = known.timeouts.get(function_of(watch, known))
        scale = 1000 * _SLACK if watch.metric == "Duration" else 1
        return None if limit is None else Range(0, limit * scale)
    if watch.namespace == "AWS/Lambda":
        return Range(0, 1) if watch.metric in ("Errors", "Throttles") else None
    if watch.namespace != known.namespace:
        return None
    if watch.metric == "ConfidenceScore":
        return Range(0, 100)
    return Range(1, 1) if watch.metric in _ONES else Range(0, 1) if watch.metric in _COUNTS else None


def _upwards(watch: Watch) -> bool:
    return watch.comparison in ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")


def _at_least(least: int, mean: float) -> float:
    """Poisson: as many or more, where `mean` are expected."""
    fewer = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(max(least, 0)))
    return min(1.0, max(0.0, 1 - fewer))
