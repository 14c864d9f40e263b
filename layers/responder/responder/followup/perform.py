"""How each duty is done: a command to the alarm's own function, a message, or both; and the end."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from responder.core.assessment import Assessment, AssessmentResult
from responder.core.change import Leases, Rejection
from responder.core.codec import dump
from responder.core.command import Command, CommandKind
from responder.core.context import Context
from responder.core.errors import Changed, ResponderError
from responder.core.liveness_function import scope_of
from responder.core.log import log
from responder.core.modes import Severity
from responder.core.text import Text, text
from responder.followup import trust
from responder.followup.look import FollowUpLook
from responder.followup.messages.case import MessageExtra
from responder.followup.messages.report import broken, duty_report
from responder.followup_rules import Duty, DutyKind, done
from responder.messages.publish import publish
from responder.respond.report import in_force
from responder.store import IncidentHead, Incidents
from responder.store.incidents import slug_of

# The same margin for a late look as after every duty.
_NEXT_LOOK = timedelta(minutes=3)


def perform(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """Do it; False where it could not be done now and is due again.

    Raises:
        ResponderError: AWS refused or could not be reached.
    """
    finished = True
    match duty.task:
        case DutyKind.CHECK_LEASES:
            _order_looks(context, incidents, looked)
        case DutyKind.FINISH | DutyKind.REVERT | DutyKind.RESTORE | DutyKind.REPEAT | DutyKind.RE_EVALUATE:
            _send(context, looked.head, _command(context, looked, duty))
        case DutyKind.JUDGE:
            finished = _judge(context, incidents, looked, duty)
        case DutyKind.ASSESS:
            _assess(context, incidents, looked, duty)
        case DutyKind.SETTINGS:
            finished = _report_once(context, incidents, looked, duty)
        case DutyKind.CLOSE:
            finished = _close(context, incidents, looked, duty)
        case _:
            _report(context, incidents, looked, duty)
    if finished:
        from responder.respond.own_metrics import followed

        followed(context.settings, duty, looked.seen, looked.memory)
    return finished


def _command(context: Context, looked: FollowUpLook, duty: Duty) -> Command:
    incident = looked.head.incident
    if duty.task is DutyKind.RE_EVALUATE:
        return Command(CommandKind.RE_EVALUATE, incident)
    if duty.task is DutyKind.REPEAT:
        asked = next(each.asked for each in looked.seen.askings if each.asked.id == duty.data["proposal"])
        order = CommandKind(asked.order)
        return Command(order, incident, asked.remedy, asked.scope, asked.id, asked.wanted)
    lease = next(each for each in looked.seen.leases if each.id == duty.lease)
    return Command(
        CommandKind.FINISH if duty.task is DutyKind.FINISH else CommandKind.REVERT,
        incident,
        lease.remedy,
        scope_of(lease.scope, context.settings),
        wanted=duty.data.get("wanted", {}),
        quiet=bool(duty.data.get("quiet")),
        step=duty.data.get("step"),
    )


def _order_looks(context: Context, incidents: Incidents, looked: FollowUpLook) -> None:
    """Each alarm's function looks at what it has in force itself. One that cannot be reached delays nothing:
    the message then says when the change was last seen."""
    for incident in {each.incident for each in (*looked.seen.leases, *looked.seen.others)}:
        try:
            head = looked.head if incident == looked.head.incident else incidents.head(incident)
            if head is not None:
                _send(context, head, Command(CommandKind.CHECK_LEASES, incident))
        except ResponderError as error:
            log().warning("no look was ordered", extra={"incident": incident, "error": str(error)})


def _send(context: Context, head: IncidentHead, command: Command) -> None:
    """To the function of the incident's alarm, under its own role; Lambda repeats what fails there."""
    context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{head.slug}",
        InvocationType="Event",
        Payload=json.dumps(dump(command)).encode(),
    )


