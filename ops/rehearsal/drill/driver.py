"""What happens while incidents are followed, on a clock that is set or the machine's own."""

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Protocol

from local_aws.client import LocalAws


class Clock(Protocol):
    """The time of what is driven."""

    @property
    def now(self) -> datetime:
        """In UTC."""
        ...

    def move(self, to: datetime) -> None:
        """Be at that time; not earlier than now."""
        ...


class WallClock:
    """The machine's own, which is waited for."""

    @property
    def now(self) -> datetime:
        """In UTC."""
        return datetime.now(UTC)

    def move(self, to: datetime) -> None:
        """Wait until then."""
        time.sleep(max((to - self.now).total_seconds(), 0))


@dataclass
class SetClock:
    """That of a local AWS, which is set: nothing is waited for."""

    aws: LocalAws
    now: datetime

    def move(self, to: datetime) -> None:
        """Set it."""
        self.now = max(self.now, to)
        self.aws.move_clock(self.now)


@dataclass
class Driver:
    """What is to happen, the earliest first; of the same time, in the order in which it was planned.

    Attributes:
        settle: called after whatever happened.
        until: when the script ends, if it does.
    """

    clock: Clock
    settle: Callable[[], object] = lambda: None
    until: datetime | None = None
    _planned: list[tuple[datetime, int, Callable[[], object] | None]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, do: Callable[[], object] | None = None) -> None:
        """Plan it; None: something that was begun earlier ends then."""
        heapq.heappush(self._planned, (moment, next(self._order), do))

    def reach(self, now: datetime, *, did: bool = False) -> float | None:
        """Everything happens until then, and what that plans until then; see `Reach`."""
        if did:
            self.settle()
        while self._planned and self._planned[0][0] <= now:
            at, _, do = heapq.heappop(self._planned)
            if do is not None:
                self.clock.move(at)
                do()
                self.settle()
        self.clock.move(now)
        if self.until and self.clock.now > self.until:
            return None
        return (self._planned[0][0] - self.clock.now).total_seconds() if self._planned else 0
