"""The glossary names what exists, a name means one thing, and messages, pages and comments use its words."""

import ast
import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from markdown_it.token import Token

from compile_texts import sources
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.words import catalogue as drill_texts
from tests.rows import all_rows
from tests.unit.test_markdown import PAGES, parsed

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "layers" / "responder" / "responder"
# Lists of words, examples quoted from tests, history, and pages made of entries of the catalogue.
_NOT_HELD = {
    "CHANGELOG.md",
    *(f"docs/{name}.md" for name in ("glossary", "messages", "runbook", "runbook.ja")),
}
# A class, function or type of that name, or a name that is given a value.
_MADE = r"^(class|def|type) {0}\b|^{0}\b.*="


def table(head: str) -> list[list[str]]:
    """The rows of the glossary's tables whose first column has this name."""
    rows, wanted = [], False
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if not line.startswith("|"):
            wanted = False
        elif wanted and not line.startswith("| ---"):
            rows.append(cells)
        else:
            wanted = wanted or cells[0] == head
    return rows


ROWS = table("concept")
WORDS = table("word")
STYLE = table("rule")
COMMENTS = table("for the code")


def classes() -> Iterator[tuple[str, str]]:
    for path in LIBRARY.rglob("*.py"):
        for name in re.findall(r"^ *class ([A-Za-z]\w*)[(:\[]", path.read_text("utf-8"), re.MULTILINE):
            yield name, str(path.relative_to(LIBRARY))


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_a_class_name_means_one_class() -> None:
    found = defaultdict(list)
    for name, path in classes():
        found[name].append(path)
    assert len(found) > 400
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_a_concept_has_one_word_in_each_language() -> None:
    assert len(ROWS) > 60
    for column in (0, 1):
        words = Counter(row[column] for row in ROWS)
        assert [word for word in words if words[word] > 1] == []


@all_rows("row", ROWS)
def test_each_word_is_where_the_glossary_says(row: list[str]) -> None:
    _, _, _, names, places = row
    paths = [LIBRARY / each if (LIBRARY / each).exists() else ROOT / each for each in quoted(places)]
    assert [path for path in paths if not path.exists()] == []
    if not (named := quoted(names)):
        return
    files = (each for path in paths for each in ([path] if path.is_file() else path.rglob("*.py")))
    code = "".join(each.read_text("utf-8") for each in files)
    assert [name for name in named if not re.search(_MADE.format(re.escape(name)), code, re.MULTILINE)] == []


@cache
def entries() -> tuple[tuple[str, str, str], ...]:
    """Key, English and Japanese of every entry that is no command, without the names of values. A scenario's
    name counts as English."""
    texts = (*(each for file in sources().values() for each in file), *drill_texts().values())
    sentences = (
        (f"{one.id}: {each.en}", f"{one.name.replace('-', ' ')}: {each.en}", each.ja)
        for one in scenarios()
        for each in (one.broken, *(step.what for step in one.then))
    )
    return *sentences, *(
        (
            each.msgctxt,
            _words(f"{each.msgid}\n{each.msgid_plural}"),
            _words(each.msgstr or each.msgstr_plural.get(0, "")),
        )
        for each in texts
        if not each.msgctxt.startswith(("command.", "runbook."))
    )


def documents() -> Iterator[tuple[str, str, str]]:
    """Page and line, English and Japanese (one is empty) of each paragraph, heading and cell."""
    for page in (each for each in PAGES if str(each) not in _NOT_HELD):
        japanese = page.name.endswith(".ja.md")
        for token in parsed((ROOT / page).read_text("utf-8")):
            if token.type == "inline" and token.map is not None:
                text = _words(_paragraph(token.children or (), japanese))
                yield f"{page}:{token.map[0] + 1}", "" if japanese else text, text if japanese else ""


def _paragraph(parts: Sequence[Token], japanese: bool) -> str:
    """In one line, with an ellipsis for code and at both ends of what is emphasized."""
    marks = {"softbreak": "\n", "hardbreak": "\n"}
    marks |= dict.fromkeys(("code_inline", "strong_open", "strong_close", "em_open", "em_close"), "…")
    text = "".join(marks.get(part.type, part.content) for part in parts)
    # A line of Japanese continues without a space, unless it was broken before or after a word in half-width.
    joined = re.sub(r"(?<=[^!-~])\n(?=[^!-~])|(?<=[、。])\n", "", text) if japanese else text
    return joined.replace("\n", " ")


