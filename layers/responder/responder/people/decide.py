"""What a person decides about an incident: checked, stored, and as a step for the incident's timeline.

Slack and the console have the same request decided here. What differs is only how the answer is delivered.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, LeaseState, Ledger, Status
from responder.core.command import ApprovalRequest
from responder.core.declined import DeclineReason
from responder.core.deployed_alarm import read_alarm
from responder.core.errors import Declined, ResponderError
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason
from responder.core.remedy import spec_of
from responder.core.settings import Settings
from responder.core.text import Text, Values, text
from responder.core.timestamps import stamp
from responder.evidence.base import reason as failed
from responder.followup_rules.seen import working
from responder.messages.requests import RequestedChange, asked_for, called, name
from responder.people.case import PersonCase
from responder.people.request import RequestKind, RevertReason
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.store import Incidents
from responder.store.approval_writer import hold_minutes, tidy

# The longest pause of a follow-up.
_CLOSED_WITHIN = 15
# AWS takes seconds to minutes. Later, a person can ask again, even where nothing follows the change.
_LONGEST_REVERT = timedelta(minutes=15)
_SENT = frozenset({Status.IN_PROGRESS, Status.REVERTED, Status.KEPT})


@frozen
class RecordedDecision:
    """Stored since `at`. `step`: for the timeline. `said`: for the person; None where it depends on what
    follows. `data`: what a machine reads of it."""

    at: datetime
    step: Data
    said: Text | None = None
    data: Data = field(default_factory=dict)


def decide(case: PersonCase) -> RecordedDecision:
    """Store what the case's request decides.

    Raises:
        Declined: this person may not, or it is too late; nothing was stored.
        AwsError: it is not known to be stored.
    """
    return _DECISIONS[case.request.kind](case)


def _acknowledge(case: PersonCase) -> RecordedDecision:
    """The person works on the incident, so the escalation waits."""
    incident, head = case.open()
    at = case.writer.acknowledge(incident.id, max(case.context.now, incident.opened))
    minutes = hold_minutes(head.watch, case.context.settings)
    until = stamp(at + timedelta(minutes=minutes))
    said = text("person.acknowledged", person=case.caller.person, until=until, minutes=minutes)
    return RecordedDecision(at, {"what": "acknowledge"}, said, {"until": until})


def _close(case: PersonCase) -> RecordedDecision:
    """The incident is to be closed manually: the follow-up, which checks the same again, closes it."""
    incident, _ = case.open()
    context, reason = case.context, case.request.reason
    case.writer.closer(reason)
    try:
        alarm = read_alarm(context.aws, incident.alarm)
        if alarm is not None and alarm.state is AlarmState.ALARM:
            about = {"alarm": incident.alarm, "incident": incident.id, "where": context.settings.console}
            raise Declined(DeclineReason.STILL_RAISED(**about))
        ledger = Incidents(context.aws, context.settings.incidents_table).ledger()
    except Declined:
        raise
    except ResponderError as error:
        raise Declined(DeclineReason.CLOSING_UNREAD(reason=failed(error))) from None
    _nothing_left(ledger, context.settings, incident.id)
    at = case.writer.close(incident.id, reason, max(context.now, incident.opened))
    said = text("person.closing", person=case.caller.person, minutes=_CLOSED_WITHIN)
    why = {"reason": tidy(reason)}
    return RecordedDecision(at, {"what": "close", **why}, said, why)


def _nothing_left(ledger: Ledger, settings: Settings, incident: str) -> None:
    """Raise if something is in force that has to be reverted, because nothing reverts it after the end."""
    left = [each for each in ledger.of_incident(incident) if each.keeps_open or working(each)]
    for lease in sorted(left, key=lambda each: not each.lowers_security):
        named = called(RequestedChange(lease.remedy, scope_of(lease.scope, settings)))
        about: Values = {
            "remedy": named,
            "incident": incident,
            "name": lease.remedy,
            "where": settings.console,
        }
        if lease.unread is not None:
            raise Declined(DeclineReason.IN_FORCE_UNREAD(**about, reason=lease.unread.text))
        raise Declined(DeclineReason.STILL_IN_FORCE(**about))


def _approve(case: PersonCase) -> RecordedDecision:
    asked = case.waiting()
    return RecordedDecision(case.writer.approve(asked, case.context.now), _step("approve", asked))


def _reject(case: PersonCase) -> RecordedDecision:
    asked, why = case.shown(), {"reason": tidy(case.request.reason)}
    if not case.writer.refused(case.rows, asked, case.context.now):
        # Not a repeat, whose first try failed half-way.
        case.waiting()
    at = case.writer.reject(asked, case.request.reason, case.context.now)
    key = "person.rejected_late" if case.approved(asked) else "person.rejected"
    said = text(key, remedy=asked_for(asked), proposal=asked.id)
    return RecordedDecision(at, {**_step("reject", asked), **why}, said, why)


def _withdraw(case: PersonCase) -> RecordedDecision:
    """The person's own rejection counts no more."""
    asked = case.shown()
    at = case.writer.withdraw(asked, case.context.now)
    said = text("person.withdrawn", remedy=asked_for(asked), proposal=asked.id)
    return RecordedDecision(at, _step("withdraw", asked), said)


