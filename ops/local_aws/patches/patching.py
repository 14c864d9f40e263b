"""The only way in which a patch replaces something private in ministack.

Private names may move with every release. A name that is gone or takes other
parameters stops the start with its name, instead of silently patching nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
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
    """Put ``new`` in the place of ``module.name``, also in the module's tables; return the old one."""
    old: Function | None = getattr(module, name, None)
    if not callable(old):
        raise PatchTargetMissingError(f"{module.__name__}.{name} is gone")
    found = " ".join(inspect.signature(old).parameters)
    if found != parameters:
        raise PatchTargetMissingError(f"{module.__name__}.{name} takes ({found}), not ({parameters})")
    _exchange(module, name, old, new)
    return old


def wrap(module: Any, name: str, parameters: str, new: Function) -> None:
    """Put ``new`` around ``module.name``, which it gets before the parameters."""
    _exchange(module, name, new, partial(new, swap(module, name, parameters, new)))


def _exchange(module: Any, name: str, old: Function, new: Function) -> None:
    setattr(module, name, new)
    for table in list(vars(module).values()):
        _in_table(table, old, new)


def _in_table(table: Any, old: Function, new: Function) -> None:
    for key, value in table.items() if type(table) is dict else ():
        if value is old:
            table[key] = new
        _in_table(value, old, new)


def need(module: ModuleType, *names: str) -> None:
    """Check that private names which a patch only reads are still there."""
    gone = [name for name in names if not hasattr(module, name)]
    if gone:
        raise PatchTargetMissingError(f"{module.__name__} has lost {', '.join(gone)}")
