"""Scales of a chart: round values up the side, round times along the bottom."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from responder.messages.language import JST, number

_STEPS = (1, 2, 5, 10)
_MINUTES = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
_MOST_TICKS = 7
_LARGEST = 1e300
# Pixels of a digit in the letters of a chart (11px), rounded up.
_ADVANCE = 7
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k"))


@dataclass(frozen=True, slots=True)
class Scale:
    """From [low, high] to pixels [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value; what lies outside is put on the edge."""
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)


def span(values: Iterable[float]) -> tuple[float, float]:
    """Low and high with room above; from zero where zero is not far. Never the same."""
    known = [min(max(value, -_LARGEST), _LARGEST) for value in values if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    if 0 <= low <= high / 2 or (low == high and low >= 0):
        low = 0.0
    room = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    return (low if low == 0 else low - room), high + room


def ticks(low: float, high: float) -> tuple[float, ...]:
    """About four round values in [low, high]."""
    raw = (high - low) / 4
    size = 10.0 ** math.floor(math.log10(raw))
    step = next((each * size for each in _STEPS if each * size >= raw), raw)
    first = math.ceil(low / step)
    return tuple(step * (first + place) for place in range(6) if step * (first + place) <= high)


def times(start: datetime, end: datetime, language: str) -> tuple[datetime, ...]:
    """Round times of the reader's zone in [start, end]."""
    return round_times(start, end, _zone(language))


def round_times(start: datetime, end: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Round times of a zone in [start, end]; from a day on they are its midnights."""
    minutes = (end - start).total_seconds() / 60
    step = next((each for each in _MINUTES if minutes / each <= _MOST_TICKS), 0)
    step = step or _MINUTES[-1] * math.ceil(minutes / _MINUTES[-1] / _MOST_TICKS)
    here = start.astimezone(zone)
    at = here.replace(hour=0, minute=0, second=0, microsecond=0)
    at += timedelta(minutes=step) * math.ceil((here - at) / timedelta(minutes=step))
    found = []
    while at <= end:
        found.append(at)
        at += timedelta(minutes=step)
    return tuple(found)


def clock(at: datetime, language: str, days: bool) -> str:
    """`03:07`, or `11/24 03:07` where a day is not enough."""
    return f"{at.astimezone(_zone(language)):{'%m/%d %H:%M' if days else '%H:%M'}}"


def short(value: float) -> str:
    """A value in a few characters: `1.2M`, `0.5`, `3e+20`."""
    if not math.isfinite(value) or abs(value) >= 1e15:
        return f"{value:.2g}"
    for unit, letter in _UNITS:
        if abs(value) >= unit:
            scaled = value / (1e3 if letter == "k" else unit)
            return f"{number(round(scaled, 1))}{letter}"
    return f"{value:.2g}" if 0 < abs(value) < 0.01 else number(float(value))


def anchor(x: float, words: str, edge: float) -> str:
    """Where a label below `x` hangs: in its middle, or by its end where it would be cut off at the edge."""
    return "middle" if x + len(words) * _ADVANCE / 2 <= edge else "end"


def rows(places: Sequence[float], room: float, most: int) -> tuple[int, ...]:
    """A row for each label (sorted by place), so that neighbours do not overlap while there are rows."""
    taken = [-math.inf] * most
    found = []
    for place in places:
        row = next((row for row in range(most) if place - taken[row] >= room), taken.index(min(taken)))
        taken[row] = place
        found.append(row)
    return tuple(found)


def _zone(language: str) -> timezone:
    return JST if language == "ja" else UTC
