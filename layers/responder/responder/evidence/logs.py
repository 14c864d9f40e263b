"""Reading one log group, newest part first, with a limit on pages and time."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from responder.core import console_links
from responder.core.context import Context, turned_away
from responder.core.errors import AwsError
from responder.core.finding import Finding, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.core.text import Text, text
from responder.evidence.base import Look, side_by_side
from responder.evidence.tally import Event

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


def link(context: Context, query: str, functions: tuple[str, ...] = ()) -> str:
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


def _pages(
    context: Context, group: str, pattern: str, start: datetime, end: datetime
) -> Iterator[dict[str, Any]]:
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


def _events(page: dict[str, Any]) -> Iterator[Event]:
    for event in page.get("events", ()):
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        yield Event(at, event.get("logStreamName", ""), event.get("message", ""))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
