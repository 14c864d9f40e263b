"""The report of `liveness-ops detect` as one page; it opens without a network."""

from datetime import UTC, timedelta
from pathlib import Path

from responder.checks.detection import check, report
from responder.checks.detection.report import DetectionReport
from responder.checks.detection.speed import ALL_FAIL, OUTAGE, SHARES, AlarmSpeed
from responder.core.text import Text, text
from responder.core.timestamps import zone
from responder.detection.minutes import LONGEST
from responder.messages.chart import ChartDrawing, LineChart, draw
from responder.messages.page import render

PAGE = Path(__file__).with_name("page.html.j2")
_WIDTH, _HEIGHT = 480.0, 140.0


def page(found: DetectionReport, language: str) -> str:
    """A whole HTML document in `ja` or (anything else) `en`."""
    return render(
        PAGE,
        language,
        report=found,
        words=report,
        headline=headline(found),
        charts=tuple(_charts(found)),
        shares=[round(share * 100) for share in SHARES],
        hours=LONGEST // 60,
    )


def headline(found: DetectionReport) -> Text:
    """How soon a total outage becomes an alarm, or why that is not known."""
    if found.traffic.traffic is None:
        return check.no_traffic(found.traffic)
    return check.outage(found.first, found.traffic.traffic, found.zone)


def _charts(found: DetectionReport) -> list[tuple[Text, ChartDrawing | None]]:
    """Sessions by hour, and minutes of the quickest alarm at each hour for each share."""
    traffic = found.traffic.traffic
    if traffic is None:
        return []
    sessions = text("detect.chart.sessions")
    drawn = [(sessions, _drawn(found, sessions, traffic.hours, text("detect.unit.sessions")))]
    for place, share in enumerate(SHARES):
        one = quickest_at(found, place)
        if one is not None:
            key = "detect.chart.minutes" if share == ALL_FAIL else "detect.chart.minutes_part"
            title = text(key, alarm=one.name, percent=round(share * 100))
            medians = [each.median for each in one.hours[place]]
            drawn.append((title, _drawn(found, title, medians, text("detect.unit.minutes"))))
    return drawn


def quickest_at(found: DetectionReport, place: int) -> AlarmSpeed | None:
    """The first alarm on errors of the service to fire at one of `SHARES`; None where none does."""
    those = [each for each in found.alarms if each.counts in OUTAGE and each.hours]
    fires = [
        (median, each.name, each) for each in those if (median := each.minutes[place].median) is not None
    ]
    return min(fires, default=(0.0, "", None), key=lambda one: one[:2])[2]


def _drawn(
    found: DetectionReport, title: Text, values: list[float | None] | tuple[float, ...], unit: Text
) -> ChartDrawing | None:
    """One point for each hour of the day, in the owner's zone."""
    where = zone(found.zone)
    midnight = found.at.astimezone(where).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight.astimezone(UTC)
    points = tuple((start + timedelta(hours=hour), value) for hour, value in enumerate(values))
    known = [value for value in values if value is not None]
    described = text(
        "detect.chart.described",
        title=title,
        lowest=round(min(known), 1) if known else "–",
        highest=round(max(known), 1) if known else "–",
    )
    return draw(LineChart(title, described, points, where, unit=unit, width=_WIDTH, height=_HEIGHT))
