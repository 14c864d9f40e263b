"""How each duty is done: a command to the alarm's own function, a message, or both."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from responder.core.codec import dump
from responder.core.command import Command, CommandKind
from responder.core.context import Context
from responder.core.errors import Changed, ResponderError
from responder.core.liveness_function import scope_of
from responder.core.log import log
from responder.followup import close
from responder.followup.look import FollowUpLook
from responder.followup.messages.report import MessageExtra, told
from responder.followup_rules import Duty, DutyKind
from responder.followup_rules.done import done
from responder.messages.publish import publish
from responder.respond.report import in_force
from responder.store import IncidentHead, Incidents

# As after every duty, with the grace for a late look.
_NEXT_LOOK = timedelta(minutes=3)

type Perform = Callable[[Context, Incidents, FollowUpLook, Duty], bool]


def perform(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """Do it; False where it could not be done now and is due again.

    Raises:
        ResponderError: AWS refused or could not be reached.
    """
    finished = _HOW.get(duty.task, _tell)(context, incidents, looked, duty)
    if finished:
        from responder.respond.own_metrics import followed

        followed(context.settings, duty, looked.seen, looked.watch)
    return finished


def _lease(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """continue, take-back and the question for the next step back are about one lease."""
    lease = next(each for each in looked.seen.leases if each.id == duty.lease)
    order = CommandKind.CONTINUE if duty.task is DutyKind.CONTINUE else CommandKind.TAKE_BACK
    scope = scope_of(lease.scope, context.settings)
    command = Command(
        order,
        looked.head.incident,
        lease.remedy,
        scope,
        wanted=duty.data.get("wanted", {}),
        quiet=bool(duty.data.get("quiet")),
        step=duty.data.get("step"),
    )
    _send(context, looked.head, command)
    return True


def _look(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """Each alarm's function looks at what it has in force itself. One that cannot be reached
    delays nothing: the message then says when the change was last seen."""
    for incident in {each.incident for each in (*looked.seen.leases, *looked.seen.others)}:
        try:
            head = looked.head if incident == looked.head.incident else incidents.head(incident)
            if head is not None:
                _send(context, head, Command(CommandKind.LOOK, incident))
        except ResponderError as error:
            log().warning("no look was ordered", extra={"incident": incident, "error": str(error)})
    return True


def _repeat(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    asked = next(each.asked for each in looked.seen.askings if each.asked.id == duty.data["proposal"])
    order, incident = CommandKind(asked.order), looked.head.incident
    command = Command(order, incident, asked.remedy, asked.scope, asked.id, asked.wanted)
    _send(context, looked.head, command)
    return True


def _again(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    _send(context, looked.head, Command(CommandKind.DECIDE_AGAIN, looked.head.incident))
    return True


def _judge(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """A remedy that did not help is counted before it is told."""
    lease = next(each for each in looked.seen.leases if each.id == duty.lease)
    if not duty.data["helped"]:
        try:
            incidents.ineffective(lease, context.now)
        except Changed:
            return False
    return _tell(context, incidents, looked, duty)


def _tell(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    leases = in_force(looked.ledger)
    extra = MessageExtra(first_message=looked.head.told, problems=looked.lacks)
    report = told(duty, looked.seen, looked.watch, looked.head, leases, context.settings, extra)
    if report is not None:
        publish(context.aws, context.settings, report)
        noted(context, incidents, looked, "told", {"report": report.id, "level": report.level})
    return True


def _settings(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """Recorded before it is sent, so that neither a crash nor a retry sends it twice. A crash between the two
    loses it: each message still says why nothing was done, and the watchdog reports it once a day. Where the
    topic does not take it, it is due again."""
    next_look = context.now + _NEXT_LOOK
    kept = done(duty, looked.seen, looked.watch)
    if not incidents.remember(looked.head, kept, next_look):
        return False
    try:
        return _tell(context, incidents, looked, duty)
    except ResponderError:
        incidents.remember(looked.head, looked.watch, next_look)
        raise


def noted(context: Context, incidents: Incidents, looked: FollowUpLook, kind: str, data: Any) -> None:
    """A gap in the timeline is no reason to do the same again."""
    try:
        incidents.note(looked.head.incident, kind, data, context.now)
    except ResponderError:
        log().exception("done, but not on the timeline", extra={"incident": looked.head.incident})


def _send(context: Context, head: IncidentHead, command: Command) -> None:
    """To the function of the incident's alarm, under its own role; Lambda repeats what fails there."""
    context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{head.slug}",
        InvocationType="Event",
        Payload=json.dumps(dump(command)).encode(),
    )


_HOW: dict[DutyKind, Perform] = {
    DutyKind.LOOK: _look,
    DutyKind.CONTINUE: _lease,
    DutyKind.TAKE_BACK: _lease,
    DutyKind.RESTORE: _lease,
    DutyKind.REPEAT: _repeat,
    DutyKind.AGAIN: _again,
    DutyKind.JUDGE: _judge,
    DutyKind.SETTINGS: _settings,
    DutyKind.CLOSE: close.close,
}
