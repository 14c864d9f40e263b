"""Not to be turned away for a rate: a request waits for its place in place of being refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Pace:
    """`rate` requests a second, and `most` at once after a rest. `kept`: so many of them are left for
    requests that cannot wait."""

    rate: float
    most: float = 1
    kept: float = 0
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _left: float = field(init=False)
    _at: float = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._left, self._at = self.most, self.clock()

    def wait(self) -> None:
        """Until one more may be sent; what waits is sent in its order."""
        due = (self.kept - self.count()) / self.rate
        if due > 0:
            self.pause(due)

    def count(self) -> float:
        """One is sent now, whatever is left; what is left then, below 0 where that is nothing."""
        with self._lock:
            now = self.clock()
            self._left = min(self.most, self._left + (now - self._at) * self.rate) - 1
            self._at = now
            return self._left
