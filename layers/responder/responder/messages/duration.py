"""How long something took, in the unit that is read at a glance."""

from datetime import timedelta

from responder.core.text import Text, text

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def duration(span: timedelta | None) -> Text:
    """Seconds below two minutes (but 1 min), then minutes, hours, days; `not on record` of None."""
    if span is None:
        return text("closing.unknown")
    seconds = max(0, round(span.total_seconds()))
    if seconds < 2 * _MINUTE and seconds != _MINUTE:
        return text("closing.seconds", seconds=seconds)
    if seconds < 2 * _HOUR:
        return text("closing.minutes", minutes=seconds // _MINUTE)
    if seconds < 2 * _DAY:
        return text("closing.hours", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    return text("closing.days", days=seconds // _DAY, hours=seconds % _DAY // _HOUR)
