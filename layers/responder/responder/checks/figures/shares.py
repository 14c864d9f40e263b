"""Rates and means that say out of how many. Pure."""

from dataclasses import dataclass
from math import sqrt

# Below this a rate says nothing (design, remedy rollout_to_zero, takes the same number).
ENOUGH = 20
ENOUGH_FOR_A_MEAN = 5
_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`. Metrics that lag behind each other never make more than all."""

    count: float
    of: float

    @property
    def percent(self) -> float | None:
        """0 to 100; None of nothing."""
        return min(100.0, 100 * self.count / self.of) if self.of > 0 else None

    @property
    def enough(self) -> bool:
        """There are enough samples to judge by."""
        return self.of >= ENOUGH

    @property
    def drawn(self) -> float | None:
        """The percentage for a chart: one out of one is no point of a line."""
        return self.percent if self.of >= ENOUGH_FOR_A_MEAN else None

    def bounds(self) -> tuple[float, float]:
        """Between which percentages the true rate lies with 95 % confidence (Wilson); all, of nothing."""
        if self.of <= 0:
            return 0.0, 100.0
        rate, square = min(1.0, self.count / self.of), _SURE**2
        middle = rate + square / (2 * self.of)
        width = _SURE * sqrt(rate * (1 - rate) / self.of + square / (4 * self.of**2))
        whole = 1 + square / self.of
        return max(0.0, 100 * (middle - width) / whole), min(100.0, 100 * (middle + width) / whole)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `samples` values that add up to `total`."""

    total: float
    samples: float

    @property
    def value(self) -> float | None:
        """None of nothing."""
        return self.total / self.samples if self.samples > 0 else None

    @property
    def enough(self) -> bool:
        """There are enough samples to judge by."""
        return self.samples >= ENOUGH_FOR_A_MEAN
