"""The patches of the local AWS, imported without ministack, which only its own environment has."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from unittest.mock import MagicMock

import pytest

_MINISTACK = (
    "", ".core", ".core.iam_actions", ".core.iam_evaluator", ".core.lambda_runtime", ".core.responses",
    ".core.router", ".services", ".services.cloudformation",
)  # fmt: skip


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """The patch of this name, beside a ministack whose names mean nothing."""
    for name in _MINISTACK:
        monkeypatch.setitem(sys.modules, f"ministack{name}", MagicMock())
    mine = {name for name in sys.modules if name.startswith("local_aws.patches.")}
    yield lambda name: import_module(f"local_aws.patches.{name}")
    for name in [each for each in sys.modules if each.startswith("local_aws.patches.")]:
        if name not in mine:
            # The fixture would put it back.
            del sys.modules[name]
