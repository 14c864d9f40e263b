"""CloudTrail's writes of the whole period, read once, two lookups a second being all that AWS takes.

Of what concerns the service, the responder or its alarms the event is kept; of any other one only its time,
because a response reads no more than the newest pages.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from responder.core.context import Gateway
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Strings

# Events that LookupEvents answers with at most.
PAGE = 50
# CloudTrail keeps events of 90 days (API reference of LookupEvents).
KEPT = timedelta(days=90)
_VERSION = re.compile(r"\d{8}(v\d+)?$")
_DETAIL = ("eventSource", "errorCode", "requestParameters", "userIdentity")
_CONCERNED = ("publicaccessblock", "functionconcurrency", "scalabletarget")

# CloudTrail dates a call in whole seconds: one of the same second may have come after.
SECOND = timedelta(seconds=1)

type Event = Data


@frozen
class Write:
    """One call that changed something. `name`: without the API's version; `asked`: its parameters."""

    at: datetime
    name: str
    who: str
    role: str
    asked: Data

    def names(self, target: str) -> bool:
        """A parameter is this name, or an ARN of it."""
        return any(target in (value, *re.split(r"[:/]", value)) for value in _strings(self.asked))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for part in value.values():
                yield from _strings(part)
        case list():
            for part in value:
                yield from _strings(part)


@frozen
class Writes:
    """Newest first, as LookupEvents returns them. `since`: from then on all are there (UTC). `unread`: why
    not; empty where they were read."""

    since: datetime
    events: tuple[Event, ...] = field(repr=False)
    unread: str = ""

    @cached_property
    def known(self) -> tuple[Write, ...]:
        """The writes that took effect and matter here, oldest first."""
        found = (_write(each) for each in reversed(self.events) if each.get("EventName"))
        return tuple(each for each in found if each is not None)

    def lookup(self, start: datetime, at: datetime, token: str) -> Json:
        """The answer that LookupEvents gave then, a page of 50 with a token."""
        found = [each for each in self.events if start <= each["EventTime"] <= at - SECOND]
        begin = int(token or 0)
        more = {"NextToken": str(begin + PAGE)} if begin + PAGE < len(found) else {}
        return {"Events": found[begin : begin + PAGE], **more}


def read(  # noqa: PLR0913 - what it is of
    aws: Gateway,
    service: str,
    since: datetime,
    until: datetime,
    names: Iterable[str],
    keep: Callable[[Writes], None] = lambda _: None,
) -> Writes:
    """`names`: of what the kept events are about. Where CloudTrail cannot be read, nothing is known.
    `keep` is called after each page but the last with what was read so far."""
    wanted, events = tuple(name.lower() for name in names if name), list[Event]()
    asked: Json = {
        "LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
        "StartTime": since,
        "EndTime": until,
    }
    try:
        while True:
            page = aws.call(service, "lookup_events", **asked)
            events += [_kept(each, wanted) for each in page.get("Events", ())]
            if not page.get("NextToken"):
                return Writes(since, tuple(events))
            keep(_so_far(events, until))
            asked["NextToken"] = page["NextToken"]
    except AwsError as error:
        known = min((each["EventTime"] for each in events), default=until)
        return Writes(known, tuple(events), str(error))


def _so_far(events: list[Event], until: datetime) -> Writes:
    """Further events of the oldest second may be on the next page."""
    since = min((each["EventTime"] + SECOND for each in events), default=until + SECOND)
    return Writes(since, tuple(each for each in events if each["EventTime"] >= since))


def extended(newer: Writes, older: Writes) -> Writes:
    """Both in one. `older` was read up to the second before `newer` begins."""
    return Writes(older.since, (*newer.events, *older.events), older.unread)


def joined(earlier: Writes, later: Writes, start: datetime) -> Writes:
    """Both in one. `start`: from then on `later` was to be read."""
    if later.unread:
        return later
    return Writes(
        earlier.since, (*later.events, *(e for e in earlier.events if e["EventTime"] < start)), earlier.unread
    )


def _kept(event: Event, wanted: Strings) -> Event:
    at = event["EventTime"].astimezone(UTC)
    said = event.get("CloudTrailEvent", "")
    low = said.lower()
    if not any(name in low for name in (*wanted, *_CONCERNED)):
        return {"EventTime": at}
    detail = _object(said)
    short = {name: detail[name] for name in _DETAIL if name in detail}
    if isinstance(asked := short.get("requestParameters"), Mapping):
        # CloudTrail leaves out values of variables; nothing of the kind is ever kept here.
        short["requestParameters"] = {
            k: v for k, v in asked.items() if k.lower() not in ("environment", "value")
        }
    named = {name: event[name] for name in ("EventName", "EventSource", "Username") if event.get(name)}
    return {"EventTime": at, **named, "CloudTrailEvent": json.dumps(short)}


def _write(event: Event) -> Write | None:
    detail = _object(event.get("CloudTrailEvent", ""))
    if detail.get("errorCode"):
        return None
    identity, asked = detail.get("userIdentity") or {}, detail.get("requestParameters")
    issuer = ((identity.get("sessionContext") or {}).get("sessionIssuer") or {}).get("arn") or ""
    return Write(
        event["EventTime"],
        _VERSION.sub("", event["EventName"]),
        event.get("Username") or (identity.get("arn") or "").rpartition("/")[2],
        issuer.partition(":role/")[2],
        asked if isinstance(asked, Mapping) else {},
    )


def _object(said: str) -> Json:
    try:
        found = json.loads(said or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def dumped(writes: Writes) -> Json:
    """The writes as they are kept in the state file."""
    events = [{**each, "EventTime": each["EventTime"].isoformat()} for each in writes.events]
    return {"since": writes.since.isoformat(), "unread": writes.unread, "events": events}


def loaded(stored: Data) -> Writes:
    """The inverse. Raises LookupError, TypeError or ValueError where it is none."""
    events = tuple(
        {**each, "EventTime": datetime.fromisoformat(each["EventTime"])} for each in stored["events"]
    )
    return Writes(datetime.fromisoformat(stored["since"]), events, stored["unread"])
