"""From a response to the report that is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from responder.core import console_links
from responder.core.change import Change, Lease, Ledger
from responder.core.coherence import as_seen
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError
from responder.core.incident_timers import IncidentTimers
from responder.core.modes import Severity, higher
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.report import MissingAlarm, Report, ReportKind
from responder.core.settings import Settings
from responder.core.switches import Switches
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result, Verdict
from responder.evidence.base import reason
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.guards import Ends
from responder.guards.history import switches_left
from responder.remedies import Remedy
from responder.respond.execute import Execution
from responder.respond.gather import Gathered
from responder.respond.judge import JudgedProposal
from responder.respond.playbook import Playbook
from responder.respond.response import Response
from responder.store import Incident, IncidentHead

# What became of a draft, as told to a person.

_RESULTS = {Ends.OBSERVE: Result.OBSERVED, Ends.REFUSE: Result.REFUSED}


def outcome(
    each: JudgedProposal, act: Execution | None, ids: Mapping[str, str], unrecorded: Text | None
) -> Outcome:
    """One draft's outcome. A proposal that is not on record cannot be approved, so it is refused."""
    return replace(_outcome(each, act, ids, unrecorded), proposed=each.proposal.proposed)


def _outcome(
    each: JudgedProposal, act: Execution | None, ids: Mapping[str, str], unrecorded: Text | None
) -> Outcome:
    changes = each.plan.changes if each.plan else ()
    if act is not None:
        if act.result is Result.REFUSED and each.begun.changes:
            return _not_done(each, act.result, act.because)
        left = _left(each, act)
        return told(each.remedy, act.result, each.proposal.reason, act.because, act.changes, also=left)
    if each.settled:
        return told(each.remedy, Result.ALREADY, each.proposal.reason, None, changes)
    judged = each.judgement
    if judged.ends is Ends.ASK and unrecorded is not None:
        return _not_done(each, Result.REFUSED, Refusal.RECORD_FAILED(detail=unrecorded))
    if judged.ends is not Ends.ASK:
        return _not_done(each, _RESULTS[judged.ends], judged.reason, judged.until, _said(judged.also))
    approval = ids.get(each.remedy.name + each.remedy.scope)
    also = (*_said(judged.also), *each.begun.also)
    return told(
        each.remedy, Result.ASKED, each.proposal.reason, judged.reason, changes, judged.until, also, approval
    )


def _not_done(
    each: JudgedProposal,
    result: Result,
    because: Because | None,
    until: datetime | None = None,
    also: tuple[Text, ...] = (),
) -> Outcome:
    """Now; what an earlier run has set of it is told as set."""
    half = each.begun
    changes = half.changes or (each.plan.changes if each.plan else ())
    also = (*also, *half.also)
    return told(each.remedy, half.told(result), each.proposal.reason, because, changes, until, also)


def _said(also: tuple[Because, ...]) -> tuple[Text, ...]:
    return tuple(each.text for each in also)


def _left(each: JudgedProposal, act: Execution) -> tuple[Text, ...]:
    if not each.remedy.name.spec.table or act.result is not Result.APPLIED:
        return ()
    return (text("guard.switches_left", left=max(0, switches_left(each.question) - 1)),)


def told(  # noqa: PLR0913  one line per column of an outcome
    remedy: Remedy,
    result: Result,
    why: Text,
    because: Because | None,
    changes: tuple[Change, ...],
    until: datetime | None = None,
    also: tuple[Text, ...] = (),
    approval: str | None = None,
) -> Outcome:
    """An outcome of this remedy; what was applied says how to undo it."""
    drift = (text("change.drift"),) if result.acted else ()
    return Outcome(
        remedy=remedy.name,
        scope=remedy.scope,
        result=result,
        why=why,
        because=because,
        until=until,
        also=(*also, *drift),
        changes=changes,
        approval=approval,
        undo=text(f"remedy.undo.{remedy.name}") if result.in_force else None,
        lowers_security=remedy.name.spec.lowers_security,
    )


@dataclass(frozen=True, slots=True)
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
    from responder.messages.commands import with_orders
    from responder.messages.manual_steps import with_commands
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
    known = absence(FollowUpMemory.from_json(head.watch)) if head is not None else None
    if alarm is None:
        return MissingAlarm(now if known is None or known.over else known.since)
    if isinstance(alarm, AlarmStatus) and known is not None:
        return replace(known, over=True)
    return known


def calmed(head: IncidentHead | None) -> bool:
    """On-call was told since the last decision that the alarm is calm."""
    if head is None or head.decision is None:
        return False
    since, told_of = head.decision.at.isoformat(), head.watch.get("told_of", {})
    return any(
        key.startswith((DutyKind.MITIGATED, DutyKind.RECOVERED)) and at >= since
        for key, at in told_of.items()
    )


def _level(found: Gathered, settings: Settings) -> int:
    """That the alarm is back is told to every level that knows of it; everything else to the first."""
    if found.head is not None:
        return FollowUpMemory.from_json(found.head.watch).level if calmed(found.head) else 1
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
