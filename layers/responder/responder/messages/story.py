"""A report in one language, cut into the parts that every layout shows in this order: plain strings."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.core.change import Change, Lease, Status, half_released
from responder.core.finding import Finding, Tone
from responder.core.frozen import frozen
from responder.core.report import Report
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result
from responder.messages.headline import NEWS, VALID, headline, lowered, name, stamp, step_of, working
from responder.messages.language import clean, number, say
from responder.messages.requests import RequestedChange, called, consequence

type LabelledLine = tuple[str, str]


@frozen
class SettingRow:
    """One setting of one target, before and after."""

    target: str
    setting: str
    before: str
    after: str
    status: str
    note: str


@frozen
class WrittenChangePart:
    """A change for a person to make. `short`: a line for each side."""

    what: str
    short: tuple[str, ...]
    command: str


@frozen
class OutcomePart:
    """One proposal or command, and what became of it."""

    label: str
    title: str
    rows: tuple[SettingRow, ...]
    lines: tuple[LabelledLine, ...]
    written: tuple[WrittenChangePart, ...]


@frozen
class FindingPart:
    """One finding."""

    tone: Tone
    label: str
    said: str
    details: tuple[str, ...]
    link: str | None


@frozen
class Story:
    """Facts, course and reasons are labelled lines.

    `consequences`: what a yes does, where one is asked for. `calm`: the fault is gone.
    """

    headline: str
    consequences: tuple[str, ...]
    calm: bool
    facts: tuple[LabelledLine, ...]
    course: tuple[LabelledLine, ...]
    cause: str
    reasons: tuple[LabelledLine, ...]
    acts: tuple[OutcomePart, ...]
    points: tuple[FindingPart, ...]
    steps: tuple[str, ...]
    leases: tuple[str, ...]
    links: tuple[LabelledLine, ...]


_BOTH = {"before": "- ", "after": "+ "}


def diff(document: Mapping[str, Any], indent: int | None = 2) -> tuple[str, ...]:
    """Every line of it, one for each side where `indent` is None. A document of `before` and `after` has both
    sides; any other is new as a whole."""
    sides = {"+ ": document}
    if document.keys() == _BOTH.keys():
        sides = {sign: document[side] for side, sign in _BOTH.items()}
    return tuple(
        f"{sign}{clean(line)}"
        for sign, side in sides.items()
        for line in json.dumps(side, ensure_ascii=False, indent=indent, default=str).split("\n")
    )


def json_of(value: Any) -> Any:
    """What is no number is null: a message must always go out."""
    if isinstance(value, Mapping):
        return {str(key): json_of(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [json_of(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


# A value read within this time before a message is shown without the time of reading.
_RECENT = timedelta(minutes=10)


def lease_line(lease: Lease, report: Report) -> Text:
    """What is in force where, since when, until when, by whom."""
    step, own, over = step_of(lease), lease.incident == report.incident, report.topic == "superseded"
    line = text(
        "lease.line",
        remedy=name(lease.remedy),
        scope=lease.scope,
        state=text("lease.at_step", value=step) if step and not half_released(lease) else state_of(lease),
        at=stamp(lease.at),
        end=lease_end(lease.until, report.at, stays=lease.stays, superseded=own and over),
        incident=text("lease.own") if own else lease.incident,
        by=text("lease.automation") if lease.by == AUTOMATION else lease.by,
    )
    if lease.unread is not None:
        return text("lease.unread", line=line, reason=lease.unread.text, at=stamp(lease.known))
    if report.at - lease.known > _RECENT:
        return text("lease.last_seen", line=line, at=stamp(lease.known))
    return line


def state_of(lease: Lease) -> Text:
    """Its state; a value that aliases do not serve, or others have changed, is not in force there."""
    if half_released(lease):
        return text("lease.unreleased")
    return text("lease.partial") if lease.overtaken else Text(f"lease.{lease.state}")


def lease_end(until: datetime | None, now: datetime, *, stays: bool, superseded: bool) -> Text:
    """How a change in force ends. `superseded`: nothing follows its incident any more."""
    if superseded:
        return text("lease.not_followed")
    if until is not None:
        return text("lease.until" if until > now else "lease.overdue", until=stamp(until))
    return text("lease.stays" if stays else "lease.by_approval")


type Say = Callable[[Text], str]
# It ends green, unless security is still lowered.
CALM = ("recovered", "close")
TONES = (Tone.RED, Tone.AMBER, Tone.UNKNOWN, Tone.INFO, Tone.NORMAL)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def tell(report: Report, language: str) -> Story:
    """Every part of the report in `ja` or `en`."""

    def word(part: Text) -> str:
        return say(part, language)

    asked = (
        consequence(RequestedChange.outcome(act)) for act in report.outcomes if act.result is Result.ASKED
    )
    findings = sorted(report.findings, key=lambda finding: TONES.index(finding.tone))
    return Story(
        headline=headline(report, language),
        consequences=tuple(dict.fromkeys(map(word, asked))),
        calm=report.topic in CALM and lowered(report) is None,
        facts=_facts(report, word),
        course=tuple((word(label), word(said)) for label, said in report.course if label.key != NEWS),
        cause=word(report.verdict.cause.text),
        reasons=_reasons(report, word),
        acts=tuple(_act(outcome, report, word) for outcome in report.outcomes),
        points=tuple(_point(finding, word) for finding in findings),
        steps=tuple(word(step) for step in report.verdict.steps),
        leases=tuple(word(lease_line(each, report)) for each in report.leases if each.open),
        links=tuple((word(label), clean(url)) for label, url in report.links),
    )


def _facts(report: Report, word: Say) -> tuple[LabelledLine, ...]:
    minutes = report.severity.minutes
    until = stamp(report.since + timedelta(minutes=minutes))
    severity = text(
        "severity.answer_by", severity=Text(f"severity.{report.severity}"), minutes=minutes, until=until
    )
    level = () if report.level == 1 else ((word(text("label.level")), word(Text(f"level.{report.level}"))),)
    return (
        (word(text("label.incident")), clean(report.incident)),
        (
            word(text("label.alarm")),
            word(text("report.alarm_since", alarm=report.alarm, since=stamp(report.since))),
        ),
        (word(text("label.severity")), word(severity)),
        *level,
        (word(text("label.place")), clean(f"{report.account} / {report.region}")),
        *((word(text("label.warnings")), word(warning)) for warning in report.warnings),
    )


def _reasons(report: Report, word: Say) -> tuple[LabelledLine, ...]:
    verdict = report.verdict
    lists = (("label.others", verdict.others), ("label.ruled_out", verdict.ruled_out))
    said = ((label, tuple(each.text for each in listed)) for label, listed in lists if listed)
    more = ((word(text(label)), word(text("report.all", parts=parts))) for label, parts in said)
    return (word(text("label.why")), word(verdict.why)), *more


def _act(outcome: Outcome, report: Report, word: Say) -> OutcomePart:
    begun = outcome.result is Result.APPLIED and working(outcome)
    return OutcomePart(
        label=word(Text(f"result.{'started' if begun else outcome.result}")),
        title=word(called(RequestedChange.outcome(outcome))),
        rows=tuple(_row(change, outcome.result, word) for change in outcome.changes),
        lines=tuple((word(label), word(said)) for label, said in _act_lines(outcome, report)),
        written=tuple(
            WrittenChangePart(word(each.what), diff(json_of(each.document), None), clean(each.command))
            for each in outcome.proposed
        ),
    )


def _act_lines(outcome: Outcome, report: Report) -> list[tuple[Text, Text]]:
    lines = [] if outcome.why == report.verdict.why else [(text("label.purpose"), outcome.why)]
    if outcome.because:
        reason, until = outcome.because.text, outcome.until
        if until is not None and not outcome.result.in_force and "until" not in reason.values:
            reason = text("report.holds_until", reason=reason, until=stamp(until))
        lines.append((text("label.because"), reason))
    lines += [(text("label.also"), reason) for reason in outcome.also]
    if outcome.result.in_force and outcome.until:
        lines.append((text("label.ends"), text("lease.until", until=stamp(outcome.until))))
    if outcome.approval:
        valid = text("report.valid", id=outcome.approval, until=stamp(report.at + VALID))
        lines.append((text("label.approval"), valid))
    if outcome.undo and outcome.result is not Result.ALREADY:
        lines.append((text("label.undo"), outcome.undo))
    return lines


def _row(change: Change, result: Result, word: Say) -> SettingRow:
    return SettingRow(
        target=clean(change.target),
        setting=clean(change.setting),
        before=clean(change.before),
        after=clean(change.after),
        status=word(Text(f"status.{_status(change, result)}")),
        note=word(change.note.text) if change.note else "",
    )


def _status(change: Change, result: Result) -> str:
    """What was planned and not done is no plan any more."""
    if change.status is not Status.PLANNED:
        return change.status.value
    if result is Result.ASKED:
        return "asked"
    return "undone" if result.declined else "planned"


def _point(finding: Finding, word: Say) -> FindingPart:
    said = word(finding.said)
    if finding.samples and number(finding.samples) not in _NUMBER.findall(said):
        said = word(text("report.samples", said=finding.said, samples=finding.samples))
    details = tuple(word(detail) for detail in finding.details)
    return FindingPart(finding.tone, word(Text(f"tone.{finding.tone}")), said, details, finding.link)
