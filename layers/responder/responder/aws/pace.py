"""Not to be turned away for a rate: a request waits for its place in place of being refused."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Pace:
    """`rate` requests a second, and `most` at once after a rest."""

    rate: float
    most: float = 1
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _left: float = field(init=False)
    _at: float = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._left, self._at = self.most, self.clock()

    def wait(self, kept: float = 0, longest: float = math.inf) -> None:
        """Until one more may be sent and so many are `kept` for others, but no longer than so many seconds;
        what waits is sent in its order."""
        with self._lock:
            now = self.clock()
            self._left = min(self.most, self._left + (now - self._at) * self.rate) - 1
            self._at = now
            due = (kept - self._left) / self.rate
        if due > 0:
            self.pause(min(due, longest))
