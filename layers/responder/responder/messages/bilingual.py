"""Values of JSON that stand for themselves: texts in both languages, times, numbers."""

import math
from datetime import UTC, datetime
from typing import Any

from responder.core.text import Text
from responder.messages.language import LONGEST_VALUE, MOST_PARTS, cut, say


def both(text: Text) -> dict[str, Any]:
    """Key, values, and the sentence in both languages."""
    values = {name: _value(value) for name, value in text.values.items()}
    return {"key": text.key, "values": values, "ja": say(text, "ja"), "en": say(text, "en")}


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def finite(value: float) -> float | None:
    """JSON knows no infinity."""
    return value if math.isfinite(value) else None


def _value(value: Any) -> Any:
    if isinstance(value, Text):
        return {"key": value.key, "values": {name: _value(each) for name, each in value.values.items()}}
    if isinstance(value, tuple):
        return [_value(each) for each in value[:MOST_PARTS]]
    if isinstance(value, float):
        return finite(value)
    return cut(value, LONGEST_VALUE) if isinstance(value, str) else value
