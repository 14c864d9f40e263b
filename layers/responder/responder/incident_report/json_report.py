"""The closing report as JSON for machines. The keys are stable: `docs/incident-report.md` describes them."""

from datetime import timedelta
from typing import Any

from responder.incident_report.json_remedies import act, metric, proposal
from responder.incident_report.model import IncidentReport, IncidentTimes
from responder.messages.bilingual import both, moment

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
