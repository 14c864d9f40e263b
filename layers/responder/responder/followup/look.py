"""One look at an incident: everything its next duty depends on, asked side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from responder.aws.parallel import side_by_side
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.approval_request import REMEMBERED
from responder.core.change import Ledger
from responder.core.command import CommandKind
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, read_alarm
from responder.core.errors import Denied, ResponderError
from responder.core.incident_timers import IncidentTimers
from responder.core.modes import Severity
from responder.core.settings_document import NOBODY, People
from responder.core.text import Text, text
from responder.evidence.base import action, reason
from responder.followup.observation import Askings, leads, needed, registered, seen_of
from responder.followup_rules import FollowUpMemory, Observation, TrafficSince, observe
from responder.incident_report.metric import period_for
from responder.store import Incident, IncidentHead, Incidents, approvals
from responder.store.switches import read_switches

_MINUTE = 60
_MOST_POINTS = 1_000
_FAULTS = ("VerificationError", "SessionCreationError")


def traffic(context: Context, since: datetime) -> TrafficSince:
    """Since a moment, in whole minutes. A request that died and one that said so are both faults; one that
    did both counts as one. Raises our errors where CloudWatch cannot be asked."""
    start = since.replace(second=0, microsecond=0)
    end = context.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    answer = context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=_queries(context, _period(start, end)),
        StartTime=start,
        EndTime=end,
    )
    sums: dict[str, float] = {}
    for page in answer:
        for result in page["MetricDataResults"]:
            sums[result["Id"]] = sums.get(result["Id"], 0.0) + sum(result["Values"])
    requests = sums.get("r0", 0.0) + sums.get("r1", 0.0)
    died, said = sums.get("e0", 0.0) + sums.get("e1", 0.0), sums.get("f0", 0.0) + sums.get("f1", 0.0)
    return TrafficSince(int(requests), int(max(died, said)))


def _period(start: datetime, end: datetime) -> int:
    """Whole minutes, as few as the number of points allows and as many as CloudWatch keeps at that age."""
    points = (end - start).total_seconds() / _MINUTE
    return period_for(_MINUTE * max(1, int(-(-points // _MOST_POINTS))), end - start)


def _queries(context: Context, period: int) -> list[dict[str, Any]]:
    settings = context.settings
    asked = []
    for number, name in enumerate(settings.functions):
        dimensions = [{"Name": "FunctionName", "Value": name}]
        asked.append(_query(f"r{number}", "AWS/Lambda", "Invocations", dimensions, period))
        asked.append(_query(f"e{number}", "AWS/Lambda", "Errors", dimensions, period))
    for number, name in enumerate(_FAULTS):
        asked.append(_query(f"f{number}", settings.namespace, name, [], period))
    return asked


def _query(
    name: str, namespace: str, metric: str, dimensions: list[dict[str, str]], period: int
) -> dict[str, Any]:
    stat = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": stat, "Period": period, "Stat": "Sum"}}


@dataclass(frozen=True, slots=True)
class FollowUpLook:
    """What was seen, and what is to be remembered of it. `incident` is None where the alarm has moved on.
    `lacks`: what we may not look at. `people`: who may approve what; nobody where that could not be read."""

    head: IncidentHead
    incident: Incident | None
    seen: Observation
    watch: FollowUpMemory
    ledger: Ledger
    lacks: tuple[Text, ...] = ()
    people: People = NOBODY


def look(context: Context, incidents: Incidents, name: str) -> FollowUpLook | None:
    """None for an incident that is not on record.

    Raises:
        ResponderError: what decides (the incident, its leases) could not be read. Where only the alarm
            cannot be read, telling goes on.
    """
    head = incidents.head(name)
    if head is None:
        return None
    found = side_by_side(_asks(context, incidents, head, head.remembered), through=context.aws)
    for part in ("incident", "ledger"):
        if isinstance(found[part], ResponderError):
            raise found[part]
    blind = isinstance(found["alarm"], ResponderError)
    incident = found["incident"] if blind else _mended(incidents, found["incident"], found["alarm"])
    seen = seen_of(context, head, incident, found)
    terms, unread = (
        IncidentTimers.of(context.settings, head.severity),
        isinstance(context.parameters, ResponderError),
    )
    known = head.watch
    if known is None:
        earlier = incident.earlier if incident is not None else None
        known = replace(FollowUpMemory.begin(terms, head.opened, earlier), assumed=unread)
    elif known.assumed and not unread:
        known = replace(known, terms=terms, assumed=False)
    if head.severity is Severity.HIGH:
        # It may have been raised since the terms were taken.
        known = replace(known, terms=known.terms.raised())
    return FollowUpLook(
        head, incident, seen, observe(seen, known), found["ledger"], _lacks(found), registered(found)
    )


def _lacks(found: Mapping[str, Any]) -> tuple[Text, ...]:
    denied = {action(each): reason(each) for each in found.values() if isinstance(each, Denied)}
    return tuple(text("told.unread", detail=each) for each in denied.values())


def _asks(
    context: Context, incidents: Incidents, head: IncidentHead, known: FollowUpMemory
) -> dict[str, Any]:
    aws, settings = context.aws, context.settings
    since = known.step_at if known.step not in ("", "0") else known.calm_from
    linked = head.decision.linked if head.decision else ""
    return {
        "incident": lambda: incidents.find(head.incident),
        "ledger": incidents.ledger,
        "alarm": lambda: read_alarm(aws, head.alarm),
        "acks": lambda: approvals.rows(aws, settings.approvals_table, f"{approvals.ACK}{head.incident}"),
        "closing": lambda: approvals.rows(aws, settings.approvals_table, f"{approvals.CLOSE}{head.incident}"),
        "askings": lambda: _askings(context, incidents, head),
        "switches": lambda: read_switches(context, head.alarm),
        "traffic": lambda: traffic(context, since) if since else None,
        "lead": lambda: leads(incidents, head, linked) if linked else False,
        "needed": lambda: needed(incidents, head) if known.calm_from else False,
    }


def _mended(incidents: Incidents, incident: Incident | None, alarm: AlarmStatus | None) -> Incident | None:
    """An OK event that was lost, or overtook its ALARM, is put down by whoever sees the alarm itself."""
    if incident is None or alarm is None or alarm.since is None:
        return incident
    if (
        alarm.state is not AlarmState.OK
        or incident.state is AlarmState.OK
        or alarm.since <= incident.state_at
    ):
        return incident
    return incidents.mark(AlarmEvent("", incident.alarm, AlarmState.OK, alarm.since, "", "")) or incident


def _askings(context: Context, incidents: Incidents, head: IncidentHead) -> Askings:
    """Those of the last hour, and every one whose rejection keeps it from being asked for again."""
    recent = [
        each
        for each in incidents.proposals(head.incident)
        if context.now - each.at < REMEMBERED or (each.order == CommandKind.TAKE_BACK and not each.restores)
    ]
    table = context.settings.approvals_table
    return tuple((asked, approvals.rows(context.aws, table, asked.id)) for asked in recent)
