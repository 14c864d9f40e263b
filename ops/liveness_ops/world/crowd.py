"""How many invocations of one function ran at once, and how many were turned away. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from liveness_ops.world.names import CREATE
from liveness_ops.world.points import Dimensions, Point

_LAMBDA = "AWS/Lambda"


@dataclass(frozen=True, slots=True)
class Crowd:
    """In each of the minutes between `since` and `until` ago: `throttles` turned away; at most `own` ran at
    once in this function, `shared` in all functions without a reservation, `account` in the account."""

    function: str = CREATE
    throttles: int = 0
    since: int = 6
    until: int = 0
    own: int = 2
    shared: int = 12
    account: int = 14


def of_crowd(crowd: Crowd | None, now: datetime) -> Iterator[Point]:
    """AWS/Lambda: one datapoint a minute; nothing without one."""
    if crowd is None:
        return
    mine: Dimensions = (("FunctionName", crowd.function),)
    for ago in range(crowd.until + 1, crowd.since + 1):
        at = now - timedelta(minutes=ago)
        yield Point(_LAMBDA, "Throttles", mine, at, crowd.throttles)
        yield Point(_LAMBDA, "ConcurrentExecutions", mine, at, crowd.own)
        yield Point(_LAMBDA, "ConcurrentExecutions", (), at, crowd.account)
        yield Point(_LAMBDA, "UnreservedConcurrentExecutions", (), at, crowd.shared)