def _step(what: str, asked: ApprovalRequest) -> Data:
    return {"what": what, "proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}


def _revert(case: PersonCase) -> RecordedDecision:
    """Only its reason is stored, where one is given that counts: the command does the rest. `said`: where it
    is in progress, so that no command follows."""
    wanted, why = case.request.wanted, case.request.why
    if wanted and not spec_of(case.request.remedy).in_steps:
        raise Declined(DeclineReason.NO_PERCENT(remedy=name(case.request.remedy)))
    lease, now, settings = case.lease(), case.context.now, case.context.settings
    running = going_back(lease, wanted, now)
    because = under_way(lease, settings, settings.console)
    if running and why is RevertReason.NONE:
        raise Declined(because)
    about = {"remedy": lease.remedy, "scope": scope_of(lease.scope, settings)}
    step = {"what": "revert", **about, **wanted}
    if why is RevertReason.MADE_WORSE:
        case.writer.made_worse(lease, now)
        step["why"] = why.value
    return RecordedDecision(now, step, because.text if running else None, about)


def going_back(lease: Lease, wanted: Data, now: datetime) -> bool:
    """AWS has accepted this revert of all targets and is still setting the values, so there is nothing to ask
    for. `wanted`: the step, as a command has it."""
    moving = [each for each in lease.changes if each.status is Status.IN_PROGRESS]
    sent = moving and all(each.status in _SENT for each in lease.changes)
    if not sent or lease.state is not LeaseState.REVERTING:
        return False
    aims = RolloutToZero().restored(lease, wanted) if lease.spec.in_steps else {}
    here = all(aims.get(each.target, each.after) == each.after for each in moving)
    # Where no time is known, a person can ask again.
    return here and all(each.written and now - each.written[-1] < _LONGEST_REVERT for each in moving)


def under_way(lease: Lease, settings: Settings, where: str) -> ExplainedReason[DeclineReason]:
    """Why a revert that is in progress is not sent again. `where`: the options by which the console finds the
    stack."""
    asked = RequestedChange(lease.remedy, scope_of(lease.scope, settings))
    return DeclineReason.GOING_BACK(remedy=called(asked), incident=lease.incident, where=where)


_DECISIONS: Mapping[RequestKind, Callable[[PersonCase], RecordedDecision]] = {
    RequestKind.ACK: _acknowledge,
    RequestKind.CLOSE: _close,
    RequestKind.APPROVE: _approve,
    RequestKind.REJECT: _reject,
    RequestKind.WITHDRAW: _withdraw,
    RequestKind.REVERT: _revert,
}
