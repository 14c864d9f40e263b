"""The rate of Lambda's control plane: 15 requests a second, all operations and callers of a Region together.

Source: Lambda Developer Guide, "Lambda quotas", API requests. How many may come at once is not documented;
it is those of one second. Only calls under a role count: the drill itself looks on as the administrator.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from .iam import role_of
from .store import STORE
from .wire import Answer, Request, error

# They have quotas of their own.
_OTHERS = ("Invoke", "GetFunction", "GetPolicy")


@dataclass
class Bucket:
    """Holds the requests of one second; what is taken comes back with time."""

    tokens: float
    at: float

    def take(self, rate: float, now: float) -> bool:
        """Whether one more request is let through."""
        # A drill's clock may be moved back.
        self.tokens = min(rate, self.tokens + max(0.0, now - self.at) * rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


_BUCKETS: dict[str, Bucket] = {}


def refused(request: Request, region: str) -> Answer | None:
    """That the rate is exceeded, where the drill has asked for a rate (`lambda_rate`)."""
    rate = STORE.settings.lambda_rate
    if not rate or not _counts(request):
        return None
    now = time.monotonic()
    with STORE.lock:
        taken = _BUCKETS.setdefault(region, Bucket(rate, now)).take(rate, now)
    return None if taken else error(request.headers, "TooManyRequestsException", "Rate exceeded", 429)


def fill() -> None:
    """All requests of a second are free again."""
    with STORE.lock:
        _BUCKETS.clear()


def _counts(request: Request) -> bool:
    own = request.operation.startswith("Invoke") or "DurableExecution" in request.operation
    return (
        request.service == "lambda"
        and not own
        and request.operation not in _OTHERS
        and bool(role_of(request.access_key))
    )
