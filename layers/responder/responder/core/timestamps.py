"""Times as they are written down."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from responder.core.errors import BadEvent

# An image without a zone database must not cost the owner his report: Japan has had no DST since 1951.
_KNOWN = {"Asia/Tokyo": timezone(timedelta(hours=9), "Asia/Tokyo")}


def zone(name: str) -> tzinfo:
    """The zone of an IANA name.

    Raises:
        BadEvent: no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        if name in _KNOWN:
            return _KNOWN[name]
        raise BadEvent("CHECK_ZONE") from error


# Half a year, so that a day and a month are never those of another year.
_SHOWN_WITHOUT_YEAR = timedelta(days=180)
_YEARS = range(2000, 2200)


def sound(moment: datetime) -> bool:
    """It has a zone, it can be shown in any other one, and a span can be added to it."""
    return moment.tzinfo is not None and moment.year in _YEARS


def endless(moment: datetime) -> bool:
    """Whether it is so far away that it cannot be stored, and counts as having no end."""
    return moment.year >= _YEARS.stop


def stamp(moment: datetime, now: datetime | None = None) -> str:
    """A time (UTC) as a value of a Text. Where it is more than half a year from `now`, it is written
    with `+00:00`, and people are shown its year."""
    far = now is not None and abs(moment - now) > _SHOWN_WITHOUT_YEAR
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}{'+00:00' if far else 'Z'}"
