"""From a response to the report: built, sent, put on record, and the incident followed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from responder.core import console_links
from responder.core.alarm_event import AlarmEvent
from responder.core.change import Lease, Ledger
from responder.core.codec import dump
from responder.core.coherence import as_seen
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import AwsError, Busy, ResponderError
from responder.core.frozen import frozen
from responder.core.incident_timers import IncidentTimers
from responder.core.last_decision import FailureShare, LastDecision, decision
from responder.core.log import log
from responder.core.modes import Severity, higher
from responder.core.refusals import Doubts, Refusal
from responder.core.report import MissingAlarm, Report, ReportKind
from responder.core.settings import Settings
from responder.core.switches import Switches
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result, Verdict
from responder.evidence.base import reason
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.messages.publish import publish
from responder.messages.requests import RequestedChange, called
from responder.respond.gather import Gathered
from responder.respond.playbook import Playbook
from responder.respond.response import Response
from responder.store import Incident, IncidentHead, Incidents


@frozen
class ReportContext:
    """What a report is about, besides what was found and done. `opened`: when its incident began (UTC), from
    which the manual's response time counts; None where that is not on record. `absence`: of a command,
    that its alarm does not exist, or exists again."""

    playbook: Playbook
    context: Context
    alarm: str
    incident: str
    kind: ReportKind = ReportKind.RESPONSE
    opened: datetime | None = None
    absence: MissingAlarm | None = None


def report(about: ReportContext, found: Gathered, response: Response, doubts: Doubts) -> Report:
    """Everything told of one response. The id is the same for a repeat of the same state change."""
    # Words are loaded after the mitigating call, not before it.
    from responder.messages.manual_steps import with_commands, with_orders
    from responder.messages.next_steps import next_steps

    playbook, context, alarm, incident = about.playbook, about.context, about.alarm, about.incident
    settings, verdict, kind = context.settings, response.verdict, about.kind
    steps = next_steps(response.outcomes, verdict.steps, settings)
    told = Report(
        id=report_id(incident, kind, context.since, _about(kind, response.outcomes)),
        kind=kind,
        incident=incident,
        alarm=alarm,
        slug=playbook.slug,
        severity=_severity(playbook, verdict, found.head),
        at=context.now,
        since=_since(about, found),
        region=settings.region,
        account=settings.account,
        verdict=replace(verdict, steps=with_commands(steps, playbook.manual, settings)),
        findings=as_seen(verdict, found.findings),
        outcomes=response.outcomes,
        warnings=(
            *(each.text for each in (*doubts, *of_the_alarm(found))),
            *_unread(found.ledger),
            *response.warnings,
        ),
        leases=in_force(found.ledger),
        links=((text("label.link_alarm"), console_links.alarm(settings.region, alarm)),),
        level=_level(found, settings) if kind is ReportKind.RESPONSE else 1,
        absence=about.absence if kind is ReportKind.COMMAND else absent(found.alarm, found.head, context.now),
    )
    return with_orders(told, settings)


def absence(watch: FollowUpMemory) -> MissingAlarm | None:
    """Of the incident's alarm, as its follow-up has seen it."""
    return None if watch.gone is None else MissingAlarm(watch.gone, over=watch.back is not None)


def absent(
    alarm: AlarmStatus | ResponderError | None, head: IncidentHead | None, now: datetime
) -> MissingAlarm | None:
    """The same as `alarm` was read just now; what the follow-up has seen where it could not be read."""
    known = absence(head.remembered) if head is not None else None
    if alarm is None:
        return MissingAlarm(now if known is None or known.over else known.since)
    if isinstance(alarm, AlarmStatus) and known is not None:
        return replace(known, over=True)
    return known


def calmed(head: IncidentHead | None) -> bool:
    """On-call was told since the last decision that the alarm is calm."""
    if head is None or head.decision is None:
        return False
    return any(
        key.startswith((DutyKind.MITIGATED, DutyKind.RECOVERED)) and at >= head.decision.at
        for key, at in head.remembered.told_of.items()
    )


