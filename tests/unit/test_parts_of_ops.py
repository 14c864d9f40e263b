"""Each part of ops names the packages that it imports; the console needs no other part."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = sorted(path.parent.name for path in (ROOT / "ops").glob("*/pyproject.toml"))
# Of this repository, and the distribution that brings each along.
OURS = {
    "liveness_ops": "liveness-ops",
    **dict.fromkeys(("responder", "alarms", "checks", "follow_up"), "liveness-ops"),
    "local_aws": "liveness-local-aws",
    "rehearsal": "liveness-rehearsal",
}
# The build backend; fakes of the tests, in a checkout; what only the server's environment has.
ELSEWHERE = {
    "rehearsal": {"tests"},
    "local_aws": {"ministack"},
    # What makes the texts is beside the library, in the layer's folder.
    "liveness_ops": {"hatchling", "compile_texts"},
}


def named(part: str) -> set[str]:
    """The distributions that its pyproject.toml names, as they are compared."""
    about = tomllib.loads((ROOT / "ops" / part / "pyproject.toml").read_text("utf-8"))
    groups = about.get("dependency-groups", {}).values()
    asked = [*about["project"]["dependencies"], *(each for group in groups for each in group)]
    return {about["project"]["name"], *(plain(re.split(r"[<>=\[]", each)[0]) for each in asked)}


def plain(name: str) -> str:
    return name.lower().replace("_", "-")


def imported(part: str) -> set[str]:
    """Top-level packages."""
    found = set[str]()
    for path in (ROOT / "ops" / part).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found |= {each.name for each in node.names}
    return {name.partition(".")[0] for name in found} - sys.stdlib_module_names


def test_ops_has_three_parts() -> None:
    assert PARTS == ["liveness_ops", "local_aws", "rehearsal"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_names_what_it_imports(part: str) -> None:
    found = dict(packages_distributions()) | {name: [of] for name, of in OURS.items()}
    names = {each: found.get(each, [each]) for each in imported(part) - ELSEWHERE[part]}
    missing = {each for each, of in names.items() if not {*map(plain, of)} & named(part)}
    assert missing == set()


def test_the_console_names_no_other_part() -> None:
    assert not {"liveness-rehearsal", "liveness-local-aws"} & named("liveness_ops")


def test_all_parts_have_the_newest_version_of_the_changelog() -> None:
    newest = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[
        0
    ]
    versions = {
        part: tomllib.loads((ROOT / "ops" / part / "pyproject.toml").read_text("utf-8"))["project"]["version"]
        for part in PARTS
    }
    assert versions == dict.fromkeys(PARTS, newest)
