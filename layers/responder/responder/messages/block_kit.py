"""Block Kit, within its limits (https://docs.slack.dev/reference/block-kit/blocks)."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from responder.core.plain_data import Json
from responder.core.text import text
from responder.messages.language import clean, cut, no_break, say

type Block = Json

MOST_BLOCKS = 50
SECTION = 3_000
FIELD = 2_000
FIELDS = 10
HEADER = 150
BUTTON = 75
# Not a limit that Slack documents: a whole message of more than that is refused (msg_blocks_too_long).
MESSAGE = 12_000
_URL = re.compile(r"https://[!-;=?-Z\\^-{}~]*[!-&*+\-/-9=?-Z\\^-{}~]")
# Slack and Teams know no way to escape these; each is replaced by a sign that looks like it.
_EMPHASIS = str.maketrans({"`": "'", "*": "∗", "~": "∼"})
_SLANTED = re.compile(r"(?<!\w)_|_(?!\w)")
# What would join words to a hidden address: [words](address), [words][1] and, at the beginning, [1]: address.
_LINKED = re.compile(r"(^\s*\[[^\]]*\](?=:)|\](?=[(\[]))")


def escaped(said: str) -> str:
    """A name such as `<!channel>` must not call everyone."""
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare(said: str, address: str = "{}") -> str:
    """Words without any markup, for Slack's mrkdwn and for the Markdown of Teams: no link but an address that
    shows where it leads, no mention, no emphasis, no code. `address`: how one is written."""
    line = clean(said)
    plain = [_LINKED.sub(r"\1 ", _SLANTED.sub("＿", part.translate(_EMPHASIS))) for part in _URL.split(line)]
    shown = [address.format(escaped(url)) for url in _URL.findall(line)]
    return "".join(chain.from_iterable(zip_longest(map(escaped, plain), shown, fillvalue="")))


def words(said: str, most: int = SECTION) -> str:
    """A sentence for Slack: bare words, with their addresses to click."""
    return short(no_break(bare(said, "<{}>")), most)


def short(marked: str, most: int) -> str:
    """At most this long; an address or an escape that would be cut is removed completely."""
    if len(marked) <= most:
        return marked
    kept = marked[: most - 1]
    start = max(kept.rfind("<"), kept.rfind("&"))
    ends = kept.find(">" if start >= 0 and kept[start] == "<" else ";", start) if start >= 0 else 0
    return (kept if ends >= 0 else kept[:start]) + "…"


def bold(said: str) -> str:
    """Already escaped words."""
    return f"*{said}*" if said.strip() else ""


def code(lines: str, most: int = 1_500) -> str:
    """Something to paste, in a box: unchanged, except for characters that would end the box."""
    kept = cut(lines, most).replace("```", "'''")
    return f"```{short(escaped(kept), most)}```"


def pasted(command: str) -> str:
    """One line to paste within words: what would be markup in it stays as it is."""
    line = escaped(clean(command)).replace("```", "'''")
    fence = "```" if "`" in line else "`"
    return f"{fence}{line}{fence}"


def link(label: str, url: str) -> str:
    """Only a web address becomes one that can be clicked."""
    if not re.fullmatch(r"https://[^\s<>|]+", url):
        return words(f"{label} {url}")
    return f"<{escaped(url)}|{words(label).replace('|', '/')}>"


def header(said: str) -> Block:
    """The biggest letters there are; one line."""
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": cut(clean(said), HEADER), "emoji": False},
    }


def section(marked: str, button: Block | None = None) -> Block:
    """`marked` is escaped already."""
    more = {"accessory": button} if button else {}
    return {"type": "section", "text": _text(short(marked, SECTION)), **more}


def fields(pairs: Iterable[tuple[str, str]]) -> Block:
    """Labelled values in two columns."""
    shown = [_text(short(f"{bold(words(label))}\n{words(said)}", FIELD)) for label, said in pairs if said]
    return {"type": "section", "fields": shown[:FIELDS]}


def context(marked: Iterable[str]) -> Block:
    """Small grey print."""
    return {"type": "context", "elements": [_text(short(" · ".join(filter(None, marked)), SECTION))]}


def listed(lines: Sequence[str], most: int, language: str) -> list[str]:
    """The first of them, and how many more there are."""
    left_out = len(lines) - most
    return [*lines[:most], *([more(left_out, language)] if left_out > 0 else [])]


def more(count: int, language: str) -> str:
    """How many are not shown."""
    return words(say(text("slack.more", count=count), language))


def sections(title: str, lines: Sequence[str]) -> list[Block]:
    """As many sections as the lines need, the title above the first; none without lines."""
    found: list[str] = []
    for line in [bold(words(title)), *lines] if lines else []:
        room = SECTION - len(found[-1]) - 1 if found else 0
        if len(line) <= room:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return [section(part) for part in found]


def fitting(blocks: Sequence[Block], language: str, kept: int = 0) -> list[Block]:
    """What fits into one message, the last `kept` blocks always; what was left out is reported."""
    end = list(blocks[len(blocks) - kept :]) if kept else []
    start = list(blocks[: len(blocks) - kept])
    room = MESSAGE - sum(map(_size, end))
    shown: list[Block] = []
    for block in start:
        room -= _size(block)
        if room < 0 or len(shown) + len(end) + 1 >= MOST_BLOCKS:
            return [*shown, context([words(say(text("slack.too_long"), language))]), *end]
        shown.append(block)
    return [*shown, *end]


def _size(block: Block) -> int:
    parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    return sum(len(part["text"]) for part in parts if part and isinstance(part.get("text"), str))


def _text(marked: str) -> Block:
    # verbatim: names that look like channels or people stay what they are.
    return {"type": "mrkdwn", "text": marked or " ", "verbatim": True}
