"""What was done, and the metric it was done for, as JSON."""

from datetime import datetime
from typing import Any

from responder.core.change import Change
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report.model import AlarmMetric
from responder.incident_report.records import MeanLevel, RemedyRecord
from responder.messages.bilingual import both, finite, moment


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
