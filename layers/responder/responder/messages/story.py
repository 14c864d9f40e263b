"""A report in one language, cut into the parts that every layout shows in this order: plain strings."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import partial
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Lease, Status, half_released
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.refusals import Refusal
from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, Value, text
from responder.core.verdict import Outcome, Result
from responder.messages.console_steps import (
    answer_all,
    concerns,
    first_steps,
    ours,
    revert,
    revert_of,
    revertible,
    show,
    steps,
    stop_everything,
)
from responder.messages.headline import (
    BEING_APPLIED,
    IN_PLACE,
    NEWS,
    due,
    headline,
    lowered,
    name,
    result_key,
    stamp,
    step_of,
)
from responder.messages.language import clean, number, one_by_one, say
from responder.messages.requests import RequestedChange, again_of, called, consequences, valued

type LabelledLine = tuple[str, str]


class StepWeight(IntEnum):
    """How much is lost without a step; the lightest are left out first."""

    PLAIN = 0
    IN_RUNBOOK = 1  # with a section of the runbook
    WITH_COMMAND = 2
    WITH_FUNCTIONS = 3  # with a command for the very functions or the suggested change that it is about
    PROMISED = 4  # the first line asks for it
    INCLUDED = 5  # the first line says that its text is in the message
    REQUEST = 6  # approves or rejects
    ACKNOWLEDGE = 7


# By the command, or the step that has none.
_WEIGHTS: Mapping[str, StepWeight] = {
    "command.acknowledge": StepWeight.ACKNOWLEDGE,
    "command.answer_proposal": StepWeight.REQUEST,
    "command.support_case": StepWeight.INCLUDED,
    "command.close_incident": StepWeight.PROMISED,
    "command.watchdog_settings": StepWeight.PROMISED,
    "step.restore_alarm": StepWeight.PROMISED,
}


@frozen
class SettingRow:
    """One setting, before and after, of every target that is alike."""

    target: str
    setting: str
    before: str
    after: str
    status: str
    note: str

    @property
    def values(self) -> str:
        """`50 → 0`, or only the value where that stays."""
        return self.after if self.before == self.after else f"{self.before} → {self.after}"


@frozen
class WrittenChangePart:
    """A change for a person to make. `short`: a line for each side."""

    what: str
    short: tuple[str, ...]
    command: str


@frozen
class OutcomePart:
    """One proposal or command, and its result. `mixed`: not the same of all its rows. `ending`: how
    it is undone; `notes`: what else is to be known. `undo`: the command that reverts it, or empty;
    `undo_label`: how far, and when it works."""

    label: str
    title: str
    rows: tuple[SettingRow, ...]
    mixed: bool
    lines: tuple[LabelledLine, ...]
    ending: tuple[LabelledLine, ...]
    written: tuple[WrittenChangePart, ...]
    notes: tuple[LabelledLine, ...] = ()
    undo: str = ""
    undo_label: str = ""


@frozen
class LeasePart:
    """A change in force. `undo`: the command that reverts it, or empty; `label`: how far, and when it works.
    `own`: this incident's."""

    said: str
    undo: str
    label: str = ""
    own: bool = True


@frozen
class FindingPart:
    """One finding."""

    tone: Tone
    label: str
    said: str
    details: tuple[str, ...]
    link: str | None


@frozen
class StepPart:
    """A step, its command on separate lines."""

    said: str
    weight: StepWeight


