"""CloudWatch datapoints of described traffic. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from rehearsal.world.names import CREATE, INDEX, NAMESPACE, OURS, TABLE
from rehearsal.world.traffic import Ending, Request
from responder.evidence.classify import AWS, IMPORT_ERRORS, find
from responder.evidence.faults import READS_OF_OBJECTS
from responder.evidence.log_filters import DENIED, SURE_CODES

type Dimensions = tuple[tuple[str, str], ...]


class Point(NamedTuple):
    """One value at one time."""

    namespace: str
    metric: str
    dimensions: Dimensions
    at: datetime
    value: float


def of_requests(requests: Iterable[Request], qualifier: str) -> Iterator[Point]:
    """The service's own metrics and Lambda's; `qualifier` is the alias that gets the traffic, if any."""
    for request in requests:
        yield from _service(request)
        yield from _lambda(request, qualifier)
        yield from _counted(request)


def _service(request: Request) -> Iterator[Point]:
    metrics = request.ending.metrics
    for name, value in metrics.items():
        yield Point(NAMESPACE, name, (), request.at, value)
    verified = {"SuccessCount": "SUCCESS", "FailureCount": "FAILED"}
    for name in verified.keys() & metrics.keys():
        yield Point(NAMESPACE, "SessionCount", (("Status", verified[name]),), request.at, 1)


def _counted(request: Request) -> Iterator[Point]:
    """What our metric filters make of the request's lines: each failed call is counted once."""
    if any(_denied(line.message) for line in request.ending.lines):
        yield Point(OURS, "AccessDenied", (), request.at, 1.0)
    if _sure(request.ending):
        yield Point(OURS, "SureFaults", (), request.at, 1.0)


@cache
def _denied(message: str) -> bool:
    known = find(message)
    return known is not None and known[1].startswith(DENIED)


def _sure(ending: Ending) -> bool:
    return ending.error_type in IMPORT_ERRORS or any(_fails_surely(line.message) for line in ending.lines)


@cache
def _fails_surely(message: str) -> bool:
    known = find(message)
    said = AWS.match(known[1]) if known is not None and known[0].fails and known[0].of_call else None
    return said is not None and said["code"] in SURE_CODES and said["operation"] not in READS_OF_OBJECTS


def _lambda(request: Request, qualifier: str) -> Iterator[Point]:
    name = request.function
    resource = f"{name}:{qualifier}" if qualifier else name
    values = {
        "Invocations": 1.0,
        "Errors": 1.0 if request.ending.status else 0.0,
        "Throttles": 0.0,
        "Duration": request.ending.duration * 1000,
    }
    for dimensions in ((("FunctionName", name),), (("FunctionName", name), ("Resource", resource))):
        for metric, value in values.items():
            yield Point("AWS/Lambda", metric, dimensions, request.at, value)


@dataclass(frozen=True, slots=True)
class TablePressure:
    """What the sessions table went through in the last 15 minutes.

    `throttles`: throttled writes in each of `minutes` minutes, the last of them `ago` minutes ago; `on` is
    "" for the table or an index.
    `consumed` is units per second of writes; `latency` in seconds; `limit` what DynamoDB names as the limit
    that was met (`KeyRangeThroughput`, `MaxOnDemandThroughput`, …).
    """

    throttles: int = 0
    minutes: int = 0
    on: str = ""
    consumed: float = 0.6
    latency: float = 0.006
    limit: str = ""
    ago: int = 0


def of_table(table_pressure: TablePressure, now: datetime) -> Iterator[Point]:
    """AWS/DynamoDB: one datapoint a minute."""
    table: Dimensions = (("TableName", TABLE),)
    index: Dimensions = (*table, ("GlobalSecondaryIndexName", INDEX))
    where = index if table_pressure.on else table
    put = (*table, ("Operation", "PutItem"))
    for ago in range(1, 16 + table_pressure.ago):
        at = now - timedelta(minutes=ago)
        for place in (table, index):
            yield Point("AWS/DynamoDB", "ConsumedWriteCapacityUnits", place, at, table_pressure.consumed * 60)
            yield Point("AWS/DynamoDB", "ConsumedReadCapacityUnits", place, at, table_pressure.consumed * 30)
        for operation, factor in (("PutItem", 1.0), ("UpdateItem", 1.0), ("GetItem", 0.5)):
            dimensions = (*table, ("Operation", operation))
            yield Point(
                "AWS/DynamoDB",
                "SuccessfulRequestLatency",
                dimensions,
                at,
                table_pressure.latency * 1000 * factor,
            )
        if table_pressure.ago < ago <= table_pressure.ago + table_pressure.minutes:
            yield Point("AWS/DynamoDB", "WriteThrottleEvents", where, at, table_pressure.throttles)
            yield Point("AWS/DynamoDB", "ThrottledRequests", put, at, table_pressure.throttles)
            if table_pressure.limit:
                named = f"Write{table_pressure.limit}ThrottleEvents"
                yield Point("AWS/DynamoDB", named, where, at, table_pressure.throttles)


_LAMBDA = "AWS/Lambda"


@dataclass(frozen=True, slots=True)
class LambdaPressure:
    """In each of the minutes between `since` and `until` ago: `throttles` turned away; at most `own` ran at
    once in this function, `shared` in all functions without a reservation, `account` in the account."""

    function: str = CREATE
    throttles: int = 0
    since: int = 6
    until: int = 0
    own: int = 2
    shared: int = 12
    account: int = 14


def of_lambda(lambda_pressure: LambdaPressure | None, now: datetime) -> Iterator[Point]:
    """AWS/Lambda: one datapoint a minute; nothing without one."""
    if lambda_pressure is None:
        return
    mine: Dimensions = (("FunctionName", lambda_pressure.function),)
    for ago in range(lambda_pressure.until + 1, lambda_pressure.since + 1):
        at = now - timedelta(minutes=ago)
        yield Point(_LAMBDA, "Throttles", mine, at, lambda_pressure.throttles)
        yield Point(_LAMBDA, "ConcurrentExecutions", mine, at, lambda_pressure.own)
        yield Point(_LAMBDA, "ConcurrentExecutions", (), at, lambda_pressure.account)
        yield Point(_LAMBDA, "UnreservedConcurrentExecutions", (), at, lambda_pressure.shared)
