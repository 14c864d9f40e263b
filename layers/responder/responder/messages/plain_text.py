"""A report as the text of an e-mail: what matters first, about sixty lines."""

from responder.core.finding import Tone
from responder.core.report import Report
from responder.core.text import Text, text
from responder.messages.language import clean, say
from responder.messages.story import LabelledLine, OutcomePart, Story, tell

LINES = 60
FEWEST = 10
_LINKED = (Tone.RED, Tone.AMBER, Tone.UNKNOWN)


def plain(report: Report, language: str, story: Story | None = None) -> str:
    """The whole message; its first line alone already tells what to do."""
    story = story or tell(report, language)
    steps = []
    for number, step in enumerate(story.steps, 1):
        first, *more = step.split("\n")
        steps += [f"{number}. {first}", *(f"   {line}" for line in more)]
    start = [
        story.headline,
        *story.consequences,
        "",
        *_labelled(story.facts),
        *_section("label.course", _labelled(story.course), language),
        *_section("label.cause", [story.cause, *_labelled(story.reasons)], language),
        *_section("label.acts", [line for act in story.acts for line in _act(act, language)], language),
    ]
    end = [
        *_section("label.steps", steps, language),
        *_section("label.leases", [f"- {lease}" for lease in story.leases], language),
        *_section("label.links", _labelled(story.links), language),
    ]
    room = max(FEWEST, LINES - len(start) - len(end) - 3)
    findings = _section("label.findings", _points(story, room, language), language)
    return "\n".join((*start, *findings, *end)).strip() + "\n"


def _section(label: str, lines: list[str], language: str) -> list[str]:
    return ["", f"■ {say(Text(label), language)}", *lines] if lines else []


def _labelled(lines: tuple[LabelledLine, ...]) -> list[str]:
    return [f"{label}: {said}" for label, said in lines]


def _act(act: OutcomePart, language: str) -> list[str]:
    lines = [f"[{act.label}] {act.title}"]
    for row in act.rows:
        note = f": {row.note}" if row.note else ""
        lines.append(f"  {row.target} {row.setting}: {row.before} → {row.after} [{row.status}]{note}")
    lines += [f"  {line}" for line in _labelled(act.lines)]
    label = say(text("label.written"), language)
    for one in act.written:
        # To be pasted as it is: the command has a line to itself.
        lines += [f"  {label}: {one.what}", *(f"    {line}" for line in one.short), f"    {one.command}"]
    return lines


def _points(story: Story, room: int, language: str) -> list[str]:
    shown = story.points[:room]
    spare = room - len(shown)
    left_out = len(story.points) - len(shown)
    lines: list[str] = []
    for point in shown:
        extra = list(point.details)
        if point.link and point.tone in _LINKED:
            extra.append(clean(point.link))
        lines += [f"[{point.label}] {point.said}", *(f"    {line}" for line in extra[:spare])]
        left_out += len(extra[spare:])
        spare -= len(extra[:spare])
    return lines if not left_out else [*lines, say(text("report.more", count=left_out), language)]