def _level(found: Gathered, settings: Settings) -> int:
    """That the alarm is back is told to every level that knows of it; everything else to the first."""
    if found.head is not None:
        return found.head.remembered.level if calmed(found.head) else 1
    if not isinstance(found.incident, Incident):
        return 1
    terms = IncidentTimers.of(settings, Severity.HIGH)
    return FollowUpMemory.begin(terms, found.incident.opened, found.incident.earlier).level


def _since(about: ReportContext, found: Gathered) -> datetime:
    known = found.incident.opened if isinstance(found.incident, Incident) else None
    return about.opened or known or about.context.since


def _severity(playbook: Playbook, verdict: Verdict, head: IncidentHead | None) -> Severity:
    """The alarm's, or what an incident was raised to; it is never lowered again."""
    before = (head.severity,) if head is not None else ()
    return higher(playbook.severity, verdict.severity, *before)


def report_id(incident: str, kind: ReportKind, at: datetime, about: str = "") -> str:
    """`<incident>/<kind>/<time>`: stable over redeliveries."""
    return f"{incident}/{kind.value}/{at:%Y%m%dT%H%M%S}{about}"


def _about(kind: ReportKind, outcomes: tuple[Outcome, ...]) -> str:
    """Two commands of one second are about two remedies."""
    if kind is not ReportKind.COMMAND:
        return ""
    return "".join(f"/{each.remedy}{f'.{each.scope}' if each.scope else ''}" for each in outcomes)


def of_the_alarm(found: Gathered) -> Doubts:
    """What silences it, and that CloudWatch cannot evaluate it, also where nothing was proposed."""
    silences = found.switches.silences if isinstance(found.switches, Switches) else ()
    unsure = found.alarm.evaluation if isinstance(found.alarm, AlarmStatus) else None
    return (*(each.reason for each in silences), *((Refusal.EVALUATION(state=unsure),) if unsure else ()))


def _unread(ledger: Ledger | ResponderError) -> tuple[Text, ...]:
    """Nothing in force and nothing read are not the same."""
    if isinstance(ledger, Ledger):
        return ()
    return (Refusal.LEASES_UNREAD(detail=reason(ledger)).text,)


def in_force(ledger: Ledger | ResponderError) -> tuple[Lease, ...]:
    """Open leases as they were read; those of this response are told as its outcomes."""
    leases = ledger.leases if isinstance(ledger, Ledger) else ()
    return tuple(lease for lease in leases if lease.open)


@frozen
class AnsweredAlarm:
    """A response, ready to be told. `change` is the state change it answers; None for a command."""

    playbook: Playbook
    context: Context
    incidents: Incidents
    found: Gathered
    response: Response
    told: Report
    change: AlarmEvent | None = None


def wrap_up(answered: AnsweredAlarm) -> dict[str, Any]:
    """Publish before anything else; a repeat of what was told already is not sent again.

    Raises:
        AwsError: see `alarms.respond_to`.
    """
    made = decision(
        answered.response.verdict,
        answered.told.outcomes,
        answered.context.now,
        answered.response.linked,
        _told_before(answered),
        _failing(answered),
    )
    # What was set is told, also where the reader knows the same from another incident.
    news = answered.response.acted or is_news(made, answered.found.head) or _raised(answered)
    if news:
        publish(answered.context.aws, answered.context.settings, answered.told)
        _keep(answered)
    answer = closing(answered.told, answered.response, answered.incidents, answered.context, news)
    if isinstance(answered.found.incident, Incident):
        head = _decided(answered, answered.found.incident, made)
        start(answered.context, head)
    return answer


def _told_before(answered: AnsweredAlarm) -> datetime | None:
    """When the reason of the decision before this one ends. Only the event tells when a mute ends."""
    head = answered.found.head
    return head.decision.until if head is not None and head.decision is not None else None


