"""When an alarm fires, as counts of requests and failures in a sliding window.

CloudWatch evaluates an alarm whose period is a minute or more once a minute. Its window is as long as period
times evaluation periods and, unless it is a wall clock window, moves on at each evaluation:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html. Metrics of a
minute's resolution make it move by whole minutes.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import partial

from responder.core import metric_ranges
from responder.core.deployed_alarm import RETURNED, WatchedMetric
from responder.core.expected_alarms import (
    error_rate,
    slow_creation,
    slow_result,
    success_rate,
    throttled_table,
    timed_out,
)
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.metric_ranges import ABOVE, BELOW, FROM, TO, KnownLimits
from responder.core.settings import Settings

_NUMBER = r"(\d+(?:\.\d+)?)"
# The part of the timeout that a run takes at most if it is not ended by it, generously.
_USUAL = 0.2


class CountedRequests(StrEnum):
    """Which calls of a session an alarm counts."""

    CREATE = "create"  # opening it
    RESULT = "result"  # asking for its result
    BOTH = "both"

    @property
    def calls(self) -> int:
        """How many of these calls a session makes."""
        return 2 if self is CountedRequests.BOTH else 1


class CountedFailures(StrEnum):
    """Which failures of those calls an alarm counts."""

    SURE = "sure"  # that no caller can cause: internal error, denied, failed import
    DENIED = "denied"  # calls to AWS that were denied, a part of the sure faults
    SERVICE = "service"  # every error of the service
    LAMBDA = "lambda"  # errors that Lambda counts
    TIMEOUT = "timeout"  # runs that Lambda ended
    CHECK = "check"  # checks that did not succeed
    SLOW = "slow"  # calls that took longer than the alarm allows, and were answered
    THROTTLE = "throttle"  # calls turned away for their number, by Lambda or the table


class NotModelled(StrEnum):
    """Why it cannot be computed when an alarm fires."""

    NEVER = "never"  # no value that its metric can have breaches its threshold
    LEVEL = "level"  # an average of scores or seconds counts no failures
    METRIC = "metric"  # a metric whose meaning is not known
    EXPRESSION = "expression"  # metric math that is not of this stack
    KIND = "kind"  # a composite alarm, or one on PromQL or a band
    MISSING_DATA = "missing_data"  # gaps make it go off
    WALL_CLOCK = "wall_clock"  # its window does not slide
    # Several periods, some without data: CloudWatch then evaluates older ones in their place, and does not
    # document how many (User Guide, "Configuring how CloudWatch alarms treat missing data").
    GAPS = "gaps"


@frozen
class AlarmRule:
    """One datapoint, which breaches where all of `least`, `sample` and `share` do.

    Attributes:
        minutes: of one datapoint, the period.
        least: so many failures, or more.
        sample: so many requests, or more.
        share: of the requests (0-1) more than this fail.
    """

    requests: CountedRequests
    failures: CountedFailures
    minutes: int
    least: int = 1
    sample: int = 0
    share: float = 0.0

    def breaches(self, asked: int, failed: int) -> bool:
        """Whether a datapoint with so many requests and failures does."""
        return failed >= self.least and asked >= self.sample and failed > self.share * asked

    @property
    def needs_requests(self) -> bool:
        """Whether the rule depends on how many requests did not fail."""
        return self.sample > 0 or self.share > 0


@frozen
class _Form:
    """Metric math of this stack. `rule`: from the deployed alarm, and the numbers in what it watches."""

    expected: WatchedMetric
    rule: Callable[..., AlarmRule]


def rule_of(
    watch: WatchedMetric, settings: Settings, timeouts: Mapping[str, float] | None = None
) -> AlarmRule | NotModelled:
    """The rule of a deployed alarm, from its DescribeAlarms record; its name says nothing.

    `timeouts`: seconds of the functions by name, as far as they are known.
    """
    known = KnownLimits(settings.namespace, *settings.functions, timeouts or {})
    if not watch.measures or watch.threshold is None:
        return NotModelled.KIND
    if watch.missing == "breaching":
        return NotModelled.MISSING_DATA
    if not watch.queries and metric_ranges.never(watch, known):
        return NotModelled.NEVER
    if watch.wall_clock:
        return NotModelled.WALL_CLOCK
    found = _of_math(watch, settings) if watch.queries else _of_metric(watch, settings, known)
    return NotModelled.GAPS if isinstance(found, AlarmRule) and watch.evaluated > 1 else found


def _of_math(watch: WatchedMetric, settings: Settings) -> AlarmRule | NotModelled:
    for form in _forms(settings):
        numbers = _numbers(form.expected, watch)
        if numbers is not None and watch.period >= 60:
            return form.rule(watch, *numbers)
    return NotModelled.EXPRESSION


def _forms(settings: Settings) -> tuple[_Form, ...]:
    requests, failures = CountedRequests, CountedFailures
    return (
        _Form(error_rate(settings), partial(_share, requests.RESULT, failures.SERVICE)),
        _Form(success_rate(settings), partial(_share, requests.RESULT, failures.CHECK)),
        _Form(slow_result(settings), partial(_slow, requests.RESULT)),
        _Form(slow_creation(settings), partial(_slow, requests.CREATE)),
        _Form(throttled_table(settings), partial(_count, requests.BOTH, failures.THROTTLE)),
        *(
            _Form(timed_out(function)(settings), partial(_count, requests(function), failures.TIMEOUT))
            for function in LivenessFunction
        ),
    )


def _numbers(expected: WatchedMetric, found: WatchedMetric) -> tuple[float, ...] | None:
    """The parameters in the watched query, in their order; None where the queries are others."""
    if len(expected.queries) != len(found.queries) or expected.comparison != found.comparison:
        return None
    numbers: tuple[float, ...] = ()
    for query in expected.queries:
        pattern = re.compile(re.escape(query).replace(r"\#", _NUMBER))
        met = next(filter(None, map(pattern.fullmatch, found.queries)), None)
        if met is None:
            return None
        if query.startswith(RETURNED):
            numbers = tuple(map(float, met.groups()))
    return numbers


def _share(
    requests: CountedRequests, failures: CountedFailures, watch: WatchedMetric, least: float
) -> AlarmRule:
    percent = watch.threshold or 0.0
    share = (100 - percent if watch.comparison in (BELOW, TO) else percent) / 100
    every = _every(requests, failures, watch)
    return replace(every, least=max(math.ceil(least), 1), share=round(share, 9))


def _slow(requests: CountedRequests, watch: WatchedMetric, *numbers: float) -> AlarmRule:
    """`numbers`: how many have to be slow, before it perhaps how many there have to be."""
    *sample, least = map(math.ceil, numbers)
    counted = _share(requests, CountedFailures.SLOW, watch, least)
    return replace(counted, sample=sample[0] if sample else 0)


def _count(requests: CountedRequests, failures: CountedFailures, watch: WatchedMetric) -> AlarmRule:
    threshold = watch.threshold or 0.0
    least = math.ceil(threshold) if watch.comparison == FROM else math.floor(threshold) + 1
    return replace(_every(requests, failures, watch), least=max(least, 1))


def _every(requests: CountedRequests, failures: CountedFailures, watch: WatchedMetric) -> AlarmRule:
    """The rule of an alarm that each failure breaches."""
    minutes = max(watch.period // 60, 1)
    return AlarmRule(requests, failures, minutes)


def _of_metric(watch: WatchedMetric, settings: Settings, known: KnownLimits) -> AlarmRule | NotModelled:
    if watch.comparison not in (ABOVE, FROM):
        return NotModelled.LEVEL
    create, result = settings.functions
    function = dict(watch.dimensions).get("FunctionName", "")
    called = {create: CountedRequests.CREATE, result: CountedRequests.RESULT}.get(function)
    if watch.namespace == "AWS/Lambda" and watch.metric == "Duration" and called is not None:
        return _average(watch, called, known.timeouts.get(function))
    if watch.statistic != "Sum":
        return NotModelled.LEVEL
    counted = _COUNTS.get(watch.metric)
    if watch.namespace == "AWS/Lambda" and called is not None and watch.metric in _LAMBDA:
        return _count(called, _LAMBDA[watch.metric], watch)
    of_service = watch.namespace == settings.namespace and not watch.dimensions
    of_ours = watch.namespace == f"LivenessResponder/{settings.stack}"
    if counted is None or not (of_service or of_ours):
        return NotModelled.METRIC
    return _count(*counted, watch)


# Which calls and failures a metric counts.
_COUNTS = {
    "VerificationError": (CountedRequests.RESULT, CountedFailures.SERVICE),
    "SessionCreationError": (CountedRequests.CREATE, CountedFailures.SERVICE),
    "FailureCount": (CountedRequests.RESULT, CountedFailures.CHECK),
    "AccessDenied": (CountedRequests.BOTH, CountedFailures.DENIED),
    "SureFaults": (CountedRequests.BOTH, CountedFailures.SURE),
}
_LAMBDA = {"Errors": CountedFailures.LAMBDA, "Throttles": CountedFailures.THROTTLE}


def _average(watch: WatchedMetric, called: CountedRequests, limit: float | None) -> AlarmRule | NotModelled:
    """The rule of an average, which breaches if enough runs end at the timeout."""
    if watch.statistic != "Average" or limit is None or watch.threshold is None:
        return NotModelled.LEVEL
    share = (watch.threshold / 1000 / limit - _USUAL) / (1 - _USUAL)
    every = _every(called, CountedFailures.TIMEOUT, watch)
    return replace(every, share=round(max(share, 0.0), 9))