@frozen
class Story:
    """Facts, course and reasons are labelled lines.

    `answers`: the first steps; `all_requests`: one step in place of those that
    approve or reject. `consequences`: what a yes does, where one is asked for. `calm`: the fault is gone.
    `known`: a cause was found. `warnings`: what makes the message less than it should be. `stop`: the command
    that stops every action. `show`: the one that shows the whole incident, empty where it is over or not on
    record. `all_leases`: the one that lists every change in force. `leases`: those that lower security first.
    `runbook`: where it is.
    """

    headline: str
    consequences: tuple[str, ...]
    calm: bool
    facts: tuple[LabelledLine, ...]
    warnings: tuple[str, ...]
    course: tuple[LabelledLine, ...]
    known: bool
    cause: str
    reasons: tuple[LabelledLine, ...]
    acts: tuple[OutcomePart, ...]
    points: tuple[FindingPart, ...]
    answers: tuple[StepPart, ...]
    all_requests: StepPart
    steps: tuple[StepPart, ...]
    leases: tuple[LeasePart, ...]
    links: tuple[LabelledLine, ...]
    stop: str
    show: str
    all_leases: str
    runbook: str


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
    """What is in force where, since when, until when, by whom. Its scope is named where that is a target."""
    step, own, over = step_of(lease), lease.incident == report.incident, report.topic == "superseded"
    of_one = any(change.target.partition(":")[0] == lease.scope for change in lease.changes)
    remedy = name(lease.remedy)
    values: dict[str, Value] = {
        "remedy": text("report.scoped", remedy=remedy, scope=lease.scope) if of_one else remedy,
        "state": text("lease.at_step", value=step) if step and not half_released(lease) else state_of(lease),
        "at": stamp(lease.at),
        "end": lease_end(
            lease.until,
            report.at,
            stays=lease.stays,
            superseded=own and over,
            # What AWS is still working on is finished.
            answered=report.answered or any(each.status is Status.IN_PROGRESS for each in lease.changes),
        ),
        "by": text("lease.automation") if lease.by == AUTOMATION else lease.by,
    }
    line = Text("lease.line" if own else "lease.line_elsewhere", {**values, "incident": lease.incident})
    if lease.unread is not None:
        return text("lease.unread", line=line, reason=lease.unread.text, at=stamp(lease.known))
    if report.at - lease.known > _RECENT:
        return text("lease.last_seen", line=line, at=stamp(lease.known))
    return line


def state_of(lease: Lease) -> Text:
    """The state of a change; a value that aliases do not serve, or that others have changed, is not in force
    there."""
    if half_released(lease):
        return text("lease.unreleased")
    return text("lease.partial") if lease.overtaken else Text(f"lease.{lease.state}")


def lease_end(
    until: datetime | None, now: datetime, *, stays: bool, superseded: bool, answered: bool
) -> Text:
    """How a change in force ends. `superseded`: nothing follows its incident. `answered`: the settings
    document can be used; until then nothing is reverted."""
    if superseded:
        return text("lease.not_followed")
    if not (answered or stays) and (until is None or until > now):
        return text("lease.held")
    if until is not None:
        return due("lease.until", until, now)
    return text("lease.stays" if stays else "lease.by_approval")


type Say = Callable[[Text], str]
# Its first line says what holds a revert.
_POSTPONED = "postponed"
# It ends green, unless security is still lowered.
CALM = ("recovered", "close")
TONES = (Tone.RED, Tone.AMBER, Tone.UNKNOWN, Tone.INFO, Tone.NORMAL)
_UNKNOWN_CAUSE = (Tone.RED, Tone.UNKNOWN, Tone.AMBER, Tone.INFO, Tone.NORMAL)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def story_of(report: Report, language: str) -> Story:
    """Every part of the report in `ja` or `en`."""

    def word(part: Text) -> str:
        return say(part, language)

    asked = (
        *(RequestedChange.outcome(act) for act in report.outcomes if act.result is Result.ASKED),
        *map(RequestedChange.asked, report.waiting),
    )
    findings = sorted(report.findings, key=partial(_urgency, report))
    # A command that no decision came before has no cause.
    found = report.verdict.cause.kind is not Cause.COMMAND
    return Story(
        headline=headline(report, language),
        consequences=tuple(dict.fromkeys(map(word, consequences(asked)))),
        calm=report.topic in CALM and lowered(report) is None,
        facts=_facts(report, word),
        warnings=tuple(map(word, report.warnings)),
        course=tuple((word(label), word(said)) for label, said in report.course if label.key != NEWS),
        known=report.verdict.known,
        cause=word(report.verdict.cause.text) if found else "",
        reasons=_reasons(report, language) if found else (),
        acts=tuple(_act(outcome, report, word) for outcome in report.outcomes),
        points=tuple(_point(finding, word) for finding in findings),
        answers=tuple(_step(each, report, word) for each in first_steps(report)),
        all_requests=StepPart(word(answer_all(report)), StepWeight.REQUEST),
        steps=tuple(_step(each, report, word) for each in steps(report)),
        leases=tuple(_lease(each, report, word) for each in _besides(report)),
        links=tuple((word(label), clean(url)) for label, url in report.links),
        stop=word(stop_everything(ours(report))),
        show=word(show(report)) if report.open or report.kind is ReportKind.CLOSED else "",
        all_leases=word(text("command.leases", where=ours(report).console)),
        runbook=clean(report.runbook) or word(text("report.runbook_file")),
    )


