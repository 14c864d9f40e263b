"""A line over time, scaled to pixels: the macro `chart` of `templates/parts.html.j2` writes the SVG of it.

Colours come by class from the stylesheet. Title and description say the same to a person who cannot see it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from responder.core.frozen import frozen
from responder.core.text import Text, text
from responder.messages.language import day_of_month, digits_beside, number

WIDTH, HEIGHT = 720.0, 172.0
_LEFT, _RIGHT, _TOP, _BELOW = 58.0, 12.0, 14.0, 28.0
_UNIT_ROOM = 18
# Labels of marks are above the plot, in rows, so that neighbours do not overlap.
_ROWS, _ROW_HEIGHT, _ROW_ROOM = 3, 16, 58
_STEPS = (1, 2, 5, 10)
_MINUTES = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
_DAY = timedelta(days=1)
_MOST_TIMES = 7
_LARGEST = 1e300
# Letters of `Nov 24`.
_LONGEST_DAY = 6
# Pixels of a digit in the letters of a chart (11px), rounded up.
_ADVANCE = 7
# More points than this are a line without dots.
_MOST_DOTS = 100
# So many points outside of the normal range have their value next to them.
_MOST_NAMED = 3
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_ROOM = 120.0, 32.0, 3.0
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
        unit: shown above the axis of values.
        width, height: of the whole picture and of the plot alone, in pixels; letters keep their size.
        floor: the normal range with `ceiling`, drawn behind the line; None where it has no such end.
        outside: when it left that range: these points are marked.
        limit: a line across with its label.
        means: (start, end, value), each drawn over its time.
        shaded: spans drawn behind the line, with their class.
        longest: two points further apart than this have a gap between them.
        from_zero: the axis of values begins at zero: of counts, a part of it would exaggerate.
    """

    title: Text
    description: Text
    points: Points
    zone: tzinfo
    unit: str | Text = ""
    width: float = WIDTH
    height: float = HEIGHT
    floor: float | None = None
    ceiling: float | None = None
    outside: Sequence[datetime] = ()
    limit: tuple[float, Text] | None = None
    means: Sequence[tuple[datetime, datetime, float]] = ()
    shaded: Sequence[tuple[datetime, datetime, str]] = ()
    marks: Sequence[ChartMark] = ()
    longest: timedelta = timedelta.max
    from_zero: bool = False


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


