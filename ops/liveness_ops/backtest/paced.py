"""AWS for a back-test: known reads only, each at a part of its rate, asked again where it was turned away.

A back-test shares its account with the responses to live alarms, so it leaves them room: half of each rate,
and one and a half of the two LookupEvents a second.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock

from responder.aws.gateway import Answer, Pace, Retry, Send
from responder.aws.operations import Request
from responder.core.errors import Rejected
from responder.core.text import Strings

# How long a read that is turned away for its rate is asked again (s).
_PATIENCE = 60.0
# Every operation that a back-test sends to AWS; all of them read.
ALLOWED: Mapping[str, Strings] = {
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


class PacedReads:
    """A policy that reads at these rates. `calls`: how many requests of each operation were sent; `metrics`:
    how many metrics were asked for, which is what GetMetricData costs money for.

    Raises, in addition to AWS's errors, Rejected for anything that is not among the known reads.
    """

    def __init__(
        self,
        region: str,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._pause = clock, pause
        self._paces = {name: Pace(rate, 1, clock, pause) for name, rate in rates(region).items()}
        self.calls: Counter[str] = Counter()
        self.metrics = 0
        self._lock = Lock()

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """Send it once the rate allows it, and again where it is turned away all the same."""
        service, operation, arguments = request
        service = service.partition("@")[0]
        if operation not in ALLOWED.get(service, ()):
            raise Rejected(service, operation, "ReadOnly")
        pace = self._paces.get(operation)
        if pace is not None:
            pace.wait()
        with self._lock:
            self.calls[f"{service}:{operation}"] += 1
            self.metrics += len(arguments.get("MetricDataQueries", ()))
        return Retry(self._clock() + _PATIENCE, self._clock, self._pause)(request, send)
