"""Gather evidence in parallel, each kind with its own time limit and all under one deadline."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from responder.aws.gateway import ALL_SECONDS, LOOK_SECONDS
from responder.core.context import Gateway, turned_away
from responder.core.errors import Defect, ResponderError, Unreachable
from responder.core.log import defect, log
from responder.core.plain_data import Json

_TICK_SECONDS = 0.05


@dataclass(slots=True)
class _Timed:
    """A look whose time counts from its own start, not from when it began to wait for a thread."""

    ask: Callable[[], Any]
    most: Callable[[], float]
    began: float | None = field(default=None)

    def __call__(self) -> Any:
        self.began = time.monotonic()
        return self.ask()

    def late(self, now: float) -> bool:
        return self.began is not None and now - self.began > self.most()


# Calls by name, which are made side by side.
type Questions = dict[str, Callable[[], Any]]


def side_by_side(
    asks: Mapping[str, Callable[[], Any]],
    seconds: float = ALL_SECONDS,
    each: float = LOOK_SECONDS,
    *,
    through: Gateway | None = None,
) -> Json:
    """The answer of every ask by its name, or the error of the responder's tree it ended with.

    `each`: how long one of them may take; `seconds`: all of them together, and each of them where `through`,
    which they ask AWS through, was turned away for its rate.

    An ask that is not done in time is `Unreachable`; its thread is left running. One that
    fails because of a bug is a `Defect`: the others still count, and its absence fails closed.
    """
    pool = ThreadPoolExecutor(max_workers=max(1, len(asks)))
    most = lambda: seconds if turned_away(through) else each  # noqa: E731
    tasks = {name: _Timed(ask, most) for name, ask in asks.items()}
    futures = {name: pool.submit(task) for name, task in tasks.items()}
    _wait(futures, tasks, seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return {name: _answer(name, future) for name, future in futures.items()}


def _wait(futures: Mapping[str, Future[Any]], tasks: Mapping[str, _Timed], seconds: float) -> None:
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        pending = [
            future for name, future in futures.items() if not future.done() and not tasks[name].late(now)
        ]
        if not pending:
            return
        wait(pending, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)


def _answer(name: str, future: Future[Any]) -> Any:
    if not future.done():
        return Unreachable("look", name, "TimedOut")
    try:
        return future.result()
    except ResponderError as error:
        return error
    except Exception as error:
        log().error("a look died", extra={"look": name, **defect(error)})
        return Defect(type(error).__name__)
