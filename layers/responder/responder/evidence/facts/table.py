"""What is known of the sessions table."""

from collections.abc import Mapping
from dataclasses import dataclass

# DynamoDB answers within milliseconds; half a second on average is DynamoDB's own doing.
SLOW_SECONDS = 0.5
_ANSWERS = frozenset({"ACTIVE", "UPDATING"})


@dataclass(frozen=True, slots=True)
class IndexThroughput:
    """Provisioned units per second; 0 on demand. `status` as DescribeTable says."""

    read: int
    write: int
    status: str

    @property
    def usable(self) -> bool:
        """It answers requests, also while it is being changed."""
        return self.status in _ANSWERS


@dataclass(frozen=True, slots=True)
class TableState:
    """The sessions table. `billing` is PROVISIONED where AWS names none (never switched).

    `absent`: AWS says that there is no such table.
    """

    name: str
    billing: str
    status: str
    throughput: IndexThroughput
    indexes: Mapping[str, IndexThroughput]
    absent: bool = False

    @property
    def usable(self) -> bool:
        """It answers requests, also while it is being changed."""
        return not self.absent and self.status in _ANSWERS


@dataclass(frozen=True, slots=True)
class TableLoad:
    """One-minute figures of the last 15 min. Keys: "" for the table, an index by its name.

    `throttled_minutes`: minutes with at least one throttle event. `consumed` is the highest
    minute's units per second; `latency` in seconds, averaged per operation.
    `hour`: throttle events of the last hour, of table and indexes together.
    """

    throttles: Mapping[str, float]
    throttled_minutes: int
    consumed_read: Mapping[str, float]
    consumed_write: Mapping[str, float]
    latency: Mapping[str, float]
    system_errors: float
    hour: float = 0.0

    @property
    def slowest(self) -> float | None:
        """Seconds of the slowest operation; None where nothing was measured."""
        return max(self.latency.values(), default=None)

    @property
    def slow(self) -> bool:
        """It keeps requests waiting, without throttling them."""
        return bool(self.system_errors) or (self.slowest or 0.0) >= SLOW_SECONDS
