"""From a response to the report that is sent."""

from dataclasses import replace
from datetime import datetime

from responder.core import console_links
from responder.core.change import Lease, Ledger
from responder.core.coherence import as_seen
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.incident_timers import IncidentTimers
from responder.core.modes import Severity, higher
from responder.core.refusals import Doubts, Refusal
from responder.core.report import MissingAlarm, Report, ReportKind
from responder.core.settings import Settings
from responder.core.switches import Switches
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Verdict
from responder.evidence.base import reason
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.respond.gather import Gathered
from responder.respond.playbook import Playbook
from responder.respond.response import Response
from responder.store import Incident, IncidentHead


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
