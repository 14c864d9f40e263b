"""Receive a command: find its incident and remedy, or report why they cannot be found."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from responder.aws.gateway import patient, shared
from responder.aws.parallel import side_by_side
from responder.commands import apply, check_leases, finish, revert
from responder.commands.context import CommandContext, report_outcome, why_of
from responder.core.alarm_event import AlarmState
from responder.core.assessment import track_record
from responder.core.command import Command, CommandKind
from responder.core.context import Context
from responder.core.deployed_alarm import read_alarm
from responder.core.errors import Denied, ResponderError
from responder.core.log import log
from responder.core.plain_data import Data, Json
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.verdict import Outcome, Result
from responder.evidence.base import because
from responder.respond.alarm import store
from responder.respond.gather import (
    alarm_doubts,
    gather,
    key,
    place_doubts,
    unread_doubts,
    with_leases_checked,
    with_silences,
)
from responder.respond.playbook import Playbook
from responder.respond.report import answer
from responder.respond.response import Responder
from responder.store import Incident, Incidents
from responder.store.incidents import slug_of
from responder.store.ledger import Assessments
from responder.store.switches import alarm_of, read_switches

_OF_A_REMEDY: dict[CommandKind, Callable[[CommandContext], Json]] = {
    CommandKind.FINISH: finish.carry_out,
    CommandKind.APPLY: apply.carry_out,
    CommandKind.REVERT: revert.carry_out,
}


def receive(playbook: Playbook, command: Command, context: Context, environment: Mapping[str, str]) -> Json:
    """Carry out one command.

    Raises:
        AwsError: the records could not be read, or the message could not be sent: Lambda tries again.
    """
    context = patient(context)
    incidents = store(context)
    records: Json = {"incident": None}
    problem: Because | None
    try:
        records = _read(command, context, incidents)
        problem = _problem(playbook, command, records, context)
    except Denied as error:
        # The sender of a command gets it now; no later try may read more.
        problem = because(error)
    incident, order = records["incident"], command.order
    if problem is not None:
        if order is CommandKind.CHECK_LEASES:
            # No person waits for its answer; a message without it says when the change was last seen.
            log().warning("nothing was looked at", extra={"incident": command.incident})
            return {"incident": command.incident, "results": {}}
        refused = Outcome(command.remedy or "-", command.scope, Result.REFUSED, why_of(order), problem)
        return report_outcome(playbook, context, incidents, incident or command.incident, refused)
    if order is CommandKind.CHECK_LEASES:
        return check_leases.carry_out(playbook, context, incidents, incident, records["ledger"])
    off = place_doubts(environment)
    if order is CommandKind.RE_EVALUATE:
        return _re_evaluate(playbook, context, incidents, incident, off)
    remedy = next(each for each in playbook.remedies if key(each) == (command.remedy, command.scope))
    # What was approved against a fault is not done to a service that works again; what is in force is
    # reverted also when the alarm is OK or deleted.
    over = alarm_doubts if order is CommandKind.APPLY else unread_doubts
    doubts = (*off, *over(records["alarm"]))
    named = playbook, context, incidents, command, incident, remedy
    known = (records["switches"], records["ledger"], doubts, records["alarm"])
    ordered = CommandContext(*named, *known, records["record"])
    return _OF_A_REMEDY[order](ordered)


def _read(command: Command, context: Context, incidents: Incidents) -> Json:
    """The incident and the ledger; the switches, None where they could not be read; the alarm, or why it
    could not be read.

    Raises:
        ResponderError: the incident or the ledger could not be read.
    """
    alarm = alarm_of(context.settings, command.incident)
    table = Assessments(context.aws, context.settings.incidents_table)
    found = side_by_side(
        {
            "incident": lambda: incidents.find(command.incident) or _past(incidents, command.incident),
            "ledger": incidents.ledger,
            "switches": lambda: read_switches(context, alarm),
            # A decision made again reads it with all the rest; a look does not depend on it.
            "assessments": lambda: table.read() if command.order is CommandKind.APPLY else None,
            "alarm": lambda: read_alarm(context.aws, alarm) if command.order in _OF_A_REMEDY else None,
        },
        through=context.aws,
    )
    for name in ("incident", "ledger"):
        if isinstance(found[name], ResponderError):
            raise found[name]
    switches, acts = with_silences(found["switches"], found["alarm"]), found["assessments"]
    return {
        **found,
        "switches": None if isinstance(switches, ResponderError) else switches,
        # How often the remedy has helped, for a line of the message.
        "record": track_record(acts, command.remedy, context.now).text if isinstance(acts, tuple) else None,
    }


def _past(incidents: Incidents, name: str) -> Incident | None:
    """An incident that its alarm no longer points to; something of it may still be in force."""
    head = incidents.head(name)
    if head is None:
        return None
    return Incident(
        head.incident, slug_of(name), head.alarm, head.opened, AlarmState.OK, head.opened, closed=True
    )


def _problem(playbook: Playbook, command: Command, records: Data, context: Context) -> Because | None:
    incident: Incident | None = records["incident"]
    if incident is None:
        return Refusal.UNKNOWN_INCIDENT()
    if not context.settings.answers(incident.alarm):
        return Refusal.FOREIGN_INCIDENT()
    # What is in force is reverted also after its incident.
    after = command.order in (CommandKind.CHECK_LEASES, CommandKind.REVERT, CommandKind.FINISH)
    if incident.closed and not (after and records["ledger"].of_incident(incident.id)):
        return Refusal.INCIDENT_CLOSED()
    of_remedy = command.order in _OF_A_REMEDY
    known = not of_remedy or (command.remedy, command.scope) in map(key, playbook.remedies)
    return None if known else Refusal.UNKNOWN_REMEDY()


def _re_evaluate(
    playbook: Playbook,
    context: Context,
    incidents: Incidents,
    incident: Incident,
    off: Doubts,
) -> Json:
    """Look, decide, guard, act, record, as for the alarm itself, on fresh evidence, whose age counts from the
    command; reported where the decision has changed."""
    here = replace(context, since=incident.opened)
    once = patient(shared(here))
    found = gather(playbook, once, incident.alarm, incidents, lambda: incident, incident.id)
    found = with_leases_checked(found, playbook, once, incidents)
    doubt = (*off, *found.doubts())
    return answer(Responder(playbook, here, incidents, incident.id, incident.alarm), found, doubt)
