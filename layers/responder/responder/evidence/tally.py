"""Log lines folded into failed requests, one per request id, and into calls that AWS turned away. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.cause import Cause
from responder.core.text import Text
from responder.evidence.classify import Meaning, classify
from responder.evidence.codes import DenyingPolicy
from responder.evidence.logs import LogLine, parse

# Failed requests, by class.


class Fault(StrEnum):
    """Classes of failed requests. The first two are normal: a caller can cause them at will.

    Anyone who can reach the service can also bring about time-outs, memory kills, throttling and used-up
    quotas (many or large requests), and an error without a known code may be of any of these kinds. So only
    the `sure` classes may justify a change that lowers security without asking a person.
    """

    SESSION_ENDED = "session_ended"
    CALLER_INPUT = "caller_input"
    ACCESS_DENIED = "access_denied"
    THROTTLING = "throttling"
    QUOTA = "quota"
    INTERNAL = "internal"
    CONFIGURATION = "configuration"
    REFUSED = "refused"  # with a code that is none of these
    IMPORT_ERROR = "import_error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    # Without an AWS code: what the SDK or Python says (evidence/error_texts.py).
    CONNECTION = "connection"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_LOST = "connection_lost"
    TLS = "tls"
    PROXY = "proxy"
    VALIDATION = "validation"
    CREDENTIALS = "credentials"
    CLIENT_SETUP = "client_setup"
    VARIABLE = "variable"
    RESPONSE = "response"
    UNEXPECTED = "unexpected"
    OTHER = "other"

    @property
    def cause(self) -> Cause:
        """The cause that it is where it leads. Raises KeyError for the normal ones, which are none."""
        # A request that is killed at the time-out waited for something; what for, the rest of the log tells.
        return Cause.SLOW_DEPENDENCY if self is Fault.TIMEOUT else Cause[self.name]

    @property
    def sure(self) -> bool:
        """Comes from the service or from AWS itself: no request makes it happen."""
        return self in (Fault.ACCESS_DENIED, Fault.INTERNAL, Fault.IMPORT_ERROR)

    @property
    def provokable(self) -> bool:
        """A caller is known to be able to bring it about. Of what is neither this nor `sure`, a message says
        nothing about callers."""
        return self in _PROVOKABLE

    @property
    def of_load(self) -> bool:
        """AWS turned a call away because there were too many."""
        return self in (Fault.THROTTLING, Fault.QUOTA)


# Many or large requests, or input that the code does not expect.
_PROVOKABLE = frozenset(
    {
        Fault.SESSION_ENDED,
        Fault.CALLER_INPUT,
        Fault.THROTTLING,
        Fault.QUOTA,
        Fault.TIMEOUT,
        Fault.MEMORY,
        Fault.VALIDATION,
        Fault.UNEXPECTED,
    }
)
NORMAL = frozenset({Fault.SESSION_ENDED, Fault.CALLER_INPUT})
# A way to AWS that does not work, or works badly.
NETWORK = frozenset({Fault.CONNECTION, Fault.READ_TIMEOUT, Fault.CONNECTION_LOST, Fault.TLS, Fault.PROXY})
# What Python raises: an exception that escapes the handler, too.
EXCEPTIONS = NETWORK | {
    Fault.VALIDATION,
    Fault.CREDENTIALS,
    Fault.CLIENT_SETUP,
    Fault.VARIABLE,
    Fault.RESPONSE,
    Fault.UNEXPECTED,
}
ENDS_THE_INVOCATION = frozenset({Fault.IMPORT_ERROR, Fault.TIMEOUT, Fault.MEMORY})


# HTTP 503, which is also an answer to too many requests (S3's SlowDown and ServiceUnavailable): it counts as
# such, because no line tells which it was.
UNAVAILABLE = frozenset({"ServiceUnavailable", "ServiceUnavailableException", "503"})
# 502 and 504 come from a proxy on the way.
_UNSURE = UNAVAILABLE | {"502", "504"}
# To whoever may not list the bucket, S3 denies the read of an object that does not exist (API reference of
# GetObject, Permissions): a caller who names the object could cause that.
_READS_OF_OBJECTS = frozenset({"GetObject", "HeadObject"})


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """One failed request.

    Attributes:
        code: AWS's error code, or the class's name.
        operation: the AWS operation that failed; empty where the log names none.
        during: of a request that was killed, the AWS operation that its other lines name.
        variable: the environment variable that the exception names; "" where it names none.
        service: the AWS service whose endpoint the exception names (`dynamodb`); "" where it names none.
        reason: of a denied call, the policy that AWS says has decided.
    """

    function: str
    at: datetime
    fault: Fault
    code: str
    operation: str = ""
    during: str = ""
    variable: str = ""
    service: str = ""
    reason: DenyingPolicy = DenyingPolicy.UNSAID

    @property
    def sure(self) -> bool:
        """No caller can have caused it; see `Fault`."""
        if self.fault is Fault.INTERNAL:
            return self.code not in _UNSURE
        if self.fault is Fault.ACCESS_DENIED:
            return self.operation not in _READS_OF_OBJECTS
        return self.fault.sure


@dataclass(frozen=True, slots=True)
class FailureTally:
    """Failed requests, one per request id, from the logs of `functions`.

    `complete_since`: per function, the start of the time that was read completely (later than
    `since` where the look was capped). `unread`: functions whose log could not be read.
    `throttled`: when AWS turned a call of a request away, or may have (HTTP 503); also where the request went
    on without it.
    """

    since: datetime
    failures: tuple[FailedRequest, ...]
    complete_since: Mapping[str, datetime]
    lines: int
    unread: Mapping[str, Text] = field(default_factory=dict)
    throttled: tuple[datetime, ...] = ()

    def of(self, function: str, start: datetime, faults: Iterable[Fault]) -> tuple[FailedRequest, ...]:
        """The failures of one function since `start` of the given classes."""
        wanted = frozenset(faults)
        return tuple(
            f for f in self.failures if f.function == function and f.at >= start and f.fault in wanted
        )

    def whole(self, function: str, start: datetime) -> bool:
        """The function's log is known from `start` on."""
        return function not in self.unread and self.complete_since.get(function, self.since) <= start

    @property
    def capped(self) -> bool:
        """Some log was longer than the look could read."""
        return any(start > self.since for start in self.complete_since.values())


