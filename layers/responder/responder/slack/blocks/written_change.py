"""A change to review in Slack: what it is, the change and the command, each in a box of its own."""

from collections.abc import Iterator, Sequence

from responder.core.text import text
from responder.messages.block_kit import Block, bold, code, context, escaped, section, words
from responder.messages.language import say
from responder.messages.written_change import diff
from responder.slack.status import ReportJson

_MOST = 4
# A box that is cut through must not be pasted; a section holds 3,000 characters.
_BOX = 2_500


def written(told: Sequence[ReportJson], language: str) -> Iterator[Block]:
    """Blocks below the outcome they belong to."""
    label = words(say(text("label.written"), language))
    for one in told[:_MOST]:
        yield section(f"{bold(label)}: {words(one['what']['text'], 900)}")
        yield _box("\n".join(diff(one.get("document") or {})), language)
        yield _box(str(one.get("command", "")), language)
    if len(told) > _MOST:
        yield context([words(say(text("written.more", count=len(told) - _MOST), language))])


def _box(lines: str, language: str) -> Block:
    if len(escaped(lines)) > _BOX:
        return context([words(say(text("written.too_long"), language))])
    return section(code(lines, _BOX))
