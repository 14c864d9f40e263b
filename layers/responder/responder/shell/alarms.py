"""Answer one state change of an alarm."""

from datetime import timedelta
from functools import partial
from typing import Any

from responder.alarm import AlarmEvent
from responder.context import Context
from responder.errors import ResponderError
from responder.incidents import Incident, Incidents
from responder.incidents.incident import incident_id
from responder.playbook import Playbook
from responder.shell import doubts
from responder.shell.gather import Gathered, gather
from responder.shell.respond import Responder
from responder.shell.telling import Told, report
from responder.shell.wrap_up import Answered, wrap_up
from responder.text import Text, text

# Section 9 of the design: in the soak the decision is made again once it is older than this.
_DECIDED_JUST_NOW = timedelta(minutes=5)

_UNCLAIMED = "guard.may_repeat"


def note(change: AlarmEvent, incidents: Incidents) -> dict[str, Any]:
    """OK and INSUFFICIENT_DATA are written on the incident; nothing else follows from them."""
    marked = incidents.mark(change)
    return {"incident": marked.id if marked else None, "state": change.state.value}


def respond_to(
    playbook: Playbook, change: AlarmEvent, context: Context, reasons: tuple[Text, ...]
) -> dict[str, Any]:
    """Look, decide, guard, act, record, report, have it followed.

    Raises:
        AwsError: nobody could be told, something done is not on record, or nobody follows it: Lambda tries
            again, and finds done what is done.
    """
    incidents = store(context)
    # An old or replayed event must not open an incident that nothing will ever close.
    opening = partial(incidents.join, change, context.now) if reasons else partial(incidents.open, change)
    found = gather(playbook, context, change.name, incidents, opening, incident_id(change))
    if isinstance(found.incident, Incident) and _just_decided(change, found, context):
        incidents.note(found.incident.id, "state", {"state": change.state, "at": change.at}, change.at)
        return {"incident": found.incident.id, "state": change.state.value, "decided": "a moment ago"}
    incident = found.incident.id if isinstance(found.incident, Incident) else incident_id(change)
    doubt = (*reasons, *doubts.of_state(found.state), *_lost(found))
    response = Responder(playbook, context, incidents, incident).respond(found, doubt)
    told = report(Told(playbook, context, change.name, incident), found, response, doubt)
    answer = wrap_up(Answered(playbook, context, incidents, found, response, told, change))
    if isinstance(found.incident, ResponderError) and not any(each.key == _UNCLAIMED for each in reasons):
        # Told, but on no record: nothing was done and nobody follows it. The next try may do better.
        raise found.incident
    return answer


def store(context: Context) -> Incidents:
    """The incidents, with the owner's soak time."""
    settings = context.settings
    return Incidents(context.aws, settings.incidents_table, timedelta(minutes=settings.soak_minutes))


def _just_decided(change: AlarmEvent, found: Gathered, context: Context) -> bool:
    """The alarm came back before the last decision is old enough to be made again."""
    if found.head is None or found.head.decision is None or change.at <= found.head.decision.at:
        return False
    return context.now - found.head.decision.at < _DECIDED_JUST_NOW


def _lost(found: Gathered) -> tuple[Text, ...]:
    """Without the incident store nothing can be put on record, so nothing may be done."""
    return (text("guard.store_unreadable"),) if isinstance(found.incident, ResponderError) else ()
