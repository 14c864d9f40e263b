"""Every message of the follow-up, as data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from responder.core import console_links
from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Lease, Leases
from responder.core.context import Context
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.core.report import AcknowledgedBy, Report, ReportKind
from responder.core.settings import Settings
from responder.core.switches import unusable
from responder.core.text import Text, Texts, text
from responder.core.timestamps import stamp
from responder.core.verdict import Verdict
from responder.followup.messages import headline
from responder.followup.messages import next_steps as steps
from responder.followup.messages import summary as lines
from responder.followup.messages.case import MessageContext, MessageExtra
from responder.followup.messages.summary import Lines
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, Observation, done
from responder.messages.requests import on_again
from responder.respond.report import absence
from responder.store import IncidentHead

NOTHING = MessageExtra()
_CALM = (lines.detection, lines.answer, lines.mitigation, lines.recovery, lines.traffic, lines.tried)
_PEOPLE = (lines.informed, lines.acknowledged)
_LASTING = (lines.elapsed, lines.tried, lines.proposed, *_PEOPLE, lines.ahead)


class Topic(NamedTuple):
    """What one kind of message consists of.

    Attributes:
        headline: its first sentences.
        lines: the labelled lines of the incident's course.
        steps: what the reader can do, in the order in which it is done, once the settings document can be
            used.
        to_all: every level that was notified gets it, not on-call alone.
        of_order: it is about one order, which its subject names.
    """

    headline: Callable[[MessageContext], Texts]
    lines: tuple[Callable[[MessageContext], Lines], ...]
    steps: tuple[Callable[[MessageContext], Texts], ...] = ()
    kind: ReportKind = ReportKind.PROGRESS
    to_all: bool = False
    of_order: bool = False


TOPICS: Mapping[str, Topic] = {
    "escalate": Topic(
        headline.escalate,
        _LASTING,
        (steps.case_for_aws, steps.manual),
        kind=ReportKind.ESCALATION,
        to_all=True,
    ),
    "ineffective": Topic(headline.ineffective, _LASTING, (steps.manual,)),
    "demoted": Topic(headline.demoted, (lines.elapsed,), (steps.trust_again,)),
    "not_demoted": Topic(headline.demoted, (lines.elapsed,), (steps.trust_again,)),
    "rejected": Topic(headline.rejected, _LASTING, (steps.manual_in_alarm,), of_order=True),
    "stuck": Topic(
        headline.stuck,
        (lines.elapsed, lines.proposed, lines.acknowledged),
        (steps.look_into,),
        of_order=True,
    ),
    "broken": Topic(
        headline.broken,
        (lines.elapsed, lines.tried, *_PEOPLE),
        (steps.unfollowed,),
        kind=ReportKind.FAILURE,
        to_all=True,
    ),
    "postponed": Topic(headline.postponed, (lines.elapsed, lines.proposed), of_order=True),
    "changed": Topic(
        headline.changed,
        (lines.elapsed, lines.tried, lines.proposed, *_PEOPLE),
        (steps.manual_in_alarm,),
        to_all=True,
    ),
    "gone": Topic(headline.gone, _LASTING, to_all=True),
    # A person who was notified may be about to answer it, which is refused.
    "settings": Topic(headline.settings, (lines.elapsed, *_PEOPLE), (steps.manual_in_alarm,), to_all=True),
    "remind": Topic(
        headline.remind,
        (lines.elapsed, lines.tried, lines.proposed, lines.acknowledged),
        (steps.manual_in_alarm,),
        kind=ReportKind.REMINDER,
    ),
    "mitigated": Topic(
        headline.mitigated,
        (*_CALM, lines.proposed, *_PEOPLE, lines.keeps),
        (steps.manual,),
        to_all=True,
    ),
    "recovered": Topic(headline.recovered, (*_CALM, lines.proposed, *_PEOPLE), to_all=True),
    "close": Topic(headline.close, (*_CALM, *_PEOPLE), kind=ReportKind.CLOSED, to_all=True),
    "closed_by_hand": Topic(
        headline.closed_by_hand, (lines.elapsed, lines.tried, *_PEOPLE), kind=ReportKind.CLOSED, to_all=True
    ),
    "superseded": Topic(
        headline.superseded,
        (lines.elapsed, lines.mitigation, lines.informed),
        kind=ReportKind.CLOSED,
        to_all=True,
    ),
}


def duty_report(  # noqa: PLR0913  one value per part that the caller has
    duty: Duty,
    seen: Observation,
    memory: FollowUpMemory,
    head: IncidentHead,
    leases: Leases,
    settings: Settings,
    extra: MessageExtra = NOTHING,
) -> Report | None:
    """The message of a duty, before it is remembered as done; None where the duty has no message, or the
    alarm's function sends it. `leases`: everything in force in the stack."""
    topic = duty.task.value
    if duty.task is DutyKind.JUDGE:
        topic = "helped" if duty.data["helped"] else "ineffective"
    elif duty.task is DutyKind.ASSESS:
        topic = "demoted" if duty.data["missing"] is None else "not_demoted"
    elif duty.task is DutyKind.CLOSE and duty.data.get("by"):
        topic = "closed_by_hand"
    elif duty.task is DutyKind.CLOSE and not seen.ours:
        topic = "superseded"
    if topic not in TOPICS:
        return None
    # What these messages say is what holds once they are reported.
    known = done(duty, seen, memory) if duty.task in (DutyKind.ESCALATE, DutyKind.JUDGE) else memory
    report = _report(topic, MessageContext(duty, seen, known, head, leases, settings, extra))
    missing = absence(memory)
    # The end says itself that the alarm does not exist.
    ends = duty.task is DutyKind.CLOSE and missing is not None and not missing.over
    return replace(report, absence=None if ends else missing)


