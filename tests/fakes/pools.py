"""Pools whose tasks are done when they are handed in: the fakes have nothing to wait for."""

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import cache
from types import ModuleType


class AtOnce(Executor):
    """Takes the place of a `ThreadPoolExecutor`: no threads, and always the same order."""

    def __init__(self, max_workers: int | None = None) -> None:
        pass

    def submit[**P, T](self, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(task(*given, **named))
        except BaseException as error:
            future.set_exception(error)
        return future


def with_pools() -> tuple[ModuleType, ...]:
    """The modules of the library, among those imported so far, that do things side by side."""
    return _with_pools(len(sys.modules))


@cache
def _with_pools(_: int) -> tuple[ModuleType, ...]:
    ours = [module for name, module in tuple(sys.modules.items()) if name.startswith("responder.")]
    return tuple(each for each in ours if vars(each).get("ThreadPoolExecutor") is ThreadPoolExecutor)
