"""Small things that every `tell` needs."""

from datetime import UTC, datetime

from responder.core.text import Value, text


def stamp(at: datetime) -> str:
    """A time as the renderer wants it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def or_none(value: float | None) -> Value:
    """The number, or the words for "no datapoint"."""
    return text("evidence.none") if value is None else value
