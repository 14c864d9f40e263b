"""How many requests a second AWS takes of a whole account in a Region, where that is few.

The burst size is documented for none of them; here it is those of one second. They are all free
again at the start of a scenario and where a drill has moved its clock. Only calls under a role count: the
drill itself looks on as the administrator.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from local_aws.patches.drill.store import STORE
from local_aws.patches.iam.decisions import role_of

from .wire import Answer, Request, error

# The setting `rates` with which requests do not come back with time: the rest of a second's stays.
STANDS = 2


@dataclass(frozen=True)
class Rate:
    """Requests a second of these operations together; `elsewhere`: in Regions that have another figure."""

    service: str
    operations: frozenset[str]
    most: float
    code: str
    status: int = 400
    elsewhere: Mapping[str, float] = field(default_factory=dict, hash=False)


def _each(service: str, code: str, most: float, *operations: str) -> tuple[Rate, ...]:
    """Operations that each have this rate for themselves."""
    return tuple(Rate(service, frozenset({each}), most, code) for each in operations)


# Lambda Developer Guide, "Lambda quotas", API requests: all operations together but those with their own.
_CONTROL_PLANE = Rate("lambda", frozenset(), 15, "TooManyRequestsException", 429)
_THROTTLED, _OF_CLOUDWATCH = "ThrottlingException", "Throttling"
_PARAMETERS = frozenset({"GetParameter", "GetParameters", "GetParametersByPath"})
# Each source is named in tests/integration/limits.yaml.
_RATES = (
    Rate("lambda", frozenset({"GetFunction"}), 100, _CONTROL_PLANE.code, 429),
    Rate("lambda", frozenset({"GetPolicy"}), 15, _CONTROL_PLANE.code, 429),
    Rate(
        "logs",
        frozenset({"FilterLogEvents"}),
        10,
        _THROTTLED,
        elsewhere={
            "us-east-1": 25,
            **dict.fromkeys(
                ("ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1"), 5
            ),
        },
    ),
    *_each("cloudtrail", _THROTTLED, 2, "LookupEvents"),
    *_each("cloudwatch", _OF_CLOUDWATCH, 3, "SetAlarmState", "PutMetricAlarm", "PutCompositeAlarm"),
    *_each("cloudwatch", _OF_CLOUDWATCH, 3, "PutAlarmMuteRule", "DeleteAlarmMuteRule", "DeleteAlarms"),
    *_each("cloudwatch", _OF_CLOUDWATCH, 9, "DescribeAlarms"),
    *_each("cloudwatch", _OF_CLOUDWATCH, 10, "GetDashboard"),
    *_each(
        "cloudwatch", _OF_CLOUDWATCH, 20, "GetMetricWidgetImage", "GetAlarmMuteRule", "DescribeAlarmHistory"
    ),
    *_each("cloudwatch", _OF_CLOUDWATCH, 50, "GetMetricData", "ListAlarmMuteRules"),
    *_each("cloudwatch", _OF_CLOUDWATCH, 500, "PutMetricData"),
    Rate("ssm", _PARAMETERS, 40, _THROTTLED),
    *_each("ssm", _THROTTLED, 3, "PutParameter"),
    *_each("sns", _THROTTLED, 30, "ListSubscriptionsByTopic"),
    *_each("dynamodb", _THROTTLED, 5, "ListBackups"),
    *_each("dynamodb", _THROTTLED, 10, "DescribeBackup", "DeleteBackup", "DescribeContinuousBackups"),
    *_each("dynamodb", _THROTTLED, 10, "RestoreTableFromBackup"),
    *_each("dynamodb", _THROTTLED, 50, "CreateBackup"),
)
_BY_OPERATION = {(rate.service, each): rate for rate in _RATES for each in rate.operations}


@dataclass
class Bucket:
    """Holds the requests of one second; what is taken comes back with time."""

    tokens: float
    at: float

    def take(self, rate: float, now: float) -> bool:
        """Whether one more request is let through."""
        self.tokens = min(rate, self.tokens + (now - self.at) * rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


_BUCKETS: dict[tuple[Rate, str], Bucket] = {}


def refused(request: Request, region: str) -> Answer | None:
    """The refusal if a rate is exceeded; none where the setting `rates` is 0."""
    rate = _rate(request)
    if rate is None or not STORE.settings.rates or not role_of(request.access_key):
        return None
    most = rate.elsewhere.get(region, rate.most)
    now = 0.0 if STORE.settings.rates == STANDS else time.monotonic()
    with STORE.lock:
        taken = _BUCKETS.setdefault((rate, region), Bucket(most, now)).take(most, now)
    return None if taken else error(request.headers, rate.code, "Rate exceeded", rate.status)


def fill() -> None:
    """All requests of a second are free again."""
    with STORE.lock:
        _BUCKETS.clear()


def _rate(request: Request) -> Rate | None:
    own = _BY_OPERATION.get((request.service, request.operation))
    if own is not None or request.service != "lambda":
        return own
    data_plane = request.operation.startswith("Invoke") or "DurableExecution" in request.operation
    return None if data_plane else _CONTROL_PLANE
