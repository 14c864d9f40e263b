"""A scheduled check as one page: opens offline, prints well, says first what needs a person."""

from pathlib import Path

from responder.checks.model import Chart, CheckReport
from responder.checks.report import words
from responder.core.timestamps import zone
from responder.messages.chart import ChartDrawing, LineChart, draw
from responder.messages.page import render

PAGE = Path(__file__).with_name("page.html.j2")


def page(report: CheckReport, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    return render(PAGE, language, report=report, words=words, drawn=lambda each: drawing(each, report.zone))


def drawing(chart: Chart, place: str) -> ChartDrawing | None:
    """A chart of a check in pixels. `place`: the owner's time zone, whatever the reader's language, since a
    point stands for one of the owner's days."""
    return draw(
        LineChart(chart.title, words.describe(chart), chart.points, zone(place), chart.floor, chart.ceiling)
    )
