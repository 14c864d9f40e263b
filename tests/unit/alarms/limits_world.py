"""Facts about limits and denials when nothing is wrong, and what can be wrong with them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from responder.core.plain_data import Json
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.evidence.access import EXPECTED, MORE, RoleAccess
from responder.evidence.bucket import BucketDeny, BucketState
from responder.evidence.capacity import Limit, PartLoad, TableCapacity
from responder.evidence.concurrency import Reserved, Running
from responder.evidence.denied import DeniedCall, DeniedRequest, DeniedRequests
from responder.evidence.faults import DenyingPolicy
from tests.fakes.gateway import NOW

CREATE, RESULT = Settings().functions
BOTH = (("create", CREATE), ("result", RESULT))
INDEX = "EmployeeIdIndex"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"

BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")

type Variation = Callable[[Json], None]


def minutes(values: dict[float, float]) -> Series:
    """By minutes ago."""
    return Series(tuple(sorted((NOW - timedelta(minutes=ago), value) for ago, value in values.items())))


def limits() -> Json:
    """What the looks of these alarms bring home from a healthy service."""
    return {
        "capacity": table(),
        "denied": DeniedRequests(NOW - timedelta(hours=3), ()),
        "bucket": BucketState("images", blocks=BLOCKS, encryption="AES256"),
        **{f"concurrency.{function}": running(name) for function, name in BOTH},
        **{f"reservation.{function}": reserved(None, name) for function, name in BOTH},
    }


def table(*parts: PartLoad, billing: str = "PROVISIONED") -> TableCapacity:
    """Nothing throttled unless a part has it."""
    return TableCapacity("Sessions", billing, parts or (load(),))


def load(
    part: str = "",
    kind: str = "write",
    throttled: dict[float, float] | None = None,
    peak: float = 1.0,
    provisioned: int = 5,
    maximum: int | None = None,
    **named: float,
) -> PartLoad:
    """One part: throttle events by minutes ago, units a second at the peak, what DynamoDB names."""
    found = {Limit(name.removesuffix("_named")): events for name, events in named.items()}
    used = minutes({3: 60 * peak})
    return PartLoad(part, kind, minutes(throttled or {}), used, provisioned, maximum, found)


def running(name: str = RESULT, **more: dict[float, float]) -> Running:
    """100 calls, five concurrent, nothing throttled."""
    calm = Running(name, Series(), minutes({3: 100}), minutes({3: 5}), minutes({3: 9}), minutes({3: 9}))
    changed: Json = {key: minutes(values) for key, values in more.items()}
    return replace(calm, **changed)


def reserved(amount: int | None, name: str = RESULT, account: int = 1000, unreserved: int = 900) -> Reserved:
    return Reserved(name, amount, account, unreserved)


def denial(
    operation: str = "PutObject",
    action: str = "s3:PutObject",
    reason: DenyingPolicy = DenyingPolicy.UNSAID,
    function: str = RESULT,
    ago: float = 2,
    **more: Any,
) -> DeniedRequest:
    what = DeniedCall("AccessDenied", operation, action, reason, **more)
    return DeniedRequest(function, NOW - timedelta(minutes=ago), what)


def denied(*found: DeniedRequest, **more: Any) -> Variation:
    return _put("denied", DeniedRequests(NOW - timedelta(hours=3), found, **more))


def role(*lacks: str, attached: Strings = ()) -> Variation:
    """Its own policy allows all that the service needs, but for this."""
    judged = {action: action not in lacks for action in (*EXPECTED, *MORE)}
    missing = tuple(action for action in EXPECTED if action in lacks)
    return _put("access", RoleAccess("role", "policy", missing, attached, judged))


def bucket(*denies: BucketDeny, **more: Any) -> Variation:
    return _put("bucket", BucketState("images", denies, **more))


def _put(look: str, fact: Any) -> Variation:
    return lambda facts: facts.update({look: fact})