# The runtime's own lines name no request. Those of one invocation stand this close together.
SAME_INVOCATION = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
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
        """The most specific line wins, and of two equal ones what a caller can cause; the first one tells
        when."""
        self.at = min(self.at, other.at)
        self.ended = self.ended or other.ended
        self.operation = self.operation or other.operation
        mine, its = self.meaning, other.meaning
        if its.weight > mine.weight or (its.weight == mine.weight and mine.fault.sure and not its.fault.sure):
            self.meaning = its

    def near(self, other: "_Request") -> bool:
        """Could both be lines of one invocation of one stream?"""
        return abs(self.at - other.at) <= SAME_INVOCATION


@dataclass(frozen=True, slots=True)
class Counted:
    """Failed requests, oldest first; and when AWS last turned a call of a request away, or may have, for each
    request that says so, failed or not."""

    failures: tuple[FailedRequest, ...]
    throttled: tuple[datetime, ...]


def count(function: str, events: Iterable[Event]) -> Counted:
    """What the log of a function tells."""
    named: dict[str, _Request] = {}
    nameless: list[_Request] = []
    throttled: dict[str, datetime] = {}
    for event in sorted(events, key=lambda each: each.at):
        line = parse(event.message)
        meaning = classify(line) if line else None
        if line is None or meaning is None:
            continue
        if meaning.of_load:
            throttled[line.request or f"{event.stream} {event.at}"] = event.at
        if meaning.fails:
            _sort_in(event, line, meaning, named, nameless)
    requests = [*named.values(), *_own(nameless, named.values())]
    found = (_failure(function, each) for each in requests)
    failures = sorted(found, key=lambda failure: failure.at)
    return Counted(tuple(failures), tuple(throttled.values()))


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
    """The invocation that ended beside this line."""
    at = bisect_left(ended, request.at, key=lambda each: each.at)
    beside = [each for each in ended[max(at - 1, 0) : at + 1] if each.near(request)]
    return min(beside, key=lambda each: abs(each.at - request.at), default=None)


def _twins(one: _Request, other: _Request) -> bool:
    return one.meaning.fault is other.meaning.fault is Fault.IMPORT_ERROR
