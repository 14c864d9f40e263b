"""A time as people type it: a span from now, a time of the day, a date with a time."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from liveness_ops.people.exits import EarlyExit, Exit
from responder.core.text import text

_SPAN = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(Z|[+-]\d\d:\d\d)?")
_ZONES = {"JST": "+09:00", "UTC": "Z"}


def moment(typed: str, after: datetime) -> datetime:
    """UTC. `1h30m` counts from `after`; `22:00` is the next one after it; a date or a time without a zone
    (`JST`, `UTC`, `Z`, `+09:00`) is this machine's (variable TZ). What was typed in full width is the same.

    Raises:
        EarlyExit: it is none of these.
    """
    said = unicodedata.normalize("NFKC", typed).strip()
    if zone := _ZONES.get(said[-3:].upper()):
        said = said[:-3].rstrip() + zone
    try:
        return (_span(said, after) or _clock(said, after) or _date(said)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise EarlyExit(Exit.USAGE, text("ops.no_time", typed=typed)) from None


def _span(said: str, after: datetime) -> datetime | None:
    found = _SPAN.fullmatch(said)
    if not found or not said:
        return None
    days, hours, minutes = (int(each or 0) for each in found.groups())
    return after + timedelta(days=days, hours=hours, minutes=minutes)


def _clock(said: str, after: datetime) -> datetime | None:
    found = _CLOCK.fullmatch(said)
    if not found:
        return None
    # A day on by the calendar, not by 24 hours: where clocks change, 22:00 stays 22:00.
    zone = datetime.fromisoformat(f"2000-01-01T00:00{found[3]}").tzinfo if found[3] else None
    here = after.astimezone(zone).replace(tzinfo=None)
    asked = here.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    asked = asked if asked > here else asked + timedelta(days=1)
    return asked.replace(tzinfo=zone) if zone else asked.astimezone()


def _date(said: str) -> datetime:
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.astimezone()
