"""Log lines folded into failed requests, one per request id, and into calls that AWS turned away. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.core.frozen import frozen
from responder.evidence.classify import Meaning, classify
from responder.evidence.faults import FailedRequest, Fault, UnsentMetric
from responder.evidence.lines import LogLine, parse

# The runtime's own lines name no request. Those of one invocation are this close together.
SAME_INVOCATION = timedelta(seconds=15)


@frozen
class Event:
    """A log event as CloudWatch Logs gives it."""

    at: datetime
    stream: str
    message: str


@dataclass(slots=True)
class _Request:
    at: datetime
    stream: str
    meaning: Meaning
    ended: bool = False
    operation: str = ""

    def learn(self, other: "_Request") -> None:
        """The most specific line wins, and of two equal ones what a caller can cause; the first one gives
        the time."""
        self.at = min(self.at, other.at)
        self.ended = self.ended or other.ended
        self.operation = self.operation or other.operation
        mine, its = self.meaning, other.meaning
        if its.weight > mine.weight or (its.weight == mine.weight and mine.fault.sure and not its.fault.sure):
            self.meaning = its

    def near(self, other: "_Request") -> bool:
        """Could both be lines of one invocation of one stream?"""
        return abs(self.at - other.at) <= SAME_INVOCATION


@frozen
class Counted:
    """Failed requests, oldest first; when AWS last turned a call of a request away, or may have, for each
    request that reports one, failed or not; and the metrics that could not be sent, oldest first."""

    failures: tuple[FailedRequest, ...]
    throttled: tuple[datetime, ...]
    unsent: tuple[UnsentMetric, ...] = ()


def count(function: str, events: Iterable[Event]) -> Counted:
    """What the log of a function shows."""
    named: dict[str, _Request] = {}
    nameless: list[_Request] = []
    throttled: dict[str, datetime] = {}
    unsent: list[UnsentMetric] = []
    for event in sorted(events, key=lambda each: each.at):
        line = parse(event.message)
        meaning = classify(line) if line else None
        if line is None or meaning is None:
            continue
        if meaning.of_load:
            throttled[line.request or f"{event.stream} {event.at}"] = event.at
        if meaning.unsent:
            unsent.append(UnsentMetric(function, event.at, meaning.code))
        if meaning.fails:
            _sort_in(event, line, meaning, named, nameless)
    requests = [*named.values(), *_own(nameless, named.values())]
    found = (_failure(function, each) for each in requests)
    failures = sorted(found, key=lambda failure: failure.at)
    return Counted(tuple(failures), tuple(throttled.values()), tuple(unsent))


def _failure(function: str, request: _Request) -> FailedRequest:
    meaning = request.meaning
    return FailedRequest(
        function=function,
        at=request.at,
        fault=meaning.fault,
        code=meaning.code,
        operation=meaning.operation,
        during="" if meaning.operation else request.operation,
        variable=meaning.variable,
        service=meaning.service,
        reason=meaning.reason,
    )


def _sort_in(
    event: Event, line: LogLine, meaning: Meaning, named: dict[str, _Request], nameless: list[_Request]
) -> None:
    request = _Request(event.at, event.stream, meaning, line.platform, meaning.operation)
    if not line.request:
        nameless.append(request)
    elif line.request in named:
        named[line.request].learn(request)
    else:
        named[line.request] = request


def _own(nameless: Iterable[_Request], named: Iterable[_Request]) -> list[_Request]:
    """What belongs to no request with an id: each is a request, but a failed import is tried twice.

    Both come oldest first, and each looks at its neighbours only: a log of thousands of failed imports is
    counted within the time of a look.
    """
    ended: dict[str, list[_Request]] = defaultdict(list)
    for each in named:
        if each.ended:
            ended[each.stream].append(each)
    own: list[_Request] = []
    latest: dict[str, _Request] = {}
    for request in nameless:
        before = latest.get(request.stream)
        if host := _nearest(ended[request.stream], request):
            host.learn(request)
        elif before and before.near(request) and (before.ended or _twins(before, request)):
            before.learn(request)
        else:
            own.append(request)
            if request.ended or request.meaning.fault is Fault.IMPORT_ERROR:
                latest[request.stream] = request
    return own


def _nearest(ended: list[_Request], request: _Request) -> _Request | None:
    """The invocation that ended at this line."""
    at = bisect_left(ended, request.at, key=lambda each: each.at)
    beside = [each for each in ended[max(at - 1, 0) : at + 1] if each.near(request)]
    return min(beside, key=lambda each: abs(each.at - request.at), default=None)


def _twins(one: _Request, other: _Request) -> bool:
    return one.meaning.fault is other.meaning.fault is Fault.IMPORT_ERROR
