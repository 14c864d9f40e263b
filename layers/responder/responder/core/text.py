"""Sentences as data: a key of the message catalogue and the values to put in.

Nothing outside `messages` knows a language. A `Text` is small, comparable and stored as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

type Value = str | int | float | Text | tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence: `key` names it in both languages, `values` fills its `{placeholders}`."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The stored shape: `{"key": …, "values": {…}}`, nested texts likewise."""
        return {"key": self.key, "values": {name: _plain(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Text":
        """The inverse of `to_json`."""
        values = stored.get("values", {})
        return cls(stored["key"], {name: _value(value) for name, value in values.items()})


def text(key: str, /, **values: Value) -> Text:
    """A `Text` written like a call: `text("errors.rate", percent=7.5, samples=120)`."""
    return Text(key, values)


def _plain(value: Value) -> Any:
    if isinstance(value, Text):
        return value.to_json()
    if isinstance(value, tuple):
        return [part.to_json() for part in value]
    return value


def _value(stored: Any) -> Value:
    if isinstance(stored, Mapping):
        return Text.from_json(stored)
    if isinstance(stored, list):
        return tuple(Text.from_json(part) for part in stored)
    plain: Value = stored
    return plain
