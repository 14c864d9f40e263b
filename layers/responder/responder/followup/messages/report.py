"""Every message that the follow-up sends by itself, as data."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from responder.core import console_links
from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Lease
from responder.core.context import Context
from responder.core.modes import Severity
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.followup.messages.case import MessageContext, MessageExtra
from responder.followup.messages.next_steps import steps
from responder.followup.messages.summary import course, taken, waiting
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, Observation
from responder.followup_rules.done import done
from responder.messages.headline import stamp
from responder.respond.report import absence
from responder.store import IncidentHead

__all__ = ["MessageExtra", "broken", "told"]

NOTHING = MessageExtra()
_TOPICS: Mapping[DutyKind, str] = {
    DutyKind.ESCALATE: "escalate",
    DutyKind.REJECTED: "rejected",
    DutyKind.MITIGATED: "mitigated",
    DutyKind.RECOVERED: "recovered",
    DutyKind.POSTPONED: "postponed",
    DutyKind.CHANGED: "changed",
    DutyKind.GONE: "gone",
    DutyKind.SETTINGS: "settings",
    DutyKind.STUCK: "stuck",
    DutyKind.REMIND: "remind",
}
_KINDS = {
    "escalate": ReportKind.ESCALATION,
    "remind": ReportKind.REMINDER,
    "close": ReportKind.CLOSED,
    "closed_by_hand": ReportKind.CLOSED,
    "superseded": ReportKind.CLOSED,
    "broken": ReportKind.FAILURE,
}
# Whoever was told that it is unsolved is told how it ends.
_FOR_ALL = (
    "changed",
    "gone",
    # A person who knows of the incident may be about to answer it, which is refused.
    "settings",
    "escalate",
    "mitigated",
    "recovered",
    "close",
    "closed_by_hand",
    "superseded",
    "broken",
)
# What their messages say is what holds once they are told.
_KNOWN = (DutyKind.ESCALATE, DutyKind.JUDGE)
# About one order, which their subject names.
_OF_ORDERS = ("rejected", "stuck", "postponed")


def told(  # noqa: PLR0913  one value per thing that the caller has at hand
    duty: Duty,
    seen: Observation,
    watch: FollowUpMemory,
    head: IncidentHead,
    leases: tuple[Lease, ...],
    settings: Settings,
    extra: MessageExtra = NOTHING,
) -> Report | None:
    """The message of a duty, before it is put down as done; None where the duty is told by nobody or by
    the alarm's function. `leases`: everything in force in the stack."""
    topic = _topic(duty, seen)
    if topic is None:
        return None
    known = done(duty, seen, watch) if duty.task in _KNOWN else watch
    case = MessageContext(topic, duty, seen, known, head, leases, settings, extra)
    missing = absence(watch)
    if duty.task is DutyKind.CLOSE and missing is not None and not missing.over:
        # The end says itself that the alarm does not exist.
        missing = None
    return replace(_report(case), absence=missing)


def broken(head: IncidentHead, leases: tuple[Lease, ...], context: Context, why: Text | str) -> Report:
    """The follow-up itself failed, with an error of this class or for this reason: nobody escalates or takes
    back for now."""
    mine = tuple(each for each in leases if each.incident == head.incident)
    seen = Observation(context.now, head.opened, AlarmState.ALARM, decision=head.decision, leases=mine)
    # Each generation that breaks is told once.
    duty = Duty(DutyKind.STUCK, text("why.follow_up_failed", error=why), f"follow-up g{head.generation}")
    watch = head.remembered
    case = MessageContext("broken", duty, seen, watch, head, leases, context.settings, NOTHING)
    return replace(_report(case), absence=absence(watch))


def _topic(duty: Duty, seen: Observation) -> str | None:
    if duty.task is DutyKind.JUDGE:
        return None if duty.data["helped"] else "ineffective"
    if duty.task is DutyKind.CLOSE:
        if duty.data.get("by"):
            return "closed_by_hand"
        return "close" if seen.ours else "superseded"
    return _TOPICS.get(duty.task)


def _report(case: MessageContext) -> Report:
    head, settings, kind = case.head, case.settings, _kind(case)
    return Report(
        id=_id(case, kind),
        kind=kind,
        incident=head.incident,
        alarm=head.alarm,
        slug=head.slug,
        severity=head.severity,
        at=case.seen.now,
        since=head.opened,
        region=settings.region,
        account=settings.account,
        verdict=_verdict(case),
        warnings=case.extra.problems,
        leases=tuple(_with_end(case, each) for each in case.leases),
        links=(
            (text("label.link_alarm"), console_links.alarm(settings.region, head.alarm)),
            *case.extra.links,
        ),
        level=_level(case),
        again=case.again and _level(case) > 1,
        topic=case.topic,
        waiting=waiting(case),
        taken=taken(case),
        course=course(case),
        about=_about(case),
        unsolved=case.began if case.began < head.opened else None,
    )


def _about(case: MessageContext) -> Text | None:
    if case.topic == "changed":
        # What is left in force of it is named behind.
        return None if case.lease is not None and case.lease.open else case.remedy
    return case.request(whole=False) if case.topic in _OF_ORDERS else None


def _kind(case: MessageContext) -> ReportKind:
    if case.again and _level(case) == 1:
        return ReportKind.REMINDER
    return _KINDS.get(case.topic, ReportKind.PROGRESS)


def _level(case: MessageContext) -> int:
    """Whom it is for. After the last level was told, an incident of high severity is repeated to that level;
    one of medium severity to on-call."""
    if case.again and case.head.severity is not Severity.HIGH:
        return 1
    return case.level if case.topic in _FOR_ALL else 1


def _id(case: MessageContext, kind: ReportKind) -> str:
    """The same for a repeat after a crash. What is told again by the clock carries its hour."""
    by_hour = case.duty.task is DutyKind.REMIND or case.again
    again = f" {case.seen.now:%Y%m%dT%H}" if by_hour else ""
    anew = case.watch.since if case.duty.task is DutyKind.ESCALATE else case.watch.episode
    if anew is not None:
        again = f" {anew:%Y%m%dT%H%M}{again}"
    return re.sub(r"[^\w#@:.+/-]+", "-", f"{case.head.incident}/{kind.value}/{case.duty.id}{again}")


def _verdict(case: MessageContext) -> Verdict:
    made = case.head.decision
    if case.topic == "broken":
        return Verdict(Cause.FOLLOW_UP_FAILED(), case.duty.why, steps=steps(case))
    if made is None:
        return Verdict(Cause.UNKNOWN(), text("why.not_decided"), steps=steps(case))
    # The figures are those of the last decision, which may be older than this message.
    return Verdict(made.cause, text("why.as_of", at=stamp(made.at), why=made.why), steps=steps(case))


def _with_end(case: MessageContext, lease: Lease) -> Lease:
    """Once recovered, provisioned concurrency ends sooner than its lease says."""
    mine = lease.incident == case.head.incident and lease.spec.kept_after_recovery
    if not mine or lease.until is None or case.watch.recovered is None:
        return lease
    kept = case.watch.recovered + timedelta(minutes=case.watch.terms.keep)
    return replace(lease, until=min(lease.until, kept))
