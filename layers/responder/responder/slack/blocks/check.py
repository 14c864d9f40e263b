"""The summary of a scheduled check (`check_summary.data`) in Slack: one message, the page behind a link."""

from collections.abc import Iterator, Mapping
from typing import Any

from responder.checks.model import CheckStatus
from responder.checks.report.summary import SHORT
from responder.checks.report.words import marked
from responder.core.text import text
from responder.messages.block_kit import (
    Block,
    bare,
    bold,
    code,
    context,
    escaped,
    fitting,
    link,
    section,
    short,
    words,
)
from responder.messages.language import say
from responder.slack.blocks.message import SlackPost

_NOTIFICATION = 1_000
_LIGHTS = frozenset(CheckStatus)
# What is found and what mends it are a section each, and less than one holds.
_LONGEST_TITLE, _LONGEST_SAID, _LONGEST_COMMAND, _LONGEST_CAUTION = 200, 800, 2_400, 400
_EVIDENCE, _LONGEST_EVIDENCE = 5, 180


def summary(told: Mapping[str, Any], language: str) -> SlackPost:
    """What needs a person, with what mends it."""
    said = str(told.get("headline", ""))
    blocks = [section(bold(words(said))), *_found(told, language), _print(told, language)]
    return SlackPost(short(bare(said), _NOTIFICATION), fitting(blocks, language, kept=1))


def _found(told: Mapping[str, Any], language: str) -> Iterator[Block]:
    for each in told.get("to_do", ())[:SHORT]:
        light = CheckStatus(each["light"]) if each.get("light") in _LIGHTS else CheckStatus.UNKNOWN
        new = say(text("checks.new"), language) if each.get("new") else ""
        title = bold(words(str(each.get("title", "")), _LONGEST_TITLE))
        line = f"{marked(light, language)} {new}{title} {words(str(each.get('said', '')), _LONGEST_SAID)}"
        more = [words(str(said), _LONGEST_EVIDENCE) for said in each.get("evidence", ())[:_EVIDENCE]]
        command = str(each.get("command") or "")
        # Half a command must not be pasted.
        box = code(command) if 0 < len(escaped(command)) <= _LONGEST_COMMAND else ""
        caution, note = str(each.get("caution") or ""), str(each.get("command_note") or "")
        yield section("\n".join((line, *more)))
        if mends := [
            *([f"⚠ {words(caution, _LONGEST_CAUTION)}"] if caution else []),
            *([box] if box else []),
            *([words(note, _LONGEST_EVIDENCE)] if note else []),
        ]:
            yield section("\n".join(mends))


def _print(told: Mapping[str, Any], language: str) -> Block:
    unseen = max(0, len(told.get("to_do", ())) - SHORT)
    left_out, page = int(told.get("left_out") or 0) + unseen, told.get("page")
    return context(
        [
            link(say(text("checks.page"), language), str(page)) if page else "",
            words(str(told.get("since") or "")),
            *(words(str(each)) for each in told.get("accepted") or ()),
            words(str(told.get("problem") or "")),
            words(say(text("checks.more", count=left_out), language)) if left_out else "",
            words(f"{told.get('account', '')} / {told.get('region', '')}"),
        ]
    )
