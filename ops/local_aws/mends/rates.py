"""How many requests a second AWS takes of a whole account in a Region, where that is few.

How many may come at once is documented for none of them; here it is those of one second. They are all free
again at the start of a scenario and where a drill has moved its clock. Only calls under a role count: the
drill itself looks on as the administrator.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from .iam import role_of
from .store import STORE
from .wire import Answer, Request, error

# They have quotas of their own.
_OTHERS = ("Invoke", "GetFunction", "GetPolicy")


@dataclass(frozen=True)
class Rate:
    """Requests a second; `elsewhere`: in Regions that have another figure."""

    name: str
    most: float
    code: str
    status: int = 400
    elsewhere: Mapping[str, float] = field(default_factory=dict)


# Lambda Developer Guide, "Lambda quotas", API requests: all operations together.
_CONTROL_PLANE = Rate("lambda", 15, "TooManyRequestsException", 429)
_RATES: Mapping[tuple[str, str], Rate] = {
    # Amazon CloudWatch Logs endpoints and quotas, "FilterLogEvents throttle limit".
    ("logs", "FilterLogEvents"): Rate(
        "FilterLogEvents",
        10,
        "ThrottlingException",
        elsewhere={
            "us-east-1": 25,
            **dict.fromkeys(
                ("ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1"), 5
            ),
        },
    ),
    # CloudTrail API reference, LookupEvents.
    ("cloudtrail", "LookupEvents"): Rate("LookupEvents", 2, "ThrottlingException"),
}


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


_BUCKETS: dict[tuple[str, str], Bucket] = {}


def refused(request: Request, region: str) -> Answer | None:
    """That a rate is exceeded; nothing is, where the setting `rates` is 0."""
    rate = _rate(request)
    if rate is None or not STORE.settings.rates or not role_of(request.access_key):
        return None
    most, now = rate.elsewhere.get(region, rate.most), time.monotonic()
    with STORE.lock:
        taken = _BUCKETS.setdefault((rate.name, region), Bucket(most, now)).take(most, now)
    return None if taken else error(request.headers, rate.code, "Rate exceeded", rate.status)


def fill() -> None:
    """All requests of a second are free again."""
    with STORE.lock:
        _BUCKETS.clear()


def _rate(request: Request) -> Rate | None:
    if request.service != "lambda":
        return _RATES.get((request.service, request.operation))
    own = request.operation.startswith("Invoke") or "DurableExecution" in request.operation
    return None if own or request.operation in _OTHERS else _CONTROL_PLANE
