"""Nothing is pinned that is not used: each direct dependency is imported, called or configured."""

import re
import tomllib
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CONFIGURATION = MAKEFILE + "".join(
    (ROOT / name).read_text("utf-8")
    for name in (*("pyproject.toml", "ops/liveness_ops/pyproject.toml", "ops/local_aws/launcher.py"),)
)
# What is neither imported nor called by its own name, and the line that needs it.
CONFIGURED = {
    "aws-sam-cli": "SAM := .venvs/sam/bin/sam",
    "httptools": 'http="httptools"',
    "uvloop": 'loop="uvloop"',
    "hatchling": 'build-backend = "hatchling.build"',
    "mutmut": "$(BIN))/mutmut run",
    "pytest-timeout": "timeout = 120",
    "pytest-xdist": "$(BIN)/pytest -n ",
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)


def declared() -> dict[str, list[str]]:
    """By file and group, the names of its direct dependencies."""
    lines: dict[str, list[Any]] = {
        str(path.relative_to(ROOT)): path.read_text("utf-8").splitlines()
        for path in files("requirements*.in")
    }
    for path in files("pyproject.toml"):
        found = tomllib.loads(path.read_text("utf-8"))
        groups = {
            "build": found.get("build-system", {}).get("requires", []),
            "project": found.get("project", {}).get("dependencies", []),
            **found.get("project", {}).get("optional-dependencies", {}),
            **found.get("dependency-groups", {}),
        }
        lines |= {f"{path.relative_to(ROOT)} {name}": group for name, group in groups.items()}
    names = {
        where: [NAME.match(line) for line in found if isinstance(line, str)] for where, found in lines.items()
    }
    return {where: [one[0].lower() for one in found if one] for where, found in names.items()}


def files(pattern: str) -> list[Path]:
    """Not in the environments and caches, whose names begin with a dot."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return [*ROOT.glob(pattern), *(path for folder in folders for path in folder.rglob(pattern))]


@cache
def imported() -> set[str]:
    return {
        name
        for folder in ("layers/responder", "functions", "ops", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for name in IMPORT.findall(path.read_text("utf-8"))
    }


@cache
def modules_by_package() -> dict[str, set[str]]:
    # An editable installation does not say which modules it has.
    found: dict[str, set[str]] = {"liveness-local-aws": {"local_aws"}}
    for module, names in packages_distributions().items():
        for name in names:
            found.setdefault(name.lower(), set()).add(module)
    return found


def used(name: str) -> bool:
    """Types without code are used with the package that they describe."""
    if whole := re.fullmatch(r"types-(.+)|(.+)-stubs", name):
        return used(whole[1] or whole[2])
    modules = modules_by_package().get(name, {name.replace("-", "_")})
    commands = {name}
    # Some are in another environment.
    with suppress(PackageNotFoundError):
        commands |= {each.name for each in distribution(name).entry_points if each.group == "console_scripts"}
    called = rf"(?:/|-m )(?:{'|'.join(map(re.escape, sorted(commands)))})\b"
    configured = name in CONFIGURED and CONFIGURED[name] in CONFIGURATION
    return configured or not modules.isdisjoint(imported()) or re.search(called, MAKEFILE) is not None


def test_every_direct_dependency_is_used() -> None:
    found = declared()
    assert {
        "requirements-dev.in",
        "requirements-scan.in",
        "layers/responder/requirements.in",
        "ops/liveness_ops/pyproject.toml project",
    } <= {*found}
    unused = {where: [name for name in names if not used(name)] for where, names in found.items()}
    assert {where: names for where, names in unused.items() if names} == {}


@pytest.mark.parametrize("name", ["leftpad", "types-leftpad", "pytest-leftpad"])
def test_a_package_that_nothing_names_is_unused(name: str) -> None:
    assert not used(name)


def test_actions_of_the_workflows_are_pinned_by_commit() -> None:
    named = [
        line.strip()
        for path in (ROOT / ".github" / "workflows").glob("*.yaml")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\buses:", line)
    ]
    assert named
    assert [
        line for line in named if not re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)
    ] == []
