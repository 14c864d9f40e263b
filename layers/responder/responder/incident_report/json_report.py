"""The closing report as JSON for machines. The keys are stable: `docs/incident-json.md` describes them."""

from datetime import datetime, timedelta

from responder.core.change import Change
from responder.core.codec import Replacements, dump, picked
from responder.core.plain_data import Json
from responder.core.text import Text
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest, Vote
from responder.incident_report.actions import follow_up_actions
from responder.incident_report.filing import READABLE
from responder.incident_report.model import (
    AlarmMetric,
    BelievedCause,
    Impact,
    IncidentReport,
    IncidentTimes,
    OperatorAction,
    RemedyRecord,
    TimelineEntry,
)

SCHEMA = "liveness-responder/incident/1"


def machine(report: IncidentReport) -> Json:
    """Everything in it; each text with its key, its values and its words in both languages."""
    found: Json = dump({"schema": SCHEMA, **_report(report)}, _AS)
    return found


def proposal(request: OpenRequest) -> Json:
    """The approval request, each person's answer, and the outcome."""
    found: Json = dump(request, _AS)
    return found


def _spans(report: IncidentReport) -> dict[str, timedelta | None]:
    times = report.times
    names = ("message", "act", "mitigated", "recovered", "closed")
    keys = ("first_message", "first_act", "mitigation", "recovery", "closing")
    after = (times.after_alarm(getattr(times, name)) for name in names)
    return {"detection": times.detection, **dict(zip(keys, after, strict=True))}


def _by_hand(report: IncidentReport) -> dict[str, str] | None:
    return {"person": report.closed_by, "reason": report.closed_why} if report.closed_by else None


def _security_lowered(report: IncidentReport) -> bool:
    return any(each.open and each.lowers_security for each in report.remedies)


def _carried_out(request: OpenRequest) -> datetime | None:
    return request.at if request.answer is ApprovalAnswer.CARRIED_OUT else None


def _note(change: Change) -> Text | None:
    return change.note.text if change.note else None


_report = picked(
    *("incident", "alarm", "slug", "severity", "respond_within_minutes", "responded_in_time", "times"),
    *("seconds", "ending", "closed_by_hand", "security_lowered", "causes", "acts", "open_debts"),
    *("follow_up_actions", "timeline", "findings", "escalations", "proposals", "acknowledgements"),
    *("manual_steps", "people", "metric", "impact", "gaps", "links"),
    respond_within_minutes=lambda report: report.severity.minutes,
    responded_in_time="met",
    seconds=_spans,
    closed_by_hand=_by_hand,
    security_lowered=_security_lowered,
    acts="remedies",
    open_debts="open_items",
    follow_up_actions=follow_up_actions,
    escalations=lambda report: [{"level": level, "at": at} for level, at in report.escalations],
    proposals="requests",
    acknowledgements=lambda report: [{"person": who, "at": at} for who, at in report.acknowledgements],
    manual_steps="manual",
    people="actions",
    links=lambda report: [{"label": label, "url": url} for label, url in report.links],
)
_AS: Replacements = {
    **READABLE,
    AlarmMetric: picked(
        *("label", "statistic", "period_seconds", "alarm_period_seconds", "threshold", "comparison"),
        *("points", "problem"),
        statistic=lambda one: one.statistic or None,
        period_seconds="period",
        alarm_period_seconds="alarm_period",
        comparison=lambda one: one.comparison or None,
        points="series.points",
    ),
    BelievedCause: picked("at", "cause", "why", "ruled_out", "rounds"),
    Change: picked("target", "setting", "before", "after", "status", "note", note=_note),
    Impact: picked(
        *("start", "end", "failed_requests", "requests", "lowered_seconds", "logins_without_check"),
        "problem",
        failed_requests="failed",
        lowered_seconds="lowered",
        logins_without_check="unchecked",
    ),
    IncidentTimes: picked(
        *("first_datapoint", "alarm", "first_message", "first_act", "mitigated", "recovered", "closed"),
        first_datapoint="first",
        first_message="message",
        first_act="act",
    ),
    OpenRequest: picked(
        *("proposal", "order", "remedy", "scope", "effect", "people", "asked", "until", "answer", "by"),
        *("at", "carried_out", "answers"),
        proposal="asked.id",
        order="asked.order",
        remedy="asked.remedy",
        scope="asked.scope",
        effect="asked.effect",
        people="asked.people",
        asked="asked.at",
        until="asked.expires",
        by=lambda one: one.by or None,
        carried_out=_carried_out,
        answers="said",
    ),
    OperatorAction: picked("at", "person", "what", "said", "more", more=lambda done: dict(done.more)),
    RemedyRecord: picked(
        *("remedy", "scope", "by", "state", "lowers_security", "at", "applied", "reverting", "ended"),
        *("until", "reverted_by", "judged", "changes", "left", "metric_before", "metric_after"),
        reverting="back",
        reverted_by="back_by",
        judged=lambda one: one.judged or None,
        metric_before="before",
        metric_after="after",
    ),
    TimelineEntry: picked(
        *("at", "kind", "by", "said", "details"),
        by=lambda one: one.by or None,
    ),
    Vote: picked("person", "decision", "at"),
}
