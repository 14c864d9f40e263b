"""Times as they are written down."""

from datetime import datetime, timedelta

# Half a year, so that a day and a month are never those of another year.
_SHOWN_WITHOUT_YEAR = timedelta(days=180)
_YEARS = range(2000, 2200)


def sound(moment: datetime) -> bool:
    """It has a zone, it can be shown in any other one, and a span can be added to it."""
    return moment.tzinfo is not None and moment.year in _YEARS


def endless(moment: datetime) -> bool:
    """So far away that it cannot be put on record: nobody who is on call sees the end of it."""
    return moment.year >= _YEARS.stop


def stamp(moment: datetime, now: datetime | None = None) -> str:
    """A time (UTC) as a value of a Text. Where it is more than half a year from `now`, it is written
    with `+00:00`, and people are shown its year."""
    far = now is not None and abs(moment - now) > _SHOWN_WITHOUT_YEAR
    return moment.strftime(f"%Y-%m-%dT%H:%M:%S{'+00:00' if far else 'Z'}")
