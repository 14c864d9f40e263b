"""Where the sessions table's throughput ends: per table and index, for reads and for writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from responder.core.series import Series

MINUTE = 60
# Throttled though so little of what is provisioned was used in any minute: one key is too hot.
WELL_UNDER = 0.5


class Limit(StrEnum):
    """What DynamoDB says a request was throttled for (its four cause-specific metrics)."""

    KEY_RANGE = "key_range"
    PROVISIONED = "provisioned"
    ACCOUNT = "account"
    MAXIMUM = "maximum"


@dataclass(frozen=True, slots=True)
class PartLoad:
    """One kind (`read`, `write`) of one part: "" is the table, else an index's name.

    Attributes:
        throttled: throttle events a minute, over 1 h.
        consumed: units a minute, over 1 h.
        provisioned: units a second; 0 on demand.
        maximum: units a second that the owner capped on-demand at; None where uncapped.
        limits: throttle events of the last 15 min by the limit that DynamoDB named.
    """

    part: str
    kind: str
    throttled: Series = field(default_factory=Series)
    consumed: Series = field(default_factory=Series)
    provisioned: int = 0
    maximum: int | None = None
    limits: Mapping[Limit, float] = field(default_factory=dict)

    def events(self, start: datetime) -> float:
        """Throttle events since `start`."""
        return self.throttled.since(start).total

    def peak(self, start: datetime) -> float:
        """Units a second of the busiest minute since `start`."""
        return (self.consumed.since(start).peak or 0.0) / MINUTE

    def hot(self, start: datetime) -> bool:
        """One key takes it all: DynamoDB says so, or it throttled while most of the throughput lay idle."""
        if not self.events(start):
            return False
        named = sum(self.limits.values())
        if named:
            return self.limits.get(Limit.KEY_RANGE, 0.0) * 2 > named
        return bool(self.provisioned) and self.peak(start) < WELL_UNDER * self.provisioned


@dataclass(frozen=True, slots=True)
class TableCapacity:
    """The sessions table with all its parts. `billing` is PROVISIONED where AWS names none."""

    name: str
    billing: str
    parts: tuple[PartLoad, ...]

    @property
    def on_demand(self) -> bool:
        """Nothing is provisioned."""
        return self.billing == "PAY_PER_REQUEST"

    def throttled_minutes(self, start: datetime) -> int:
        """Minutes since `start` with at least one throttle event anywhere."""
        return len(
            {at for each in self.parts for at, value in each.throttled.since(start).points if value >= 1}
        )

    def throttled(self, start: datetime) -> tuple[PartLoad, ...]:
        """The parts with throttle events since `start`, the most first."""
        found = [each for each in self.parts if each.events(start)]
        return tuple(sorted(found, key=lambda each: -each.events(start)))
