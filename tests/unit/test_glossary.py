"""The glossary names what exists, and a name of the library means one thing."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "layers" / "responder" / "responder"
# A class, function or type of that name, or a name that is given a value.
_MADE = r"^(class|def|type) {0}\b|^{0}\b.*="
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| concept", "| ---"))
]


def classes() -> Iterator[tuple[str, str]]:
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, str(path.relative_to(LIBRARY))


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_a_class_name_means_one_class() -> None:
    found = defaultdict(list)
    for name, path in classes():
        found[name].append(path)
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_a_concept_has_one_word_in_each_language() -> None:
    assert len(ROWS) > 60
    for column in (0, 1):
        words = Counter(row[column] for row in ROWS)
        assert [word for word in words if words[word] > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_word_stands_where_the_glossary_says(row: list[str]) -> None:
    _, _, _, names, places = row
    paths = [LIBRARY / each if (LIBRARY / each).exists() else ROOT / each for each in quoted(places)]
    assert [path for path in paths if not path.exists()] == []
    if not (named := quoted(names)):
        return
    files = (each for path in paths for each in ([path] if path.is_file() else path.rglob("*.py")))
    code = "".join(each.read_text("utf-8") for each in files)
    assert [name for name in named if not re.search(_MADE.format(re.escape(name)), code, re.MULTILINE)] == []
