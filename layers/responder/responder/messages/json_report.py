"""A report as JSON for machines. The keys are stable: `docs/report-schema.md` describes them."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change, Lease
from responder.core.codec import dump
from responder.core.command import CommandKind
from responder.core.finding import Finding
from responder.core.report import Report
from responder.core.text import Text
from responder.core.verdict import Outcome, Proposal
from responder.messages.console_steps import paused, resume, steps
from responder.messages.headline import VALID, headline, lowered
from responder.messages.language import LONGEST_VALUE, MOST_PARTS, cut, say
from responder.messages.report_message import (
    ReportedChange,
    ReportedFinding,
    ReportedLease,
    ReportedLine,
    ReportedLink,
    ReportedOutcome,
    ReportedProposal,
    ReportedQuestion,
    ReportedWrite,
    ReportMessage,
    SaidText,
)
from responder.messages.story import json_of

LANGUAGES = ("ja", "en")


def machine(report: Report, language: str) -> dict[str, Any]:
    """Everything in the report as JSON; each text with its key, its values and its words in `language`."""
    found: dict[str, Any] = dump(message_of(report, language))
    return found


def both(text: Text) -> dict[str, Any]:
    """Key, values, and the sentence in both languages."""
    return {"key": text.key, "values": _values(text), "ja": say(text, "ja"), "en": say(text, "en")}


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def finite(value: float) -> float | None:
    """JSON knows no infinity."""
    return value if math.isfinite(value) else None


def text_of(text: Text, language: str) -> SaidText:
    """The key, the values and the words of a text."""
    return SaidText(text.key, _values(text), say(text, language))


def _values(text: Text) -> dict[str, Any]:
    return {name: _value(each) for name, each in text.values.items()}


def _value(value: Any) -> Any:
    match value:
        case Text():
            return {"key": value.key, "values": _values(value)}
        case tuple():
            return [_value(each) for each in value[:MOST_PARTS]]
        case float():
            return finite(value)
        case str():
            return cut(value, LONGEST_VALUE)
    return value


def _texts(texts: Iterable[Text], language: str) -> tuple[SaidText, ...]:
    return tuple(text_of(each, language) for each in texts)


def _maybe(text: Text | None, language: str) -> SaidText | None:
    return text_of(text, language) if text else None


def message_of(report: Report, language: str) -> ReportMessage:
    """The report for machines as types."""
    verdict = report.verdict
    return ReportMessage(
        id=report.id,
        kind=report.kind,
        topic=report.topic,
        incident=report.incident,
        alarm=report.alarm,
        slug=report.slug,
        severity=report.severity,
        respond_within_minutes=report.severity.minutes,
        level=report.level,
        at=report.at,
        since=report.since,
        region=report.region,
        account=report.account,
        language=language,
        **_headlines(report, language),
        security_lowered_by=lowered(report),
        **_standing(report),
        cause_known=verdict.known,
        cause=text_of(verdict.cause.text, language),
        why=text_of(verdict.why, language),
        others=_texts((each.text for each in verdict.others), language),
        ruled_out=_texts((each.text for each in verdict.ruled_out), language),
        proposals=tuple(_proposal(each, language) for each in verdict.proposals),
        steps=_texts((*resume(report), *steps(report)), language),
        warnings=_texts(report.warnings, language),
        course=tuple(
            ReportedLine(text_of(label, language), text_of(said, language)) for label, said in report.course
        ),
        waiting=tuple(map(_question, report.waiting)),
        taken=report.taken,
        outcomes=tuple(_outcome(each, report, language) for each in report.outcomes),
        findings=tuple(_finding(each, language) for each in report.findings),
        leases=tuple(_lease(each, language) for each in report.leases),
        links=tuple(ReportedLink(text_of(label, language), url) for label, url in report.links),
    )


def _headlines(report: Report, language: str) -> dict[str, Any]:
    found = {each: headline(report, each) for each in LANGUAGES}
    return {"headline": found.get(language) or headline(report, language), "headlines": found}


def _standing(report: Report) -> dict[str, Any]:
    """How the alarm and its incident are, and where their steps are described."""
    return {
        "alarm_absent": report.absence,
        "alarm_state": report.state,
        "open": report.open,
        "answered": report.answered,
        "paused": paused(report),
        "runbook": report.runbook,
    }


def _proposal(proposal: Proposal, language: str) -> ReportedProposal:
    return ReportedProposal(
        proposal.remedy,
        proposal.scope,
        proposal.at_most,
        text_of(proposal.reason, language),
        _maybe(proposal.samples_short, language),
    )


def _question(asked: ApprovalRequest) -> ReportedQuestion:
    back = asked.order == CommandKind.REVERT
    return ReportedQuestion(asked.id, asked.remedy, asked.scope, back, asked.expires)


def _outcome(outcome: Outcome, report: Report, language: str) -> ReportedOutcome:
    return ReportedOutcome(
        remedy=outcome.remedy,
        scope=outcome.scope,
        result=outcome.result,
        lowers_security=outcome.lowers_security,
        back=outcome.back,
        why=text_of(outcome.why, language),
        because=_maybe(outcome.because.text if outcome.because else None, language),
        until=outcome.until,
        also=_texts((*outcome.on_approval, *outcome.also), language),
        changes=_changes(outcome.changes, language),
        approval=outcome.approval,
        approval_valid_until=report.at + VALID if outcome.approval else None,
        undo=_maybe(outcome.undo, language),
        record=_maybe(outcome.record, language),
        proposed=tuple(
            ReportedWrite(text_of(each.what, language), each.target, json_of(each.document), each.command)
            for each in outcome.proposed
        ),
    )


def _changes(changes: Iterable[Change], language: str) -> tuple[ReportedChange, ...]:
    return tuple(
        ReportedChange(
            each.target,
            each.setting,
            each.before,
            each.after,
            each.status,
            _maybe(each.note.text if each.note else None, language),
        )
        for each in changes
    )


def _finding(finding: Finding, language: str) -> ReportedFinding:
    return ReportedFinding(
        finding.look,
        finding.tone,
        text_of(finding.said, language),
        finding.samples,
        _texts(finding.details, language),
        {name: finite(each) for name, each in finding.numbers.items()},
        finding.link,
    )


def _lease(lease: Lease, language: str) -> ReportedLease:
    return ReportedLease(
        id=lease.id,
        remedy=lease.remedy,
        scope=lease.scope,
        incident=lease.incident,
        state=lease.state,
        at=lease.at,
        until=lease.until,
        seen=lease.known,
        unread=lease.unread.text if lease.unread else None,
        by=lease.by,
        changes=_changes(lease.changes, language),
    )
