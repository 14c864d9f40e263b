"""A report for machines, said again in another language: its texts carry keys and values."""

from collections.abc import Mapping
from typing import Any

from responder.core.codec import dump, load
from responder.core.text import Text
from responder.messages.json_report import text_of

_TEXT = {"key", "values", "text"}


def said_in(report: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The same report in `language` (`ja` or `en`)."""
    headlines = report.get("headlines", {})
    again: dict[str, Any] = _again(report, language)
    return {
        **again,
        "language": language,
        "headline": headlines.get(language, report.get("headline", "")),
    }


def _again(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if value.keys() >= _TEXT:
            return dump(text_of(load(Text, value), language))
        return {name: _again(each, language) for name, each in value.items()}
    if isinstance(value, list):
        return [_again(each, language) for each in value]
    return value
