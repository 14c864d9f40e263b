"""One report in the thread: what was seen, decided and done, and what a person does next."""

import json
from collections.abc import Iterator, Sequence

from responder.core.cause import Cause
from responder.core.finding import Tone
from responder.core.plain_data import Data
from responder.core.report import ReportKind
from responder.core.text import Strings, Text, text
from responder.core.verdict import Result
from responder.messages.block_kit import (
    Block,
    bold,
    code,
    context,
    escaped,
    fitting,
    link,
    listed,
    more,
    section,
    sections,
    words,
)
from responder.messages.language import clean, in_a_row, say
from responder.messages.report_message import ReportedFinding, ReportedOutcome, ReportedWrite, ReportMessage
from responder.messages.requests import RequestedChange, called, result_key
from responder.slack.blocks.parts import SlackPost, answers, changes, notification, steps
from responder.slack.status import IncidentStatus, ReportedState, state_of

_LOUD = (
    ReportKind.ESCALATION,
    ReportKind.FAILURE,
    ReportKind.REMINDER,
    ReportKind.CLOSED,
    ReportKind.WATCHDOG,
)
# In the order in which findings are shown.
_MARKS = {Tone.RED: "🔴", Tone.AMBER: "🟡", Tone.UNKNOWN: "⚪", Tone.INFO: "🔵", Tone.NORMAL: "🟢"}
# What was planned and not done is not shown as planned.
_NOT_DONE = (Result.ASKED, Result.OBSERVED, Result.REFUSED)
_POINTS, _EXTRA, _LINES, _STEPS, _ACTS, _LINKS, _WRITES = 20, 3, 20, 10, 8, 8, 4
# A box that is cut through must not be pasted; a section holds 3,000 characters.
_BOX = 2_500


def answer(report: ReportMessage, status: IncidentStatus, mention: str = "") -> SlackPost:
    """In the report's own language. `mention`: whom to call, as Slack writes it. Buttons only for what the
    report asks itself and can still be approved."""
    asks = any(one.approval in status.waiting for one in report.outcomes)
    state = state_of(report)
    # An edit makes no sound: what turns the incident's message red again, or acts again, must be seen.
    turns = state is ReportedState.ESCALATED or (
        report.kind is ReportKind.RESPONSE and state is not ReportedState.NORMAL
    )
    loud = report.kind in _LOUD or asks or report.topic == "stuck" or turns
    return SlackPost(notification(report.headline, mention), _blocks(report, status, mention), loud)


def _blocks(report: ReportMessage, status: IncidentStatus, mention: str) -> list[Block]:
    language = report.language
    course = [
        f"{words(line.label.text)}: {words(line.said.text, 900)}"
        for line in report.course
        if not line.repeats_headline
    ]
    points = [
        "\n".join(_point(each, language))
        for each in sorted(report.findings, key=lambda each: tuple(_MARKS).index(each.tone))
    ]
    parts = (
        ("label.steps", steps(report.steps, _STEPS, language)),
        ("label.course", listed(course, _LINES, language)),
        ("label.cause", _cause(report, language)),
        ("label.findings", listed(points, _POINTS, language)),
    )
    blocks = [section(bold(words(report.headline)))]
    if mention:
        calls = say(text("slack.calls", level=Text(f"level.{report.level}")), language)
        blocks.insert(0, section(f"{mention} {words(calls)}"))
    if warnings := [words(each.text) for each in report.warnings]:
        blocks.append(context([f"⚠️ {each}" for each in listed(warnings, 3, language)]))
    blocks += _outcomes(report, status, language)
    for label, lines in parts:
        blocks += sections(say(Text(label), language), lines)
    links = [link(each.label.text, each.url) for each in report.links[:_LINKS]]
    if report.runbook:
        links.append(link(say(text("label.runbook"), language), report.runbook))
    end = [context(links)] if links else []
    return fitting([*blocks, *end], language, kept=len(end))


def _outcomes(report: ReportMessage, status: IncidentStatus, language: str) -> Iterator[Block]:
    waiting = dict(status.waiting)
    for outcome in report.outcomes[:_ACTS]:
        yield section("\n".join(_outcome(outcome, report, language)))
        yield from _written(outcome.proposed, report.incident, language)
        proposal = outcome.approval or ""
        # Slack takes no second row of buttons of the same name.
        if asked := waiting.pop(proposal, None):
            yield answers(status.incident, proposal, asked, language)
    if len(report.outcomes) > _ACTS:
        yield context([more(len(report.outcomes) - _ACTS, language)])


def _outcome(reported: ReportedOutcome, report: ReportMessage, language: str) -> Iterator[str]:
    outcome = reported.outcome
    result = Text(f"result.{result_key(outcome, [each.lease for each in report.leases])}")
    yield bold(words(f"[{say(result, language)}] {say(called(RequestedChange.outcome(outcome)), language)}"))
    yield from changes(reported.changes, language, states=reported.result not in _NOT_DONE)
    reasons = [("because", reported.because), *(("also", each) for each in reported.also[:_EXTRA])]
    for label, reason in (*reasons, ("record", reported.record), ("undo", reported.undo)):
        if reason:
            yield f"{words(say(Text(f'label.{label}'), language))}: {words(reason.text, 600)}"


_BOTH = {"before": "- ", "after": "+ "}


def diff(document: Data, indent: int | None = 2) -> Strings:
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


def _written(writes: Sequence[ReportedWrite], incident: str, language: str) -> Iterator[Block]:
    """Changes to review: each with the change and the command in a separate box."""
    label = words(say(text("label.written"), language))
    for one in writes[:_WRITES]:
        yield section(f"{bold(label)}: {words(one.what.text, 900)}")
        for lines in ("\n".join(diff(one.document or {})), one.command):
            if len(escaped(lines)) > _BOX:
                yield context([words(say(text("written.too_long", incident=incident), language))])
            else:
                yield section(code(lines, _BOX))
    if len(writes) > _WRITES:
        yield context([words(say(text("written.more", count=len(writes) - _WRITES), language))])


def _cause(report: ReportMessage, language: str) -> list[str]:
    """A command that no decision came before has none."""
    if report.cause.names(Cause.COMMAND):
        return []
    lines = [words(report.cause.text, 900)]
    lines.append(f"{words(say(Text('label.why'), language))}: {words(report.why.text, 900)}")
    for label, causes in (("others", report.others), ("ruled_out", report.ruled_out)):
        if causes:
            shown = listed([words(each.text, 400) for each in causes], 6, language)
            named = words(say(Text(f"label.{label}"), language))
            lines.append(f"{named}: {in_a_row(shown, language, statements=True)}")
    return lines


def _point(finding: ReportedFinding, language: str) -> Iterator[str]:
    url = finding.link or ""
    source = f" {link('↗', url)}" if url.startswith("https://") else ""
    yield f"{_MARKS[finding.tone]} {words(finding.said.text, 600)}{source}"
    if finding.tone in (Tone.RED, Tone.AMBER, Tone.UNKNOWN):
        extra = [words(each.text, 400) for each in finding.details]
        yield from (f"　{line}" for line in listed(extra, _EXTRA, language))
