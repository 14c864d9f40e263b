"""A report as JSON for machines. The keys are stable: `docs/report-schema.md` describes them."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from responder.change import Change, Lease
from responder.finding import Finding
from responder.render.headline import VALID, headline, lowered
from responder.render.language import LONGEST_VALUE, MOST_PARTS, cut, say
from responder.report import Report
from responder.text import Text
from responder.verdict import Outcome, Proposal

SCHEMA = "liveness-responder/report/1"


def machine(report: Report, language: str) -> dict[str, Any]:
    """Everything in the report; each text with its key, its values and its words in `language`."""
    verdict = report.verdict
    return {
        "schema": SCHEMA,
        "id": report.id,
        "kind": report.kind.value,
        "incident": report.incident,
        "alarm": report.alarm,
        "slug": report.slug,
        "severity": report.severity.value,
        "respond_within_minutes": report.severity.minutes,
        "level": report.level,
        "at": _time(report.at),
        "since": _time(report.since),
        "region": report.region,
        "account": report.account,
        "language": language,
        "headline": headline(report, language),
        "security_lowered_by": lowered(report),
        "cause_known": verdict.known,
        "cause": _text(verdict.cause, language),
        "why": _text(verdict.why, language),
        "ruled_out": _texts(verdict.ruled_out, language),
        "proposals": [_proposal(each, language) for each in verdict.proposals],
        "steps": _texts(verdict.steps, language),
        "warnings": _texts(report.warnings, language),
        "outcomes": [_outcome(each, report, language) for each in report.outcomes],
        "findings": [_finding(each, language) for each in report.findings],
        "leases": [_lease(each, language) for each in report.leases],
        "links": [{"label": _text(label, language), "url": url} for label, url in report.links],
    }


def _text(text: Text, language: str) -> dict[str, Any]:
    values = {name: _value(value) for name, value in text.values.items()}
    return {"key": text.key, "values": values, "text": say(text, language)}


def _texts(texts: tuple[Text, ...], language: str) -> list[dict[str, Any]]:
    return [_text(each, language) for each in texts]


def _maybe(text: Text | None, language: str) -> dict[str, Any] | None:
    return _text(text, language) if text else None


def _value(value: Any) -> Any:
    if isinstance(value, Text):
        return {"key": value.key, "values": {name: _value(each) for name, each in value.values.items()}}
    if isinstance(value, tuple):
        return [_value(each) for each in value[:MOST_PARTS]]
    if isinstance(value, float):
        return _number(value)
    return cut(value, LONGEST_VALUE) if isinstance(value, str) else value


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: _number(value) for name, value in values.items()}


def _time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _proposal(proposal: Proposal, language: str) -> dict[str, Any]:
    return {
        "remedy": proposal.remedy,
        "scope": proposal.scope,
        "at_most": proposal.at_most.value,
        "reason": _text(proposal.reason, language),
        "samples_short": _maybe(proposal.samples_short, language),
    }


def _outcome(outcome: Outcome, report: Report, language: str) -> dict[str, Any]:
    return {
        "remedy": outcome.remedy,
        "scope": outcome.scope,
        "result": outcome.result.value,
        "lowers_security": outcome.lowers_security,
        "why": _text(outcome.why, language),
        "because": _maybe(outcome.because, language),
        "until": _time(outcome.until),
        "also": _texts(outcome.also, language),
        "changes": [_change(each, language) for each in outcome.changes],
        "approval": outcome.approval,
        "approval_valid_until": _time(report.at + VALID) if outcome.approval else None,
        "undo": _maybe(outcome.undo, language),
    }


def _change(change: Change, language: str) -> dict[str, Any]:
    return {
        "target": change.target,
        "setting": change.setting,
        "before": change.before,
        "after": change.after,
        "status": change.status.value,
        "note": _maybe(change.note, language),
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "look": finding.look,
        "tone": finding.tone.value,
        "said": _text(finding.said, language),
        "samples": finding.samples,
        "details": _texts(finding.details, language),
        "numbers": _numbers(finding.numbers),
        "link": finding.link,
    }


def _lease(lease: Lease, language: str) -> dict[str, Any]:
    return {
        "id": lease.id,
        "remedy": lease.remedy,
        "scope": lease.scope,
        "incident": lease.incident,
        "state": lease.state.value,
        "at": _time(lease.at),
        "until": _time(lease.until),
        "by": lease.by,
        "changes": [_change(each, language) for each in lease.changes],
    }
