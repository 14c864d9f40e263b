"""Stores a person's decision, and the step for the incident's timeline."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.approval_request import ApprovalRequest
from responder.core.change import Lease, Ledger
from responder.core.declined import DeclineReason
from responder.core.deployed_alarm import read_alarm
from responder.core.errors import Declined, ResponderError
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.reasons import ExplainedReason
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.evidence.base import reason as failed
from responder.followup_rules.seen import working
from responder.messages.headline import stamp
from responder.messages.requests import RequestedChange, asked_for, called
from responder.people.case import PersonCase
from responder.people.going_back import going_back
from responder.people.request import RevertReason
from responder.store import Incidents
from responder.store.approval_writer import hold_minutes, tidy

# The longest pause of a follow-up.
_CLOSED_WITHIN = 15


@frozen
class RecordedDecision:
    """Stored since `at`. `step`: for the timeline. `said`: for the person; None where it depends on what
    follows. `until`: when what was decided expires, as text."""

    at: datetime
    step: Mapping[str, Any]
    said: Text | None = None
    until: str = ""


def acknowledge(case: PersonCase) -> RecordedDecision:
    """The person works on the incident, so the escalation waits. Raises Declined where it is not open."""
    incident, head = case.open()
    at = case.writer.acknowledge(incident.id, max(case.context.now, incident.opened))
    minutes = hold_minutes(head.watch, case.context.settings)
    until = stamp(at + timedelta(minutes=minutes))
    said = text("person.acknowledged", person=case.caller.person, until=until, minutes=minutes)
    return RecordedDecision(at, {"what": "acknowledge"}, said, until)


def close(case: PersonCase, reason: str) -> RecordedDecision:
    """The incident is to be closed manually: the follow-up, which checks the same again, closes it.

    Raises Declined: it is not open, this person may not, gives no reason, its alarm is raised, or something
    of it has to be reverted first.
    """
    incident, _ = case.open()
    context = case.context
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
    return RecordedDecision(at, {"what": "close", "reason": tidy(reason)}, said)


def _nothing_left(ledger: Ledger, settings: Settings, incident: str) -> None:
    """Raise if something is in force that has to be reverted, because nothing reverts it after the end."""
    left = [each for each in ledger.of_incident(incident) if each.keeps_open or working(each)]
    for lease in sorted(left, key=lambda each: not each.lowers_security):
        named = called(RequestedChange(lease.remedy, scope_of(lease.scope, settings)))
        about: dict[str, Value] = {
            "remedy": named,
            "incident": incident,
            "name": lease.remedy,
            "where": settings.console,
        }
        if lease.unread is not None:
            raise Declined(DeclineReason.IN_FORCE_UNREAD(**about, reason=lease.unread.text))
        raise Declined(DeclineReason.STILL_IN_FORCE(**about))


def approve(case: PersonCase) -> RecordedDecision:
    """Raises Declined: this person may not, has rejected it, or it is not open."""
    asked = case.waiting()
    return RecordedDecision(case.writer.approve(asked, case.context.now), _step("approve", asked))


def reject(case: PersonCase, reason: str) -> RecordedDecision:
    """Raises Declined: this person may not, gives no reason, or it is not open."""
    asked = case.shown()
    if not case.writer.refused(case.rows, asked, case.context.now):
        # Not a repeat, whose first try failed half-way.
        case.waiting()
    at = case.writer.reject(asked, reason, case.context.now)
    key = "person.rejected_late" if case.approved(asked) else "person.rejected"
    said = text(key, remedy=asked_for(asked), proposal=asked.id)
    return RecordedDecision(at, _step("reject", asked), said)


def withdraw(case: PersonCase) -> RecordedDecision:
    """The person's own rejection counts no more. Raises Declined where there is none."""
    asked = case.shown()
    at = case.writer.withdraw(asked, case.context.now)
    said = text("person.withdrawn", remedy=asked_for(asked), proposal=asked.id)
    return RecordedDecision(at, _step("withdraw", asked), said)


def revert(
    case: PersonCase, wanted: Mapping[str, Any] | None = None, why: RevertReason = RevertReason.NONE
) -> RecordedDecision:
    """Only its reason is stored, where one is given that counts: the command does the rest. `said`: where it
    is in progress, so that no command follows. Raises Declined: it is in progress and there is no such
    reason, nothing is in force, or no right."""
    lease, now = case.lease(), case.context.now
    running = going_back(lease, wanted or {}, now)
    because = under_way(lease, case.context.settings, case.context.settings.console)
    if running and why is RevertReason.NONE:
        raise Declined(because)
    about = {"remedy": lease.remedy, "scope": scope_of(lease.scope, case.context.settings)}
    if why is RevertReason.MADE_WORSE:
        case.writer.made_worse(lease, now)
        about["why"] = why.value
    said = because.text if running else None
    return RecordedDecision(now, {"what": "revert", **about, **(wanted or {})}, said)


def under_way(lease: Lease, settings: Settings, where: str) -> ExplainedReason[DeclineReason]:
    """Why a revert that is in progress is not sent again. `where`: the options by which the console finds the
    stack."""
    asked = RequestedChange(lease.remedy, scope_of(lease.scope, settings))
    return DeclineReason.GOING_BACK(remedy=called(asked), incident=lease.incident, where=where)


def revert_as_worse(case: PersonCase) -> RecordedDecision:
    """Store that the person reverts it because it made things worse."""
    return revert(case, why=RevertReason.MADE_WORSE)


def _step(what: str, asked: ApprovalRequest) -> Mapping[str, Any]:
    return {"what": what, "proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}
