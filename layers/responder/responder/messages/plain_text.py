"""A report as the text of an e-mail: what matters first, about sixty lines."""

from itertools import chain

from responder.core.finding import Tone
from responder.core.report import Report
from responder.core.text import Text, text
from responder.messages.language import clean, say
from responder.messages.story import tell
from responder.messages.story_parts import (
    FindingPart,
    LabelledLine,
    OutcomePart,
    SettingRow,
    Story,
    WrittenChangePart,
)

LINES = 60
FEWEST = 10
_LINKED = (Tone.RED, Tone.AMBER, Tone.UNKNOWN)


def plain(report: Report, language: str, story: Story | None = None) -> str:
    """The whole message; its first line alone already tells what to do."""
    story = story or tell(report, language)
    start = _start(story, language)
    end = _end(story, language)
    room = max(FEWEST, LINES - len(start) - len(end) - 3)
    findings = _section("label.findings", _points(story.points, room, language), language)
    return "\n".join((*start, *findings, *end)).strip() + "\n"


def _start(story: Story, language: str) -> list[str]:
    lines = [story.headline, *story.consequences, "", *_labelled(story.facts)]
    lines += _section("label.course", _labelled(story.course), language)
    lines += _section("label.cause", [story.cause, *_labelled(story.reasons)], language)
    return lines + _section("label.acts", _acts(story, language), language)


def _end(story: Story, language: str) -> list[str]:
    steps = [line for number, step in enumerate(story.steps, 1) for line in _step(number, step)]
    lines = _section("label.steps", steps, language)
    lines += _section("label.leases", [f"- {lease}" for lease in story.leases], language)
    return lines + _section("label.links", _labelled(story.links), language)


def _section(label: str, lines: list[str], language: str) -> list[str]:
    return ["", f"■ {say(Text(label), language)}", *lines] if lines else []


def _labelled(lines: tuple[LabelledLine, ...]) -> list[str]:
    return [f"{label}: {said}" for label, said in lines]


def _acts(story: Story, language: str) -> list[str]:
    return list(chain.from_iterable(_act(act, language) for act in story.acts))


def _act(act: OutcomePart, language: str) -> list[str]:
    rows = [_row(row) for row in act.rows]
    lines = [f"  {line}" for line in _labelled(act.lines)]
    changes = [line for each in act.written for line in _written(each, language)]
    return [f"[{act.label}] {act.title}", *rows, *lines, *changes]


def _written(one: WrittenChangePart, language: str) -> list[str]:
    """To be pasted as it stands: the command has a line to itself."""
    label = say(text("label.written"), language)
    return [f"  {label}: {one.what}", *(f"    {line}" for line in one.short), f"    {one.command}"]


def _row(row: SettingRow) -> str:
    note = f": {row.note}" if row.note else ""
    return f"  {row.target} {row.setting}: {row.before} → {row.after} [{row.status}]{note}"


def _step(number: int, step: str) -> list[str]:
    first, *more = step.split("\n")
    return [f"{number}. {first}", *(f"   {line}" for line in more)]


def _points(points: tuple[FindingPart, ...], room: int, language: str) -> list[str]:
    shown = points[:room]
    spare = room - len(shown)
    lines: list[str] = []
    left_out = len(points) - len(shown)
    for point in shown:
        extra = _extra(point)
        lines += [f"[{point.label}] {point.said}", *(f"    {line}" for line in extra[:spare])]
        left_out += len(extra[spare:])
        spare -= len(extra[:spare])
    return lines if not left_out else [*lines, say(text("report.more", count=left_out), language)]


def _extra(point: FindingPart) -> list[str]:
    link = [clean(point.link)] if point.link and point.tone in _LINKED else []
    return [*point.details, *link]
