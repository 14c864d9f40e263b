"""The alarm's metric as a picture, where it can be had. Nothing depends on it."""

import json

from responder.alarm_status import describe
from responder.errors import Denied, ResponderError
from responder.evidence.failed import reason
from responder.incidents.slack_row import Root
from responder.render.language import say
from responder.render.slack import no_graph
from responder.render.slack_graph import widget
from responder.shell.log import log
from responder.shell.slack.post_desk import Desk, Painter, Place
from responder.shell.slack.thread import under
from responder.standing import Told
from responder.text import text

_KINDS = ("response", "escalation", "closed")
# The rest of the function's minute is enough for it.
_LATEST_SECONDS = 30


def draw(desk: Desk, painter: Painter, report: Told, root: Root, place: Place) -> None:
    """Once, below the report's text. What stands in its way is a line in the log, and a missing right is one
    in the thread, too: it does not go by itself."""
    if report.get("kind") not in _KINDS:
        return
    try:
        try:
            _draw(desk, painter, report, root, place)
        except Denied as error:
            log().warning("no right to a graph", extra={"incident": desk.incident, "error": str(error)})
            under(desk, no_graph(report, reason(error)), place, f"{report['id']}#graph")
            raise
    except ResponderError as error:
        log().warning("no graph", extra={"incident": desk.incident, "error": str(error)})
    except Exception as error:
        log().warning("no graph", extra={"incident": desk.incident, "error": type(error).__name__})


def _draw(desk: Desk, painter: Painter, report: Told, root: Root, place: Place) -> None:
    context = desk.context
    late = (context.present - context.now).total_seconds() > _LATEST_SECONDS
    if late or not place.thread or not desk.rows.draw(str(report["id"])):
        return
    # Only a metric can be drawn.
    alarm = describe(context.aws, str(report["alarm"]), ("MetricAlarm",))
    asked = widget(alarm, root.standing, context.now) if alarm else None
    if asked is None:
        log().info("no graph", extra={"incident": desk.incident, "error": "no metric"})
        return
    made = context.aws.call(
        "cloudwatch", "get_metric_widget_image", MetricWidget=json.dumps(asked), OutputFormat="png"
    )
    title = say(text("slack.graph", alarm=str(report["alarm"])), str(report.get("language", "ja")))
    painter.upload(place.channel, place.thread, bytes(made["MetricWidgetImage"]), "alarm.png", title)
