"""AWS for a back-test: known reads only, each at a part of its rate, asked again where it was turned away.

A back-test shares its account with the responses to live alarms, so it leaves them room: half of each rate,
and one and a half of the two LookupEvents a second.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from liveness_ops.plain_data import Data, Json
from responder.aws.pace import Pace
from responder.aws.parallel import RetryingGateway, place_after
from responder.core.context import Gateway
from responder.core.errors import Rejected

# How long a read that is turned away for its rate is asked again (s).
_PATIENCE = 60.0
# Every operation that a back-test sends to AWS; all of them read.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "application-autoscaling": (
        "describe_scalable_targets",
        "describe_scaling_policies",
    ),
    "cloudformation": ("describe_stack_events",),
    "cloudtrail": ("lookup_events",),
    "cloudwatch": (
        "describe_alarm_history",
        "describe_alarms",
        "get_metric_data",
        "list_alarm_mute_rules",
    ),
    "dynamodb": (
        "describe_table",
        "get_item",
        "query",
    ),
    "health": ("describe_events",),
    "iam": (
        "get_role",
        "get_role_policy",
        "list_attached_role_policies",
    ),
    "lambda": (
        "get_account_settings",
        "get_function_concurrency",
        "get_function_configuration",
        "get_provisioned_concurrency_config",
        "list_aliases",
        "list_versions_by_function",
    ),
    "logs": (
        "describe_log_groups",
        "filter_log_events",
    ),
    "s3": (
        "get_bucket_encryption",
        "get_bucket_policy",
        "get_public_access_block",
    ),
    "ssm": (
        "get_parameter_history",
        "get_parameters_by_path",
    ),
}
# CloudWatch Logs endpoints and quotas, "FilterLogEvents throttle limit"; other Regions take 10.
_LOGS = {
    "us-east-1": 25.0,
    **dict.fromkeys(("ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1"), 5.0),
}
# CloudWatch service quotas; API reference of LookupEvents.
_RATES = {
    "describe_alarm_history": 20.0,
    "describe_alarms": 9.0,
    "get_metric_data": 50.0,
    "list_alarm_mute_rules": 50.0,
}
_PART, _TRAIL = 0.5, 1.5


def rates(region: str) -> dict[str, float]:
    """Requests a second that a back-test allows itself, by operation."""
    taken = {"filter_log_events": _LOGS.get(region, 10.0), **_RATES}
    return {"lookup_events": _TRAIL, **{name: rate * _PART for name, rate in taken.items()}}


class PacedGateway:
    """A `Gateway` that reads at these rates. `calls`: how many requests of each operation were sent;
    `metrics`: how many metrics were asked for, which is what GetMetricData costs money for.

    Raises, in addition to AWS's errors, Rejected for anything that is not among the known reads.
    """

    def __init__(
        self,
        aws: Gateway,
        region: str,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._aws, self._clock, self._pause = aws, clock, pause
        self._paces = {name: Pace(rate, 1, clock, pause) for name, rate in rates(region).items()}
        self.calls: Counter[str] = Counter()
        self.metrics = 0
        self._lock = Lock()

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        """As of a `Gateway`."""
        return self._admitted(service, operation, arguments).call(service, operation, **arguments)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[Json]:
        """As of a `Gateway`."""
        for page in self._admitted(service, operation, arguments).pages(service, operation, **arguments):
            yield page
            if place_after(page):
                self._sent(service, operation, arguments)

    def _admitted(self, service: str, operation: str, arguments: Data) -> RetryingGateway:
        if operation not in ALLOWED.get(service.partition("@")[0], ()):
            raise Rejected(service, operation, "ReadOnly")
        self._sent(service, operation, arguments)
        return RetryingGateway(self._aws, _PATIENCE, self._clock, self._pause)

    def _sent(self, service: str, operation: str, arguments: Data) -> None:
        """Send a request once the rate allows it."""
        pace = self._paces.get(operation)
        if pace is not None:
            pace.wait()
        with self._lock:
            self.calls[f"{service.partition('@')[0]}:{operation}"] += 1
            self.metrics += len(arguments.get("MetricDataQueries", ()))