def _judge(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """A remedy that did not help is counted before it is reported."""
    if not duty.data["helped"]:
        lease = next(each for each in looked.seen.leases if each.id == duty.lease)
        try:
            incidents.ineffective(lease, context.now)
        except Changed:
            return False
    _report(context, incidents, looked, duty)
    return True


def _assess(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> None:
    """The stop is there before its message is sent, and only then does it count as reported: a run that dies
    in between does the same again."""
    act = duty.data["act"]
    lease = next(each for each in (*looked.seen.leases, *looked.seen.ended) if each.act == act)
    found = Assessment.of(lease, duty.data["result"], context.now, duty.data["by"])
    measured = looked.seen.measured.get(act)
    if found.result is AssessmentResult.HARMFUL and not found.by and measured is not None:
        found = replace(found, before=measured.faults_before, after=measured.faults_after)
    acts, missing = trust.assessed(context, found)
    if acts and not (duty.data["retried"] and missing is not None):
        data = {**duty.data, "acts": acts, "missing": missing}
        _report(context, incidents, looked, replace(duty, data=data))
    if missing is None:
        trust.reported(context, acts)


def _record_rejection(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> None:
    """The other incidents of the same fault do not apply it automatically either."""
    asked = next(
        each.asked for each in looked.seen.askings if f"{DutyKind.REJECTED} {each.asked.id}" == duty.id
    )
    if asked.order == CommandKind.APPLY:
        incidents.reject(Rejection(asked.incident, asked.id, asked.remedy, asked.scope), context.now)


def _report(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> None:
    if duty.task is DutyKind.REJECTED:
        _record_rejection(context, incidents, looked, duty)
    extra = MessageExtra(first_message=looked.head.notified, problems=looked.denied)
    leases = in_force(looked.ledger)
    report = duty_report(duty, looked.seen, looked.memory, looked.head, leases, context.settings, extra)
    if report is not None:
        publish(context.aws, context.settings, report)
        note(context, incidents, looked, "reported", {"report": report.id, "level": report.level})


def _report_once(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """Recorded before it is sent, so that neither a crash nor a retry sends it twice. A crash between the two
    loses it: each message still says why nothing was done, and the watchdog reports it once a day. Where the
    topic does not take it, it is due again."""
    next_look = context.now + _NEXT_LOOK
    if not incidents.remember(looked.head, done(duty, looked.seen, looked.memory), next_look):
        return False
    try:
        _report(context, incidents, looked, duty)
    except ResponderError:
        incidents.remember(looked.head, looked.memory, next_look)
        raise
    return True


def _close(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """Stored as closed, filed, reported. False where the alarm came back in this very moment. Filing must not
    keep an incident open: on-call is notified of what fails there."""
    from responder.incident_report.filing import file

    ended, memory = looked.incident, done(duty, looked.seen, looked.memory)
    if ended is not None and not ended.closed:
        # Store first who closes it: its message may be sent when the request no longer counts.
        kept = replace(memory, closed=False)
        if not incidents.remember(looked.head, kept, context.now + _NEXT_LOOK):
            return False
        calm = ended.ok_since or looked.memory.calm_from or context.now
        if not incidents.close(ended, looked.memory.left(ended.opened, calm)):
            return False
    filed = file(context, incidents, looked.head, memory, context.now, looked.people)
    links = ((text("label.link_report"), filed.url),) if filed.url else ()
    problems = (*looked.denied, filed.problem) if filed.problem else looked.denied
    extra = MessageExtra(links=links, first_message=looked.head.notified, problems=problems)
    leases = in_force(looked.ledger)
    report = duty_report(duty, looked.seen, looked.memory, looked.head, leases, context.settings, extra)
    if report is not None:
        publish(context.aws, context.settings, report)
    return True


def report_broken(context: Context, incidents: Incidents, incident: str, why: Text | str) -> None:
    """Report that the follow-up itself failed; the watchdog restarts it. What cannot be read is left out of
    the message."""
    head: IncidentHead | None = None
    leases: Leases = ()
    try:
        head = incidents.head(incident)
        leases = in_force(incidents.ledger())
    except ResponderError:
        log().exception("reported without what is on record", extra={"incident": incident})
    unknown = IncidentHead(incident, slug_of(incident), "unknown-alarm", Severity.HIGH, context.now)
    publish(context.aws, context.settings, broken(head or unknown, leases, context, why))


def note(context: Context, incidents: Incidents, looked: FollowUpLook, kind: str, data: Any) -> None:
    """Add a step to the timeline; if that fails, the duty is not repeated."""
    try:
        incidents.note(looked.head.incident, kind, data, context.now)
    except ResponderError:
        log().exception("done, but not on the timeline", extra={"incident": looked.head.incident})
