"""Which values the service's metrics can have at all, and so which alarms can never fire.

Everything here is proved from metric, statistic, threshold, comparison and the treatment of missing data,
with what the service's code puts into each metric. What is unknown is never called impossible.
"""

import math
import re
from collections.abc import Mapping
from enum import StrEnum

from responder.core.deployed_alarm import WatchedMetric
from responder.core.frozen import frozen

ABOVE, FROM = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold"
BELOW, TO = "LessThanThreshold", "LessThanOrEqualToThreshold"
ONES = {"SuccessCount", "FailureCount"}  # the value 1 for each, absent otherwise
COUNTS = {"SessionCreated", "SessionCreationError", "VerificationError", "SessionNotFound", "SessionExpired"}
_TIMES = ("VerificationTime", "SessionCreationTime")
_OWN = ONES | COUNTS | {*_TIMES, "ConfidenceScore", "SessionCount"}
_WHOLE = ONES | COUNTS | {"SessionCount", "Errors", "Throttles", "AccessDenied", "SureFaults"}
_PERCENTILE = re.compile(r"p\d+(\.\d+)?")
# Percent of the values above a number (percentile rank), in metric math.
_SLOWER = re.compile(r"=PR\((\d+(?:\.\d+)?):")
_LEVEL = {"Average", "Minimum", "Maximum", "IQM"}
# Lambda reports a run that it ended as a little longer than the time-out.
_SLACK = 1.01


class Yields(StrEnum):
    """The kinds of values that the metric math of this stack's alarms yields."""

    PERCENT = "percent"
    CREATE = "create"  # percent of sessions that take longer than so many seconds to open
    RESULT = "result"  # percent of runs that judge one and take longer than so many milliseconds


@frozen
class KnownLimits:
    """`timeouts`: seconds of each function by its name; absent where it could not be read."""

    namespace: str
    create: str
    result: str
    timeouts: Mapping[str, float]


@frozen
class Range:
    """The least and greatest value wherever there is data."""

    low: float
    high: float


def function_of(watch: WatchedMetric, known: KnownLimits, yields: Yields | None = None) -> str:
    """The function whose time-out cuts the metric off; "" where none does."""
    if watch.queries:
        return {Yields.CREATE: known.create, Yields.RESULT: known.result}.get(yields or Yields.PERCENT, "")
    if watch.namespace == known.namespace and watch.metric in _TIMES:
        return known.result if watch.metric == "VerificationTime" else known.create
    if watch.namespace == "AWS/Lambda" and watch.metric == "Duration":
        return dict(watch.dimensions).get("FunctionName", "")
    return ""


def absent(watch: WatchedMetric, known: KnownLimits) -> bool:
    """The service sends no such metric: another name or other dimensions."""
    if watch.namespace != known.namespace or watch.queries:
        return False
    if watch.metric == "SessionCount":
        return watch.dimensions not in ((("Status", "SUCCESS"),), (("Status", "FAILED"),))
    return watch.metric not in _OWN or bool(watch.dimensions)


def values(watch: WatchedMetric, known: KnownLimits, yields: Yields | None = None) -> Range | None:
    """What is compared with the threshold can be this; None where that is unknown.

    `yields`: of metric math that is as it should be; it is not read here.
    """
    one = _math(watch, known, yields) if watch.queries else _one(watch, known)
    if one is None or watch.queries:
        return one
    if watch.statistic == "SampleCount":
        return Range(1, math.inf)
    if watch.statistic == "Sum":
        return Range(one.low, math.inf)
    level = watch.statistic in _LEVEL or _PERCENTILE.fullmatch(watch.statistic)
    return one if level else None


def never(watch: WatchedMetric, known: KnownLimits, yields: Yields | None = None) -> bool:
    """Whether it can never fire: neither a possible value nor a gap breaches."""
    if watch.missing == "breaching":
        return False
    if absent(watch, known):
        return True
    possible = values(watch, known, yields)
    if possible is None or watch.threshold is None:
        return False
    return {
        ABOVE: possible.high <= watch.threshold,
        FROM: possible.high < watch.threshold,
        BELOW: possible.low >= watch.threshold,
        TO: possible.low > watch.threshold,
    }.get(watch.comparison, False)


def limit(watch: WatchedMetric) -> tuple[str, float | None]:
    """Comparison and threshold in a form that is equal for equivalent alarms: for a count, 6 or more is more
    than 5."""
    counted = watch.metric in _WHOLE and watch.statistic in ("Sum", "SampleCount")
    if watch.threshold is None or not counted:
        return watch.comparison, watch.threshold
    return {
        ABOVE: (ABOVE, math.floor(watch.threshold)),
        FROM: (ABOVE, math.ceil(watch.threshold) - 1),
        BELOW: (BELOW, math.ceil(watch.threshold)),
        TO: (BELOW, math.floor(watch.threshold) + 1),
    }.get(watch.comparison, (watch.comparison, watch.threshold))


def _one(watch: WatchedMetric, known: KnownLimits) -> Range | None:
    if function_of(watch, known):
        seconds = known.timeouts.get(function_of(watch, known))
        scale = 1000 * _SLACK if watch.metric == "Duration" else 1
        return None if seconds is None else Range(0, seconds * scale)
    if watch.namespace == "AWS/Lambda":
        return Range(0, 1) if watch.metric in ("Errors", "Throttles") else None
    if watch.namespace != known.namespace:
        return None
    if watch.metric == "ConfidenceScore":
        return Range(0, 100)
    return Range(1, 1) if watch.metric in ONES else Range(0, 1) if watch.metric in COUNTS else None


def _math(watch: WatchedMetric, known: KnownLimits, yields: Yields | None) -> Range | None:
    if yields is Yields.PERCENT:
        return Range(0, 100)
    seconds = known.timeouts.get(function_of(watch, known, yields)) if yields else None
    slower = next(filter(None, map(_SLOWER.search, watch.queries)), None)
    if seconds is None or slower is None:
        return None
    limit = float(slower[1]) / (1000 if yields is Yields.RESULT else 1)
    return Range(0, 100 if limit < seconds * _SLACK else 0)
