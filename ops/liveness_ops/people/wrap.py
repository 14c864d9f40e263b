"""Lines of a terminal: Japanese is broken between phrases, English between words, a command never."""

import re
from collections.abc import Iterator
from functools import cache

import budoux
from rich.cells import cell_len

# A line with a command or an address is left whole: the terminal folds it, and it is copied without a break.
_PASTED = re.compile(r"^\s*(liveness-ops|aws|make|curl|jq) |://|\\$|; do(ne)?\b")
# A phrase of Japanese may hold English words.
_BLANK = re.compile(r"(?<=[!-/:-~])(?= [!-~])")
_CLOSING = tuple("、。，．,.:;!?！？：；・…％%）)」』】］]〉》〜→×")


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` cells; each but the first begins with `indent`, or else as deep as the text.

    A number stays with its unit, and no line begins with a closing mark.
    """
    found: list[str] = []
    for line in text.split("\n"):
        found += [line] if _PASTED.search(line) else _folded(line, width, indent)
    return found


def _folded(line: str, width: int, indent: str) -> Iterator[str]:
    body = line.lstrip(" ")
    current = line[: len(line) - len(body)]
    hanging = indent or current
    for unit in units(body):
        if current.strip() and cell_len(current) + cell_len(unit.rstrip()) > width:
            yield current.rstrip()
            current = hanging + unit.lstrip(" ")
        else:
            current += unit
    yield current.rstrip()


def units(line: str) -> list[str]:
    """What must not be broken, in order; together they are the line."""
    if line.isascii():
        return re.findall(r"\S+(?: \d\S*)?\s*", line)
    found: list[str] = []
    for phrase in _parser().parse(line):
        for part in _BLANK.split(phrase):
            if found and _inseparable(found[-1], part):
                found[-1] += part
            else:
                found.append(part)
    return found


def _inseparable(before: str, after: str) -> bool:
    """No line begins with a closing mark, and a number stays with what it counts: `1 時間 36 件`."""
    counted = before.lstrip()[:1].isdigit() and re.match(r" \d", after)
    return after.lstrip(" ").startswith(_CLOSING) or bool(re.search(r"\d ?$", before) or counted)


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()
