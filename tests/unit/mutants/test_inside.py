"""A whole round on a module of three lines, in a stage like `make mutants` makes it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from liveness_ops.mutants.parts import Part
from liveness_ops.mutants.run import INSIDE
from liveness_ops.mutants.stage import settings

pytestmark = pytest.mark.unit
CODE = """\
def more(x):
    return x + 1

def less(x):
    return x - 1

def never(x):
    return x + 2

def limit():
    return 3

LIMIT = limit()
"""
TESTS = """\
from responder.code import LIMIT, less, more

def test_more():
    assert more(1) == 2

def test_less_is_something():
    assert less(1) is not None

def test_the_limit():
    assert LIMIT == 3
"""
# Hypothesis' profile is registered where our own tests are.
CONFTEST = "from hypothesis import settings\n\nsettings.register_profile('mutants', max_examples=1)\n"
PYTEST = "[pytest]\naddopts = --import-mode=importlib\npythonpath = .\n"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stage")
    for name, text in (
        ("responder/__init__.py", ""),
        ("responder/code.py", CODE),
        ("tests/test_code.py", TESTS),
        ("tests/conftest.py", CONFTEST),
        ("pytest.ini", PYTEST),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "alarms").mkdir()
    (folder / "setup.cfg").write_text(settings(Part(("responder/*",), ("tests",)), folder), encoding="utf-8")
    return folder


def tried(stage: Path, **wanted: object) -> dict[str, set[str]]:
    """What became of the mutants of each function."""
    (stage / "wanted.json").write_text(
        json.dumps({"but": [], "sample": 0, "seed": 0} | wanted), encoding="utf-8"
    )
    subprocess.run([sys.executable, str(INSIDE)], cwd=stage, check=True, capture_output=True)
    found: dict[str, set[str]] = {}
    for each in json.loads((stage / "found.json").read_text(encoding="utf-8"))["mutants"]:
        function = each["name"].split(".x_")[1].split("__")[0]
        found.setdefault(function, set()).add(each["status"])
    return found


def test_what_became_of_each_change_is_told(stage: Path) -> None:
    found = tried(stage)
    assert found["more"] == {"killed"}
    assert found["less"] == {"survived"}
    assert found["never"] == {"no tests"}
    assert found["limit"] == {"killed"}, "what only the import runs is imported as changed"


def test_only_what_is_wanted_is_tried(stage: Path) -> None:
    some = [f"responder.code.x_{name}__mutmut_{n}" for name in ("more", "never", "limit") for n in range(9)]
    assert tried(stage, but=some) == {"less": {"survived"}}
    assert sum(map(len, tried(stage, sample=1, seed=7).values())) == 1


def test_tests_that_pass_only_once_are_no_measure(stage: Path) -> None:
    tests = stage / "tests/test_once.py"
    tests.write_text(
        "SEEN = []\n\ndef test_once():\n    assert not SEEN\n    SEEN.append(1)\n", encoding="utf-8"
    )
    try:
        with pytest.raises(subprocess.CalledProcessError):
            tried(stage)
    finally:
        tests.unlink()
        (stage / "mutants/tests/test_once.py").unlink()
