"""A whole round on a module of three lines, in a stage like `make mutants` makes it."""

from collections.abc import Container
from pathlib import Path

import pytest

from rehearsal.mutants.parts import Part
from rehearsal.mutants.run import MutantsError, Trial, Wanted
from rehearsal.mutants.score import NOTICED
from rehearsal.mutants.stage import settings

# Half a minute of CPU, most of it mutmut's own start.
pytestmark = pytest.mark.long
ALL = Wanted()
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


def tried(stage: Path, but: Container[str] = (), wanted: Wanted = ALL) -> dict[str, set[str]]:
    """The results of the mutants of each function."""
    with (stage / "log").open("w+", encoding="utf-8") as log:
        _, mutants = Trial(stage, ("tests",), log).run(but, wanted)
    found: dict[str, set[str]] = {}
    for each in mutants:
        found.setdefault(each.name.split(".x_")[1].split("__")[0], set()).add(each.status)
        assert each.file == "responder/code.py"
        assert bool(each.diff) is (each.status not in NOTICED)
    return found


# One mutant of each function is enough.
OTHERS = [
    f"responder.code.x_{name}__mutmut_{n}" for name in ("more", "less", "never", "limit") for n in (2, 3)
]


def test_the_result_of_each_change_is_reported_and_what_is_left_out_is_not_tried(stage: Path) -> None:
    assert tried(stage, but=OTHERS) == {
        "more": {"killed"},
        "less": {"survived"},
        # No test runs it. That one notices is found out in a process which imports the code as changed.
        "never": {"survived"},
        "limit": {"killed"},
    }


def test_tests_that_fail_without_any_change_are_no_measure(stage: Path) -> None:
    tests = stage / "tests/test_broken.py"
    tests.write_text("def test_broken():\n    assert False\n", encoding="utf-8")
    try:
        with pytest.raises(MutantsError):
            tried(stage)
    finally:
        tests.unlink()
        (stage / "mutants/tests/test_broken.py").unlink()
