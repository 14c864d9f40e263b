"""Rows for a terminal that is too narrow for a table."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

_READABLE = 10
_FRAME = 3
_NOTHING = ("–", "")


def fits(width: int, whole: Sequence[bool], rows: Sequence[Sequence[str]]) -> bool:
    """Columns that are `whole` need all of their cells, in columns of the terminal; the others can fold."""
    needed = 1 + _FRAME * len(whole)
    for number, stays in enumerate(whole):
        widest = max((cell_len(row[number]) for row in rows), default=0)
        needed += widest if stays else min(widest, _READABLE)
    return needed <= width


def cards(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """The first cell, and below it all that is not empty. Lines are broken, never cut."""
    lines = [Text(title, style="bold")]
    for row in rows:
        lines.append(Text(row[0], style="bold", overflow="fold"))
        told = [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=True) if cell not in _NOTHING]
        lines += [Text(f"  {head}: {cell}", overflow="fold") for head, cell in told]
    return Group(*lines)
