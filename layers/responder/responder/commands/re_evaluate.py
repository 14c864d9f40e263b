"""decide-again: the same response on fresh evidence. Its age counts from the command."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responder.aws.parallel import patient
from responder.aws.shared import shared
from responder.core.context import Context
from responder.core.refusals import Refusal
from responder.respond import observe_only
from responder.respond.gather import gather, looked
from responder.respond.playbook import Playbook
from responder.respond.report import ReportContext, report
from responder.respond.response import Responder
from responder.respond.wrap_up import AnsweredAlarm, wrap_up
from responder.store import Incident, Incidents


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
    off = (Refusal.NOT_LOOPBACK(),) if observe_only.off_limits(environment) else ()
    doubt = (*off, *observe_only.of_alarm(found.alarm), *observe_only.of_record(found.lost()))
    response = Responder(playbook, here, incidents, incident.id).respond(found, doubt)
    about = ReportContext(
        playbook, replace(here, since=context.now), incident.alarm, incident.id, opened=incident.opened
    )
    told = report(about, found, response, doubt)
    return wrap_up(AnsweredAlarm(playbook, here, incidents, found, response, told))
