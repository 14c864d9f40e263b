"""The closing report as one page: opens offline, prints well, says the outcome first; and as Markdown."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path

from responder.core.text import text
from responder.incident_report import words
from responder.incident_report.entries import details
from responder.incident_report.model import AlarmMetric, IncidentReport
from responder.messages.chart import ChartDrawing, ChartMark, LineChart, draw
from responder.messages.language import JST
from responder.messages.page import render

PAGE, MARKDOWN = (Path(__file__).with_name(name) for name in ("page.html.j2", "report.md.j2"))


def page(report: IncidentReport, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    drawn = drawing(report, language)
    return render(PAGE, language, report=report, words=words, details=details, drawing=drawn)


def markdown(report: IncidentReport, language: str) -> str:
    """The report without the chart, to be completed and kept with other documents."""
    made = render(MARKDOWN, language, report=report, words=words, details=details)
    return re.sub(r"\n{3,}", "\n\n", made)


def drawing(report: IncidentReport, language: str) -> ChartDrawing | None:
    """The alarm's metric in pixels with what happened; None without datapoints."""
    metric, times = report.metric, report.times
    levels = (level for each in report.remedies for level in (each.before, each.after) if level is not None)
    return draw(
        LineChart(
            text("chart.title", label=metric.label or "–"),
            words.describe(metric),
            metric.series.points,
            JST if language == "ja" else UTC,
            unit=words.axis(metric),
            limit=None if metric.threshold is None else (metric.threshold, words.threshold(metric)),
            means=tuple((each.start, each.end, each.mean) for each in levels if each.mean is not None),
            marks=tuple(_marks(report)),
            shaded=((times.alarm, times.mitigated or times.closed, "alarm"),),
            longest=_longest(metric),
            from_zero=metric.counts,
        )
    )


def _marks(report: IncidentReport) -> Iterator[ChartMark]:
    """ALARM, each remedy by its number, the calm, the close."""
    yield ChartMark(report.times.alarm, "ALARM", "alarm")
    for number, remedy in enumerate(report.remedies, 1):
        if remedy.applied is not None:
            yield ChartMark(remedy.applied, f"[{number}]", "act")
    if report.times.mitigated is not None:
        yield ChartMark(report.times.mitigated, "OK", "ok")
    yield ChartMark(report.times.closed, text("chart.closed"), "close")


def _longest(metric: AlarmMetric) -> timedelta:
    """Between datapoints that follow each other; the usual distance may be wider than the period."""
    gaps = sorted(later - earlier for (earlier, _), (later, _) in pairwise(metric.series.points))
    usual = gaps[len(gaps) // 2] if gaps else timedelta()
    return max(timedelta(seconds=1.5 * metric.period), 2.5 * usual)
