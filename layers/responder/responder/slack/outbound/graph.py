"""The alarm's metric as a picture, where it can be had. Nothing depends on it."""

import json

from responder.core.deployed_alarm import describe
from responder.core.errors import Denied, ResponderError
from responder.core.log import log
from responder.core.report import ReportKind
from responder.core.text import text
from responder.evidence.base import reason
from responder.messages.language import say
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.graph import widget
from responder.slack.blocks.message import no_graph
from responder.slack.outbound.posting import SlackApiWithPictures, SlackPlace, SlackPosting
from responder.slack.outbound.thread import under
from responder.slack.post_rows_data import RootMessage

_KINDS = (ReportKind.RESPONSE, ReportKind.ESCALATION, ReportKind.CLOSED)
# The rest of the function's minute is enough for it.
_LATEST_SECONDS = 30


def draw(
    desk: SlackPosting,
    painter: SlackApiWithPictures,
    report: ReportMessage,
    root: RootMessage,
    place: SlackPlace,
) -> None:
    """Once, below the report's text. What stands in its way is a line in the log, and a missing right is one
    in the thread, too: it does not go by itself."""
    if report.kind not in _KINDS:
        return
    try:
        try:
            _draw(desk, painter, report, root, place)
        except Denied as error:
            log().warning("no right to a graph", extra={"incident": desk.incident, "error": str(error)})
            under(desk, no_graph(report, reason(error)), place, f"{report.id}#graph")
            raise
    except ResponderError as error:
        log().warning("no graph", extra={"incident": desk.incident, "error": str(error)})
    except Exception as error:
        log().warning("no graph", extra={"incident": desk.incident, "error": type(error).__name__})


def _draw(
    desk: SlackPosting,
    painter: SlackApiWithPictures,
    report: ReportMessage,
    root: RootMessage,
    place: SlackPlace,
) -> None:
    context = desk.context
    late = (context.present - context.now).total_seconds() > _LATEST_SECONDS
    if late or not place.thread or not desk.rows.draw(report.id):
        return
    # Only a metric can be drawn.
    alarm = describe(context.aws, report.alarm, ("MetricAlarm",))
    asked = widget(alarm, root.stands(report), context.now) if alarm else None
    if asked is None:
        log().info("no graph", extra={"incident": desk.incident, "error": "no metric"})
        return
    made = context.aws.call(
        "cloudwatch", "get_metric_widget_image", MetricWidget=json.dumps(asked), OutputFormat="png"
    )
    title = say(text("slack.graph", alarm=report.alarm), report.language)
    painter.upload(place.channel, place.thread, bytes(made["MetricWidgetImage"]), "alarm.png", title)
