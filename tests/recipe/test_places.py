"""What the recipes name still exists. Carrying them out takes minutes: `make recipe`."""

import re

from tests.recipe.copies import ROOT, Edit
from tests.recipe.test_recipe import ALARM, FORGOTTEN, REMEDY


def test_each_place_that_a_recipe_edits_exists() -> None:
    edits = [each for each in (*ALARM, *REMEDY) if isinstance(each, Edit)]
    assert [each for each in edits if each.mark not in (ROOT / each.path).read_text(encoding="utf-8")] == []


def test_each_test_that_reports_what_was_forgotten_exists() -> None:
    named = [test.partition("::") for _, test in FORGOTTEN.values() if "::" in test]
    assert named
    for path, _, test in named:
        name, _, row = test.partition("[")
        written = (ROOT / path).read_text(encoding="utf-8")
        found = re.search(rf"((?:^@.+\n)*)^def {name}\(", written, re.MULTILINE)
        assert found, f"{path} has no {name}"
        assert ("parametrize" in found[1]) == bool(row), test
