"""Times as they are written down."""

from datetime import datetime

_YEARS = range(2000, 2200)


def sound(moment: datetime) -> bool:
    """It has a zone, it can be shown in any other one, and a span can be added to it."""
    return moment.tzinfo is not None and moment.year in _YEARS


def endless(moment: datetime) -> bool:
    """So far away that it cannot be put on record: nobody who is on call sees the end of it."""
    return moment.year >= _YEARS.stop


def stamp(moment: datetime) -> str:
    """A time (UTC) as a value of a Text."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
