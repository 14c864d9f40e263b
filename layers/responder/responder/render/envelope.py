"""A report as one SNS message with a body per protocol, cut until SNS accepts it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from responder.change import LOWERS_SECURITY
from responder.render.amazon_q import amazon_q
from responder.render.language import clean, cut, say
from responder.render.machine import machine
from responder.render.plain import plain
from responder.render.story import TONES
from responder.render.subject import subject
from responder.report import Report
from responder.text import text

LIMIT = 262_144
# SNS counts the attributes and the subject too.
ROOM = LIMIT - 4_096
CLIPPED = 15_000
LONGEST_ATTRIBUTE = 256
_FEW = 5


@dataclass(frozen=True, slots=True)
class Envelope:
    """What `sns:Publish` takes with MessageStructure=json; `attributes` are all String."""

    subject: str
    bodies: dict[str, str]
    attributes: dict[str, str]

    @property
    def message(self) -> str:
        """The Message parameter."""
        return json.dumps(self.bodies, ensure_ascii=False)


def envelope(report: Report, language: str) -> Envelope:
    """Findings go first, the least important ones before the others, then details, then the rest."""
    sizes = (_bodies(each, language) for each in _shorter(report))
    bodies = next(filter(fits, sizes), None) or _clipped(report, language)
    return Envelope(subject(report), bodies, _attributes(report))


def _attributes(report: Report) -> dict[str, str]:
    given = {
        "severity": report.severity.value,
        "alarm": report.alarm,
        "incident": report.incident,
        "kind": report.kind.value,
        "level": str(report.level),
    }
    return {name: _sendable(clean(cut(value, LONGEST_ATTRIBUTE))) or "-" for name, value in given.items()}


def _bodies(report: Report, language: str) -> dict[str, str]:
    data, chat = _json(machine(report, language)), _json(amazon_q(report, language))
    return by_protocol(plain(report, language), data, chat)


def by_protocol(words: str, data: str, chat: str) -> dict[str, str]:
    """Who subscribes how gets what: words, JSON for machines, the schema of Amazon Q."""
    mail, machines, q = map(_sendable, (words, data, chat))
    return {"default": mail, "email": mail, "lambda": machines, "sqs": machines, "http": machines, "https": q}


def _shorter(report: Report) -> Iterator[Report]:
    yield report
    findings = tuple(sorted(report.findings, key=lambda finding: TONES.index(finding.tone)))
    kept = len(findings) // 2
    while kept >= _FEW:
        yield _cut(report, kept, most_details=None)
        kept //= 2
    for most_details in (20, 5, 0):
        yield _cut(report, _FEW, most_details)
    smallest = _cut(report, 0, 0)
    yield smallest
    for most in (_FEW, 1, 0):
        yield _written(smallest, most)


def _written(report: Report, most: int) -> Report:
    """Whole changes go, never a part of one: half a command must not be pasted."""
    acts = tuple(replace(act, proposed=act.proposed[:most]) for act in report.outcomes)
    gone = sum(len(act.proposed) for act in report.outcomes) - sum(len(act.proposed) for act in acts)
    if not gone:
        return report
    warnings = (*report.warnings, text("written.more", count=gone))
    return replace(report, outcomes=acts, warnings=warnings)


def _cut(report: Report, kept: int, most_details: int | None) -> Report:
    findings = sorted(report.findings, key=lambda finding: TONES.index(finding.tone))[:kept]
    shorter = tuple(replace(finding, details=finding.details[:most_details]) for finding in findings)
    before = sum(len(finding.details) for finding in report.findings)
    details = before - sum(len(finding.details) for finding in shorter)
    warning = text("report.cut", findings=len(report.findings) - len(shorter), details=details)
    return replace(report, findings=shorter, warnings=(*report.warnings, warning))


def _clipped(report: Report, language: str) -> dict[str, str]:
    """Last resort: something other than the findings is huge."""
    words = _sendable(plain(replace(report, findings=()), language))[:CLIPPED]
    small = _small(report)
    notice = say(text("report.clipped"), language)
    data, chat = _json(machine(small, language)), _json(amazon_q(small, language))
    return by_protocol(f"{words}\n{notice}\n", data, chat)


def _small(report: Report) -> Report:
    """A few of everything; what lowers security stays, for the first line depends on it."""
    acts = sorted(report.outcomes, key=lambda act: not act.lowers_security)[:_FEW]
    leases = sorted(report.leases, key=lambda lease: lease.remedy not in LOWERS_SECURITY)[:_FEW]
    verdict = replace(report.verdict, ruled_out=(), proposals=(), steps=report.verdict.steps[:_FEW])
    return replace(
        report,
        id=cut(report.id, LONGEST_ATTRIBUTE),
        incident=cut(report.incident, LONGEST_ATTRIBUTE),
        alarm=cut(report.alarm, LONGEST_ATTRIBUTE),
        verdict=verdict,
        findings=(),
        outcomes=tuple(replace(act, changes=(), proposed=(), also=act.also[:_FEW]) for act in acts),
        warnings=(text("report.clipped"),),
        leases=tuple(replace(lease, changes=()) for lease in leases),
        links=(),
        # What the first line says is the first of them.
        course=report.course[:_FEW],
    )


def fits(bodies: dict[str, str]) -> bool:
    """SNS takes it."""
    return len(json.dumps(bodies, ensure_ascii=False).encode()) <= ROOM


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def _sendable(value: str) -> str:
    """Half a surrogate pair cannot be encoded."""
    return value.encode("utf-8", "replace").decode()
