"""A report in one language, in the parts that every layout shows in this order: plain strings."""

import re
from datetime import timedelta
from functools import partial

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.text import Strings, Text, Values, text
from responder.core.timestamps import stamp
from responder.messages.advice import CALM, Advice, Said, in_words
from responder.messages.headline import NEWS
from responder.messages.language import clean, in_a_row, number, say

type LabelledLine = tuple[str, str]

TONES = (Tone.RED, Tone.AMBER, Tone.UNKNOWN, Tone.INFO, Tone.NORMAL)
_UNKNOWN_CAUSE = (Tone.RED, Tone.UNKNOWN, Tone.AMBER, Tone.INFO, Tone.NORMAL)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@frozen
class FindingPart:
    """One finding."""

    tone: Tone
    label: str
    said: str
    details: Strings


@frozen
class Story:
    """The advice, and what it is based on; facts, course and reasons are labelled lines.

    `known`: a cause was found. `warnings`: what makes the message less than it should be. `runbook`: where it
    is.
    """

    advice: Advice[str]
    facts: tuple[LabelledLine, ...]
    warnings: Strings
    course: tuple[LabelledLine, ...]
    known: bool
    cause: str
    reasons: tuple[LabelledLine, ...]
    points: tuple[FindingPart, ...]
    links: tuple[LabelledLine, ...]
    runbook: str


def story_of(report: Report, advice: Advice[Said], language: str) -> Story:
    """Every part of the report in `ja` or `en`. `advice`: what follows from it for people."""
    verdict = report.verdict
    # A command that no decision came before has no cause.
    decided = verdict.cause.kind is not Cause.COMMAND
    findings = sorted(report.findings, key=partial(_urgency, report))
    return Story(
        advice=in_words(advice, language),
        facts=_facts(report, language),
        warnings=tuple(say(each, language) for each in report.warnings),
        course=tuple(
            (say(label, language), say(said, language)) for label, said in report.course if label.key != NEWS
        ),
        known=verdict.known,
        cause=say(verdict.cause.text, language) if decided else "",
        reasons=_reasons(report, language) if decided else (),
        points=tuple(_point(finding, language) for finding in findings),
        links=tuple((say(label, language), clean(url)) for label, url in report.links),
        runbook=clean(report.runbook) or say(text("report.runbook_file"), language),
    )


def _urgency(report: Report, finding: Finding) -> tuple[int, bool, bool]:
    """Where no cause was found, what could not be read may be why. Where only the table is changed, its
    findings are the reason, and the cause need not name it. AWS Health is often not to be had."""
    tones = TONES if report.verdict.known else _UNKNOWN_CAUSE
    of_table = bool(report.outcomes) and all(spec_of(each.remedy).table for each in report.outcomes)
    reason = of_table and finding.subject is Subject.TABLE
    return tones.index(finding.tone), not reason, finding.subject is Subject.HEALTH


def _facts(report: Report, language: str) -> tuple[LabelledLine, ...]:
    """The incident is named by the command that acknowledges it, where it is open and that is accepted."""
    until = report.since + timedelta(minutes=report.severity.minutes)
    values: Values = {
        "severity": Text(f"severity.{report.severity}"),
        "since": stamp(report.since),
        "until": stamp(until),
    }
    calm = report.state is AlarmState.OK or report.topic in (*CALM, "mitigated")
    over = calm or report.kind is ReportKind.CLOSED
    # Whether a person has responded in time is not known here.
    severity = Text("severity.ended" if over or report.at >= until else "severity.since", values)
    facts: list[tuple[str, str]] = []
    if not (report.open and report.answered):
        facts.append(("label.incident", clean(report.incident)))
    facts.append(("label.severity", say(severity, language)))
    if report.level > 1:
        facts.append(("label.level", say(Text(f"level.{report.level}"), language)))
    facts.append(("label.place", clean(f"{report.account} ({report.region})")))
    return tuple((say(Text(label), language), said) for label, said in facts)


def _reasons(report: Report, language: str) -> tuple[LabelledLine, ...]:
    verdict = report.verdict
    said = [("label.why", say(verdict.why, language))]
    for label, listed in (("label.others", verdict.others), ("label.ruled_out", verdict.ruled_out)):
        if listed:
            said.append(
                (label, in_a_row((say(each.text, language) for each in listed), language, statements=True))
            )
    return tuple((say(Text(label), language), words) for label, words in said)


def _point(finding: Finding, language: str) -> FindingPart:
    said = say(finding.said, language)
    if finding.samples and number(finding.samples) not in _NUMBER.findall(said):
        said = say(text("report.samples", said=finding.said, samples=finding.samples), language)
    details = tuple(say(detail, language) for detail in finding.details)
    return FindingPart(finding.tone, say(Text(f"tone.{finding.tone}"), language), said, details)
