"""What GitHub shows of our Markdown: whole tables, headings in order, links that lead somewhere."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.rows import all_rows

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))


@cache
def parsed(source: str) -> list[Token]:
    return MarkdownIt("gfm-like", {"linkify": False}).parse(source)


def torn_tables(source: str) -> Iterator[str]:
    """Rows that are shown as text, because an empty line cut them off from their table."""
    tokens = parsed(source)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and token.content.startswith("|"):
            yield token.content.splitlines()[0]


def uneven_rows(source: str) -> Iterator[str]:
    """Rows with more cells than their table's head: GitHub drops what is too much."""
    lines = source.splitlines()
    for token in parsed(source):
        if token.type == "table_open" and token.map is not None:
            rows = lines[slice(*token.map)]
            yield from (row for row in rows if cells(row) != cells(rows[0]))


def cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", row)))


def skipped_headings(source: str) -> Iterator[str]:
    depth = 0
    tokens = parsed(source)
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            level = int(token.tag[1])
            if level > depth + 1:
                yield text.content
            depth = level


def dead_links(page: Path, source: str) -> Iterator[str]:
    for token in parsed(source):
        for child in token.children or ():
            target = str(child.attrs.get("href") or child.attrs.get("src") or "")
            target = unquote(target)
            if target and not re.match(r"[a-z]+:", target) and not leads(page, target):
                yield target


def leads(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    there = (ROOT / page).parent / name if name else ROOT / page
    if not there.exists():
        return False
    return not anchor or anchor in anchors(there.read_text(encoding="utf-8"))


def anchors(source: str) -> set[str]:
    """As GitHub makes them of headings: lower case, blanks become dashes, punctuation goes."""
    tokens = parsed(source)
    titles = (after.content for token, after in pairwise(tokens) if token.type == "heading_open")
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@all_rows("page", PAGES)
def test_a_page_is_shown_as_it_is_meant(page: Path) -> None:
    source = (ROOT / page).read_text(encoding="utf-8")
    found = {
        "torn tables": list(torn_tables(source)),
        "uneven rows": list(uneven_rows(source)),
        "skipped headings": list(skipped_headings(source)),
        "dead links": list(dead_links(page, source)),
    }
    assert {name: places for name, places in found.items() if places} == {}


def test_each_fault_is_seen() -> None:
    torn = "# A\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n| 3 | 4 |\n"
    assert list(torn_tables(torn)) == ["| 3 | 4 |"]
    assert list(uneven_rows("| a | b |\n| - | - |\n| 1 | 2 | 3 |\n")) == ["| 1 | 2 | 3 |"]
    assert list(skipped_headings("# A\n\n### B\n")) == ["B"]
    assert list(dead_links(Path("README.md"), "[a](docs/none.md) [b](#none)")) == ["docs/none.md", "#none"]
