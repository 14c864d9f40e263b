"""Receive a command: find its incident and remedy, or say why they are not to be found."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from responder.aws.parallel import patient, side_by_side
from responder.aws.shared import shared
from responder.commands import apply, check_leases, finish, revert
from responder.commands.context import CommandContext, CommandResponder
from responder.core.alarm_event import AlarmState
from responder.core.change import Ledger
from responder.core.command import Command, CommandKind
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, read_alarm
from responder.core.errors import Denied, ResponderError
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Refusal
from responder.core.switches import Switches
from responder.core.text import text
from responder.core.verdict import Outcome, Result
from responder.evidence.base import because
from responder.respond import observe_only
from responder.respond.alarm import store
from responder.respond.gather import gather, key, looked, with_silences
from responder.respond.playbook import Playbook
from responder.respond.report import AnsweredAlarm, ReportContext, report, wrap_up
from responder.respond.response import Responder
from responder.store import Incident, Incidents
from responder.store.incident import slug_of
from responder.store.switches import alarm_of, read_switches

type Carry = Callable[[CommandContext], dict[str, Any]]

_ORDERS: dict[CommandKind, Carry] = {
    CommandKind.CONTINUE: finish.carry_out,
    CommandKind.APPLY: apply.carry_out,
    CommandKind.TAKE_BACK: revert.carry_out,
}


_WITHOUT = (CommandKind.LOOK, CommandKind.DECIDE_AGAIN)


@frozen
class _Records:
    incident: Incident | None
    ledger: Ledger
    switches: Switches | None
    alarm: AlarmStatus | ResponderError | None = None


def receive(
    playbook: Playbook, command: Command, context: Context, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Carry out one command.

    Raises:
        AwsError: the records could not be read, or nobody could be told: Lambda tries again.
    """
    context = patient(context)
    incidents = store(context)
    desk = CommandResponder(playbook, context, incidents)
    try:
        records = _read(command, context, incidents)
    except Denied as error:
        if command.order is CommandKind.LOOK:
            # No person waits for its answer; a message without it says when the change was last seen.
            return check_leases.nothing(command.incident)
        # Whoever waits for the answer of a command hears it now; no later try may read more.
        return desk.tell(command.incident, _refused(command, because(error)))
    problem = _problem(playbook, command, records, context)
    if problem is not None or records.incident is None:
        if command.order is CommandKind.LOOK:
            return check_leases.nothing(command.incident)
        why = problem or Refusal.UNKNOWN_INCIDENT()
        return desk.tell(records.incident or command.incident, _refused(command, why))
    if command.order is CommandKind.LOOK:
        return check_leases.carry_out(playbook, context, incidents, records.incident, records.ledger)
    if command.order is CommandKind.DECIDE_AGAIN:
        return _re_evaluate(playbook, context, incidents, records.incident, environment)
    return _ORDERS[command.order](
        _ordered(playbook, context, incidents, command, records, records.incident, environment)
    )


def _ordered(  # noqa: PLR0913  one value per thing that was read
    playbook: Playbook,
    context: Context,
    incidents: Incidents,
    command: Command,
    records: _Records,
    incident: Incident,
    environment: Mapping[str, str],
) -> CommandContext:
    """The command with all that it names, as it is on record."""
    remedies = {key(remedy): remedy for remedy in playbook.remedies}
    off = (Refusal.NOT_LOOPBACK(),) if observe_only.off_limits(environment) else ()
    # What was approved against a fault is not done to a service that works again; what is in force goes back
    # also when the alarm is over, or gone.
    over = observe_only.of_alarm if command.order is CommandKind.APPLY else observe_only.unread
    return CommandContext(
        playbook,
        context,
        incidents,
        command,
        incident,
        remedies[command.remedy, command.scope],
        records.switches,
        records.ledger,
        (*off, *over(records.alarm)),
        records.alarm,
    )


def _refused(command: Command, because: Because) -> Outcome:
    why = text("why.command", order=text(f"order.{command.order}"))
    return Outcome(command.remedy or "-", command.scope, Result.REFUSED, why, because)


def _read(command: Command, context: Context, incidents: Incidents) -> _Records:
    alarm = alarm_of(context.settings, command.incident)
    found = side_by_side(
        {
            "incident": lambda: incidents.find(command.incident) or _past(incidents, command.incident),
            "ledger": incidents.ledger,
            "switches": lambda: read_switches(context, alarm),
            # A decision made again reads it with all the rest; a look does not depend on it.
            "alarm": lambda: None if command.order in _WITHOUT else read_alarm(context.aws, alarm),
        },
        through=context.aws,
    )
    for name in ("incident", "ledger"):
        if isinstance(found[name], ResponderError):
            raise found[name]
    switches = with_silences(found["switches"], found["alarm"])
    known = None if isinstance(switches, ResponderError) else switches
    return _Records(found["incident"], found["ledger"], known, found["alarm"])


def _past(incidents: Incidents, name: str) -> Incident | None:
    """One that its alarm points to no more; something of it may still be in force."""
    head = incidents.head(name)
    if head is None:
        return None
    return Incident(
        head.incident, slug_of(name), head.alarm, head.opened, AlarmState.OK, head.opened, closed=True
    )


def _problem(
    playbook: Playbook, command: Command, records: _Records, context: Context
) -> ExplainedReason[Refusal] | None:
    incident = records.incident
    if incident is None:
        return Refusal.UNKNOWN_INCIDENT()
    if not context.settings.answers(incident.alarm):
        return Refusal.FOREIGN_INCIDENT()
    # What is in force is taken back also after its incident.
    left = command.order in (
        CommandKind.LOOK,
        CommandKind.TAKE_BACK,
        CommandKind.CONTINUE,
    ) and records.ledger.of_incident(incident.id)
    if incident.closed and not left:
        return Refusal.INCIDENT_CLOSED()
    known = command.order in _WITHOUT or (command.remedy, command.scope) in map(key, playbook.remedies)
    return None if known else Refusal.UNKNOWN_REMEDY()


def _re_evaluate(
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
