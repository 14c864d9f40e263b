"""Every command that a check proposes in these tests is checked, whatever the test is about."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from responder.checks.finding import CheckItem
from responder.checks.model import CheckSection

# What deletes, detaches, shortens or overwrites; not what only adds (a backup, encryption, a permission).
_CHANGES = re.compile(
    r"aws \S+ (?:(?:delete|detach|remove)-\S+|update-(?!continuous-backups)\S+"
    r"|put-(?:\S*policy|bucket-lifecycle-configuration|public-access-block|function-concurrency|metric-alarm))"
)
_ADDS = "--sse-specification Enabled=true"
# A new alarm takes nothing away; that there is none is asked first.
_NEW = "= null ]"


def unguarded(item: CheckItem) -> str:
    """What is missing with the command of an item; "" where nothing is."""
    for found in _CHANGES.finditer(item.command):
        if item.command.endswith(_ADDS):
            continue
        if not item.command[: found.start()].endswith("]; then "):
            return f"{item.said.key}: carries no state it was made for: {item.command}"
        if item.caution is None and _NEW not in item.command:
            return f"{item.said.key}: no caution: {item.command}"
    if "sam deploy" in item.command and item.caution is None:
        return f"{item.said.key}: no caution: {item.command}"
    return ""


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Commands that take something away have a caution and are refused once their target changed."""
    found: list[str] = []
    make = CheckItem.__init__

    def init(self: CheckItem, *args: Any, **given: Any) -> None:
        make(self, *args, **given)
        if missing := unguarded(self):
            found.append(missing)

    monkeypatch.setattr(CheckItem, "__init__", init)
    yield
    # How messages look is tested with made-up commands.
    if not request.module.__name__.rpartition(".")[2].startswith("test_check_"):
        assert found == []


@pytest.fixture(autouse=True)
def named_apart(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """No two findings of a section share an id, whatever a check finds in any of these tests."""
    twice: set[str] = set()
    make = CheckSection.__init__

    def init(self: CheckSection, *args: Any, **given: Any) -> None:
        make(self, *args, **given)
        counted = Counter(each.identity.within(self.name) for each in self.items)
        twice.update(name for name, count in counted.items() if count > 1)

    monkeypatch.setattr(CheckSection, "__init__", init)
    yield
    if not request.module.__name__.rpartition(".")[2].startswith("test_check_"):
        assert twice == set()
