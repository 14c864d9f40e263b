"""What `make mutants` counts, and what it changes."""

from typing import get_args

import pytest

from liveness_ops.template_tools.load import ROOT
from rehearsal import commands
from rehearsal.mutants.parts import PARTS
from rehearsal.mutants.run import Wanted, settled
from rehearsal.mutants.score import Mutant, equivalent, score
from rehearsal.mutants.stage import SOURCES, plain

DIFF = "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n def f(x):\n-    return x < 1\n+    return x <= 1"


def mutant(status: str, file: str = "a.py") -> Mutant:
    noticed = status in ("killed", "timeout")
    return Mutant(f"{file}-{status}", file, status, "" if noticed else DIFF)


def test_a_change_that_no_test_even_runs_counts_as_missed() -> None:
    found = score([mutant(each) for each in ("killed", "timeout", "survived", "no tests")], {}, 9)
    assert [each.status for each in found.noticed] == ["killed", "timeout"]
    assert [each.status for each in found.missed] == ["survived", "no tests"]
    assert (
        found.line("guards")
        == "guards: 50.0 %, 4 of 9 tried, 2 noticed (1 by never ending), 2 missed, 0 change nothing"
    )


def test_an_equivalent_change_is_not_counted_and_only_in_its_own_file() -> None:
    known = {"a.py": {"return x <= 1": "x is never 1"}}
    found = score([mutant("killed"), mutant("survived"), mutant("survived", "b.py")], known, 3)
    assert ([each.file for each in found.equivalent], [each.file for each in found.missed]) == (
        ["a.py"],
        ["b.py"],
    )
    assert found.percent == 50


def test_what_was_noticed_is_not_tried_again_unless_its_file_was_changed() -> None:
    before = [mutant("killed"), mutant("survived"), mutant("killed", "b.py"), mutant("no tests", "b.py")]
    assert [each.name for each in settled(before, {"a.py"})] == ["a.py-killed"]


def test_a_seed_draws_the_same_sample_each_time() -> None:
    names = [f"m{n}" for n in range(9)]
    drawn = Wanted(sample=3, seed=7).of(names)
    assert (len(drawn), set(drawn) < set(names)) == (3, True)
    assert drawn == Wanted(sample=3, seed=7).of(names) != Wanted(sample=3, seed=8).of(names)
    assert Wanted(sample=20).of(names) == Wanted().of(names) == names


def test_every_change_that_was_missed_is_shown() -> None:
    listed = score([mutant("killed"), mutant("survived")], {}, 2).listed("guards")
    assert "a.py-survived: survived\n" + DIFF in listed
    assert "killed" not in listed


def test_properties_are_changed_like_everything_else() -> None:
    source = (
        "class A:\n    @property\n    def b(self):\n        return 1\n\n    @cached\n    def c(self): ...\n"
    )
    assert plain(source) == (
        "class A:\n    def b(self):\n        return 1\n    b = property(b)\n\n"
        "    @cached\n    def c(self): ...\n"
    )


def real(file: str) -> str:
    top, _, rest = file.partition("/")
    return f"{SOURCES[top]}/{rest}"


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_names_code_and_tests_that_exist(part: str) -> None:
    for pattern in PARTS[part].files:
        assert list(ROOT.glob(real(pattern))), pattern
    for path in PARTS[part].tests:
        assert (ROOT / path).exists(), path


def test_what_is_reported_to_change_nothing_is_code_of_a_part_and_says_why() -> None:
    for file, lines in equivalent().items():
        assert (ROOT / real(file)).exists(), file
        assert all(lines.values()), file


def test_the_console_offers_every_part() -> None:
    (offered, *_) = get_args(get_args(commands.Part)[0])
    assert get_args(offered) == tuple(PARTS)
