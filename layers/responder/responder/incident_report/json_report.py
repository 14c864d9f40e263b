"""The closing report as JSON for machines. The keys are stable: `docs/incident-report.md` describes them."""

from datetime import datetime, timedelta
from typing import Any

from responder.core.change import Change
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report.model import AlarmMetric, IncidentReport, IncidentTimes
from responder.incident_report.records import MeanLevel, RemedyRecord
from responder.messages.json_report import both, finite, moment

# What was done, and the metric it was done for, as JSON.


def act(deed: RemedyRecord) -> dict[str, Any]:
    """A remedy that was begun."""
    moments: dict[str, datetime | None] = {
        "at": deed.at,
        "applied": deed.applied,
        "taking_back": deed.back,
        "ended": deed.ended,
        "until": deed.until,
    }
    return {
        "remedy": deed.remedy,
        "scope": deed.scope,
        "by": deed.by,
        "state": deed.state.value,
        "lowers_security": deed.lowers_security,
        **{name: moment(at) for name, at in moments.items()},
        "taken_back_by": list(deed.back_by),
        "judged": deed.judged or None,
        "changes": [_change(each) for each in deed.changes],
        "left": [_change(each) for each in deed.left],
        "metric_before": _level(deed.before),
        "metric_after": _level(deed.after),
    }


def proposal(asking: OpenRequest) -> dict[str, Any]:
    """What people were asked for, what each of them said, and what became of it."""
    asked = asking.asked
    carried_out = asking.at if asking.answer is ApprovalAnswer.CARRIED_OUT else None
    return {
        "proposal": asked.id,
        "order": asked.order,
        "remedy": asked.remedy,
        "scope": asked.scope,
        "effect": asked.effect.value,
        "people": asked.people,
        "asked": moment(asked.at),
        "until": moment(asked.expires),
        "answer": asking.answer.value,
        "by": asking.by or None,
        "at": moment(asking.at),
        "carried_out": moment(carried_out),
        "answers": [
            {"person": each.person, "decision": each.decision, "at": moment(each.at)} for each in asking.said
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "target": change.target,
        "setting": change.setting,
        "before": change.before,
        "after": change.after,
        "status": change.status.value,
        "note": both(change.note.text) if change.note else None,
    }


def _level(level: MeanLevel | None) -> dict[str, Any] | None:
    if level is None:
        return None
    mean = None if level.mean is None else finite(level.mean)
    return {"start": moment(level.start), "end": moment(level.end), "mean": mean, "points": level.points}


def metric(measure: AlarmMetric) -> dict[str, Any]:
    """The alarm's metric; `points` are [time, value]."""
    return {
        "label": measure.label,
        "statistic": measure.statistic or None,
        "period_seconds": measure.period,
        "alarm_period_seconds": measure.alarm_period,
        "threshold": None if measure.threshold is None else finite(measure.threshold),
        "comparison": measure.comparison or None,
        "points": [[moment(at), finite(value)] for at, value in measure.series.points],
        "problem": both(measure.problem) if measure.problem else None,
    }


SCHEMA = "liveness-responder/incident/1"


def machine(told: IncidentReport) -> dict[str, Any]:
    """Everything in it; each text with its key, its values and its words in both languages."""
    return {
        "schema": SCHEMA,
        "incident": told.incident,
        "alarm": told.alarm,
        "slug": told.slug,
        "severity": told.severity.value,
        "respond_within_minutes": told.severity.minutes,
        "responded_in_time": told.met,
        "times": _times(told.times),
        "seconds": _seconds(told.times),
        "closed_by_hand": {"person": told.closed_by, "reason": told.closed_why} if told.closed_by else None,
        "security_lowered": any(deed.open and deed.lowers_security for deed in told.deeds),
        "causes": [
            {
                "at": moment(each.at),
                "cause": both(each.cause),
                "why": both(each.why),
                "ruled_out": [both(one) for one in each.ruled_out],
                "rounds": each.rounds,
            }
            for each in told.beliefs
        ],
        "acts": [act(each) for each in told.deeds],
        "open_debts": [
            {"kind": each.kind.value, "remedy": each.remedy, "said": both(each.said)} for each in told.debts
        ],
        **_course(told),
        "metric": metric(told.measure),
        "gaps": [both(each) for each in told.gaps],
        "links": [{"label": both(label), "url": url} for label, url in told.links],
    }


def _course(told: IncidentReport) -> dict[str, Any]:
    return {
        "timeline": [
            {
                "at": moment(each.at),
                "kind": each.kind,
                "by": each.by or None,
                "said": both(each.said),
                "details": [both(one) for one in each.details],
            }
            for each in told.timeline
        ],
        "findings": [
            {
                "at": moment(each.at),
                "last": moment(each.last),
                "look": each.look,
                "tone": each.tone.value,
                "said": both(each.said),
                "samples": each.samples,
            }
            for each in told.findings
        ],
        "escalations": [{"level": level, "at": moment(at)} for level, at in told.escalations],
        "proposals": [proposal(each) for each in told.askings],
        "acknowledgements": [{"person": person, "at": moment(at)} for person, at in told.acknowledgements],
        "manual_steps": [both(each) for each in told.manual],
        "people": [
            {
                "at": moment(each.at),
                "person": each.person,
                "what": each.what,
                "said": both(each.said),
                "more": dict(each.more),
            }
            for each in told.handiwork
        ],
    }


def _times(times: IncidentTimes) -> dict[str, str | None]:
    return {
        "first_datapoint": moment(times.first),
        "alarm": moment(times.alarm),
        "first_message": moment(times.message),
        "first_act": moment(times.act),
        "mitigated": moment(times.mitigated),
        "recovered": moment(times.recovered),
        "closed": moment(times.closed),
    }


def _seconds(times: IncidentTimes) -> dict[str, float | None]:
    spans = {
        "detection": times.detection,
        "first_message": times.after_alarm(times.message),
        "first_act": times.after_alarm(times.act),
        "mitigation": times.after_alarm(times.mitigated),
        "recovery": times.after_alarm(times.recovered),
        "closing": times.after_alarm(times.closed),
    }
    return {name: _span(span) for name, span in spans.items()}


def _span(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 3)
