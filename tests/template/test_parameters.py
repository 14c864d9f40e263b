"""Every parameter is described, grouped and documented in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from liveness_ops.template_tools.load import ROOT, template

pytestmark = pytest.mark.template

PAGE = ROOT / "docs" / "parameters.md"
PARAMETERS = template()["Parameters"]
LONGEST = 110

# Of a table of parameters; other tables begin with paths.
_ROW = re.compile(r"\| `[A-Za-z0-9]+` \|")


def rows(page: Path = PAGE) -> dict[str, list[str]]:
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if _ROW.match(line)]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {first.strip("`"): rest for first, *rest in cells}


@pytest.mark.parametrize("name", PARAMETERS)
def test_is_described_in_one_line(name: str) -> None:
    description = PARAMETERS[name]["Description"]
    assert "\n" not in description
    assert 0 < len(description) <= LONGEST


def test_each_is_in_one_group_and_in_that_order(template: dict[str, Any]) -> None:
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert [name for group in groups for name in group["Parameters"]] == list(PARAMETERS)


def test_the_page_tells_of_each_and_of_no_other() -> None:
    assert list(rows()) == list(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_page_says_what_the_template_says(name: str) -> None:
    default, english, japanese = rows()[name]
    given = PARAMETERS[name].get("Default")
    assert default == ("**none**" if given is None else f"`{given}`" if given != "" else "(empty)")
    assert english == PARAMETERS[name]["Description"]
    assert re.search("[ぁ-んァ-ン一-龥]", japanese)


@pytest.mark.parametrize("name", PARAMETERS)
def test_is_used(name: str) -> None:
    source = (ROOT / "template.yaml").read_text(encoding="utf-8").split("\nConditions:\n", 1)[1]
    assert re.search(rf"(!Ref {name}\b|\$\{{{name}\}})", source)
