"""From a response to its report: build it, send it, record it, and start the follow-up."""

import json
from dataclasses import replace
from datetime import datetime

from responder.core import console_links
from responder.core.alarm_event import AlarmEvent
from responder.core.change import Leases, Ledger
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import AwsError, Busy, ResponderError
from responder.core.finding import FINDINGS, Subject, packed
from responder.core.log import log
from responder.core.modes import Severity, higher
from responder.core.plain_data import Json
from responder.core.refusals import Doubts, Refusal
from responder.core.report import MissingAlarm, Report, ReportKind
from responder.core.settings import IncidentTimers, Settings
from responder.core.switches import Switches, reasons_of
from responder.core.text import Texts, text
from responder.core.verdict import FailureShare, Outcome, Result, as_seen, decision
from responder.evidence.base import reason
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.guards import stop_in_force
from responder.messages.publish import publish
from responder.messages.requests import RequestedChange, called
from responder.respond.gather import Gathered
from responder.respond.response import Responder, Response
from responder.store import Incident, IncidentHead, Incidents


def answer(by: Responder, found: Gathered, doubts: Doubts, change: AlarmEvent | None = None) -> Json:
    """Decide and act; report what is new, before anything else; put it on record; have the incident
    followed. `change`: the state change that is answered; None where a command asks to re-evaluate.

    Raises:
        AwsError: the message was not sent, something done is not on record, or nothing follows the incident:
            Lambda tries again; what is done is found done.
    """
    from responder.evidence.fault_rate import worst_rate

    context, head = by.context, found.head
    response = by.respond(found, doubts)
    at = context.now if change is None else context.since
    sent = report(by, found, response, doubts, at)
    # Only the event contains the end of a mute, so an end that was reported before is kept.
    before = head.decision.until if head is not None and head.decision is not None else None
    worst = worst_rate(found.facts, found.facts.settings.functions)
    failing = None if worst is None else FailureShare(worst.faulty, worst.invocations, worst.minutes)
    made = decision(response.verdict, sent.outcomes, context.now, response.linked, before, failing)
    raised = head is not None and head.severity is not sent.severity
    # What was set is reported, even if the reader knows it from another incident.
    last = head.decision if head is not None else None
    news = response.acted or raised or last is None or last.digest != made.digest or calmed(head)
    if news:
        publish(context.aws, context.settings, sent)
        _keep(by, found, response, sent, change)
    result = closing(sent, response, by.incidents, context, news)
    if isinstance(found.incident, Incident):
        first, slug = change.first if change else None, by.playbook.slug
        start(
            context,
            by.incidents.decided(found.incident, slug, sent.severity, made, first, context.present),
        )
    return result


def report(  # noqa: PLR0913  one value per part
    by: Responder,
    found: Gathered,
    response: Response,
    doubts: Doubts,
    at: datetime,
    kind: ReportKind = ReportKind.RESPONSE,
    missing: MissingAlarm | None = None,
) -> Report:
    """The report of one response. The manual's response time counts from the incident's beginning. `at`
    (UTC) makes the report's id. `missing`: of a command, that its alarm does not exist, or exists again."""
    # Words are loaded after the mitigating call, not before it.
    from responder.messages.next_steps import is_current, next_steps
    from responder.messages.steps import with_commands

    playbook, context, settings, verdict = by.playbook, by.context, by.context.settings, response.verdict
    standing = _standing(by, found)
    left = next_steps(response.outcomes, verdict.steps, settings, followed=standing["answered"])
    # What an incident was raised to is never lowered again.
    raised = (found.head.severity,) if found.head is not None else ()
    # An incident that could not be read may be open.
    perhaps = standing["open"] or isinstance(found.incident, ResponderError)
    steps = (*is_current(doubts, by.alarm, followed=perhaps), *left)
    responds = kind is ReportKind.RESPONSE
    # Two commands in the same second concern different remedies.
    about = (f"/{act.remedy}{f'.{act.scope}' if act.scope else ''}" for act in response.outcomes)
    return Report(
        id=report_id(by.incident, kind, at, "" if responds else "".join(about)),
        kind=kind,
        severity=higher(playbook.severity, verdict.severity, *raised),
        verdict=replace(verdict, steps=with_commands(steps, playbook.manual, settings)),
        findings=as_seen(verdict, found.findings),
        outcomes=response.outcomes,
        warnings=(*_warnings(found, doubts), *response.warnings),
        level=_level(found, settings) if responds else 1,
        absence=absent(found.alarm, found.head, context.now) if responds else missing,
        **standing,
    )


def _standing(by: Responder, found: Gathered) -> Json:
    """Where a report comes from, and where its steps are described. The current state of the incident, its
    alarm and the leases; what keeps the automation and people from acting."""
    context, settings = by.context, by.context.settings
    switches = found.switches if isinstance(found.switches, Switches) else None
    return {
        "incident": by.incident,
        "alarm": by.alarm,
        "slug": by.playbook.slug,
        "at": context.now,
        "links": ((text("label.link_alarm"), console_links.alarm(settings.region, by.alarm)),),
        "region": settings.region,
        "account": settings.account,
        "stack": settings.stack,
        "runbook": settings.runbook_url,
        "since": found.incident.opened if isinstance(found.incident, Incident) else context.since,
        "leases": in_force(found.ledger),
        "leases_read": isinstance(found.ledger, Ledger),
        # It is on record and followed.
        "open": isinstance(found.incident, Incident) and not found.incident.closed,
        "state": found.alarm.state if isinstance(found.alarm, AlarmStatus) else None,
        "stop": stop_in_force(switches, context.now) if switches else None,
        # As far as is known.
        "answered": switches is None or switches.answered,
    }


