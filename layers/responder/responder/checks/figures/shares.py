"""Rates and means that say out of how many. Pure."""

from dataclasses import dataclass
from math import sqrt

from responder.core.text import Text, text

# Below this a rate says nothing (design, remedy rollout_to_zero, takes the same number).
ENOUGH = 20
ENOUGH_FOR_A_MEAN = 5
_SURE = 1.96


def decimals(number: float) -> str:
    """At most two of them: 94.96 must not read like the 95 that it misses."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


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

    @property
    def shown(self) -> Text:
        """`96.7 % (of 300)`."""
        if self.percent is None:
            return text("checks.none")
        key = "checks.share" if self.enough else "checks.share.few"
        return text(key, percent=decimals(self.percent), samples=round(self.of))

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
    """The mean of `samples` values that add up to `total`; `unit` is a key: `points` or `seconds`."""

    total: float
    samples: float
    unit: str

    @property
    def value(self) -> float | None:
        """None of nothing."""
        return self.total / self.samples if self.samples > 0 else None

    @property
    def enough(self) -> bool:
        """There are enough samples to judge by."""
        return self.samples >= ENOUGH_FOR_A_MEAN

    @property
    def shown(self) -> Text:
        """`97.1 (300 values)`."""
        if self.value is None:
            return text("checks.none")
        key = f"checks.mean.{self.unit}" if self.enough else f"checks.mean.{self.unit}.few"
        return text(key, value=decimals(self.value), samples=round(self.samples))
