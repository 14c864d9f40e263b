"""The summary of a scheduled check (`check_summary.data`) in Slack: one message, the page behind a link."""

from collections.abc import Iterator, Mapping
from typing import Any

from responder.check import Light
from responder.render.check_summary import SHORT
from responder.render.check_words import MARKS
from responder.render.language import clean, cut, say
from responder.render.slack import Post
from responder.render.slack_parts import Block, bold, code, context, escaped, fitting, link, section, words
from responder.text import text

_NOTIFICATION = 1_000
_MARKS: dict[str, str] = {light.value: mark for light, mark in MARKS.items()}
_LONGEST_COMMAND = 500


def summary(told: Mapping[str, Any], language: str) -> Post:
    """What needs a person, with what mends it."""
    said = str(told.get("headline", ""))
    blocks = [section(bold(words(said))), *_found(told), _print(told, language)]
    return Post(cut(escaped(clean(said)), _NOTIFICATION), fitting(blocks, language, kept=1))


def _found(told: Mapping[str, Any]) -> Iterator[Block]:
    for each in told.get("to_do", ())[:SHORT]:
        mark = _MARKS.get(str(each.get("light")), _MARKS[Light.UNKNOWN.value])
        line = f"{mark} {bold(words(str(each.get('title', ''))))} {words(str(each.get('said', '')))}"
        command = str(each.get("command") or "")
        # Half a command must not be pasted.
        box = f"\n{code(command)}" if 0 < len(command) <= _LONGEST_COMMAND else ""
        yield section(line + box)


def _print(told: Mapping[str, Any], language: str) -> Block:
    unseen = max(0, len(told.get("to_do", ())) - SHORT)
    left_out, page = int(told.get("left_out") or 0) + unseen, told.get("page")
    return context(
        [
            link(say(text("checks.page"), language), str(page)) if page else "",
            words(str(told.get("problem") or "")),
            words(say(text("checks.more", count=left_out), language)) if left_out else "",
            words(f"{told.get('account', '')} / {told.get('region', '')}"),
        ]
    )
