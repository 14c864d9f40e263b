"""Time zones by their IANA names. Pure."""

from datetime import timedelta, timezone, tzinfo
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
