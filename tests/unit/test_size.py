"""The code does not grow unnoticed: what each part weighs, and how far one event goes, has a limit."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.size import LIMITS, part, sizes, weight, weight_of_template
from tests.trace import ROOT


def test_each_part_keeps_to_its_limit() -> None:
    found = sizes()
    assert found.keys() == LIMITS.keys()
    assert {name: found[name] for name, limit in LIMITS.items() if found[name] > limit} == {}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("layers/responder/responder/core/text.py", "shipped"),
        ("new/module.py", "shipped"),
        ("ops/new.py", "shipped"),
        ("ops/local_aws/launcher.py", "local AWS"),
        ("tests/unit/test_size.py", "tests"),
    ],
)
def test_a_folder_that_is_not_known_counts_as_shipped(path: str, name: str) -> None:
    assert part(Path(path)) == name


def test_how_lines_are_broken_and_what_is_said_about_the_code_weighs_nothing() -> None:
    assert weight('def f(a, b):\n    """Says."""\n    return (\n        a + b\n    )\n') == weight(
        "def f(a, b): return a + b"
    )
    assert weight("x = 1") == 3
    assert weight(
        "type Pair = tuple[int, int]\ndef f(a: Pair, b: int) -> dict[str, int]: return a + b"
    ) == weight("def f(a, b): return a + b")
    assert weight_of_template("<p>{{ a.b }}</p>") == weight_of_template("{{a.b}}") == 2


@pytest.mark.slow
def test_no_event_goes_through_more_than_it_may() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.trace"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
