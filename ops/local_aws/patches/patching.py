"""The only way in which a patch replaces something private in ministack.

Private names may move with every release. A name that is gone or takes other
parameters stops the start with its name, instead of silently patching nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType
from typing import Any

MINISTACK = "1.5.33"

type Function = Callable[..., Any]


class PatchTargetMissingError(RuntimeError):
    """Ministack lacks the private name that a patch replaces."""


def check_version() -> None:
    """Refuse to run on a version whose private names were never checked."""
    found = version("ministack")
    if found != MINISTACK:
        raise PatchTargetMissingError(f"these patches are written for ministack {MINISTACK}, found {found}")


def swap(module: Any, name: str, parameters: str, new: Function) -> Function:
    """Put ``new`` in the place of ``module.name`` and return the old one."""
    old: Function | None = getattr(module, name, None)
    if not callable(old):
        raise PatchTargetMissingError(f"{module.__name__}.{name} is gone")
    found = " ".join(inspect.signature(old).parameters)
    if found != parameters:
        raise PatchTargetMissingError(f"{module.__name__}.{name} takes ({found}), not ({parameters})")
    setattr(module, name, new)
    return old


def need(module: ModuleType, *names: str) -> None:
    """Check that private names which a patch only reads are still there."""
    gone = [name for name in names if not hasattr(module, name)]
    if gone:
        raise PatchTargetMissingError(f"{module.__name__} has lost {', '.join(gone)}")
