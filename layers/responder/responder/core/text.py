"""Sentences as data: a key of the message catalogue and the values to put in.

Nothing outside `messages` knows a language. A `Text` is small, comparable and stored as it is.
"""

from collections.abc import Mapping
from dataclasses import field

from responder.core.frozen import frozen

type Value = str | bool | int | float | Text | tuple[Text, ...]
type Texts = tuple[Text, ...]
# What fills a sentence.
type Values = dict[str, Value]
type Strings = tuple[str, ...]


@frozen
class Text:
    """One sentence: `key` names it in both languages, `values` fills its `{placeholders}`."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


def text(key: str, /, **values: Value) -> Text:
    """A `Text` written like a call: `text("errors.rate", percent=7.5, samples=120)`."""
    return Text(key, values)
