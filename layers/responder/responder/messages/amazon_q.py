"""The custom notification of Amazon Q Developer in chat applications.

It silently drops what does not follow its schema, so the lengths stay well inside what Slack shows.
"""

from typing import Any

from responder.core.finding import Tone
from responder.core.report import Report
from responder.core.text import text
from responder.messages.block_kit import bare, pasted, short
from responder.messages.language import cut, say
from responder.messages.story import tell
from responder.messages.story_parts import OutcomePart, Story

TITLE = 250
DESCRIPTION = 2_800
STEP = 500
MOST_STEPS = 10
MOST_WRITTEN = 4
MOST_POINTS = 8
MOST_LINES = 12
_MARKS = {Tone.RED: "🔴", Tone.AMBER: "🟡", Tone.NORMAL: "🟢", Tone.INFO: "🔵", Tone.UNKNOWN: "⚪"}


def amazon_q(report: Report, language: str, story: Story | None = None) -> dict[str, Any]:
    """One thread per incident: `threadId` is its id."""
    story = story or tell(report, language)
    acts = (act.remedy for act in report.outcomes)
    keywords = (report.severity.value, report.kind.value, *filter(None, (report.topic,)), *acts)
    targets = dict.fromkeys(change.target for act in report.outcomes for change in act.changes)
    return {
        "version": "1.0",
        "source": "custom",
        "id": cut(report.id, TITLE),
        "content": {
            "textType": "client-markdown",
            "title": short(bare(_title(report, story)), TITLE),
            "description": short(_description(story, language), DESCRIPTION),
            "nextSteps": _next(story),
            "keywords": list(dict.fromkeys(keywords))[:MOST_STEPS],
        },
        "metadata": {
            "threadId": cut(report.incident, TITLE),
            "summary": short(bare(story.headline), DESCRIPTION),
            "eventType": report.kind.value,
            "relatedResources": [short(bare(target), TITLE) for target in targets][:MOST_STEPS],
            "additionalContext": {
                "account": report.account,
                "region": report.region,
                "level": str(report.level),
            },
        },
    }


def _next(story: Story) -> list[str]:
    """The changes to review last; a command that does not fit as a whole is left to the other messages."""
    changes = [each for act in story.acts for each in act.written][:MOST_WRITTEN]
    steps = story.steps[: MOST_STEPS - len(changes)]
    return [*map(_step, steps), *(_step(f"{each.what}\n{each.command}") for each in changes)]


def _step(words: str) -> str:
    """The sentence, and below it its command where it fits as a whole."""
    said, _, command = words.partition("\n")
    whole = "\n".join((bare(said), *map(pasted, command.splitlines())))
    return whole if len(whole) <= STEP else short(bare(said), STEP)


def _title(report: Report, story: Story) -> str:
    level = f" L{report.level}" if report.level > 1 else ""
    return f"{'🟢 ' if story.calm else ''}[{report.severity.upper()}{level}] {report.alarm}"


def _description(story: Story, language: str) -> str:
    facts = [f"{label}: {said}" for label, said in (*story.facts, *story.course[:MOST_LINES])]
    points = [f"{_MARKS[point.tone]} {point.said}" for point in story.points[:MOST_POINTS]]
    leases = [f"- {lease}" for lease in story.leases]
    cause = f"*{bare(say(text('label.cause'), language))}*: {bare(story.cause)}"
    acts = [line for act in story.acts for line in _act(act)]
    first = f"*{bare(story.headline)}*"
    return "\n".join((first, *map(bare, facts), cause, *acts, *map(bare, (*points, *leases))))


def _act(act: OutcomePart) -> list[str]:
    rows = [f"  {row.target} {row.setting}: {row.before} → {row.after} ({row.status})" for row in act.rows]
    lines = [*rows, *(f"  {label}: {said}" for label, said in act.lines)]
    return [f"*{bare(f'[{act.label}] {act.title}')}*", *map(bare, lines)]