def _warnings(found: Gathered, doubts: Doubts) -> Texts:
    blind = (each.said for each in found.findings if each.subject is Subject.MONITORING)
    silences = found.switches.silences if isinstance(found.switches, Switches) else ()
    unsure = found.alarm.evaluation if isinstance(found.alarm, AlarmStatus) else None
    uncertain = (Refusal.EVALUATION(state=unsure),) if unsure else ()
    said = (*(each.text for each in (*doubts, *reasons_of(silences), *uncertain)), *blind)
    if isinstance(found.ledger, Ledger):
        return said
    # An empty list and a failed read differ.
    return (*said, Refusal.LEASES_UNREAD(detail=reason(found.ledger)).text)


def report_id(incident: str, kind: ReportKind, at: datetime, about: str = "") -> str:
    """`<incident>/<kind>/<time>`: the same for a repeat of the same state change."""
    return f"{incident}/{kind.value}/{at:%Y%m%dT%H%M%S}{about}"


def absence(memory: FollowUpMemory) -> MissingAlarm | None:
    """That the incident's alarm does not exist, as its follow-up has seen it."""
    return None if memory.gone is None else MissingAlarm(memory.gone, over=memory.back is not None)


def absent(
    alarm: AlarmStatus | ResponderError | None, head: IncidentHead | None, now: datetime
) -> MissingAlarm | None:
    """The same from the alarm as it was read just now; if it could not be read, as the follow-up has seen
    it."""
    known = absence(head.remembered) if head is not None else None
    if alarm is None:
        return MissingAlarm(now if known is None or known.over else known.since)
    if isinstance(alarm, AlarmStatus) and known is not None:
        return replace(known, over=True)
    return known


def calmed(head: IncidentHead | None) -> bool:
    """Whether on-call was notified since the last decision that the alarm is calm."""
    if head is None or head.decision is None:
        return False
    return any(
        key.startswith((DutyKind.MITIGATED, DutyKind.RECOVERED)) and at >= head.decision.at
        for key, at in head.remembered.reported.items()
    )


def _level(found: Gathered, settings: Settings) -> int:
    """Every level that was notified of the alarm is notified of its return; everything else goes to the
    first."""
    if found.head is not None:
        return found.head.remembered.level if calmed(found.head) else 1
    if not isinstance(found.incident, Incident):
        return 1
    timers = IncidentTimers.of(settings, Severity.HIGH)
    return FollowUpMemory.begin(timers, found.incident.opened, found.incident.earlier).level


def in_force(ledger: Ledger | ResponderError) -> Leases:
    """Open leases as they were read; those of this response are reported as its outcomes."""
    leases = ledger.leases if isinstance(ledger, Ledger) else ()
    return tuple(lease for lease in leases if lease.open)


def _keep(
    by: Responder, found: Gathered, response: Response, sent: Report, change: AlarmEvent | None
) -> None:
    """Record what was answered, and how long that took, for the incident report and the dashboard."""
    from responder.respond.own_metrics import answered

    # What an earlier run has set in part is reported once more, and was counted then.
    new = (each for each in sent.outcomes if response.acted or each.result is not Result.PARTIAL)
    answered(by.context.settings, change.at if change else None, by.context.present, new)
    try:
        by.incidents.note(sent.incident, FINDINGS, packed(found.findings), by.context.now)
    except ResponderError:
        log().exception("findings are not on record", extra={"incident": sent.incident})


def start(context: Context, head: IncidentHead) -> None:
    """Start the follow-up; an execution of this name that runs already continues.

    Raises:
        AwsError: nothing follows it.
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
    sent: Report, response: Response, incidents: Incidents, context: Context, news: bool = True
) -> Json:
    """Record that it was reported; raise for a retry where an act is not on record."""
    parts = results(sent.outcomes)
    summary = {"report": sent.id, "cause": sent.verdict.cause.kind.value, "results": parts["results"]}
    log().info("answered", extra={"incident": sent.incident, **summary})
    summary["names"] = parts["names"]
    try:
        kind = "reported" if news else "unchanged"
        incidents.note(sent.incident, kind, {**summary, "level": sent.level}, context.now)
    except ResponderError:
        log().exception("reported, but that is not on record", extra={"incident": sent.incident})
    acted = any(each.changes and each.result.acted for each in sent.outcomes)
    if response.unrecorded and acted:
        raise AwsError("dynamodb", "TransactWriteItems", "NotOnRecord")
    said = {"because": parts["because"], "in_progress": parts["in_progress"]}
    return {"incident": sent.incident, **summary, **said}


def results(outcomes: tuple[Outcome, ...]) -> dict[str, Json]:
    """The answer to the sender of a command, by remedy and scope: the outcome, what it is about in
    words, why it was not simply done, and whether AWS is still working on it."""
    by_name = {f"{each.remedy} {each.scope}".strip(): each for each in outcomes}
    return {
        "results": {name: each.result.value for name, each in by_name.items()},
        "names": {name: dump(called(RequestedChange.outcome(each))) for name, each in by_name.items()},
        "because": {name: dump(e.because) for name, e in by_name.items() if e.because is not None},
        "in_progress": {name: each.working for name, each in by_name.items()},
    }
