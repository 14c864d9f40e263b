"""Look at everything side by side, each look with its own time and all under one deadline."""

import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from responder.errors import Defect, ResponderError, Unreachable
from responder.shell.log import log

LOOK_SECONDS = 3.0
ALL_SECONDS = 8.0
_TICK_SECONDS = 0.05


@dataclass(slots=True)
class _Timed:
    """A look that knows when it began: waiting for a thread is not its fault."""

    ask: Callable[[], Any]
    most: float
    began: float | None = field(default=None)

    def __call__(self) -> Any:
        self.began = time.monotonic()
        return self.ask()

    def late(self, now: float) -> bool:
        return self.began is not None and now - self.began > self.most


def side_by_side(
    asks: Mapping[str, Callable[[], Any]], seconds: float = ALL_SECONDS, each: float = LOOK_SECONDS
) -> dict[str, Any]:
    """The answer of every ask by its name, or the error of ours it ended with.

    `each`: how long one of them may take; `seconds`: all of them together.

    An ask that is not done in time is `Unreachable`; its thread is left to end by itself. One that
    dies of a mistake of ours is a `Defect`: the others still count, and its absence fails closed.
    """
    pool = ThreadPoolExecutor(max_workers=max(1, len(asks)))
    tasks = {name: _Timed(ask, each) for name, ask in asks.items()}
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
        # Never the exception's text: what we failed to read may stand in it.
        log().error("a look died", extra={"look": name, "kind": type(error).__name__, "at": _where(error)})
        return Defect(type(error).__name__)


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"
