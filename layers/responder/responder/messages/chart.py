"""A line over time, scaled to pixels: the macro `chart` of `templates/parts.html.j2` writes the SVG of it.

Colours come by class from the stylesheet. Title and description say the same to a person who cannot see it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from responder.core.frozen import frozen
from responder.core.text import Text
from responder.messages.language import number

WIDTH = 720
_LEFT, _RIGHT, _TOP, _PLOT, _BELOW = 58.0, 708.0, 14.0, 172.0, 28.0
# Labels of marks stand above the plot, in rows, so that neighbours do not overlap.
_ROWS, _ROW_HEIGHT, _ROW_ROOM = 3, 16, 58
_STEPS = (1, 2, 5, 10)
_MINUTES = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
_DAY = timedelta(days=1)
_MOST_TIMES = 7
_LARGEST = 1e300
# Pixels of a digit in the letters of a chart (11px), rounded up.
_ADVANCE = 7
_UNITS = ((1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))

type Points = Sequence[tuple[datetime, float | None]]


@frozen
class ChartMark:
    """A vertical line. `kind` is its class: `alarm`, `act`, `ok`, `close`."""

    at: datetime
    label: str | Text
    kind: str


@frozen
class LineChart:
    """What is drawn.

    Attributes:
        points: oldest first; None, and what is no finite number, is a gap.
        zone: where the times on the axis are those of the clock.
        floor: the normal range with `ceiling`, drawn behind the line; None where it has no such end.
        limit: a line across with its label.
        means: (start, end, value), each drawn over its time.
        longest: two points further apart than this have a gap between them.
    """

    title: Text
    description: Text
    points: Points
    zone: tzinfo
    floor: float | None = None
    ceiling: float | None = None
    limit: tuple[float, Text] | None = None
    means: Sequence[tuple[datetime, datetime, float]] = ()
    marks: Sequence[ChartMark] = ()
    longest: timedelta = timedelta.max


class ChartPath(NamedTuple):
    """A line in pixels, in the notation of SVG. `kind`: its class."""

    kind: str
    d: str


class ChartLabel(NamedTuple):
    """Words at a place. `anchor`: which end of them (or their `middle`) is there; `kind`: their class."""

    x: float
    y: float
    words: str | Text
    anchor: str
    kind: str = "tick"


@frozen
class ChartDrawing:
    """Everything in pixels. `band`: the normal range (x, y, width, height); `dots`: lone points."""

    title: Text
    description: Text
    width: float
    height: float
    band: tuple[float, float, float, float] | None
    paths: list[ChartPath]
    dots: list[tuple[float, float]]
    labels: list[ChartLabel]


@frozen
class _Frame:
    """From [start, end] and [low, high] to pixels."""

    start: datetime
    end: datetime
    low: float
    high: float
    top: float

    @property
    def bottom(self) -> float:
        return self.top + _PLOT

    def x(self, at: datetime) -> float:
        first = self.start.timestamp()
        return _pixel(at.timestamp(), (first, max(self.end.timestamp(), first + 1)), (_LEFT, _RIGHT))

    def y(self, value: float) -> float:
        return _pixel(value, (self.low, self.high), (self.bottom, self.top))


def _pixel(value: float, values: tuple[float, float], pixels: tuple[float, float]) -> float:
    """What lies outside, or is no number, is put on the edge."""
    (low, high), (start, end) = values, pixels
    part = (min(max(low, value), high) - low) / (high - low)
    return round(start + part * (end - start), 1)


def draw(chart: LineChart) -> ChartDrawing | None:
    """None where there is no number to draw."""
    values = [value for _, value in chart.points if value is not None and math.isfinite(value)]
    if not values:
        return None
    frame = _frame(chart, values)
    lines = [
        [(frame.x(at), frame.y(value)) for at, value in each]
        for each in stretches(chart.points, chart.longest)
    ]
    named = [*_grid(frame), *_times(frame, chart.zone), *_limit(frame, chart), *_marks(frame, chart)]
    return ChartDrawing(
        chart.title,
        chart.description,
        WIDTH,
        frame.bottom + _BELOW,
        _band(frame, chart),
        [
            *(path for path, _ in named),
            ChartPath("axis", f"M{_LEFT} {frame.top}V{frame.bottom}H{_RIGHT}"),
            *(
                ChartPath("line", f"M{'L'.join(f'{x},{y}' for x, y in line)}")
                for line in lines
                if len(line) > 1
            ),
            *(
                ChartPath("mean", f"M{frame.x(start)} {frame.y(mean)}H{frame.x(end)}")
                for start, end, mean in chart.means
            ),
        ],
        [line[0] for line in lines if len(line) == 1],
        [label for _, label in named],
    )


def _frame(chart: LineChart, values: list[float]) -> _Frame:
    limits = (chart.floor, chart.ceiling, chart.limit[0] if chart.limit else None)
    low, high = span([*values, *(each for each in limits if each is not None)])
    moments = [at for at, _ in chart.points] + [mark.at for mark in chart.marks]
    top = _TOP + (_ROWS * _ROW_HEIGHT if chart.marks else 0)
    return _Frame(min(moments), max(moments), low, high, top)


def _band(frame: _Frame, chart: LineChart) -> tuple[float, float, float, float] | None:
    if chart.floor is None and chart.ceiling is None:
        return None
    top = frame.y(frame.high if chart.ceiling is None else chart.ceiling)
    bottom = frame.y(frame.low if chart.floor is None else chart.floor)
    return _LEFT, top, _RIGHT - _LEFT, round(max(bottom - top, 1), 1)


def _grid(frame: _Frame) -> Iterator[tuple[ChartPath, ChartLabel]]:
    for value in ticks(frame.low, frame.high):
        y = frame.y(value)
        yield (
            ChartPath("grid", f"M{_LEFT} {y}H{_RIGHT}"),
            ChartLabel(_LEFT - 6, round(y + 4, 1), short(value), "end"),
        )


def _times(frame: _Frame, zone: tzinfo) -> Iterator[tuple[ChartPath, ChartLabel]]:
    found = times(frame.start, frame.end, zone)
    if all(at.hour == at.minute == 0 for at in found) and len(found) > 1:
        form = "%m/%d"
    else:
        form = "%m/%d %H:%M" if frame.end - frame.start >= _DAY else "%H:%M"
    for at in found:
        x, words = frame.x(at), f"{at:{form}}"
        anchor = "middle" if x + len(words) * _ADVANCE / 2 <= WIDTH else "end"
        yield ChartPath("axis", f"M{x} {frame.bottom}v5"), ChartLabel(x, frame.bottom + 19, words, anchor)


def _limit(frame: _Frame, chart: LineChart) -> Iterator[tuple[ChartPath, ChartLabel]]:
    if chart.limit is not None:
        value, words = chart.limit
        y = frame.y(value)
        yield (
            ChartPath("limit", f"M{_LEFT} {y}H{_RIGHT}"),
            ChartLabel(_RIGHT - 5, round(y - 5, 1), words, "end", "limit-label"),
        )


def _marks(frame: _Frame, chart: LineChart) -> Iterator[tuple[ChartPath, ChartLabel]]:
    marks = sorted(chart.marks, key=lambda mark: mark.at)
    places = [frame.x(mark.at) for mark in marks]
    for mark, x, row in zip(marks, places, rows(places, _ROW_ROOM, _ROWS), strict=True):
        y = frame.top - 6 - (_ROWS - 1 - row) * _ROW_HEIGHT
        anchor = "end" if x > _RIGHT - _ROW_ROOM else "start" if x < _LEFT + 20 else "middle"
        yield (
            ChartPath(f"mark {mark.kind}", f"M{x} {y + 4}V{frame.bottom}"),
            ChartLabel(x, y, mark.label, anchor, f"mark-label {mark.kind}"),
        )


def stretches(points: Points, longest: timedelta = timedelta.max) -> list[list[tuple[datetime, float]]]:
    """Points that follow each other; one that is missing, or comes too late, ends a stretch."""
    found: list[list[tuple[datetime, float]]] = [[]]
    for at, value in points:
        if found[-1] and (value is None or not math.isfinite(value) or at - found[-1][-1][0] > longest):
            found.append([])
        if value is not None and math.isfinite(value):
            found[-1].append((at, value))
    return [each for each in found if each]


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


def times(start: datetime, end: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Round times of a zone in [start, end]; where they are days apart, its midnights."""
    minutes = (end - start).total_seconds() / 60
    step = next((each for each in _MINUTES if minutes / each <= _MOST_TIMES), 0)
    step = step or _MINUTES[-1] * math.ceil(minutes / _MINUTES[-1] / _MOST_TIMES)
    here = start.astimezone(zone)
    at = here.replace(hour=0, minute=0, second=0, microsecond=0)
    at += timedelta(minutes=step) * math.ceil((here - at) / timedelta(minutes=step))
    found = []
    while at <= end:
        found.append(at)
        at += timedelta(minutes=step)
    return tuple(found)


def short(value: float) -> str:
    """A value in a few characters: `1.2M`, `0.5`, `3e+20`."""
    if not math.isfinite(value) or abs(value) >= 1e15:
        return f"{value:.2g}"
    for least, unit, letter in _UNITS:
        if abs(value) >= least:
            return f"{number(round(value / unit, 1))}{letter}"
    return f"{value:.2g}" if 0 < abs(value) < 0.01 else number(float(value))


def rows(places: Sequence[float], room: float, most: int) -> tuple[int, ...]:
    """A row for each label (sorted by place), so that neighbours do not overlap while there are rows."""
    taken = [-math.inf] * most
    found = []
    for place in places:
        row = next((row for row in range(most) if place - taken[row] >= room), taken.index(min(taken)))
        taken[row] = place
        found.append(row)
    return tuple(found)
