"""Lines of a width: English is broken at blanks, Japanese between any two letters that may be parted."""

import re

from rich.cells import cell_len

# What opens stays with what follows it, what closes with what comes before.
_UNIT = re.compile(r"[（「『【]*(?:[!-~]+|[^\s!-~])[。、）」』】！？：；…・ー]*|\s+")


def wrapped(said: str, width: int) -> list[str]:
    """At least one line; a word that is longer than `width` columns is whole, on a line of its own."""
    lines, line = list[str](), ""
    for unit in _UNIT.findall(said):
        if line and cell_len(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line = line + unit if line else unit.lstrip()
    return [*lines, line.rstrip()]
