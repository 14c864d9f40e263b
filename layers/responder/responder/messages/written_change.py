"""A change that is only written down, as lines to review: what is new after +, what it replaces after -."""

import json
import math
from collections.abc import Mapping
from typing import Any

from responder.core.verdict import WrittenChange
from responder.messages.language import clean, say
from responder.messages.story_parts import WrittenChangePart

_BOTH = {"before": "- ", "after": "+ "}


def written(one: WrittenChange, language: str) -> WrittenChangePart:
    """In one language."""
    document = json_of(one.document)
    return WrittenChangePart(
        say(one.what, language), clean(one.target), diff(document, None), clean(one.command)
    )


def diff(document: Mapping[str, Any], indent: int | None = 2) -> tuple[str, ...]:
    """Every line of it, one for each side where `indent` is None. A document of `before` and `after` has both
    sides; any other is new as a whole."""
    sides = {"+ ": document}
    if document.keys() == _BOTH.keys():
        sides = {sign: document[side] for side, sign in _BOTH.items()}
    return tuple(f"{sign}{line}" for sign, side in sides.items() for line in _lines(side, indent))


def json_of(value: Any) -> Any:
    """What is no number is null: a message must always go out."""
    if isinstance(value, Mapping):
        return {str(key): json_of(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [json_of(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(side: Any, indent: int | None) -> list[str]:
    shown = json.dumps(side, ensure_ascii=False, indent=indent, default=str)
    return [clean(line) for line in shown.split("\n")]
