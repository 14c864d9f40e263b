"""What on-call has to know first and to do: decided once, from the report alone, as data. Mail, chat, JSON
and pages lay it out.

`advise` makes texts, `in_words` the same in one language.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from responder.core.change import Change, Lease, Status, half_released
from responder.core.frozen import frozen
from responder.core.refusals import Refusal
from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, Values, text
from responder.core.timestamps import stamp
from responder.core.verdict import Outcome, Result
from responder.messages.headline import Headline, headline, line, subject
from responder.messages.language import clean, due, say
from responder.messages.requests import (
    BY_ANOTHER,
    RequestedChange,
    again_of,
    called,
    consequences,
    leased,
    result_key,
    valued,
)
from responder.messages.steps import (
    answer_all,
    concerns,
    first_steps,
    ours,
    revert,
    revert_of,
    show,
    steps,
    stop_everything,
)

# What a message says as data: names from outside are strings. In words all of it is strings.
type Said = Text | Headline | str
type Labelled[Words] = tuple[tuple[Words, Words], ...]


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
_WEIGHTS = {
    "command.acknowledge": StepWeight.ACKNOWLEDGE,
    "command.answer_proposal": StepWeight.REQUEST,
    "command.support_case": StepWeight.INCLUDED,
    "command.close_incident": StepWeight.PROMISED,
    "command.watchdog_settings": StepWeight.PROMISED,
    "step.restore_alarm": StepWeight.PROMISED,
}
# A value read within this time before a message is shown without the time of reading.
_RECENT = timedelta(minutes=10)
# Its first line says what holds a revert.
_POSTPONED = "postponed"
# It ends green, unless security is still lowered.
CALM = ("recovered", "close")


@frozen
class AdvisedStep[Words]:
    """A step; in words with its command on separate lines."""

    said: Words
    weight: StepWeight


@frozen
class SettingRow[Words]:
    """One setting, before and after, of one target; in words of all targets that are alike."""

    target: Words
    setting: Words
    before: Words
    after: Words
    status: Words
    note: Words

    @property
    def values(self) -> str:
        """`50 → 0`, or only the value where that stays."""
        return f"{self.after}" if self.before == self.after else f"{self.before} → {self.after}"


@frozen
class AdvisedWrite[Words]:
    """A change for a person to make."""

    what: Words
    command: Words


@frozen
class Act[Words]:
    """One proposal or command, and its result. `mixed`: not the same of all its rows. `ending`: how it is
    undone; `notes`: what else is to be known. `undo`: the command that reverts it, or empty; `undo_label`:
    how far, and when it works."""

    label: Words
    title: Words
    rows: tuple[SettingRow[Words], ...]
    mixed: bool
    lines: Labelled[Words]
    ending: Labelled[Words]
    written: tuple[AdvisedWrite[Words], ...]
    notes: Labelled[Words]
    undo: Words
    undo_label: Words


@frozen
class InForce[Words]:
    """A change in force. `undo`: the command that reverts it, or empty; `label`: how far, and when it works.
    `own`: this incident's."""

    said: Words
    undo: Words
    label: Words
    own: bool


@frozen
class Advice[Words]:
    """What every message about a report begins with, and what a person can do.

    `answers`: the first steps; `all_requests`: one step in place of those that approve or reject.
    `consequences`: what a yes does, where one is asked for. `calm`: the fault is gone. `stop`: the command
    that stops every action. `show`: the one that shows the whole incident, empty where it is over or not on
    record. `all_leases`: the one that lists every change in force. `leases`: those that lower security first,
    besides those of `acts`.
    """

    headline: Words
    consequences: tuple[Words, ...]
    calm: bool
    acts: tuple[Act[Words], ...]
    answers: tuple[AdvisedStep[Words], ...]
    all_requests: AdvisedStep[Words]
    steps: tuple[AdvisedStep[Words], ...]
    leases: tuple[InForce[Words], ...]
    stop: Words
    show: Words
    all_leases: Words
    subject: Words


def advise(report: Report) -> Advice[Said]:
    """The advice about a report."""
    asked = (
        *(RequestedChange.outcome(act) for act in report.outcomes if act.result is Result.ASKED),
        *map(RequestedChange.asked, report.waiting),
    )
    on_record = report.open or report.kind is ReportKind.CLOSED
    return Advice(
        headline=headline(report),
        consequences=consequences(asked),
        calm=report.topic in CALM and report.lowering is None,
        acts=tuple(_act(outcome, report) for outcome in report.outcomes),
        answers=tuple(_step(each, report) for each in first_steps(report)),
        all_requests=AdvisedStep(answer_all(report), StepWeight.REQUEST),
        steps=tuple(_step(each, report) for each in steps(report)),
        leases=tuple(_in_force(report)),
        stop=stop_everything(ours(report)),
        show=show(report) if on_record else "",
        all_leases=text("command.leases", where=ours(report).console),
        subject=subject(report),
    )


def in_words(advice: Advice[Said], language: str) -> Advice[str]:
    """The same in `ja` or `en`, each string in one line. Targets whose setting changes alike share a row."""
    said: Advice[str] = _in_words(advice, language)
    acts = []
    for act in said.acts:
        targets: dict[SettingRow[str], list[str]] = {}
        for row in act.rows:
            targets.setdefault(replace(row, target=""), []).append(row.target)
        rows = tuple(replace(row, target=", ".join(named)) for row, named in targets.items())
        acts.append(replace(act, rows=rows))
    return replace(said, acts=tuple(acts))


def words(said: Said, language: str) -> str:
    """One of its values in `ja` or `en`."""
    match said:
        case Headline():
            return line(said, language)
        case Text():
            return say(said, language)
    return clean(said)