class ChartArea(NamedTuple):
    """A rectangle behind the line. `kind`: its class."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class ChartDot(NamedTuple):
    """A datapoint. `kind`: its class; `dot out` is one outside of the normal range. `said`: shown where the
    pointer rests on it."""

    kind: str
    x: float
    y: float
    said: str


@frozen
class ChartDrawing:
    """Everything in pixels."""

    title: Text
    description: Text
    width: float
    height: float
    areas: list[ChartArea]
    paths: list[ChartPath]
    dots: list[ChartDot]
    labels: list[ChartLabel]


@frozen
class Sparkline:
    """A line without axes, in pixels: `d` in the notation of SVG."""

    width: float
    height: float
    d: str


@frozen
class _Frame:
    """Maps times in [start, end], and values on the axis `scale`, to pixels."""

    start: datetime
    end: datetime
    scale: tuple[float, ...]
    top: float
    right: float
    bottom: float

    def x(self, at: datetime) -> float:
        first = self.start.timestamp()
        return _pixel(at.timestamp(), (first, max(self.end.timestamp(), first + 1)), (_LEFT, self.right))

    def y(self, value: float) -> float:
        return _pixel(value, (self.scale[0], self.scale[-1]), (self.bottom, self.top))


def _pixel(value: float, values: tuple[float, float], pixels: tuple[float, float]) -> float:
    """A value outside, or one that is no number, is drawn at the edge."""
    (low, high), (start, end) = values, pixels
    part = (min(max(low, value), high) - low) / (high - low)
    return round(start + part * (end - start), 1)


def draw(chart: LineChart) -> ChartDrawing | None:
    """The drawing of a chart; None where there is no number to draw."""
    values = [value for _, value in chart.points if value is not None and math.isfinite(value)]
    if not values:
        return None
    frame = _frame(chart, values)
    found = stretches(chart.points, chart.longest)
    lines = [[(frame.x(at), frame.y(value)) for at, value in each] for each in found]
    named = [*_grid(frame), *_times(frame, chart), *_limit(frame, chart), *_marks(frame, chart)]
    return ChartDrawing(
        chart.title,
        chart.description,
        chart.width,
        frame.bottom + _BELOW,
        [*_areas(frame, chart)],
        [
            *(path for path, _ in named),
            ChartPath("axis", f"M{_LEFT} {frame.top}V{frame.bottom}H{frame.right}"),
            *(ChartPath("line", _line(line)) for line in lines if len(line) > 1),
            *(
                ChartPath("mean", f"M{frame.x(start)} {frame.y(mean)}H{frame.x(end)}")
                for start, end, mean in chart.means
            ),
        ],
        [*_dots(frame, chart, found)],
        [*(label for _, label in named), *_unit(frame, chart), *_outside(frame, chart)],
    )


def spark(points: Points) -> Sparkline | None:
    """The points as a small line for a tile; None where there is no number to draw."""
    known = [(at, value) for each in stretches(points) for at, value in each]
    if not known:
        return None
    low, high = span(value for _, value in known)
    first, last = known[0][0].timestamp(), known[-1][0].timestamp()
    right, bottom = _SPARK_WIDTH - _SPARK_ROOM, _SPARK_HEIGHT - _SPARK_ROOM

    def place(at: datetime, value: float) -> tuple[float, float]:
        x = _pixel(at.timestamp(), (first, max(last, first + 1)), (_SPARK_ROOM, right))
        return x, _pixel(value, (low, high), (bottom, _SPARK_ROOM))

    lines = [[place(at, value) for at, value in each] for each in stretches(points)]
    return Sparkline(_SPARK_WIDTH, _SPARK_HEIGHT, "".join(map(_line, lines)))


def _line(places: Sequence[tuple[float, float]]) -> str:
    return f"M{'L'.join(f'{x},{y}' for x, y in places)}"


def _frame(chart: LineChart, values: list[float]) -> _Frame:
    limits = (chart.floor, chart.ceiling, chart.limit[0] if chart.limit else None)
    low, high = span(
        [*values, *(each for each in limits if each is not None), *([0.0] if chart.from_zero else [])]
    )
    if chart.ceiling is not None and max(values) <= chart.ceiling < high:
        high = chart.ceiling  # a percentage has no room above 100
    moments = [at for at, _ in chart.points] + [mark.at for mark in chart.marks]
    top = _TOP + (_ROWS * _ROW_HEIGHT if chart.marks else _UNIT_ROOM if chart.unit else 0)
    right = chart.width - _RIGHT
    return _Frame(min(moments), max(moments), scale(low, high), top, right, top + chart.height)


def _areas(frame: _Frame, chart: LineChart) -> Iterator[ChartArea]:
    """The normal range, where it is not the whole plot, and spans of time."""
    if chart.ceiling is not None or (chart.floor is not None and chart.floor > frame.scale[0]):
        top = frame.y(frame.scale[-1] if chart.ceiling is None else chart.ceiling)
        bottom = frame.y(frame.scale[0] if chart.floor is None else chart.floor)
        yield ChartArea("band", _LEFT, top, frame.right - _LEFT, round(max(bottom - top, 1), 1))
    for start, end, kind in chart.shaded:
        x, wide = frame.x(start), max(frame.x(end) - frame.x(start), 1)
        yield ChartArea(f"span {kind}", x, frame.top, round(wide, 1), frame.bottom - frame.top)


def _dots(frame: _Frame, chart: LineChart, found: list[list[tuple[datetime, float]]]) -> Iterator[ChartDot]:
    """Every point where they are few; else lone ones, which no line shows, and those out of range."""
    few = sum(map(len, found)) <= _MOST_DOTS
    for each in found:
        for at, value in each:
            kind = "dot out" if at in chart.outside else "dot"
            if few or len(each) == 1 or kind != "dot":
                said = f"{at.astimezone(chart.zone):%m/%d %H:%M}: {short(value)}"
                yield ChartDot(kind, frame.x(at), frame.y(value), said)


def _outside(frame: _Frame, chart: LineChart) -> Iterator[ChartLabel]:
    """The value of each point out of range, where they are few."""
    points = (point for each in stretches(chart.points) for point in each)
    found = [(at, value) for at, value in points if at in chart.outside]
    for at, value in found if len(found) <= _MOST_NAMED else ():
        x, y = frame.x(at), frame.y(value)
        below = chart.floor is not None and value < chart.floor
        place = min(y + 15, frame.bottom - 5) if below else max(y - 8, frame.top + 8)
        beside = 9 if below and y + 15 > place else 0
        anchor = "end" if x > frame.right - _ROW_ROOM / 2 else "start" if beside else "middle"
        shift = -beside if anchor == "end" else beside
        digits = digits_beside(value, (chart.floor, chart.ceiling), 1)
        said = short(value) if digits == 1 else f"{value:,.{digits}f}"
        yield ChartLabel(round(x + shift, 1), round(place, 1), said, anchor, "out")


def _unit(frame: _Frame, chart: LineChart) -> Iterator[ChartLabel]:
    if chart.unit:
        yield ChartLabel(2, frame.top - 10, chart.unit, "start", "unit")


def _grid(frame: _Frame) -> Iterator[tuple[ChartPath, ChartLabel]]:
    for value in frame.scale:
        y = frame.y(value)
        yield (
            ChartPath("grid", f"M{_LEFT} {y}H{frame.right}"),
            ChartLabel(_LEFT - 6, round(y + 4, 1), short(value), "end"),
        )


def _times(frame: _Frame, chart: LineChart) -> Iterator[tuple[ChartPath, ChartLabel]]:
    most = max(2, round(_MOST_TIMES * chart.width / WIDTH))
    found = times(frame.start, frame.end, chart.zone, most)
    whole = all(at.hour == at.minute == 0 for at in found) and len(found) > 1
    longer = frame.end - frame.start >= _DAY
    for at in found:
        x, clock = frame.x(at), f"{at:%H:%M}"
        day = day_of_month(at)
        words = day if whole else text("chart.day_time", day=day, time=clock) if longer else clock
        letters = _LONGEST_DAY * (whole or longer) + len(clock) * (not whole)
        anchor = "middle" if x + letters * _ADVANCE / 2 <= chart.width else "end"
        yield ChartPath("axis", f"M{x} {frame.bottom}v5"), ChartLabel(x, frame.bottom + 19, words, anchor)


def _limit(frame: _Frame, chart: LineChart) -> Iterator[tuple[ChartPath, ChartLabel]]:
    if chart.limit is not None:
        value, words = chart.limit
        y = frame.y(value)
        yield (
            ChartPath("limit", f"M{_LEFT} {y}H{frame.right}"),
            ChartLabel(frame.right - 5, round(y - 5, 1), words, "end", "limit-label"),
        )


def _marks(frame: _Frame, chart: LineChart) -> Iterator[tuple[ChartPath, ChartLabel]]:
    marks = sorted(chart.marks, key=lambda mark: mark.at)
    places = [frame.x(mark.at) for mark in marks]
    for mark, x, row in zip(marks, places, rows(places, _ROW_ROOM, _ROWS), strict=True):
        y = frame.top - 6 - (_ROWS - 1 - row) * _ROW_HEIGHT
        anchor = "end" if x > frame.right - _ROW_ROOM else "start" if x < _LEFT + 20 else "middle"
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


def scale(low: float, high: float) -> tuple[float, ...]:
    """About five round values, evenly apart, the first at or below `low`, the last at or above `high`."""
    raw = max((high - low) / 4, 1 / _LARGEST)
    size = 10.0 ** math.floor(math.log10(raw))
    step = next((each * size for each in _STEPS if each * size >= raw), raw)
    found = tuple(step * place for place in range(math.floor(low / step), math.ceil(high / step) + 1))
    # Values that are too close for their size have no round ones between them.
    return found if found[0] <= low < high <= found[-1] else (low, high)


def times(start: datetime, end: datetime, zone: tzinfo, most: int = _MOST_TIMES) -> tuple[datetime, ...]:
    """About `most` round times of a zone in [start, end]; where they are days apart, its midnights."""
    minutes = (end - start).total_seconds() / 60
    step = next((each for each in _MINUTES if minutes / each <= most), 0)
    step = step or _MINUTES[-1] * math.ceil(minutes / _MINUTES[-1] / most)
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
