"""A score as the value of a variable: `90.0` and `90` are the same, and each function keeps its spelling."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from responder.change import Change, Status
from responder.explained import Explained
from responder.obstacle import Obstacle
from responder.remedies._functions import FunctionNow
from responder.remedies._managed import Variable


@dataclass(frozen=True, slots=True)
class Threshold(Variable):
    """A variable that is compared as a number."""

    def meets(self, value: str, wanted: str) -> bool:
        """Nothing need be done. What is no number meets nothing."""
        found = number(value)
        return found is not None and found == number(wanted)

    def same(self, value: str | None, other: str) -> bool:
        """`85` and `85.0` are one score."""
        return value == other or (value is not None and self.meets(value, other))


def number(value: str) -> float | None:
    """None for what is no finite number."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def written(value: float, like: str) -> str:
    """With as many decimals as the value it replaces, or as many as it takes: 85.0 like `90` is `85`."""
    exact = Decimal(repr(value))
    plain = like.strip()
    places = len(plain.partition(".")[2]) if plain.replace(".", "", 1).isdecimal() else 1
    shown = f"{exact:.{places}f}"
    return shown if Decimal(shown) == exact else str(exact)


def as_written(
    changes: tuple[Change, ...], read: Mapping[str, FunctionNow], managed: Threshold, wanted: float
) -> tuple[Change, ...]:
    """What is to be set, spelled as each function has it; a value that is as wanted stays as it is."""

    def one(change: Change) -> Change:
        latest = managed.value(read[change.target].configuration) or ""
        meets = managed.meets(latest, str(wanted))
        return replace(change, after=latest if meets else written(wanted, latest))

    return tuple(one(change) if change.status is Status.PLANNED else change for change in changes)


def against(changes: tuple[Change, ...], wanted: float) -> tuple[Explained[Obstacle], ...]:
    """Present values that `wanted` would not lower."""
    open_ = (change for change in changes if change.status is Status.PLANNED)
    return tuple(reason for change in open_ if (reason := _against(change, wanted)) is not None)


def _against(change: Change, wanted: float) -> Explained[Obstacle] | None:
    now = number(change.before)
    if now is None:
        return Obstacle.THRESHOLD_UNREADABLE(target=change.target, setting=change.setting)
    if 0 < wanted < now:
        return None
    return Obstacle.THRESHOLD_NOT_LOWER(target=change.target, now=change.before, wanted=str(wanted))