@cache
def said() -> tuple[tuple[str, str, str], ...]:
    """Everything that people read: messages, the drill and the documents."""
    return *entries(), *documents()


def _words(form: str) -> str:
    """With an ellipsis for each command, option, path and assignment in it: those are not words."""
    return re.sub(
        r"(?m)^(?:aws|liveness-ops) .*$|(?:aws|liveness-ops)(?: [a-z][a-z-]+)+|--[a-z-]+"
        r"|[!-~]*[/_][!-~]*|[A-Za-z]+=[!-~]*",
        "…",
        re.sub(r"\{\w+\}", "{}", form),
    )


@cache
def _joined(place: int) -> str:
    return "\n".join(each[place] for each in said())


def found(
    rules: list[tuple[str, list[str]]], place: int, flags: re.RegexFlag = re.NOFLAG
) -> dict[str, list[str]]:
    """By rule, what holds one of its expressions: `key or page: …words around it…`."""
    # One search finds out whether there is anything, and mostly there is nothing.
    patterns = "|".join(each for _, patterns in rules for each in patterns)
    if not re.search(patterns, _joined(place), flags | re.MULTILINE):
        return {}
    return {rule: hits for rule, patterns in rules if (hits := [*_hits("|".join(patterns), place, flags)])}


def _hits(pattern: str, place: int, flags: re.RegexFlag) -> Iterator[str]:
    for each in said() if pattern else ():
        for hit in re.finditer(pattern, each[place], flags):
            yield f"{each[0]}: …{each[place][max(0, hit.start() - 30) : hit.end() + 30]}…"


def test_what_people_read_uses_the_word_of_the_glossary() -> None:
    english = [(word, [rf"\b{re.escape(each)}\b" for each in quoted(cell)]) for word, _, cell, _ in WORDS]
    japanese = [(word, [re.escape(each) for each in quoted(cell)]) for word, _, _, cell in WORDS]
    assert found(english, 1, re.IGNORECASE) == {}
    assert found(japanese, 2) == {}


def test_what_people_read_keeps_to_the_style() -> None:
    assert found([(rule, quoted(english)) for rule, english, _ in STYLE], 1, re.IGNORECASE) == {}
    assert found([(rule, quoted(japanese)) for rule, _, japanese in STYLE], 2) == {}


def test_a_word_is_found_under_its_rule_where_it_is_said() -> None:
    hits = found([("none", ["no such word"]), ("rule", ["the incident report"])], 1)
    assert [*hits] == ["rule"]
    assert all("the incident report" in each for each in hits["rule"])


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Lines of comments and docstrings, and names of functions and classes; without text in backticks."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(ast.Constant(str() as said)):
                yield from enumerate(said.splitlines(), node.lineno)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name.strip("_").replace("_", " ")


def unwanted(source: str, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Lines with an unwanted expression; parsed only where the source has one at all."""
    if not pattern.search(source.replace("_", " ")):
        return []
    return [
        (line, said)
        for line, said in comments(source)
        if pattern.search(re.sub(r"`[^`]*`", "…", said)) and "AWS:" not in said
    ]


def test_comments_and_names_are_in_plain_english() -> None:
    pattern = re.compile("|".join(each for row in COMMENTS for each in quoted(row[1])), re.IGNORECASE)
    paths = (path for top in ("functions", "layers", "ops", "tests") for path in (ROOT / top).rglob("*.py"))
    assert [
        f"{path.relative_to(ROOT)}:{line}: {said.strip()}"
        for path in paths
        for line, said in unwanted(path.read_text("utf-8"), pattern)
    ] == []


def test_an_unwanted_expression_is_found_where_it_is_reported() -> None:
    source = (
        'def it_is_told() -> None:\n    """By `x`,\n\n    told."""\n    said = "told"  # told\n    # `told`\n'
    )
    assert [line for line, _ in unwanted(source, re.compile("told"))] == [5, 1, 4]


def test_a_document_is_read_in_whole_sentences_without_code() -> None:
    said = [
        _paragraph(token.children or (), japanese=True)
        for token in parsed("`x` を\n**見る。**\n次")
        if token.children
    ]
    assert said == ["… を…見る。…次"]
    said = [
        _paragraph(token.children or (), japanese=False)
        for token in parsed("on its\n[own](x)")
        if token.children
    ]
    assert said == ["on its own"]
    assert len([*documents()]) > 1_000


def test_the_words_of_messages_are_many_and_each_once() -> None:
    assert len(WORDS) > 30
    assert [word for word, times in Counter(row[0] for row in WORDS).items() if times > 1] == []
