"""A line over days as inline SVG: the normal range behind it, gaps left open, words for who cannot see it."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape

from responder.checks.model import Chart
from responder.core.text import Text, text
from responder.messages.language import either, say
from responder.messages.scale import Scale, anchor, round_times, short, span, ticks

WIDTH, HEIGHT = 720, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 708, 14, 172
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Frame:
    across: Scale
    up: Scale
    low: float
    high: float

    def place(self, at: datetime, value: float) -> tuple[float, float]:
        return self.across.at(at.timestamp()), self.up.at(value)


def chart(drawn: Chart, key: str, zone: tzinfo, language: str) -> str:
    """A whole `<svg>`; of no datapoints an empty string. `key` tells it apart from others on the page."""
    known = [(at, value) for at, value in drawn.points if value is not None and math.isfinite(value)]
    if not known:
        return ""
    frame = _frame(drawn, [value for _, value in known])
    start, end = drawn.points[0][0], drawn.points[-1][0]
    parts = (
        _said("title", key, drawn.title, language),
        _said("desc", key, describe(drawn), language),
        _band(frame, drawn),
        *_grid(frame),
        *_times(frame, start, end, zone),
        *_lines(frame, drawn),
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc">{"".join(parts)}</svg>'
    )


def describe(drawn: Chart) -> Text:
    """How many datapoints, from where to where, and the last."""
    known = [value for _, value in drawn.points if value is not None and math.isfinite(value)]
    return text(
        "checks.chart_desc",
        title=drawn.title,
        unit=unit(drawn),
        points=len(known),
        lowest=float(min(known, default=math.nan)),
        highest=float(max(known, default=math.nan)),
        last=float(known[-1]) if known else math.nan,
    )


def unit(drawn: Chart) -> Text:
    """What it is drawn in, as people write it: `件/日`; what is written alike everywhere shows itself."""
    return either(Text(f"checks.unit.{drawn.unit}"), text("checks.unit.other", unit=drawn.unit))


def normal(drawn: Chart) -> Text | None:
    """The range in words; None where there is none."""
    if drawn.floor is not None and drawn.ceiling is not None:
        return text("checks.normal_range", floor=float(drawn.floor), ceiling=float(drawn.ceiling))
    if drawn.ceiling is not None:
        return text("checks.normal_most", ceiling=float(drawn.ceiling))
    return None if drawn.floor is None else text("checks.normal_least", floor=float(drawn.floor))


def _frame(drawn: Chart, values: list[float]) -> _Frame:
    limits = [each for each in (drawn.floor, drawn.ceiling) if each is not None]
    low, high = span([*values, *limits])
    start, end = drawn.points[0][0].timestamp(), drawn.points[-1][0].timestamp()
    across = Scale(start, max(end, start + 1), _LEFT, _RIGHT)
    return _Frame(across, Scale(low, high, _BOTTOM, _TOP), low, high)


def _said(tag: str, key: str, sentence: Text, language: str) -> str:
    return f'<{tag} id="{key}-{tag}">{escape(say(sentence, language))}</{tag}>'


def _band(frame: _Frame, drawn: Chart) -> str:
    if drawn.floor is None and drawn.ceiling is None:
        return ""
    top = frame.up.at(frame.high if drawn.ceiling is None else drawn.ceiling)
    bottom = frame.up.at(frame.low if drawn.floor is None else drawn.floor)
    height = round(max(bottom - top, 1), 1)
    return f'<rect class="band" x="{_LEFT}" y="{top}" width="{_RIGHT - _LEFT}" height="{height}"/>'


def _grid(frame: _Frame) -> Iterator[str]:
    for value in ticks(frame.low, frame.high):
        y = frame.up.at(value)
        yield f'<path class="grid" d="M{_LEFT} {y}H{_RIGHT}"/>'
        yield _label(_LEFT - 6, y + 4, short(value), "end")
    yield f'<path class="axis" d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"/>'


def _times(frame: _Frame, start: datetime, end: datetime, zone: tzinfo) -> Iterator[str]:
    """Days of the owner, whatever the reader's language: the points are his days."""
    days = (end - start).total_seconds() > _DAY
    for at in round_times(start, end, zone):
        x = frame.across.at(at.timestamp())
        yield f'<path class="axis" d="M{x} {_BOTTOM}v5"/>'
        said = f"{at.astimezone(zone):{'%m/%d' if days else '%H:%M'}}"
        yield _label(x, _BOTTOM + 19, said, anchor(x, said, WIDTH))


def _lines(frame: _Frame, drawn: Chart) -> Iterator[str]:
    for stretch in stretches(drawn.points):
        places = [frame.place(at, value) for at, value in stretch]
        if len(places) > 1:
            yield f'<polyline class="line" points="{" ".join(f"{x},{y}" for x, y in places)}"/>'
        else:
            yield f'<circle class="dot" cx="{places[0][0]}" cy="{places[0][1]}" r="3"/>'


def stretches(points: Iterable[tuple[datetime, float | None]]) -> list[list[tuple[datetime, float]]]:
    """Datapoints that follow each other; one that is missing ends a stretch."""
    found: list[list[tuple[datetime, float]]] = [[]]
    for at, value in points:
        if value is not None and math.isfinite(value):
            found[-1].append((at, value))
        elif found[-1]:
            found.append([])
    return [each for each in found if each]


def _label(x: float, y: float, words: str, hangs: str) -> str:
    place = f'x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{hangs}"'
    return f'<text class="tick" {place}>{escape(words)}</text>'
