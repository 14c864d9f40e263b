"""The closing report as JSON for machines. The keys are stable: `docs/incident-json.md` describes them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from responder.core.change import Change
from responder.core.text import Text
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report.actions import follow_up_actions
from responder.incident_report.model import (
    AlarmMetric,
    BelievedCause,
    Impact,
    IncidentReport,
    IncidentTimes,
    RemedyRecord,
    TimelineEntry,
)
from responder.messages.json_report import both, finite, moment

SCHEMA = "liveness-responder/incident/1"


def machine(report: IncidentReport) -> dict[str, Any]:
    """Everything in it; each text with its key, its values and its words in both languages."""
    return {
        "schema": SCHEMA,
        "incident": report.incident,
        "alarm": report.alarm,
        "slug": report.slug,
        "severity": report.severity.value,
        "respond_within_minutes": report.severity.minutes,
        "responded_in_time": report.met,
        "times": _times(report.times),
        "seconds": _seconds(report.times),
        "ending": report.ending.value,
        "closed_by_hand": {"person": report.closed_by, "reason": report.closed_why}
        if report.closed_by
        else None,
        "security_lowered": any(each.open and each.lowers_security for each in report.remedies),
        "causes": [_cause(each) for each in report.causes],
        "acts": [_remedy(each) for each in report.remedies],
        "open_debts": _json(report.open_items),
        "follow_up_actions": _json(follow_up_actions(report)),
        "timeline": [_entry(each) for each in report.timeline],
        "findings": _json(report.findings),
        "escalations": [{"level": level, "at": moment(at)} for level, at in report.escalations],
        "proposals": [proposal(each) for each in report.requests],
        "acknowledgements": [{"person": person, "at": moment(at)} for person, at in report.acknowledgements],
        "manual_steps": _json(report.manual),
        "people": [{**_json(each), "more": dict(each.more)} for each in report.actions],
        "metric": _metric(report.metric),
        "impact": _impact(report.impact),
        "gaps": _json(report.gaps),
        "links": [{"label": both(label), "url": url} for label, url in report.links],
    }


def _json(value: Any) -> Any:
    """Texts, times and numbers as `messages.json_report` writes them; of a data class every field."""
    match value:
        case Text():
            return both(value)
        case datetime():
            return moment(value)
        case Enum():
            return value.value
        case float():
            return finite(value)
        case list() | tuple():
            return [_json(each) for each in value]
        case Mapping():
            return {name: _json(each) for name, each in value.items()}
    if is_dataclass(value):
        return {each.name: _json(getattr(value, each.name)) for each in fields(value)}
    return value


def _cause(found: BelievedCause) -> dict[str, Any]:
    return {name: value for name, value in _json(found).items() if name != "kind"}


def _entry(found: TimelineEntry) -> dict[str, Any]:
    return {
        "at": moment(found.at),
        "kind": found.kind,
        "by": found.by or None,
        "said": both(found.said),
        "details": _json(found.details),
    }


def _remedy(found: RemedyRecord) -> dict[str, Any]:
    return {
        "remedy": found.remedy,
        "scope": found.scope,
        "by": found.by,
        "state": found.state.value,
        "lowers_security": found.lowers_security,
        "at": moment(found.at),
        "applied": moment(found.applied),
        "reverting": moment(found.back),
        "ended": moment(found.ended),
        "until": moment(found.until),
        "reverted_by": list(found.back_by),
        "judged": found.judged or None,
        "changes": [_change(each) for each in found.changes],
        "left": [_change(each) for each in found.left],
        "metric_before": _json(found.before),
        "metric_after": _json(found.after),
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


def proposal(request: OpenRequest) -> dict[str, Any]:
    """The approval request, each person's answer, and the outcome."""
    asked = request.asked
    carried_out = request.at if request.answer is ApprovalAnswer.CARRIED_OUT else None
    return {
        "proposal": asked.id,
        "order": asked.order,
        "remedy": asked.remedy,
        "scope": asked.scope,
        "effect": asked.effect.value,
        "people": asked.people,
        "asked": moment(asked.at),
        "until": moment(asked.expires),
        "answer": request.answer.value,
        "by": request.by or None,
        "at": moment(request.at),
        "carried_out": moment(carried_out),
        "answers": [
            {"person": each.person, "decision": each.decision, "at": moment(each.at)} for each in request.said
        ],
    }


def _metric(metric: AlarmMetric) -> dict[str, Any]:
    return {
        "label": metric.label,
        "statistic": metric.statistic or None,
        "period_seconds": metric.period,
        "alarm_period_seconds": metric.alarm_period,
        "threshold": _json(metric.threshold),
        "comparison": metric.comparison or None,
        "points": _json(metric.series.points),
        "problem": _json(metric.problem),
    }


def _impact(found: Impact | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "start": moment(found.start),
        "end": moment(found.end),
        "failed_requests": _json(found.failed),
        "requests": _json(found.requests),
        "lowered_seconds": round(found.lowered.total_seconds(), 3),
        "logins_without_check": _json(found.unchecked),
        "problem": _json(found.problem),
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
    def span(span: timedelta | None) -> float | None:
        return None if span is None else round(span.total_seconds(), 3)

    return {
        "detection": span(times.detection),
        "first_message": span(times.after_alarm(times.message)),
        "first_act": span(times.after_alarm(times.act)),
        "mitigation": span(times.after_alarm(times.mitigated)),
        "recovery": span(times.after_alarm(times.recovered)),
        "closing": span(times.after_alarm(times.closed)),
    }