def _failing(answered: AnsweredAlarm) -> FailureShare | None:
    from responder.evidence.fault_rate import worst_rate

    facts = answered.found.facts
    found = worst_rate(facts, facts.settings.functions)
    return None if found is None else FailureShare(found.faulty, found.invocations, found.minutes)


def _raised(answered: AnsweredAlarm) -> bool:
    """The incident is of higher severity than when it was last told."""
    head = answered.found.head
    return head is not None and head.severity is not answered.told.severity


def _keep(answered: AnsweredAlarm) -> None:
    """What it was told from, and how long that took: for the closing report and the dashboard."""
    from responder.incident_report.entries import KIND, pack_findings
    from responder.respond.own_metrics import answered as measured

    began = answered.change.at if answered.change else None
    measured(answered.context.settings, began, answered.context.present, _new(answered))
    findings = pack_findings(answered.found.findings)
    try:
        answered.incidents.note(answered.told.incident, KIND, findings, answered.context.now)
    except ResponderError:
        log().exception("findings are not on record", extra={"incident": answered.told.incident})


def _new(answered: AnsweredAlarm) -> Iterator[Outcome]:
    """What an earlier run has set in part is told once more, and was counted then."""
    acted = answered.response.acted
    return (each for each in answered.told.outcomes if acted or each.result is not Result.PARTIAL)


def is_news(made: LastDecision, head: IncidentHead | None) -> bool:
    """The decision differs from the last one told, or the reader was told since that all is calm."""
    if head is None or head.decision is None or head.decision.digest != made.digest:
        return True
    return calmed(head)


def _decided(answered: AnsweredAlarm, incident: Incident, made: LastDecision) -> IncidentHead:
    book = answered.playbook
    first = answered.change.first if answered.change else None
    return answered.incidents.decided(
        incident, book.slug, answered.told.severity, made, first, answered.context.present
    )


def start(context: Context, head: IncidentHead) -> None:
    """Have the incident followed; an execution of this name that runs already goes on.

    Raises:
        AwsError: nobody follows it.
    """
    if not context.settings.follow_up:
        return
    try:
        context.aws.call(
            "lambda",
            "invoke",
            FunctionName=context.settings.follow_up,
            InvocationType="Event",
            DurableExecutionName=head.execution,
            Payload=json.dumps({"incident": head.incident}).encode(),
        )
    except Busy:
        log().info("followed already", extra={"incident": head.incident})


def closing(
    told: Report, response: Response, incidents: Incidents, context: Context, news: bool = True
) -> dict[str, Any]:
    """Put the telling on record; raise for a retry where an act of ours is not on record."""
    results = {f"{each.remedy} {each.scope}".strip(): each.result.value for each in told.outcomes}
    summary = {"report": told.id, "cause": told.verdict.cause.kind.value, "results": results}
    log().info("answered", extra={"incident": told.incident, **summary})
    summary["names"] = names(told.outcomes)
    try:
        kind = "told" if news else "unchanged"
        incidents.note(told.incident, kind, {**summary, "level": told.level}, context.now)
    except ResponderError:
        log().exception("told, but the telling is not on record", extra={"incident": told.incident})
    acted = any(each.changes and each.result.acted for each in told.outcomes)
    if response.unrecorded and acted:
        raise AwsError("dynamodb", "TransactWriteItems", "NotOnRecord")
    return {"incident": told.incident, **summary, "because": reasons(told.outcomes)}


def names(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """What each outcome is about, in words; by remedy and scope, as in `results`."""
    return {
        f"{each.remedy} {each.scope}".strip(): dump(called(RequestedChange.outcome(each)))
        for each in outcomes
    }


def reasons(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """For whoever waits for the answer of a command: why it was not simply done, by remedy and scope."""
    return {
        f"{each.remedy} {each.scope}".strip(): dump(each.because)
        for each in outcomes
        if each.because is not None
    }
