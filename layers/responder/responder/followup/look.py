"""One reading of an incident: everything that its next duty depends on, read in parallel."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from responder.aws.parallel import side_by_side
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.assessment import AssessmentResult, against
from responder.core.change import Lease, Ledger
from responder.core.command import REMEMBERED, CommandKind
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, read_alarm
from responder.core.errors import Denied, ResponderError
from responder.core.frozen import frozen
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Json
from responder.core.settings import IncidentTimers
from responder.core.settings_document import NO_PEOPLE, People
from responder.core.text import Strings, Texts, text
from responder.evidence import metrics
from responder.evidence.base import action, reason
from responder.evidence.invocations import delivered
from responder.followup.measuring import measured
from responder.followup.observation import Requests, leads, needed, registered, seen_of, window_of
from responder.followup_rules import DutyKind, FollowUpMemory, Observation, TrafficSince, observe
from responder.incident_report.metric import period_for
from responder.store import Incident, IncidentHead, Incidents, approvals
from responder.store.ledger import Assessments
from responder.store.switches import read_switches

_MOST_POINTS = 1_000
# What may be a reason for a stop.
_POOR = (AssessmentResult.INEFFECTIVE, AssessmentResult.HARMFUL)
_FAULTS = ("VerificationError", "SessionCreationError")


def traffic(context: Context, since: datetime) -> TrafficSince:
    """The traffic since a moment, in whole minutes from the next one on: in its own minute requests may have
    failed before it. Minutes whose metrics may still be on the way are apart. A request that died and one
    that reported an error are both faults; one that did both counts once. Raises our errors where CloudWatch
    cannot be asked, or gives only a part."""
    settings = context.settings
    start = (since + timedelta(minutes=1)).replace(second=0, microsecond=0)
    end = delivered(context.now)
    if end <= start:
        return TrafficSince(0, 0)
    # Whole minutes, as few as the number of points allows and as many as CloudWatch keeps at that age.
    minutes = ceil((end - start).total_seconds() / metrics.MINUTE / _MOST_POINTS)
    period = period_for(metrics.MINUTE * max(1, minutes), end - start)
    asked = {
        f"{metric} {name}": metrics.of_function(metric, "Sum", name, period)
        for metric in ("Invocations", "Errors")
        for name in settings.functions
    }
    asked |= {name: metrics.Metric(settings.namespace, name, "Sum", period=period) for name in _FAULTS}
    found = metrics.read(context, asked, start, metrics.window(context.now)[1])

    def faults(first: datetime, last: datetime) -> int:
        died = sum(found[f"Errors {name}"].between(first, last).total for name in settings.functions)
        return int(max(died, sum(found[name].between(first, last).total for name in _FAULTS)))

    requests = sum(found[f"Invocations {name}"].before(end).total for name in settings.functions)
    return TrafficSince(int(requests), faults(start, end), faults(end, context.now))


@frozen
class FollowUpLook:
    """The observation, and the memory after it. `incident` is None where the alarm has moved on.
    `denied`: what we may not read. `people`: who may approve what; empty where that could not be read."""

    head: IncidentHead
    incident: Incident | None
    seen: Observation
    memory: FollowUpMemory
    ledger: Ledger
    denied: Texts = ()
    people: People = NO_PEOPLE


def look(context: Context, incidents: Incidents, name: str) -> FollowUpLook | None:
    """Look at an incident; None for one that is not stored.

    Raises:
        ResponderError: what decides (the incident, its leases) could not be read. Where only the alarm
            cannot be read, messages are still sent.
    """
    head = incidents.head(name)
    if head is None:
        return None
    found = _ask(context, incidents, head, head.remembered)
    for part in ("incident", "ledger"):
        if isinstance(found[part], ResponderError):
            raise found[part]
    incident, alarm = found["incident"], found["alarm"]
    found |= _of_acts(context, found["ledger"], head, alarm)
    if not isinstance(alarm, ResponderError):
        incident = _corrected(incidents, incident, alarm)
    seen = seen_of(context, head, incident, found)
    known, unread = head.watch, isinstance(context.parameters, ResponderError)
    terms = IncidentTimers.of(context.settings, head.severity)
    if known is None:
        earlier = incident.earlier if incident is not None else None
        known = replace(FollowUpMemory.begin(terms, head.opened, earlier), assumed=unread)
    elif known.assumed and not unread:
        known = replace(known, terms=terms, assumed=False)
    if head.severity is Severity.HIGH:
        # It may have been raised since the terms were taken.
        known = replace(known, terms=known.terms.raised())
    refused = {action(each): reason(each) for each in found.values() if isinstance(each, Denied)}
    denied = tuple(text("followup.unread", detail=each) for each in refused.values())
    memory = observe(seen, known)
    return FollowUpLook(head, incident, seen, memory, found["ledger"], denied, registered(found))


def _ask(context: Context, incidents: Incidents, head: IncidentHead, known: FollowUpMemory) -> Json:
    aws, table = context.aws, context.settings.approvals_table
    since = known.step_at if known.step not in ("", "0") else known.calm_from
    linked = head.decision.linked if head.decision else ""
    questions = {
        "incident": lambda: incidents.find(head.incident),
        "ledger": incidents.ledger,
        "alarm": lambda: read_alarm(aws, head.alarm),
        "acks": lambda: approvals.rows(aws, table, f"{approvals.ACK}{head.incident}"),
        "closing": lambda: approvals.rows(aws, table, f"{approvals.CLOSE}{head.incident}"),
        "askings": lambda: _requests(context, incidents, head),
        "switches": lambda: read_switches(context, head.alarm),
        "traffic": lambda: traffic(context, since) if since else None,
        "lead": lambda: leads(incidents, head, linked) if linked else False,
        "needed": lambda: needed(incidents, head) if known.calm_from else False,
    }
    return side_by_side(questions, through=aws)


def _of_acts(
    context: Context, ledger: Ledger, head: IncidentHead, alarm: AlarmStatus | ResponderError | None
) -> Json:
    """The data for assessing the remedies of this incident: what was counted around them, and what people
    reported who reverted them. Read only if a remedy can be assessed."""
    aws, table, memory = context.aws, context.settings.approvals_table, head.remembered
    in_force = ledger.of_incident(head.incident)
    acts = (*in_force, *ledger.ended_of(head.incident))
    said = [each for each in acts if memory.assessed.get(each.act) is not AssessmentResult.HARMFUL]
    poor = [each for each in acts if memory.assessed.get(each.act) in _POOR]
    if not said and not poor:
        return {"measured": {}, "harm": (), "unheld": ()}
    return side_by_side(
        {
            "measured": lambda: measured(context, in_force, memory, window_of(alarm)),
            "harm": lambda: tuple((each, approvals.rows(aws, table, approvals.worse(each))) for each in said),
            "unheld": lambda: _unheld(context, poor) if poor else (),
        },
        through=aws,
    )


def _unheld(context: Context, leases: Iterable[Lease]) -> Strings:
    """The acts that are a reason for a stop which could not be created."""
    found = Assessments(context.aws, context.settings.incidents_table).read()
    return tuple(
        lease.act
        for lease in leases
        if lease.spec.ceiling is Mode.AUTO
        and any(
            (each.at, each.incident, each.scope) == (lease.at, lease.incident, lease.scope)
            for each in against(found, lease.remedy)
        )
    )


def _corrected(incidents: Incidents, incident: Incident | None, alarm: AlarmStatus | None) -> Incident | None:
    """Record an OK whose event was lost, or overtook its ALARM, once the alarm itself is OK."""
    if incident is None or alarm is None or alarm.since is None:
        return incident
    lost = alarm.state is AlarmState.OK and incident.state is not AlarmState.OK
    if not lost or alarm.since <= incident.state_at:
        return incident
    return incidents.mark(AlarmEvent("", incident.alarm, AlarmState.OK, alarm.since, "", "")) or incident


def _requests(context: Context, incidents: Incidents, head: IncidentHead) -> Requests:
    """The proposals of the last hour, and every one that was rejected, since that may be withdrawn, or that
    is not requested again once it was."""
    known = head.remembered.reported
    recent = [
        each
        for each in incidents.proposals(head.incident)
        if context.now - each.at < REMEMBERED
        or f"{DutyKind.REJECTED} {each.id}" in known
        or (each.order == CommandKind.REVERT and not each.restores)
    ]
    table = context.settings.approvals_table
    return tuple((asked, approvals.rows(context.aws, table, asked.id)) for asked in recent)