def broken(head: IncidentHead, leases: Leases, context: Context, why: Text | str) -> Report:
    """The follow-up itself failed, with an error of this class or for this reason: nothing is escalated or
    reverted for now."""
    mine = tuple(each for each in leases if each.incident == head.incident)
    settings = unusable(context.settings.parameters_path, context.parameters)
    # The alarm was not read: where a state is needed it counts as raised, but no message claims it.
    seen = Observation(
        context.now,
        head.opened,
        AlarmState.ALARM,
        decision=head.decision,
        leases=mine,
        blind=True,
        settings=settings,
    )
    # Each generation that breaks is reported once.
    duty = Duty(DutyKind.STUCK, text("why.follow_up_failed", error=why), f"follow-up g{head.generation}")
    memory = head.remembered
    case = MessageContext(duty, seen, memory, head, leases, context.settings, NOTHING)
    return replace(_report("broken", case), absence=absence(memory))


def _report(name: str, case: MessageContext) -> Report:
    topic, head, settings = TOPICS[name], case.head, case.settings
    # After the last level was notified, an incident of high severity is repeated to that level; one of medium
    # severity to on-call.
    on_call = not topic.to_all or (case.again and head.severity is not Severity.HIGH)
    level = 1 if on_call else case.level
    kind = ReportKind.REMINDER if case.again and level == 1 else topic.kind
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
        verdict=_verdict(topic, case),
        warnings=case.extra.problems,
        leases=tuple(_ending(each, case) for each in case.leases),
        links=(
            (text("label.link_alarm"), console_links.alarm(settings.region, head.alarm)),
            *case.extra.links,
        ),
        level=level,
        again=case.again and level > 1,
        topic=name,
        taken=_acknowledged(case),
        course=(
            (text("course.news"), text("report.all", parts=topic.headline(case))),
            *(line for each in topic.lines for line in each(case)),
        ),
        about=_about(topic, case),
        unsolved=case.began if case.began < head.opened else None,
        stack=settings.stack,
        runbook=settings.runbook_url,
        state=None if case.seen.blind or case.seen.gone else case.seen.state,
        **_going_on(case, kind),
    )


def _ending(lease: Lease, case: MessageContext) -> Lease:
    """A lease of this incident with the end that the follow-up knows."""
    return replace(lease, until=case.memory.end_of(lease)) if lease.incident == case.head.incident else lease


def _going_on(case: MessageContext, kind: ReportKind) -> Json:
    """Whether answers are accepted, and what only an open incident has."""
    if kind is ReportKind.CLOSED:
        return {"answered": case.answered}
    asked = tuple(each.asked for each in case.open)
    return {"open": True, "answered": case.answered, "stop": case.seen.stop, "waiting": asked}


def _acknowledged(case: MessageContext) -> AcknowledgedBy | None:
    memory = case.memory
    if memory.held is None or not (case.acknowledged or memory.calm_from is not None):
        return None
    return AcknowledgedBy(memory.held_by, memory.held)


def _about(topic: Topic, case: MessageContext) -> Text | None:
    if case.duty.task is DutyKind.CHANGED:
        # What is still in force of it is named after it.
        if case.lease is None or case.lease.open:
            return None if case.lease else case.remedy
        return on_again("subject", case.lease.remedy, case.lease.changed_by_others) or case.remedy
    return case.request(whole=False) if topic.of_order else None


def _id(case: MessageContext, kind: ReportKind) -> str:
    """The report's id, the same for a repeat after a crash. What is reported every hour has its hour in the
    id."""
    by_hour = case.duty.task is DutyKind.REMIND or case.again
    again = f" {case.seen.now:%Y%m%dT%H}" if by_hour else ""
    anew = case.memory.since if case.duty.task is DutyKind.ESCALATE else case.memory.episode
    if anew is not None:
        again = f" {anew:%Y%m%dT%H%M}{again}"
    return re.sub(r"[^\w#@:.+/-]+", "-", f"{case.head.incident}/{kind.value}/{case.duty.id}{again}")


def _verdict(topic: Topic, case: MessageContext) -> Verdict:
    made = case.head.decision
    ends = topic.kind is ReportKind.CLOSED and not case.seen.leases
    first = () if ends else steps.correct_settings(case)
    found = (*first, *(step for each in topic.steps for step in each(case)))
    if topic.kind is ReportKind.FAILURE:
        return Verdict(Cause.FOLLOW_UP_FAILED(), case.duty.why, steps=found)
    if made is None:
        return Verdict(Cause.UNKNOWN(), text("why.not_decided"), steps=found)
    # The figures are those of the last decision, which may be older than this message.
    return Verdict(made.cause, text("why.as_of", at=stamp(made.at), why=made.why), steps=found)
