"""Pools whose tasks are done when they are handed in: the fakes have nothing to wait for."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures._base import FINISHED
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Condition
from types import ModuleType
from typing import Any

import responder


class AtOnce(Executor):
    """Takes the place of a `ThreadPoolExecutor`: no threads, and always the same order."""

    def __init__(self, max_workers: int | None = None) -> None:
        pass

    def submit[**P, T](self, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        try:
            return _Ended(task(*given, **named))
        except BaseException as error:
            return _Ended(None, error)


class _Ended(Future[Any]):
    """What is over already, so that nothing waits for it: one condition for all of them."""

    _shared = Condition()

    def __init__(self, result: Any, error: BaseException | None = None) -> None:
        self._condition, self._state = self._shared, FINISHED
        self._result, self._exception = result, error
        self._waiters: list[Any] = []
        self._done_callbacks: list[Any] = []

    def done(self) -> bool:
        return True

    def result(self, timeout: float | None = None) -> Any:
        if self._exception is not None:
            raise self._exception
        return self._result


@cache
def with_pools() -> tuple[ModuleType, ...]:
    """The modules of the library that do things side by side, imported."""
    (root,) = responder.__path__
    users = (each for each in Path(root).rglob("*.py") if "ThreadPoolExecutor" in each.read_text())
    names = (each.relative_to(root).with_suffix("").parts for each in sorted(users))
    return tuple(import_module(".".join((responder.__name__, *parts))) for parts in names)
