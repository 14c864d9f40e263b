"""Threads in virtual time: one runs at a time, and time passes only while all of them wait."""

import heapq
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from threading import Event, Semaphore, Thread


class VirtualTime:
    """`run` plays what was spawned to its end. What is random in it is decided in the same order each
    time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, Event]] = []
        self._numbers = count()
        self._back = Semaphore(0)

    def clock(self) -> float:
        """Seconds since the beginning."""
        return self.now

    def pause(self, seconds: float) -> None:
        """In a separate thread: others continue for so long."""
        due = self._due(seconds)
        self._back.release()
        due.wait()

    def spawn(self, work: Callable[[], None], after: float = 0) -> None:
        """Begin this in so many seconds."""
        begins = self._due(after)

        def whole() -> None:
            begins.wait()
            try:
                work()
            finally:
                self._back.release()

        Thread(target=whole, daemon=True).start()

    def together(self, works: Iterable[Callable[[], None]]) -> None:
        """In a separate thread: all of them in parallel, until the last has ended."""
        left = list(works)
        ended = Event()

        def one(work: Callable[[], None]) -> None:
            work()
            left.pop()
            if not left:
                heapq.heappush(self._waiting, (self.now, next(self._numbers), ended))

        for each in tuple(left):
            self.spawn(partial(one, each))
        self._back.release()
        ended.wait()

    def run(self) -> None:
        """Until nothing waits."""
        while self._waiting:
            self.now, _, due = heapq.heappop(self._waiting)
            due.set()
            self._back.acquire()

    def _due(self, seconds: float) -> Event:
        event = Event()
        heapq.heappush(self._waiting, (self.now + seconds, next(self._numbers), event))
        return event