def _step(step: Text, report: Report, word: Say) -> StepPart:
    # The command of a suggested change is beside the change.
    named = {spec_of(act.remedy).by_hand for act in report.outcomes if act.proposed}
    command = step.values.get("command")
    key = command.key if isinstance(command, Text) else step.key
    if weight := _WEIGHTS.get(key):
        return StepPart(word(step), weight)
    if key in named or (isinstance(command, Text) and "functions" in command.values):
        return StepPart(word(step), StepWeight.WITH_FUNCTIONS)
    if command is not None:
        return StepPart(word(step), StepWeight.WITH_COMMAND)
    return StepPart(word(step), StepWeight.IN_RUNBOOK if "section" in step.values else StepWeight.PLAIN)


def _besides(report: Report) -> Iterator[Lease]:
    """What is in force besides the outcomes of this very incident."""
    reported = [act for act in report.outcomes if act.result.acted or act.result is Result.STEPPED]
    for each in sorted(report.leases, key=lambda lease: not lease.lowers_security):
        own = each.incident == report.incident
        if each.open and not (own and any(concerns(act, each) for act in reported)):
            yield each


def _urgency(report: Report, finding: Finding) -> tuple[int, bool, bool]:
    """Where no cause was found, what could not be read may be why. Where only the table is changed, its
    findings are the reason, and the cause need not name it. AWS Health is often not to be had."""
    tones = TONES if report.verdict.known else _UNKNOWN_CAUSE
    of_table = bool(report.outcomes) and all(spec_of(each.remedy).table for each in report.outcomes)
    reason = of_table and finding.subject is Subject.TABLE
    return tones.index(finding.tone), not reason, finding.subject is Subject.HEALTH


def _lease(lease: Lease, report: Report, word: Say) -> LeasePart:
    """A lease with the command that reverts it, if any."""
    undo = revert_of(report, lease) if report.stack else None
    own = lease.incident == report.incident
    label = _undo_label(report, stepped=bool(step_of(lease)), own=own)
    return LeasePart(word(lease_line(lease, report)), word(undo) if undo else "", word(label), own=own)


def _undo_label(report: Report, *, stepped: bool, own: bool = True) -> Text:
    """`stepped`: some of it is reverted already, and the command reverts all of it; `own`: this incident's.
    While a stop is in force, a revert that needs no approval is refused."""
    if not report.answered:
        return text("label.undo_later")
    if report.topic == _POSTPONED and own:
        return text("label.undo_held")
    if report.stop is not None:
        return text("label.undo_resumed")
    return text("label.undo_fully" if stepped else "label.undo_now")


def _facts(report: Report, word: Say) -> tuple[LabelledLine, ...]:
    """The incident is named by the command that acknowledges it, where it is open and that is accepted."""
    until = report.since + timedelta(minutes=report.severity.minutes)
    values: dict[str, Value] = {
        "severity": Text(f"severity.{report.severity}"),
        "since": stamp(report.since),
        "until": stamp(until),
    }
    calm = report.state is AlarmState.OK or report.topic in (*CALM, "mitigated")
    over = calm or report.kind is ReportKind.CLOSED
    # Whether a person has responded in time is not known here.
    severity = Text("severity.ended" if over or report.at >= until else "severity.since", values)
    level = () if report.level == 1 else ((word(text("label.level")), word(Text(f"level.{report.level}"))),)
    return (
        *(
            ()
            if report.open and report.answered
            else ((word(text("label.incident")), clean(report.incident)),)
        ),
        (word(text("label.severity")), word(severity)),
        *level,
        (word(text("label.place")), clean(f"{report.account} ({report.region})")),
    )


