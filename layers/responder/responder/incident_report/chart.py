"""A metric over time as inline SVG: no script, colours by class, words beside it for who cannot see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import pairwise

from responder.core.text import Text, text
from responder.incident_report.chart_words import describe, threshold
from responder.incident_report.model import AlarmMetric
from responder.incident_report.records import MeanLevel
from responder.messages.language import clean, cut, say
from responder.messages.scale import Scale, anchor, clock, rows, short, span, ticks, times

WIDTH, HEIGHT = 720, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 708, 64, 250
_LABEL_ROOM, _LABEL_ROWS, _LABEL_HEIGHT = 58, 3, 16
_LONGEST_LABEL = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line. `kind` is its class: `alarm`, `act`, `ok`, `close`."""

    at: datetime
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where times and values lie."""

    across: Scale
    up: Scale

    def x(self, at: datetime) -> float:
        """The pixel of a time."""
        return self.across.at(at.timestamp())


def chart(measure: AlarmMetric, marks: Sequence[Mark], levels: Sequence[MeanLevel], language: str) -> str:
    """A whole `<svg>`; of no datapoints an empty string. `levels`: means that are drawn over their time."""
    points = measure.series.points
    if not points:
        return ""
    moments = [at for at, _ in points] + [mark.at for mark in marks]
    start, end = min(moments), max(moments)
    limits = () if measure.threshold is None else (measure.threshold,)
    low, high = span([*measure.series.values, *limits])
    seconds = max(1.0, end.timestamp() - start.timestamp())
    across = Scale(start.timestamp(), start.timestamp() + seconds, _LEFT, _RIGHT)
    frame = Frame(across, Scale(low, high, _BOTTOM, _TOP))
    parts = (
        _said("title", text("chart.title", label=measure.label or "–"), language),
        _said("desc", describe(measure), language),
        *_grid(frame, (low, high), (start, end), language),
        *_threshold(frame, measure, language),
        *_lines(frame, measure),
        *_levels(frame, levels),
        *_marks(frame, sorted(marks, key=lambda mark: mark.at)),
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="chart-title chart-desc">{"".join(parts)}</svg>'
    )


def _said(tag: str, sentence: Text, language: str) -> str:
    return f'<{tag} id="chart-{tag}">{escape(say(sentence, language))}</{tag}>'


def _grid(
    frame: Frame, values: tuple[float, float], span_: tuple[datetime, datetime], language: str
) -> Iterable[str]:
    for value in ticks(*values):
        y = frame.up.at(value)
        yield f'<path class="grid" d="M{_LEFT} {y}H{_RIGHT}"/>'
        yield _words(_LEFT - 6, y + 4, short(value), "end")
    yield f'<path class="axis" d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"/>'
    moments = times(*span_, language)
    days = (span_[1] - span_[0]).days >= 1
    for at in moments:
        yield f'<path class="axis" d="M{frame.x(at)} {_BOTTOM}v5"/>'
        said = clock(at, language, days)
        yield _words(frame.x(at), _BOTTOM + 19, said, anchor(frame.x(at), said, WIDTH))


def _threshold(frame: Frame, measure: AlarmMetric, language: str) -> Iterable[str]:
    if measure.threshold is not None:
        y = frame.up.at(measure.threshold)
        yield f'<path class="limit" d="M{_LEFT} {y}H{_RIGHT}"/>'
        yield _words(_RIGHT - 5, y - 5, say(threshold(measure), language), "end", "limit-label")


def _lines(frame: Frame, measure: AlarmMetric) -> Iterable[str]:
    """One line for each stretch without a gap; a datapoint that stands alone is a dot."""
    for stretch in stretches(measure):
        places = [(frame.x(at), frame.up.at(value)) for at, value in stretch]
        if len(places) == 1:
            yield f'<circle class="dot" cx="{places[0][0]}" cy="{places[0][1]}" r="3"/>'
        else:
            yield f'<polyline class="line" points="{" ".join(f"{x},{y}" for x, y in places)}"/>'


def stretches(measure: AlarmMetric) -> list[list[tuple[datetime, float]]]:
    """Datapoints that follow each other; a time without one and a value that is no number end a stretch."""
    points = measure.series.points
    gaps = sorted((later - earlier).total_seconds() for (earlier, _), (later, _) in pairwise(points))
    longest = max(1.5 * measure.period, 2.5 * gaps[len(gaps) // 2] if gaps else 0)
    found: list[list[tuple[datetime, float]]] = [[]]
    for at, value in points:
        if found[-1] and (at - found[-1][-1][0]).total_seconds() > longest:
            found.append([])
        if abs(value) < float("inf"):
            found[-1].append((at, value))
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _levels(frame: Frame, levels: Sequence[MeanLevel]) -> Iterable[str]:
    for each in levels:
        if each.mean is not None:
            y = frame.up.at(each.mean)
            yield f'<path class="mean" d="M{frame.x(each.start)} {y}H{frame.x(each.end)}"/>'


def _marks(frame: Frame, marks: Sequence[Mark]) -> Iterable[str]:
    places = [frame.x(mark.at) for mark in marks]
    for mark, x, row in zip(marks, places, rows(places, _LABEL_ROOM, _LABEL_ROWS), strict=True):
        y = _TOP - 8 - (_LABEL_ROWS - 1 - row) * _LABEL_HEIGHT
        yield f'<path class="mark {mark.kind}" d="M{x} {y + 4}V{_BOTTOM}"/>'
        hangs = "end" if x > _RIGHT - _LABEL_ROOM else "start" if x < _LEFT + 20 else "middle"
        yield _words(x, y, cut(clean(mark.label), _LONGEST_LABEL), hangs, f"mark-label {mark.kind}")


def _words(x: float, y: float, words: str, hangs: str, kind: str = "tick") -> str:
    return (
        f'<text class="{kind}" x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{hangs}">'
        f"{escape(words)}</text>"
    )
