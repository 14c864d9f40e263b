"""Why a response may only observe: the event is old or replayed, or the alarm is OK already."""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError
from responder.core.refusals import Doubts, Refusal
from responder.evidence.base import reason

OLDEST = timedelta(minutes=15)
_LEAD = timedelta(minutes=5)


def of_event(event: AlarmEvent, now: datetime, environment: Mapping[str, str]) -> Doubts:
    """Reasons in the event itself and in the environment. A time in the future is no better than an
    old one."""
    found = list(of_place(environment))
    if event.redriven_by:
        found.append(Refusal.REDRIVEN(person=event.redriven_by))
    elif event.replayed:
        found.append(Refusal.REPLAYED())
    age = now - event.at
    if age > OLDEST or ahead(event, now):
        found.append(Refusal.STALE(minutes=int(age.total_seconds() // 60)))
    return tuple(found)


def ahead(event: AlarmEvent, now: datetime) -> bool:
    """Its time is in the future, by more than two clocks differ."""
    return event.at - now > _LEAD


def of_alarm(alarm: AlarmStatus | ResponderError | None) -> Doubts:
    """What the alarm looks like right now; None: it was deleted."""
    if isinstance(alarm, ResponderError):
        return unread(alarm)
    if alarm is None:
        return (Refusal.ALARM_GONE(),)
    calm = {AlarmState.OK: Refusal.ALREADY_OK, AlarmState.INSUFFICIENT_DATA: Refusal.NO_DATA_NOW}
    return (calm[alarm.state](),) if alarm.state in calm else ()


def unread(alarm: AlarmStatus | ResponderError | None) -> Doubts:
    """Whether it is silenced is unknown."""
    return (Refusal.ALARM_UNREADABLE(detail=reason(alarm)),) if isinstance(alarm, ResponderError) else ()


def of_place(environment: Mapping[str, str]) -> Doubts:
    """`sam local invoke` with anything but a local AWS behind it: it would act on production."""
    if not environment.get("AWS_SAM_LOCAL"):
        return ()
    given = {v for name, v in environment.items() if name.startswith("AWS_ENDPOINT_URL") and v}
    # The SDK goes to production where the variable is there but empty, and where it is set to ignore it.
    ignored = environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
    off = ignored or not environment.get("AWS_ENDPOINT_URL") or not all(loopback(url) for url in given)
    return (Refusal.NOT_LOOPBACK(),) if off else ()


def loopback(url: str) -> bool:
    """An address of this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
