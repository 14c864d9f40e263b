"""The alarm's metric as a picture of CloudWatch, where it can be had. Nothing depends on it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

from responder.core.deployed_alarm import describe
from responder.core.errors import Denied, ResponderError
from responder.core.log import log
from responder.core.plain_data import Data, Json
from responder.core.report import ReportKind
from responder.core.text import text
from responder.core.timestamps import stamp
from responder.evidence.base import reason
from responder.messages.block_kit import section, words
from responder.messages.language import say
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.parts import SlackPost, notification
from responder.slack.outbound.posting import SlackApi, SlackPlace, SlackPosting
from responder.slack.outbound.root import reply
from responder.slack.rows import RootMessage
from responder.slack.status import IncidentStatus

_KINDS = (ReportKind.RESPONSE, ReportKind.ESCALATION, ReportKind.CLOSED)
# The rest of the function's minute is enough for it.
_LATEST_SECONDS = 30
_SPAN = timedelta(hours=3)


class SlackApiWithPictures(SlackApi, Protocol):
    """Slack's Web API, with pictures."""

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        """A picture into a thread."""
        ...


def draw(
    posting: SlackPosting,
    slack: SlackApiWithPictures,
    report: ReportMessage,
    root: RootMessage,
    place: SlackPlace,
) -> None:
    """Once, below the report's text. An obstacle is a line in the log; a missing permission is one in the
    thread, too: it does not pass in time."""
    about = {"incident": posting.incident}
    try:
        try:
            _draw(posting, slack, report, root, place)
        except Denied as error:
            log().warning("no right to a graph", extra={**about, "error": str(error)})
            said = say(text("slack.no_graph", reason=reason(error)), report.language)
            note = SlackPost(notification(said), [section(words(said))])
            reply(posting, note, place, f"{report.id}#graph")
            raise
    except ResponderError as error:
        log().warning("no graph", extra={**about, "error": str(error)})
    except Exception as error:
        log().warning("no graph", extra={**about, "error": type(error).__name__})


def _draw(
    posting: SlackPosting,
    slack: SlackApiWithPictures,
    report: ReportMessage,
    root: RootMessage,
    place: SlackPlace,
) -> None:
    context = posting.context
    late = (context.present - context.now).total_seconds() > _LATEST_SECONDS
    if report.kind not in _KINDS or late or not place.thread or not posting.rows.draw(report.id):
        return
    # Only a metric can be drawn.
    alarm = describe(context.aws, report.alarm, ("MetricAlarm",))
    asked = widget(alarm, root.status_with(report), context.now) if alarm else None
    if asked is None:
        log().info("no graph", extra={"incident": posting.incident, "error": "no metric"})
        return
    made = context.aws.call(
        "cloudwatch", "get_metric_widget_image", MetricWidget=json.dumps(asked), OutputFormat="png"
    )
    title = say(text("slack.graph", alarm=report.alarm), report.language)
    slack.upload(place.channel, place.thread, bytes(made["MetricWidgetImage"]), "alarm.png", title)


def widget(alarm: Data, status: IncidentStatus, now: datetime) -> Json | None:
    """What GetMetricWidgetImage takes: the metric, its threshold, the time of the alarm, and since when what
    is in force; None of an alarm without a metric."""
    metrics = [*_metrics(alarm)]
    if not metrics:
        return None
    start = now - _SPAN
    marks = {"ALARM": status.since} | {lease.remedy: lease.at for lease in status.leases}
    limit = alarm.get("Threshold")
    lines = [] if limit is None else [{"label": f"threshold {limit:g}", "value": limit}]
    return {
        "title": str(alarm.get("AlarmName", "")),
        "width": 800,
        "height": 300,
        "start": stamp(start),
        "end": stamp(now),
        "timezone": "+0900" if status.newest.language == "ja" else "+0000",
        "view": "timeSeries",
        "metrics": metrics,
        "annotations": {
            "horizontal": lines,
            "vertical": [
                {"label": label, "value": stamp(at)} for label, at in marks.items() if start <= at <= now
            ],
        },
    }


def _metrics(alarm: Data) -> Iterator[list[Any]]:
    """Only what the alarm judges is drawn; the rest is there to be calculated with."""
    if not alarm.get("Metrics") and alarm.get("MetricName"):
        stat = alarm.get("Statistic") or alarm.get("ExtendedStatistic") or "Average"
        yield [*_name(alarm), {"stat": stat, "period": alarm.get("Period", 300)}]
    for each in alarm.get("Metrics") or ():
        look = {"id": each["Id"], "visible": bool(each.get("ReturnData", True))}
        look |= {"label": each["Label"]} if each.get("Label") else {}
        if each.get("Expression"):
            yield [look | {"expression": each["Expression"]}]
        elif each.get("MetricStat"):
            metric = each["MetricStat"]
            yield [*_name(metric["Metric"]), look | {"stat": metric["Stat"], "period": metric["Period"]}]


def _name(metric: Data) -> Iterator[str]:
    yield from (str(metric["Namespace"]), str(metric["MetricName"]))
    for each in metric.get("Dimensions", ()):
        yield from (str(each["Name"]), str(each["Value"]))
