"""Gather evidence in parallel, each kind with its own time limit and all under one deadline."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from responder.aws.turn import Turn
from responder.core.context import Context, Gateway, reads
from responder.core.errors import Defect, ResponderError, Throttled, Unreachable
from responder.core.log import defect, log
from responder.core.retry import again

LOOK_SECONDS = 3.0
ALL_SECONDS = 8.0
_TICK_SECONDS = 0.05
# How often, at most, the turn is checked.
_TURN_SECONDS = 0.25
# How the services name the place where the next page begins: in an answer, and in a request.
_PLACES = {
    "nextToken": "nextToken",
    "NextToken": "NextToken",
    "NextMarker": "Marker",
    "Marker": "Marker",
    "LastEvaluatedKey": "ExclusiveStartKey",
}


def place_after(page: Mapping[str, Any]) -> dict[str, Any]:
    """The argument that asks for the page after this one; {} after the last."""
    return {place: page[name] for name, place in _PLACES.items() if page.get(name)}


@dataclass(slots=True)
class RetryingGateway:
    """A `Gateway` that looks read through. What AWS turns away for its rate, each page of a list for itself,
    is asked again until `seconds` after it was made. `turn`: only while it is this one's.

    Attributes:
        turned_away: that has happened, so that a look may take longer.
    """

    aws: Gateway
    seconds: float = ALL_SECONDS
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    turn: Turn | None = None
    turned_away: bool = False
    _until: float = field(init=False)
    _may: bool = False
    _found: float = field(init=False, default=-math.inf)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._until = self.clock() + self.seconds

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """As of a `Gateway`; what writes is sent once."""
        if not reads(operation):
            return self.aws.call(service, operation, **arguments)
        return self._asked(lambda: self.aws.call(service, operation, **arguments))

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """As of a `Gateway`."""
        read: Iterator[dict[str, Any]] | None = None
        following: dict[str, Any] = {}

        def page() -> dict[str, Any] | None:
            nonlocal read
            read = read or self.aws.pages(service, operation, **{**arguments, **following})
            try:
                return next(read, None)
            except Throttled:
                # Pages that were read are not requested again.
                read = None
                raise

        found = self._asked(page)
        while found is not None:
            yield found
            following = place_after(found)
            found = self._asked(page) if following else next(read, None) if read else None

    def _asked[T](self, ask: Callable[[], T]) -> T:
        def once() -> T:
            try:
                return ask()
            except Throttled:
                self.turned_away = True
                raise

        return again(once, self._until, self.clock, self.pause, self._turn)

    def _turn(self) -> bool:
        with self._lock:
            turn, now = self.turn, self.clock()
            due = now - self._found >= _TURN_SECONDS
            self._found = now if due else self._found
        if turn is None:
            return True
        if due:
            self._may = turn.take()
        return self._may

    def done(self) -> None:
        """No more is read: the turn passes to the next one."""
        with self._lock:
            turn, self.turn, self._until = self.turn, None, -math.inf
        if turn is not None:
            turn.leave()


def impatient(aws: Gateway) -> Gateway:
    """The gateway that a `RetryingGateway` asks; any other is itself."""
    return aws.aws if isinstance(aws, RetryingGateway) else aws


def patient(context: Context, seconds: float = ALL_SECONDS) -> Context:
    """The context in which reads are asked again from now on, for so many seconds."""
    return replace(context, aws=RetryingGateway(impatient(context.aws), seconds))


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


def side_by_side(
    asks: Mapping[str, Callable[[], Any]],
    seconds: float = ALL_SECONDS,
    each: float = LOOK_SECONDS,
    *,
    through: Gateway | None = None,
) -> dict[str, Any]:
    """The answer of every ask by its name, or the error of the responder's tree it ended with.

    `each`: how long one of them may take; `seconds`: all of them together, and each of them where `through`,
    which they ask AWS through, is a `RetryingGateway` that was turned away.

    An ask that is not done in time is `Unreachable`; its thread is left running. One that
    fails because of a bug is a `Defect`: the others still count, and its absence fails closed.
    """
    pool = ThreadPoolExecutor(max_workers=max(1, len(asks)))
    most = lambda: seconds if isinstance(through, RetryingGateway) and through.turned_away else each  # noqa: E731
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
