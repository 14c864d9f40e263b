"""One report in the thread: what was seen, decided and done, and what a person does next."""

from collections.abc import Iterator, Sequence

from responder.core.change import Status
from responder.core.finding import Tone
from responder.core.report import ReportKind
from responder.core.text import Text, text
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
from responder.messages.language import say
from responder.messages.report_message import (
    ReportedFinding,
    ReportedOutcome,
    ReportedWrite,
    ReportMessage,
)
from responder.messages.requests import called
from responder.messages.written_change import diff
from responder.slack.blocks.buttons import answers
from responder.slack.blocks.changes import changes
from responder.slack.blocks.level import level
from responder.slack.blocks.steps import steps
from responder.slack.status import IncidentStatus

# A change to review in Slack: what it is, the change and the command, each in a box of its own.

_MOST = 4
# A box that is cut through must not be pasted; a section holds 3,000 characters.
_BOX = 2_500


def written(told: Sequence[ReportedWrite], language: str) -> Iterator[Block]:
    """Blocks below the outcome they belong to."""
    label = words(say(text("label.written"), language))
    for one in told[:_MOST]:
        yield section(f"{bold(label)}: {words(one.what.text, 900)}")
        yield _box("\n".join(diff(one.document or {})), language)
        yield _box(one.command, language)
    if len(told) > _MOST:
        yield context([words(say(text("written.more", count=len(told) - _MOST), language))])


def _box(lines: str, language: str) -> Block:
    if len(escaped(lines)) > _BOX:
        return context([words(say(text("written.too_long"), language))])
    return section(code(lines, _BOX))


_MARKS = {Tone.RED: "🔴", Tone.AMBER: "🟡", Tone.UNKNOWN: "⚪", Tone.INFO: "🔵", Tone.NORMAL: "🟢"}
# What was planned and not done is no plan any more.
_NOT_DONE = (Result.ASKED, Result.OBSERVED, Result.REFUSED)
_POINTS, _EXTRA, _LINES, _STEPS, _ACTS, _LINKS = 20, 3, 20, 10, 8, 8


def details(report: ReportMessage, standing: IncidentStatus, language: str, mention: str = "") -> list[Block]:
    """Its blocks. `mention`: whom to call, as Slack writes it. Buttons only for what it asks itself and can
    still be approved."""
    blocks = [
        *_call(report, mention, language),
        section(bold(words(report.headline))),
        *_warnings(report, language),
        *_acts(report, standing, language),
        *_part("label.steps", steps(report.steps, _STEPS, language), language),
        *_part("label.course", _course(report, language), language),
        *_part("label.cause", _cause(report, language), language),
        *_part("label.findings", _points(report, language), language),
    ]
    links = [link(each.label.text, each.url) for each in report.links[:_LINKS]]
    end = [context(links)] if links else []
    return fitting([*blocks, *end], language, kept=len(end))


def _call(report: ReportMessage, mention: str, language: str) -> Iterator[Block]:
    if mention:
        yield section(f"{mention} {words(say(text('slack.calls', level=level(report)), language))}")


def _warnings(report: ReportMessage, language: str) -> Iterator[Block]:
    said = [words(each.text) for each in report.warnings]
    if said:
        yield context([f"⚠️ {each}" for each in listed(said, 3, language)])


def _acts(report: ReportMessage, standing: IncidentStatus, language: str) -> Iterator[Block]:
    acts = report.outcomes
    waiting = dict(standing.waiting)
    for outcome in acts[:_ACTS]:
        yield section("\n".join(_act(outcome, language)))
        yield from written(outcome.proposed, language)
        proposal = outcome.approval or ""
        # Slack takes no second row of buttons of the same name.
        if asked := waiting.pop(proposal, None):
            yield answers(standing.incident, proposal, asked, language)
    if len(acts) > _ACTS:
        yield context([more(len(acts) - _ACTS, language)])


def _act(outcome: ReportedOutcome, language: str) -> Iterator[str]:
    label = say(Text(f"result.{_result(outcome)}"), language)
    remedy = say(called(outcome.request), language)
    yield bold(words(f"[{label}] {remedy}"))
    yield from changes(outcome.changes, language, states=outcome.result not in _NOT_DONE)
    for key, said in _reasons(outcome):
        yield f"{words(say(Text(key), language))}: {words(said, 600)}"


def _result(outcome: ReportedOutcome) -> str:
    working = any(each.status is Status.IN_PROGRESS for each in outcome.changes)
    return "started" if working and outcome.result is Result.APPLIED else outcome.result.value


def _reasons(outcome: ReportedOutcome) -> Iterator[tuple[str, str]]:
    if outcome.because:
        yield "label.because", outcome.because.text
    for each in outcome.also[:_EXTRA]:
        yield "label.also", each.text
    if outcome.undo:
        yield "label.undo", outcome.undo.text


def _course(report: ReportMessage, language: str) -> list[str]:
    lines = [
        f"{words(line.label.text)}: {words(line.said.text, 900)}"
        for line in report.course
        if not line.repeats_headline
    ]
    return listed(lines, _LINES, language)


def _cause(report: ReportMessage, language: str) -> list[str]:
    """A command has none of its own."""
    if report.kind is ReportKind.COMMAND:
        return []
    why = f"{words(say(Text('label.why'), language))}: {words(report.why.text, 900)}"
    beside = {"others": report.others, "ruled_out": report.ruled_out}
    lists = {label: [words(each.text, 400) for each in said] for label, said in beside.items()}
    more = [
        f"{words(say(Text(f'label.{label}'), language))}: {' / '.join(listed(said, 6, language))}"
        for label, said in lists.items()
        if said
    ]
    return [words(report.cause.text, 900), why, *more]


def _points(report: ReportMessage, language: str) -> list[str]:
    order = list(_MARKS)
    found = sorted(report.findings, key=lambda each: order.index(each.tone))
    lines = ["\n".join(_point(each, language)) for each in found]
    return listed(lines, _POINTS, language)


def _point(finding: ReportedFinding, language: str) -> Iterator[str]:
    said = words(finding.said.text, 600)
    url = finding.link or ""
    source = f" {link('↗', url)}" if url.startswith("https://") else ""
    yield f"{_MARKS[finding.tone]} {said}{source}"
    if finding.tone in (Tone.RED, Tone.AMBER, Tone.UNKNOWN):
        extra = [words(each.text, 400) for each in finding.details]
        yield from (f"　{line}" for line in listed(extra, _EXTRA, language))


def _part(label: str, lines: list[str], language: str) -> list[Block]:
    return sections(say(Text(label), language), lines)
