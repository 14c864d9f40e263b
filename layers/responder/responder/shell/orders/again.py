"""decide-again: the same response on fresh evidence. Its age counts from the command."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responder.context import Context
from responder.incidents import Incident, Incidents
from responder.playbook import Playbook
from responder.refusal import Refusal
from responder.shell import doubts
from responder.shell.gather import gather, looked
from responder.shell.look import patient
from responder.shell.respond import Responder
from responder.shell.shared import shared
from responder.shell.telling import Told, report
from responder.shell.wrap_up import Answered, wrap_up


def carry_out(
    playbook: Playbook,
    context: Context,
    incidents: Incidents,
    incident: Incident,
    environment: Mapping[str, str],
) -> dict[str, Any]:
    """Look, decide, guard, act, record, as for the alarm itself; told where the decision has changed."""
    here = replace(context, since=incident.opened)
    once = patient(shared(here))
    found = gather(playbook, once, incident.alarm, incidents, lambda: incident, incident.id)
    found = looked(found, playbook, once, incidents)
    off = (Refusal.NOT_LOOPBACK(),) if doubts.off_limits(environment) else ()
    doubt = (*off, *doubts.of_alarm(found.alarm), *doubts.of_record(found.lost()))
    response = Responder(playbook, here, incidents, incident.id).respond(found, doubt)
    about = Told(
        playbook, replace(here, since=context.now), incident.alarm, incident.id, opened=incident.opened
    )
    told = report(about, found, response, doubt)
    return wrap_up(Answered(playbook, here, incidents, found, response, told))
