"""A scheduled check as one page: opens offline, prints well, says first what needs a person."""

from pathlib import Path

from responder.checks.model import Chart, CheckReport
from responder.checks.report import words
from responder.core.timestamps import zone
from responder.messages.chart import ChartDrawing, LineChart, draw, spark
from responder.messages.page import render

# Two charts are side by side.
_WIDTH, _HEIGHT = 480.0, 140.0
PAGE = Path(__file__).with_name("page.html.j2")


def page(report: CheckReport, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    return render(
        PAGE, language, report=report, words=words, drawn=lambda each: drawing(each, report.zone), spark=spark
    )


def drawing(chart: Chart, place: str) -> ChartDrawing | None:
    """A chart of a check in pixels. `place`: the owner's time zone, whatever the reader's language, since a
    point is one of the owner's days."""
    return draw(
        LineChart(
            chart.title,
            words.describe(chart),
            chart.points,
            zone(place),
            unit=words.unit(chart) if chart.unit else "",
            width=_WIDTH,
            height=_HEIGHT,
            floor=chart.floor,
            ceiling=chart.ceiling,
            outside=chart.outside,
        )
    )
