"""The table of limits in docs/local-aws.md: `python -m liveness_ops.limits.document --write`."""

from __future__ import annotations

import sys

from liveness_ops.limits.registry import LIMITS
from liveness_ops.template_tools.load import ROOT

PAGE = ROOT / "docs/local-aws.md"
_BEGIN, _END = "<!-- limits: begin (written by liveness_ops.limits.document) -->\n", "<!-- limits: end -->\n"


def table() -> str:
    """In Markdown; the operation's or the page's name links to its address."""
    rows = [f"| {each.name} | {each.most:,} {each.unit} | [{each.source}]({each.url}) |\n" for each in LIMITS]
    return "| limit | at most | source |\n| --- | --- | --- |\n" + "".join(rows)


def written(page: str) -> str:
    """The page with today's table."""
    before, rest = page.split(_BEGIN)
    return before + _BEGIN + table() + _END + rest.split(_END)[1]


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
