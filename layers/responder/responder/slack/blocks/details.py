"""One report in the thread: what was seen, decided and done, and what a person does next."""

from collections.abc import Iterator, Sequence

from responder.core.text import Text, text
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
from responder.messages.headline import is_news
from responder.messages.language import say
from responder.messages.requests import RequestedChange, called
from responder.messages.written_change import diff
from responder.slack.blocks.buttons import answers
from responder.slack.blocks.changes import changes
from responder.slack.blocks.level import level
from responder.slack.blocks.steps import steps
from responder.slack.status import IncidentStatus, ReportJson

# A change to review in Slack: what it is, the change and the command, each in a box of its own.

_MOST = 4
# A box that is cut through must not be pasted; a section holds 3,000 characters.
_BOX = 2_500


def written(told: Sequence[ReportJson], language: str) -> Iterator[Block]:
    """Blocks below the outcome they belong to."""
    label = words(say(text("label.written"), language))
    for one in told[:_MOST]:
        yield section(f"{bold(label)}: {words(one['what']['text'], 900)}")
        yield _box("\n".join(diff(one.get("document") or {})), language)
        yield _box(str(one.get("command", "")), language)
    if len(told) > _MOST:
        yield context([words(say(text("written.more", count=len(told) - _MOST), language))])


def _box(lines: str, language: str) -> Block:
    if len(escaped(lines)) > _BOX:
        return context([words(say(text("written.too_long"), language))])
    return section(code(lines, _BOX))


_MARKS = {"red": "🔴", "amber": "🟡", "unknown": "⚪", "info": "🔵", "normal": "🟢"}
# What was planned and not done is no plan any more.
_NOT_DONE = ("asked", "observed", "refused")
_POINTS, _EXTRA, _LINES, _STEPS, _ACTS, _LINKS = 20, 3, 20, 10, 8, 8


def details(report: ReportJson, standing: IncidentStatus, language: str, mention: str = "") -> list[Block]:
    """Its blocks. `mention`: whom to call, as Slack writes it. Buttons only for what it asks itself and can
    still be approved."""
    blocks = [
        *_call(report, mention, language),
        section(bold(words(str(report.get("headline", ""))))),
        *_warnings(report, language),
        *_acts(report, standing, language),
        *_part("label.steps", steps(report.get("steps", ()), _STEPS, language), language),
        *_part("label.course", _course(report, language), language),
        *_part("label.cause", _cause(report, language), language),
        *_part("label.findings", _points(report, language), language),
    ]
    links = [link(each["label"]["text"], str(each["url"])) for each in report.get("links", ())[:_LINKS]]
    end = [context(links)] if links else []
    return fitting([*blocks, *end], language, kept=len(end))


def _call(report: ReportJson, mention: str, language: str) -> Iterator[Block]:
    if mention:
        yield section(f"{mention} {words(say(text('slack.calls', level=level(report)), language))}")


def _warnings(report: ReportJson, language: str) -> Iterator[Block]:
    said = [words(each["text"]) for each in report.get("warnings", ())]
    if said:
        yield context([f"⚠️ {each}" for each in listed(said, 3, language)])


def _acts(report: ReportJson, standing: IncidentStatus, language: str) -> Iterator[Block]:
    acts = report.get("outcomes", ())
    waiting = dict(standing.waiting)
    for outcome in acts[:_ACTS]:
        yield section("\n".join(_act(outcome, language)))
        yield from written(outcome.get("proposed", ()), language)
        proposal = str(outcome.get("approval") or "")
        # Slack takes no second row of buttons of the same name.
        if asked := waiting.pop(proposal, None):
            yield answers(standing.incident, proposal, asked, language)
    if len(acts) > _ACTS:
        yield context([more(len(acts) - _ACTS, language)])


def _act(outcome: ReportJson, language: str) -> Iterator[str]:
    label = say(Text(f"result.{_result(outcome)}"), language)
    remedy = say(called(RequestedChange.told(outcome)), language)
    yield bold(words(f"[{label}] {remedy}"))
    yield from changes(outcome.get("changes", ()), language, states=outcome["result"] not in _NOT_DONE)
    for key, said in _reasons(outcome):
        yield f"{words(say(Text(key), language))}: {words(said, 600)}"


def _result(outcome: ReportJson) -> str:
    working = any(each.get("status") == "in_progress" for each in outcome.get("changes", ()))
    return "started" if working and outcome["result"] == "applied" else str(outcome["result"])


def _reasons(outcome: ReportJson) -> Iterator[tuple[str, str]]:
    if outcome.get("because"):
        yield "label.because", outcome["because"]["text"]
    for each in outcome.get("also", ())[:_EXTRA]:
        yield "label.also", each["text"]
    if outcome.get("undo"):
        yield "label.undo", outcome["undo"]["text"]


def _course(report: ReportJson, language: str) -> list[str]:
    lines = [
        f"{words(line['label']['text'])}: {words(line['said']['text'], 900)}"
        for line in report.get("course", ())
        if not is_news(line)
    ]
    return listed(lines, _LINES, language)


# Beside the cause, by the key of the report that holds them.
_LISTED = ("others", "ruled_out")


def _cause(report: ReportJson, language: str) -> list[str]:
    """A command has none of its own."""
    if report.get("kind") == "command":
        return []
    why = f"{words(say(Text('label.why'), language))}: {words(report['why']['text'], 900)}"
    lists = {label: [words(each["text"], 400) for each in report.get(label, ())] for label in _LISTED}
    more = [
        f"{words(say(Text(f'label.{label}'), language))}: {' / '.join(listed(said, 6, language))}"
        for label, said in lists.items()
        if said
    ]
    return [words(report["cause"]["text"], 900), why, *more]


def _points(report: ReportJson, language: str) -> list[str]:
    order = list(_MARKS)
    found = sorted(report.get("findings", ()), key=lambda each: order.index(each.get("tone", "unknown")))
    lines = ["\n".join(_point(each, language)) for each in found]
    return listed(lines, _POINTS, language)


def _point(finding: ReportJson, language: str) -> Iterator[str]:
    tone = str(finding.get("tone"))
    said = words(finding["said"]["text"], 600)
    url = str(finding.get("link") or "")
    source = f" {link('↗', url)}" if url.startswith("https://") else ""
    yield f"{_MARKS.get(tone, '⚪')} {said}{source}"
    if tone in ("red", "amber", "unknown"):
        extra = [words(each["text"], 400) for each in finding.get("details", ())]
        yield from (f"　{line}" for line in listed(extra, _EXTRA, language))


def _part(label: str, lines: list[str], language: str) -> list[Block]:
    return sections(say(Text(label), language), lines)
