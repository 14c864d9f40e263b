"""An alarm's definition as a graph of CloudWatch: its metric, its threshold, what happened when."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.messages.headline import stamp
from responder.slack.status import IncidentStatus

SPAN = timedelta(hours=3)
_WIDTH, _HEIGHT = 800, 300


def widget(alarm: Mapping[str, Any], standing: IncidentStatus, now: datetime) -> dict[str, Any] | None:
    """What GetMetricWidgetImage takes; None of an alarm without a metric."""
    metrics = [*_expressions(alarm)] if alarm.get("Metrics") else [*_metric(alarm)]
    if not metrics:
        return None
    return {
        "title": str(alarm.get("AlarmName", "")),
        "width": _WIDTH,
        "height": _HEIGHT,
        "start": stamp(now - SPAN),
        "end": stamp(now),
        "timezone": "+0900" if standing.newest.language == "ja" else "+0000",
        "view": "timeSeries",
        "metrics": metrics,
        "annotations": {"horizontal": [*_threshold(alarm)], "vertical": [*_marks(standing, now)]},
    }


def _metric(alarm: Mapping[str, Any]) -> Iterator[list[Any]]:
    if not alarm.get("MetricName"):
        return
    stat = alarm.get("Statistic") or alarm.get("ExtendedStatistic") or "Average"
    look = {"stat": stat, "period": alarm.get("Period", 300)}
    yield [*_name(alarm), look]


def _expressions(alarm: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Only what the alarm judges is drawn; the rest is there to be calculated with."""
    for each in alarm["Metrics"]:
        look = {"id": each["Id"], "visible": bool(each.get("ReturnData", True))}
        look |= {"label": each["Label"]} if each.get("Label") else {}
        if each.get("Expression"):
            yield [look | {"expression": each["Expression"]}]
        elif each.get("MetricStat"):
            stat = each["MetricStat"]
            yield [*_name(stat["Metric"]), look | {"stat": stat["Stat"], "period": stat["Period"]}]


def _name(metric: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(metric["Namespace"]), str(metric["MetricName"]))
    for each in metric.get("Dimensions", ()):
        yield from (str(each["Name"]), str(each["Value"]))


def _threshold(alarm: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "Threshold" in alarm:
        yield {"label": f"threshold {alarm['Threshold']:g}", "value": alarm["Threshold"]}


def _marks(standing: IncidentStatus, now: datetime) -> Iterator[dict[str, Any]]:
    """The alarm, and since when what is in force."""
    marks = {"ALARM": standing.since}
    marks |= {lease.remedy: lease.at for lease in standing.leases}
    for label, at in marks.items():
        if now - SPAN <= at <= now:
            yield {"label": label, "value": stamp(at)}
