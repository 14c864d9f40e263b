"""What is on record when a response has failed: what is in force, and whose thread it is told in."""

from datetime import timedelta
from typing import Any

from responder.core.alarm_event import AlarmEvent
from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.log import log
from responder.core.refusals import Refusal
from responder.core.report import ReportKind
from responder.core.text import Text, text
from responder.evidence.failed import reason
from responder.respond.report import in_force, report_id
from responder.store import Incidents


def on_record(event: AlarmEvent | None, context: Context) -> dict[str, Any]:
    """Parts of the report of the failure. What cannot be read is said, or left out."""
    settings = context.settings
    soak = timedelta(minutes=settings.soak_minutes)
    incidents = Incidents(context.aws, settings.incidents_table, soak)
    found = {**_in_force(incidents), **_going_on(event, incidents)}
    return found | {"warnings": (*found.get("warnings", ()), *_unread(context))}


def _unread(context: Context) -> tuple[Text, ...]:
    """That the settings could not be read, so that defaults were used."""
    error = context.parameters
    if not isinstance(error, ResponderError):
        return ()
    return (text("evidence.failed", look=text("evidence.look.switches"), reason=reason(error)),)


def _in_force(incidents: Incidents) -> dict[str, Any]:
    try:
        return {"leases": in_force(incidents.ledger())}
    except ResponderError as error:
        return {"warnings": (Refusal.LEASES_UNREAD(detail=reason(error)).text,)}


def _going_on(event: AlarmEvent | None, incidents: Incidents) -> dict[str, Any]:
    """The incident that the change came to, and the report's id in it: so the failure is told in that one's
    thread. Nothing where there is none, or where it cannot be read: then it has an id of its own."""
    if event is None:
        return {}
    try:
        newest = next((each for each in incidents.newest() if each.slug == event.slug), None)
    except ResponderError:
        log().warning("whose failure it is was not read", extra={"alarm": event.name})
        return {}
    if newest is None or newest.over(event.at, 0, incidents.soak):
        return {}
    return {"incident": newest.id, "id": report_id(newest.id, ReportKind.FAILURE, event.at)}
