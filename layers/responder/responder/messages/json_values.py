"""Texts, numbers and times as JSON for machines."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from responder.core.text import Text
from responder.messages.language import LONGEST_VALUE, MOST_PARTS, cut, say


def text_of(text: Text, language: str) -> dict[str, Any]:
    """The key, the values and the words of a text."""
    values = {name: _value(value) for name, value in text.values.items()}
    return {"key": text.key, "values": values, "text": say(text, language)}


def texts(texts: Iterable[Text], language: str) -> list[dict[str, Any]]:
    """Several of them."""
    return [text_of(each, language) for each in texts]


def maybe(text: Text | None, language: str) -> dict[str, Any] | None:
    """Null where there is none."""
    return text_of(text, language) if text else None


def _value(value: Any) -> Any:
    if isinstance(value, Text):
        return {"key": value.key, "values": {name: _value(each) for name, each in value.values.items()}}
    if isinstance(value, tuple):
        return [_value(each) for each in value[:MOST_PARTS]]
    if isinstance(value, float):
        return _number(value)
    return cut(value, LONGEST_VALUE) if isinstance(value, str) else value


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    """What is no number is null."""
    return {name: _number(value) for name, value in values.items()}


def time(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return at.isoformat().replace("+00:00", "Z") if at else None
