"""Small things that every `tell` needs."""

from datetime import UTC, datetime

from responder.text import Text, Value, text

QUARTER, HOUR, DAY_PART = 15, 60, 180  # minutes of the three windows


def stamp(at: datetime) -> str:
    """A time as the renderer wants it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def or_none(value: float | None) -> Value:
    """The number, or the words for "no datapoint"."""
    return text("evidence.none") if value is None else value


def said_minutes(minutes: int) -> Text:
    """A window's length."""
    return (
        text("evidence.minutes", minutes=minutes)
        if minutes < HOUR
        else text("evidence.hours", hours=minutes // 60)
    )
