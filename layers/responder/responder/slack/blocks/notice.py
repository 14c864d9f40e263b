"""A notice in Slack: one message, without buttons."""

from collections.abc import Mapping
from typing import Any

from responder.messages.block_kit import bare, bold, context, section, short, words
from responder.slack.blocks.message import SlackPost


def post(told: Mapping[str, Any], language: str) -> SlackPost:
    """From the JSON of `responder.messages.notice`."""
    said = str(told["headlines"][language])
    lines = "\n".join(words(str(each[language])) for each in told["lines"])
    where = context([words(f"{told['account']} / {told['region']}")])
    blocks = [section(bold(words(said))), *([section(short(lines, 3_000))] if lines else []), where]
    return SlackPost(short(bare(said), 1_000), blocks)
