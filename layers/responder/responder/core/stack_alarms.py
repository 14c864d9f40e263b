"""What the alarms watch that this stack makes: ours, and the corrected versions of deployed ones.

Thresholds and periods that are parameters are not compared: such a number is `#`, such a threshold None.
"""

from collections.abc import Callable

from responder.core.deployed_alarm import RETURNED, WatchedMetric
from responder.core.liveness_function import LivenessFunction
from responder.core.metric_ranges import ABOVE, BELOW, FROM
from responder.core.settings import Settings


def slow_creation(settings: Settings) -> WatchedMetric:
    """Nine in ten sessions open more slowly than the parameter says."""
    return WatchedMetric(ABOVE, None, queries=_math(_slow_creation(settings.namespace)))


def throttled_table(settings: Settings) -> WatchedMetric:
    """Table or index were throttled."""
    return WatchedMetric(ABOVE, 0, period=300, queries=_math(_table(settings.sessions_table)))


def denied_images(settings: Settings) -> WatchedMetric:
    """The logs tell of a denied access to the images."""
    return _sum(f"LivenessResponder/{settings.stack}", "AccessDenied")


def throttled_function(which: LivenessFunction) -> Callable[[Settings], WatchedMetric]:
    """Lambda turned invocations away."""
    return lambda settings: _sum("AWS/Lambda", "Throttles", (("FunctionName", which.function(settings)),))


def success_rate(settings: Settings) -> WatchedMetric:
    """Share of checks that succeeded."""
    return WatchedMetric(BELOW, None, queries=_math(_success(settings.namespace)))


def slow_result(settings: Settings) -> WatchedMetric:
    """The slowest of a hundred results."""
    return WatchedMetric(ABOVE, None, queries=_math(_slow_result(settings.result_function)))


def error_rate(settings: Settings) -> WatchedMetric:
    """Share of requests that failed with an error of the service."""
    return WatchedMetric(ABOVE, None, queries=_math(_errors(settings.namespace)))


def timed_out(which: LivenessFunction) -> Callable[[Settings], WatchedMetric]:
    """Runs of one function that Lambda ended, as its logs tell."""
    metric = "CreateSessionTimeouts" if which is LivenessFunction.CREATE else "GetResultTimeouts"
    return lambda settings: WatchedMetric(
        FROM, None, period=900, queries=_math(_ended(f"LivenessResponder/{settings.stack}", metric))
    )


def _math(queries: tuple[str, ...]) -> tuple[str, ...]:
    """The first one is what the alarm watches; `#` stands for a number that is a parameter."""
    return tuple(sorted((f"{RETURNED}{queries[0]}", *queries[1:])))


def _sum(namespace: str, metric: str, dimensions: tuple[tuple[str, str], ...] = ()) -> WatchedMetric:
    return WatchedMetric(ABOVE, 0, namespace, metric, dimensions, "Sum", 300)


def _slow_creation(own: str) -> tuple[str, ...]:
    return (
        "wait=IF(opened >= #, seconds, 0)",
        f"seconds=p90 {own}/SessionCreationTime",
        f"opened=SampleCount {own}/SessionCreationTime",
    )


def _table(table: str) -> tuple[str, ...]:
    on, index = f"TableName={table}", "GlobalSecondaryIndexName"
    return (
        "throttled=SUM([FILL(r, 0), FILL(w, 0), FILL(ri, 0), FILL(wi, 0)])",
        f"r=Sum AWS/DynamoDB/ReadThrottleEvents {on}",
        f"w=Sum AWS/DynamoDB/WriteThrottleEvents {on}",
        f"ri=Sum AWS/DynamoDB/ReadThrottleEvents {index} {on}",
        f"wi=Sum AWS/DynamoDB/WriteThrottleEvents {index} {on}",
    )


def _success(own: str) -> tuple[str, ...]:
    return (
        "rate=IF(checks >= #, 100 * FILL(success, 0) / checks, 100)",
        "checks=SUM([FILL(success, 0), FILL(failure, 0)])",
        f"success=Sum {own}/SuccessCount",
        f"failure=Sum {own}/FailureCount",
    )


def _slow_result(function: str) -> tuple[str, ...]:
    duration = f"AWS/Lambda/Duration FunctionName={function}"
    return (
        "p99=IF(results >= #, duration / 1000, 0)",
        f"duration=p99 {duration}",
        f"results=SampleCount {duration}",
    )


def _errors(own: str) -> tuple[str, ...]:
    asked = ("errors", "success", "failure", "unknown", "expired")
    metrics = ("VerificationError", "SuccessCount", "FailureCount", "SessionNotFound", "SessionExpired")
    return (
        "rate=IF((asked >= #) * (FILL(errors, 0) >= #), 100 * errors / asked, 0)",
        f"asked=SUM([{', '.join(f'FILL({name}, 0)' for name in asked)}])",
        *(f"{name}=Sum {own}/{metric}" for name, metric in zip(asked, metrics, strict=True)),
    )


def _ended(stack: str, metric: str) -> tuple[str, ...]:
    return (
        "ended=MAX([FILL(text, 0), FILL(json, 0)])",
        f"text=Sum {stack}/{metric}InText",
        f"json=Sum {stack}/{metric}InJson",
    )