def _in_words(part: Any, language: str) -> Any:
    match part:
        case Headline() | Text() | str():
            return words(part, language)
        case tuple():
            return tuple(_in_words(each, language) for each in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return replace(
        part, **{each.name: _in_words(getattr(part, each.name), language) for each in fields(part)}
    )


def _step(step: Text, report: Report) -> AdvisedStep[Said]:
    # The command of a suggested change is beside the change.
    named = {spec_of(act.remedy).by_hand for act in report.outcomes if act.proposed}
    command = step.values.get("command")
    key = command.key if isinstance(command, Text) else step.key
    if weight := _WEIGHTS.get(key):
        return AdvisedStep(step, weight)
    if key in named or (isinstance(command, Text) and "functions" in command.values):
        return AdvisedStep(step, StepWeight.WITH_FUNCTIONS)
    if command is not None:
        return AdvisedStep(step, StepWeight.WITH_COMMAND)
    return AdvisedStep(step, StepWeight.IN_RUNBOOK if "section" in step.values else StepWeight.PLAIN)


def _act(outcome: Outcome, report: Report) -> Act[Said]:
    result, spec = result_key(outcome, report.leases), spec_of(outcome.remedy)
    # What lowered security and is reverted is named by what holds again.
    again = again_of("subject", outcome) if outcome.result is Result.REVERTED else None
    ends = outcome.undo if outcome.result is not Result.ALREADY and spec.applied else None
    also, just_made = outcome.also[:1], outcome.result.acted or outcome.result is Result.STEPPED
    return Act(
        label=Text(f"result.{result}"),
        title=again or called(RequestedChange.outcome(outcome)),
        rows=(rows := tuple(_row(change, outcome.result) for change in outcome.changes)),
        mixed=outcome.result.half_done or len({row.status.key for row in rows}) > 1,
        lines=tuple(_lines(outcome, result, report)) if spec.applied else (),
        ending=((text("label.undo"), ends),) if ends else (),
        written=tuple(AdvisedWrite(each.what, each.command) for each in outcome.proposed),
        # That another incident has done it a moment ago is said already.
        notes=() if result in BY_ANOTHER else tuple((text("label.also"), reason) for reason in also),
        undo=revert(report, outcome.remedy, outcome.scope) if just_made and spec.can_revert else "",
        undo_label=_undo_label(report, stepped=outcome.result is Result.STEPPED),
    )


def _lines(outcome: Outcome, result: str, report: Report) -> Iterator[tuple[Text, Text]]:
    because = outcome.because
    # That another incident does it or has done it is in the first line, and its change below.
    if because and not (result in BY_ANOTHER and because.kind is Refusal.LEASED):
        reason, until = because.text, outcome.until
        if until is not None and not outcome.result.in_force and "until" not in reason.values:
            reason = text("report.holds_until", reason=reason, until=stamp(until))
        yield text("label.because"), reason
    if outcome.record:
        yield text("label.record"), outcome.record
    for said in outcome.on_approval:
        yield text("label.also"), said
    if outcome.result.in_force and outcome.until:
        end = due("lease.until", outcome.until, report.at) if report.answered else text("lease.held")
        yield text("label.ends"), end


def _row(change: Change, result: Result) -> SettingRow[Any]:
    # What was planned and not done is not shown as planned.
    status = change.status.value
    if change.status is Status.PLANNED:
        status = "asked" if result is Result.ASKED else "undone" if result.declined else "planned"
    return SettingRow(
        target=change.target,
        setting=change.setting,
        before=valued(change.before),
        after=valued(change.after),
        status=Text(f"status.{status}"),
        note=change.note.text if change.note else "",
    )


def _in_force(report: Report) -> Iterator[InForce[Said]]:
    """What is in force besides the outcomes of this very incident, with the command that reverts it."""
    reported = [act for act in report.outcomes if act.result.acted or act.result is Result.STEPPED]
    for each in sorted(report.leases, key=lambda lease: not lease.lowers_security):
        own = each.incident == report.incident
        if each.open and not (own and any(concerns(act, each) for act in reported)):
            undo = revert_of(report, each) if report.stack else None
            label = _undo_label(report, stepped=bool(each.step), own=own)
            yield InForce(lease_line(each, report), undo or "", label, own=own)


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


def lease_line(lease: Lease, report: Report) -> Text:
    """What is in force where, since when, until when, by whom. Its scope is named where that is a target."""
    own, over = lease.incident == report.incident, report.topic == "superseded"
    half = half_released(lease)
    values: Values = {
        "remedy": leased(lease.remedy, lease.scope, lease.changes),
        "state": text("lease.at_step", value=lease.step) if lease.step and not half else state_of(lease),
        "at": stamp(lease.at),
        "end": lease_end(
            lease.until,
            report.at,
            stays=lease.spec.stays,
            superseded=own and over,
            # What AWS is still working on is finished.
            answered=report.answered or any(each.status is Status.IN_PROGRESS for each in lease.changes),
        ),
        "by": text("lease.automation") if lease.by == AUTOMATION else lease.by,
    }
    said = Text("lease.line" if own else "lease.line_elsewhere", {**values, "incident": lease.incident})
    if lease.unread is not None:
        return text("lease.unread", line=said, reason=lease.unread.text, at=stamp(lease.known))
    if report.at - lease.known > _RECENT:
        return text("lease.last_seen", line=said, at=stamp(lease.known))
    return said


def state_of(lease: Lease) -> Text:
    """The state of a change; a value that aliases do not serve, or that others have changed, is not in force
    there."""
    if half_released(lease):
        return text("lease.unreleased")
    return text("lease.partial") if lease.changed_by_others else Text(f"lease.{lease.state}")


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
