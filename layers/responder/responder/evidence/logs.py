"""Reading one log group, newest part first, with a limit on pages and time; and its lines folded into failed
requests, one per request id, and into calls that AWS turned away."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from responder.core import console_links
from responder.core.context import Context, turned_away
from responder.core.errors import AwsError
from responder.core.finding import Finding, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.core.plain_data import Json
from responder.core.text import Strings, Text, text
from responder.evidence.base import Look, side_by_side
from responder.evidence.classify import LogFormat, LogLine, Meaning, classify, parse
from responder.evidence.faults import FailedRequest, Fault, UnsentMetric

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
    escaped: bool = False

    def learn(self, other: "_Request") -> None:
        """The most specific line wins, and of two equal ones what a caller can cause; the first one gives
        the time."""
        self.at = min(self.at, other.at)
        self.ended = self.ended or other.ended
        self.escaped = self.escaped or other.escaped
        self.operation = self.operation or other.operation
        mine, its = self.meaning, other.meaning
        if (its.weight, not its.sure) > (mine.weight, not mine.sure):
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


def count(function: str, events: Iterable[Event], form: LogFormat | None) -> Counted:
    """What the log of a function shows. `form`: its log format; None where that is not known."""
    named: dict[str, _Request] = {}
    nameless: list[_Request] = []
    throttled: dict[str, datetime] = {}
    unsent: list[UnsentMetric] = []
    # By the message, too: in which order a page has the lines of one moment must decide nothing.
    for event in sorted(events, key=lambda each: (each.at, each.message)):
        line = parse(event.message)
        meaning = classify(line, form) if line else None
        if line is None or meaning is None:
            continue
        if meaning.of_load:
            throttled[line.request or f"{event.stream} {event.at}"] = event.at
        if meaning.unsent:
            unsent.append(UnsentMetric(function, event.at, meaning.code))
        if meaning.fails:
            _sort_in(event, line, meaning, named, nameless)
    requests = [*named.values(), *_own(nameless, named.values())]
    found = (
        FailedRequest(
            function=function,
            at=each.at,
            fault=each.meaning.fault,
            code=each.meaning.code,
            operation=each.meaning.operation,
            during="" if each.meaning.operation else each.operation,
            variable=each.meaning.variable,
            service=each.meaning.service,
            reason=each.meaning.reason,
            escaped=each.escaped,
            certain=each.meaning.certain,
        )
        for each in requests
    )
    failures = sorted(found, key=lambda failure: failure.at)
    return Counted(tuple(failures), tuple(throttled.values()), tuple(unsent))


def _sort_in(
    event: Event, line: LogLine, meaning: Meaning, named: dict[str, _Request], nameless: list[_Request]
) -> None:
    request = _Request(event.at, event.stream, meaning, line.platform, meaning.operation, line.escaped)
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


SECONDS = 2.5
# The seconds for repeating throttled requests; all evidence together has 8.
LONGER_SECONDS = 6.0
PAGES = 40
# Asked for in one request where it fits; else newest first: when time runs out, what decides is already read.
SEGMENTS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))


@frozen
class LogRead:
    """The events that were read. `complete_since`: from this time to now nothing is missing."""

    events: tuple[Event, ...]
    complete_since: datetime


# The rights for `read_both`.
BOTH = tuple(Permission("logs:FilterLogEvents", function.logs) for function in LivenessFunction)


def read_both(context: Context, pattern: str) -> tuple[dict[str, LogRead], dict[str, AwsError]]:
    """The logs of both liveness functions by function, and the errors of one that could not be read.

    Raises:
        AwsError: neither could be read.
    """
    functions = context.settings.functions
    found, errors = side_by_side(
        {name: partial(read, context, group_of(name), pattern) for name in functions}
    )
    if not found:
        raise next(iter(errors.values()))
    return found, errors


def link(context: Context, query: str, functions: Strings = ()) -> str:
    """Logs Insights over the last 3 h; of both liveness functions where none is named."""
    groups = [group_of(function) for function in functions or context.settings.functions]
    return console_links.insights(context.settings.region, groups, context.ago(hours=3), context.now, query)


def unread(look: Look, why: Mapping[str, Text], query: str, context: Context) -> Iterator[Finding]:
    """One finding for each log that could not be read."""
    for function, reason in why.items():
        said = text("evidence.failures.unread", function=function, reason=reason)
        yield look.finding(Tone.UNKNOWN, said, link=link(context, query, (function,)))


def group_of(function: str) -> str:
    """The default log group of a function."""
    return f"/aws/lambda/{function}"


def read(context: Context, group: str, pattern: str, segments: Iterable[timedelta] = SEGMENTS) -> LogRead:
    """All events that match, back to the last segment or until the limit.

    CloudWatch Logs takes as few as 5 requests a second of an account (quotas, "FilterLogEvents throttle
    limit"), so the whole time is asked for first, which the usual traffic needs one page for.

    Raises:
        AwsError: the very first page could not be read.
    """
    segments = tuple(segments)
    began, pages, end = monotonic(), PAGES, context.now
    whole = next(_pages(context, group, pattern, context.now - segments[-1], context.now), {})
    if "nextToken" not in whole:
        return LogRead(tuple(_events(whole)), context.now - segments[-1])
    events: list[Event] = []
    for segment in segments:
        start = context.now - segment
        try:
            for page in _pages(context, group, pattern, start, end):
                events.extend(_events(page))
                pages -= 1
                if "nextToken" in page and (pages <= 0 or _late(context, began)):
                    return LogRead(tuple(events), end)
        except AwsError:
            if end == context.now and not events:
                raise
            return LogRead(tuple(events), end)
        end = start
        if pages <= 0 or _late(context, began):
            break
    return LogRead(tuple(events), end)


def _late(context: Context, began: float) -> bool:
    return monotonic() - began > (LONGER_SECONDS if turned_away(context.aws) else SECONDS)


def _pages(context: Context, group: str, pattern: str, start: datetime, end: datetime) -> Iterator[Json]:
    # Both ends are inclusive: a millisecond less keeps an event out of two segments.
    last = _ms(end) if end == context.now else _ms(end) - 1
    return context.aws.pages(
        "logs",
        "filter_log_events",
        logGroupName=group,
        startTime=_ms(start),
        endTime=last,
        filterPattern=pattern,
    )


def _events(page: Json) -> Iterator[Event]:
    for event in page.get("events", ()):
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        yield Event(at, event.get("logStreamName", ""), event.get("message", ""))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
