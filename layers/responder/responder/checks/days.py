"""Days and months: the owner's in a zone of his, Cost Explorer's in UTC. Pure."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from responder.core import timestamps

zone = timestamps.zone
type Days = tuple[date, ...]


def day_of(at: datetime, where: tzinfo) -> date:
    """The day that it is there."""
    return at.astimezone(where).date()


def start_of(day: date, where: tzinfo) -> datetime:
    """Its first moment, in UTC."""
    return datetime.combine(day, time.min, where).astimezone(UTC)


def before(day: date, days: int = 1) -> date:
    """The day this many days earlier."""
    return day - timedelta(days=days)


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return first_of(first_of(day) + timedelta(days=31))


def month_before(day: date) -> date:
    """The first day of the previous month."""
    return first_of(before(first_of(day)))


def between(start: date, end: date) -> Days:
    """Every day in [start, end)."""
    return tuple(start + timedelta(days=number) for number in range((end - start).days))


def month_of(day: date) -> Days:
    """All days of its month."""
    return between(first_of(day), month_after(day))
