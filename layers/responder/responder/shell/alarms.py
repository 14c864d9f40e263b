"""Answer one state change of an alarm."""

from functools import partial
from typing import Any

from responder.alarm import AlarmEvent
from responder.context import Context
from responder.errors import AwsError, ResponderError
from responder.incidents import Incident, Incidents
from responder.incidents.incident import incident_id
from responder.playbook import Playbook
from responder.report import Report
from responder.shell import doubts
from responder.shell.gather import Gathered, gather
from responder.shell.log import log
from responder.shell.publish import publish
from responder.shell.respond import Responder, Response
from responder.shell.telling import Told, report
from responder.text import Text, text


def note(change: AlarmEvent, incidents: Incidents) -> dict[str, Any]:
    """OK and INSUFFICIENT_DATA are written on the incident; nothing else follows from them."""
    marked = incidents.mark(change)
    return {"incident": marked.id if marked else None, "state": change.state.value}


def respond_to(
    playbook: Playbook, change: AlarmEvent, context: Context, reasons: tuple[Text, ...]
) -> dict[str, Any]:
    """Look, decide, guard, act, record, report.

    Raises:
        AwsError: nobody could be told, or something done is not on record: Lambda tries again, and
            finds done what is done.
    """
    incidents = Incidents(context.aws, context.settings.incidents_table)
    # An old or replayed event must not open an incident that nothing will ever close.
    opening = partial(incidents.join, change, context.now) if reasons else partial(incidents.open, change)
    found = gather(playbook, context, change.name, incidents, opening)
    incident = found.incident.id if isinstance(found.incident, Incident) else incident_id(change)
    doubt = (*reasons, *doubts.of_state(found.state), *_lost(found))
    response = Responder(playbook, context, incidents, incident).respond(found, doubt)
    told = report(Told(playbook, context, change.name, incident), found, response, doubt)
    publish(context.aws, context.settings, told)
    return closing(told, response, incidents, context)


def _lost(found: Gathered) -> tuple[Text, ...]:
    """Without the incident store nothing can be put on record, so nothing may be done."""
    return (text("guard.store_unreadable"),) if isinstance(found.incident, ResponderError) else ()


def closing(told: Report, response: Response, incidents: Incidents, context: Context) -> dict[str, Any]:
    """Put the telling on record; raise for a retry where an act of ours is not on record."""
    results = {f"{each.remedy} {each.scope}".strip(): each.result.value for each in told.outcomes}
    summary = {"report": told.id, "cause": told.verdict.cause.key, "results": results}
    log().info("answered", extra={"incident": told.incident, **summary})
    try:
        incidents.note(told.incident, "told", {**summary, "level": told.level}, context.now)
    except ResponderError:
        log().exception("told, but the telling is not on record", extra={"incident": told.incident})
    acted = any(each.changes and each.result.value in ("applied", "partial") for each in told.outcomes)
    if response.unrecorded and acted:
        raise AwsError("dynamodb", "TransactWriteItems", "NotOnRecord")
    return {"incident": told.incident, **summary}
