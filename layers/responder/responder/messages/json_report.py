"""A report as JSON for machines. The keys are stable: `docs/report-schema.md` describes them."""

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from responder.core.change import Change, Lease
from responder.core.codec import dump
from responder.core.command import VALID, ApprovalRequest, CommandKind
from responder.core.finding import Finding
from responder.core.plain_data import Data, Json
from responder.core.reasons import ExplainedReason
from responder.core.report import Report
from responder.core.text import Text
from responder.core.timestamps import stamp
from responder.core.verdict import Outcome, Proposal, WrittenChange
from responder.messages.advice import Advice, Said, words
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
from responder.messages.steps import PAUSES, resume, steps

LANGUAGES = ("ja", "en")


def machine(report: Report, advice: Advice[Said], language: str) -> Json:
    """Everything in the report as JSON; each text with its key, its values and its words in `language`."""
    found: Json = dump(message_of(report, advice, language))
    return found


def headlines(advice: Advice[Said]) -> dict[str, str]:
    """The first line, by language."""
    return {each: words(advice.headline, each) for each in LANGUAGES}


def both(text: Text) -> Json:
    """Key, values, and the sentence in both languages."""
    return {"key": text.key, "values": _value(text)["values"], "ja": say(text, "ja"), "en": say(text, "en")}


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return stamp(at) if at else None


def finite(value: float) -> float | None:
    """JSON knows no infinity."""
    return value if math.isfinite(value) else None


def text_of(text: Text, language: str) -> SaidText:
    """The key, the values and the words of a text."""
    return SaidText(text.key, _value(text)["values"], say(text, language))


def _value(value: Any) -> Any:
    match value:
        case Text():
            return {"key": value.key, "values": {name: _value(each) for name, each in value.values.items()}}
        case tuple():
            return [_value(each) for each in value[:MOST_PARTS]]
        case float():
            return finite(value)
        case str():
            return cut(value, LONGEST_VALUE)
    return value


# As what a part of a report is sent.
_SENT: Mapping[type, type] = {
    ApprovalRequest: ReportedQuestion,
    Change: ReportedChange,
    Finding: ReportedFinding,
    Lease: ReportedLease,
    Outcome: ReportedOutcome,
    Proposal: ReportedProposal,
    WrittenChange: ReportedWrite,
}


def message_of(report: Report, advice: Advice[Said], language: str) -> ReportMessage:
    """The report for machines as types. `advice`: what follows from it for people."""
    stop = report.stopped_by
    found: ReportMessage = _filled(
        ReportMessage,
        (report, report.verdict),
        report,
        language,
        {
            "respond_within_minutes": report.severity.minutes,
            "language": language,
            "headline": words(advice.headline, language),
            "headlines": headlines(advice),
            "security_lowered_by": report.lowering,
            "alarm_absent": report.absence,
            "alarm_state": report.state,
            "paused": stop is not None and stop.kind in PAUSES,
            "cause_known": report.verdict.known,
            "steps": tuple(text_of(each, language) for each in (*resume(report), *steps(report))),
            "course": tuple(
                ReportedLine(text_of(label, language), text_of(said, language))
                for label, said in report.course
            ),
            "links": tuple(ReportedLink(text_of(label, language), url) for label, url in report.links),
        },
    )
    return found


def _filled(kind: type, sources: tuple[Any, ...], report: Report, language: str, own: Data) -> Any:
    """Each field from `own`, or as the first of the sources has it that has one of that name; else its
    default."""
    given = dict(own)
    for each in fields(kind):
        source = next((source for source in sources if hasattr(source, each.name)), None)
        if each.name not in given and source is not None:
            given[each.name] = _sent(getattr(source, each.name), report, language)
    return kind(**given)


def _sent(value: Any, report: Report, language: str) -> Any:
    """A part of the report with its texts in words."""
    match value:
        case Text():
            return text_of(value, language)
        case ExplainedReason():
            return text_of(value.text, language)
        case tuple() | list():
            return tuple(_sent(each, report, language) for each in value)
        case float():
            return finite(value)
        case Mapping():
            return {str(name): _sent(each, report, language) for name, each in value.items()}
    kind = _SENT.get(type(value))
    return value if kind is None else _filled(kind, (value,), report, language, _own(value, report, language))


def _own(part: Any, report: Report, language: str) -> Json:
    """What is sent of a part under another name."""
    match part:
        case Outcome():
            return {
                "also": tuple(text_of(each, language) for each in (*part.on_approval, *part.also)),
                "approval_valid_until": report.at + VALID if part.approval else None,
            }
        case Lease():
            return {"seen": part.known, "unread": part.unread.text if part.unread else None}
        case ApprovalRequest():
            back = part.order == CommandKind.REVERT
            return {"approval": part.id, "revert": back, "approval_valid_until": part.expires}
    return {}