def _reasons(report: Report, language: str) -> tuple[LabelledLine, ...]:
    verdict = report.verdict
    lists = (("label.others", verdict.others), ("label.ruled_out", verdict.ruled_out))
    said = [(text("label.why"), say(verdict.why, language))]
    said += [
        (text(label), one_by_one((say(each.text, language) for each in listed), language))
        for label, listed in lists
        if listed
    ]
    return tuple((say(label, language), words) for label, words in said)


def _act(outcome: Outcome, report: Report, word: Say) -> OutcomePart:
    return OutcomePart(
        label=word(Text(f"result.{(result := result_key(outcome, report.leases))}")),
        title=word(_title(outcome)),
        rows=(rows := _rows(outcome, word)),
        mixed=outcome.result.half_done or len({row.status for row in rows}) > 1,
        lines=tuple((word(label), word(said)) for label, said in _act_lines(outcome, result, report)),
        ending=_ending(outcome, word),
        written=tuple(
            WrittenChangePart(word(each.what), diff(json_of(each.document), None), clean(each.command))
            for each in outcome.proposed
        ),
        # That another incident has done it a moment ago is said already.
        notes=()
        if result in (IN_PLACE, BEING_APPLIED)
        else tuple((word(text("label.also")), word(reason)) for reason in outcome.also[:1]),
        undo=word(revert(report, outcome.remedy, outcome.scope)) if revertible(outcome) else "",
        undo_label=word(_undo_label(report, stepped=outcome.result is Result.STEPPED)),
    )


def _title(outcome: Outcome) -> Text:
    """What lowered security and is reverted is named by what holds again."""
    again = again_of("subject", outcome) if outcome.result is Result.REVERTED else None
    return again or called(RequestedChange.outcome(outcome))


def _ending(outcome: Outcome, word: Say) -> tuple[LabelledLine, ...]:
    if not outcome.undo or outcome.result is Result.ALREADY or not spec_of(outcome.remedy).applied:
        return ()
    return ((word(text("label.undo")), word(outcome.undo)),)


def _act_lines(outcome: Outcome, result: str, report: Report) -> list[tuple[Text, Text]]:
    if not spec_of(outcome.remedy).applied:
        # It is written down for a person: there is no more to say.
        return []
    lines = []
    # That another incident does it or has done it is in the first line, and its change below.
    if outcome.because and not (
        result in (IN_PLACE, BEING_APPLIED) and outcome.because.kind is Refusal.LEASED
    ):
        reason, until = outcome.because.text, outcome.until
        if until is not None and not outcome.result.in_force and "until" not in reason.values:
            reason = text("report.holds_until", reason=reason, until=stamp(until))
        lines.append((text("label.because"), reason))
    if outcome.record:
        lines.append((text("label.record"), outcome.record))
    lines += [(text("label.also"), said) for said in outcome.on_approval]
    if outcome.result.in_force and outcome.until:
        end = due("lease.until", outcome.until, report.at) if report.answered else text("lease.held")
        lines.append((text("label.ends"), end))
    return lines


def _rows(outcome: Outcome, word: Say) -> tuple[SettingRow, ...]:
    """Targets whose setting changes alike share a row."""
    alike: dict[tuple[str, ...], list[SettingRow]] = {}
    for row in (_row(change, outcome.result, word) for change in outcome.changes):
        alike.setdefault((row.setting, row.before, row.after, row.status, row.note), []).append(row)
    return tuple(replace(rows[0], target=", ".join(each.target for each in rows)) for rows in alike.values())


def _row(change: Change, result: Result, word: Say) -> SettingRow:
    return SettingRow(
        target=clean(change.target),
        setting=clean(change.setting),
        before=word(valued(change.before)),
        after=word(valued(change.after)),
        status=word(Text(f"status.{_status(change, result)}")),
        note=word(change.note.text) if change.note else "",
    )


def _status(change: Change, result: Result) -> str:
    """What was planned and not done is not shown as planned."""
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
