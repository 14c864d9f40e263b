"""The pages in Markdown have a good shape, say the same in both languages and name what exists."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import typer
import yaml

from liveness_ops.cli import app
from tests.rows import all_rows
from tests.unit.test_markdown import PAGES, ROOT, parsed

RULES = yaml.safe_load(Path(__file__).with_name("prose.yaml").read_text("utf-8"))
TWINS = [
    page for page in PAGES if not page.name.endswith(".ja.md") and str(page) not in RULES["english_only"]
]
# Of the panels of help, not commands: options may stand first.
_OURS = re.compile(r"\bliveness-ops ([a-z][a-z-]*)")
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b(?![./])")


def twin(page: Path) -> Path:
    return page.with_name(f"{page.stem}.ja.md")


@cache
def source(page: Path) -> str:
    return (ROOT / page).read_text("utf-8")


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without code, tables, comments and headings."""
    code = False
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*(```|~~~)", line):
            code = not code
        elif not code and not re.match(r"\s*(\||#|<!--|!\[)", line):
            yield number, line


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def too_wide(text: str) -> Iterator[str]:
    """Lines that could be broken: what is one word, one link or one piece of code stays whole."""
    for number, line in prose(text):
        words = re.sub(r"`[^`]+`|\[[^\]]*\]\([^)]*\)", "x", line.lstrip())
        if columns(line) > RULES["width"] and (" " in words or re.search("[、。]", words)):
            yield f"{number}: {columns(line)} columns"


def torn(text: str) -> Iterator[str]:
    """Places where a line ends within Japanese: a browser shows the end of a line as a space.

    A line ends after 。、 or a closing bracket, or next to a word or a piece of code in half-width, where a
    space belongs anyway; and no line begins with what belongs to the one before it."""
    for token in parsed(text):
        marks = {"softbreak": "\n", "hardbreak": "。\n", "code_inline": "x"}
        if token.type == "inline" and token.map is not None:
            said = "".join(marks.get(part.type, part.content) for part in token.children or ())
            for end in re.finditer(r"(.)\n(.)", said):
                whole = re.match(r"[。、）」』】]|[!-~]", end[1]) or re.match(r"[!-~]", end[2])
                begins = end[2] in "。、）」』】・ー" or (end[2] in "（「『【" and end[1] not in "。、")
                if not whole or begins or end[1] in "（「『【・":
                    yield f"{token.map[0] + 1}: …{said[max(0, end.start() - 10) : end.end() + 10]}…"


def shape(text: str) -> list[str]:
    """Headings by level, tables by rows and columns, blocks of code: what both languages have in common."""
    found = []
    for token, after in pairwise([*parsed(text), *parsed(".")]):
        if token.type == "heading_open":
            found.append(token.tag)
        elif token.type == "fence":
            found.append(f"code {token.info}")
        elif token.type == "tr_open":
            found.append("row")
        elif token.type in ("bullet_list_open", "ordered_list_open") and after.type == "list_item_open":
            found.append(token.tag)
    return found


def code(text: str) -> str:
    """Blocks and spans of code."""
    blocks = re.findall(r"```.*?```", text, re.DOTALL)
    return "\n".join((*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))))


def unknown(text: str) -> Iterator[str]:
    """Commands and targets that do not exist."""
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = code(text)
    yield from (f"liveness-ops {name}" for name in _OURS.findall(shown) if name not in commands)
    yield from (f"make {name}" for name in _MAKE.findall(shown) if name not in targets)


@all_rows("page", [page for page in PAGES if str(page) not in RULES["unwrapped"]])
def test_no_line_is_too_wide(page: Path) -> None:
    assert list(too_wide(source(page))) == []


@all_rows("page", [page for page in PAGES if page.name.endswith(".ja.md")])
def test_no_line_ends_within_japanese(page: Path) -> None:
    assert list(torn(source(page))) == []


@all_rows("page", TWINS)
def test_a_page_for_users_is_built_alike_in_both_languages(page: Path) -> None:
    assert shape(source(page)) == shape(source(twin(page)))


@all_rows("page", [page for page in PAGES if page.name != "CHANGELOG.md"])
def test_every_command_that_is_shown_exists(page: Path) -> None:
    assert sorted({*unknown(source(page))}) == []


def test_only_pages_that_exist_are_exempt() -> None:
    named = {*RULES["english_only"], *RULES["unwrapped"]}
    assert named <= {str(page) for page in PAGES}


def test_each_fault_is_seen() -> None:
    assert list(too_wide("word " * 25)) == ["1: 125 columns"]
    assert list(too_wide("語" * 50 + "、" + "語" * 10)) == ["1: 122 columns"]
    assert list(too_wide(f"`{'x' * 120}`")) == []
    assert list(torn("メトリクス\nは、")) == ["1: …メトリクス\nは、…"]
    assert list(torn("省略・\n`x`")) == ["1: …省略・\nx…"]
    assert list(torn("- 変更\n  （`x`）")) == ["1: …変更\n（x）…"]
    assert list(torn("`x`\n。")) == ["1: …x\n。…"]
    assert list(torn("見る。\n次に、\n`x`\nを（y）\nAWS\n**で** 実行")) == []
    assert shape("# A\n\n- b\n") != shape("# A\n\n1. b\n") != shape("## A\n\n1. b\n")
    assert [*unknown("Run `make nothing`, `make check` or `liveness-ops vanish`.")] == [
        "liveness-ops vanish",
        "make nothing",
    ]
