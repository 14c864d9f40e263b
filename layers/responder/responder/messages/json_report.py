"""A report as JSON for machines. The keys are stable: `docs/report-schema.md` describes them."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change, Lease
from responder.core.command import CommandKind
from responder.core.finding import Finding
from responder.core.report import AcknowledgedBy, MissingAlarm, Report
from responder.core.text import Text
from responder.core.verdict import Outcome, Proposal, WrittenChange
from responder.messages.headline import VALID, headline, lowered
from responder.messages.language import LONGEST_VALUE, MOST_PARTS, cut, say
from responder.messages.written_change import json_of

# Texts, numbers and times as JSON for machines.


def text_of(text: Text, language: str) -> dict[str, Any]:
    """The key, the values and the words of a text."""
    values = {name: _value(value) for name, value in text.values.items()}
    return {"key": text.key, "values": values, "text": say(text, language)}


def texts(texts: Iterable[Text], language: str) -> list[dict[str, Any]]:
    """Several of them."""
    return [text_of(each, language) for each in texts]


def maybe(text: Text | None, language: str) -> dict[str, Any] | None:
    """Null where there is none."""
    return text_of(text, language) if text else None


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


def numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    """What is no number is null."""
    return {name: _number(value) for name, value in values.items()}


def time(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return at.isoformat().replace("+00:00", "Z") if at else None


LANGUAGES = ("ja", "en")
SCHEMA = "liveness-responder/report/1"


def machine(report: Report, language: str) -> dict[str, Any]:
    """Everything in the report; each text with its key, its values and its words in `language`."""
    verdict = report.verdict
    return {
        "schema": SCHEMA,
        "id": report.id,
        "kind": report.kind.value,
        "topic": report.topic,
        "incident": report.incident,
        "alarm": report.alarm,
        "slug": report.slug,
        "severity": report.severity.value,
        "respond_within_minutes": report.severity.minutes,
        "level": report.level,
        "at": time(report.at),
        "since": time(report.since),
        "region": report.region,
        "account": report.account,
        "language": language,
        "headline": headline(report, language),
        "headlines": {each: headline(report, each) for each in LANGUAGES},
        "security_lowered_by": lowered(report),
        "alarm_absent": _absent(report.absence) if report.absence else None,
        "cause_known": verdict.known,
        "cause": text_of(verdict.cause.text, language),
        "why": text_of(verdict.why, language),
        "others": texts((each.text for each in verdict.others), language),
        "ruled_out": texts((each.text for each in verdict.ruled_out), language),
        "proposals": [_proposal(each, language) for each in verdict.proposals],
        "steps": texts(verdict.steps, language),
        "warnings": texts(report.warnings, language),
        "course": [_line(label, said, language) for label, said in report.course],
        "waiting": [_waiting(each) for each in report.waiting],
        "taken": _taken(report.taken) if report.taken else None,
        "outcomes": [_outcome(each, report, language) for each in report.outcomes],
        "findings": [_finding(each, language) for each in report.findings],
        "leases": [_lease(each, language) for each in report.leases],
        "links": [{"label": text_of(label, language), "url": url} for label, url in report.links],
    }


def _line(label: Text, said: Text, language: str) -> dict[str, Any]:
    return {"label": text_of(label, language), "said": text_of(said, language)}


def _waiting(asked: ApprovalRequest) -> dict[str, Any]:
    return {
        "approval": asked.id,
        "remedy": asked.remedy,
        "scope": asked.scope,
        "take_back": asked.order == CommandKind.TAKE_BACK,
        "approval_valid_until": time(asked.expires),
    }


def _taken(taken: AcknowledgedBy) -> dict[str, Any]:
    return {"person": taken.person, "until": time(taken.until)}


def _absent(absence: MissingAlarm) -> dict[str, Any]:
    return {"since": time(absence.since), "over": absence.over}


def _proposal(proposal: Proposal, language: str) -> dict[str, Any]:
    return {
        "remedy": proposal.remedy,
        "scope": proposal.scope,
        "at_most": proposal.at_most.value,
        "reason": text_of(proposal.reason, language),
        "samples_short": maybe(proposal.samples_short, language),
    }


def _outcome(outcome: Outcome, report: Report, language: str) -> dict[str, Any]:
    return {
        "remedy": outcome.remedy,
        "scope": outcome.scope,
        "result": outcome.result.value,
        "lowers_security": outcome.lowers_security,
        "back": outcome.back,
        "why": text_of(outcome.why, language),
        "because": maybe(outcome.because.text if outcome.because else None, language),
        "until": time(outcome.until),
        "also": texts(outcome.also, language),
        "changes": [_change(each, language) for each in outcome.changes],
        "approval": outcome.approval,
        "approval_valid_until": time(report.at + VALID) if outcome.approval else None,
        "undo": maybe(outcome.undo, language),
        "proposed": [_proposed(each, language) for each in outcome.proposed],
    }


def _proposed(one: WrittenChange, language: str) -> dict[str, Any]:
    return {
        "what": text_of(one.what, language),
        "target": one.target,
        "document": json_of(one.document),
        "command": one.command,
    }


def _change(change: Change, language: str) -> dict[str, Any]:
    return {
        "target": change.target,
        "setting": change.setting,
        "before": change.before,
        "after": change.after,
        "status": change.status.value,
        "note": maybe(change.note.text if change.note else None, language),
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "look": finding.look,
        "tone": finding.tone.value,
        "said": text_of(finding.said, language),
        "samples": finding.samples,
        "details": texts(finding.details, language),
        "numbers": numbers(finding.numbers),
        "link": finding.link,
    }


def _lease(lease: Lease, language: str) -> dict[str, Any]:
    return {
        "id": lease.id,
        "remedy": lease.remedy,
        "scope": lease.scope,
        "incident": lease.incident,
        "state": lease.state.value,
        "at": time(lease.at),
        "until": time(lease.until),
        "seen": time(lease.known),
        "unread": None if lease.unread is None else lease.unread.to_json(),
        "by": lease.by,
        "changes": [_change(each, language) for each in lease.changes],
    }
