"""What is on record of a change whose response failed."""

from datetime import timedelta
from typing import Any

from responder.alarm import AlarmEvent
from responder.context import Context
from responder.errors import ResponderError
from responder.incidents import Incidents
from responder.report import Kind
from responder.shell.log import log
from responder.shell.telling import report_id


def going_on(event: AlarmEvent | None, context: Context) -> dict[str, Any]:
    """The incident that the change came to, and the report's id in it: so the failure is told in that one's
    thread. Nothing where there is none, or where it cannot be read: then it has an id of its own."""
    if event is None:
        return {}
    settings = context.settings
    incidents = Incidents(context.aws, settings.incidents_table, timedelta(minutes=settings.soak_minutes))
    try:
        newest = next((each for each in incidents.newest() if each.slug == event.slug), None)
    except ResponderError:
        log().warning("whose failure it is was not read", extra={"alarm": event.name})
        return {}
    if newest is None or newest.over(event.at, 0, incidents.soak):
        return {}
    return {"incident": newest.id, "id": report_id(newest.id, Kind.FAILURE, event.at)}
