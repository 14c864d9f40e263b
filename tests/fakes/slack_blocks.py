"""What Slack refuses of a message: https://docs.slack.dev/reference/block-kit/blocks"""

import re
from collections.abc import Iterator

from responder.core.plain_data import Data, Json
from responder.core.text import Strings

MOST_BLOCKS = 50
LONGEST_TEXT = 40_000
_SECTION, _FIELD, _FIELDS, _HEADER, _BUTTON, _VALUE, _ID = 3000, 2000, 10, 150, 75, 2000, 255
_ELEMENTS = {"actions": 25, "context": 10}
_SEQUENCE = re.compile(r"<(https?://[^<>|\s]+|![\w^]+|@[UW]\w+|#C\w+)(\|[^<>|]*)?>")


def problems(blocks: list[Json]) -> list[str]:
    """Every reason for `invalid_blocks`; none for a message that Slack takes."""
    found = [] if len(blocks) <= MOST_BLOCKS else [f"{len(blocks)} blocks"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        found.append("two blocks of one id")
    for place, block in enumerate(blocks):
        found += [f"block {place}: {problem}" for problem in _block(block)]
    return found


def _block(block: Data) -> Iterator[str]:
    if len(block.get("block_id", "")) > _ID:
        yield "block_id too long"
    match block["type"]:
        case "header":
            yield from _text(block["text"], _HEADER, kinds=("plain_text",))
        case "section":
            yield from _section(block)
        case "actions" | "context":
            yield from _elements(block)
        case "divider":
            pass
        case other:
            yield f"unknown block {other}"


def _elements(block: Data) -> Iterator[str]:
    elements, pressed = block["elements"], block["type"] == "actions"
    if not 0 < len(elements) <= _ELEMENTS[block["type"]]:
        yield f"{len(elements)} elements"
    for each in elements:
        yield from _button(each) if pressed else _text(each, _SECTION)
    ids = [each.get("action_id") for each in elements if pressed]
    if len(ids) != len(set(ids)):
        yield "two elements of one action_id"


def _section(block: Data) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield "an empty section"
    if "text" in block:
        yield from _text(block["text"], _SECTION)
    if len(block.get("fields", ())) > _FIELDS:
        yield "too many fields"
    for each in block.get("fields", ()):
        yield from _text(each, _FIELD)
    if "accessory" in block:
        yield from _button(block["accessory"])


def _button(element: Data) -> Iterator[str]:
    if element["type"] != "button":
        yield f"unknown element {element['type']}"
        return
    yield from _text(element["text"], _BUTTON, kinds=("plain_text",))
    if len(element.get("value", "")) > _VALUE or len(element["action_id"]) > _ID:
        yield "a value or an id too long"
    if element.get("style", "primary") not in ("primary", "danger"):
        yield "unknown style"
    if "confirm" in element:
        for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            yield from _text(element["confirm"][part], most)


def _text(given: Data, most: int, kinds: Strings = ("plain_text", "mrkdwn")) -> Iterator[str]:
    said = given["text"]
    if given["type"] not in kinds:
        yield f"{given['type']} is not allowed"
    if not 0 < len(said) <= most:
        yield f"a text of {len(said)} characters"
    if given["type"] == "mrkdwn" and re.search(r"[<>]", _SEQUENCE.sub("", said)):
        yield f"not escaped: {said[:80]}"
