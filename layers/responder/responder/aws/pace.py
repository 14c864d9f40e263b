"""Not to be turned away for a rate: a request waits for its place in place of being refused."""

import math
import time
from collections.abc import Callable
from threading import Lock


class Pace:
    """`rate` requests a second, and a burst of `most` after a pause."""

    def __init__(
        self,
        rate: float,
        most: float = 1,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`clock` gives seconds; `pause` waits so many of them."""
        self._rate, self._most, self._clock, self._pause = rate, most, clock, pause
        self._left, self._at = most, clock()
        self._lock = Lock()

    def wait(self, kept: float = 0, longest: float = math.inf) -> None:
        """Until one more may be sent and so many are `kept` for others, but no longer than so many seconds;
        what waits is sent in its order."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._at) * self._rate) - 1
            self._at = now
            due = (kept - self._left) / self._rate
        if due > 0:
            self._pause(min(due, longest))
