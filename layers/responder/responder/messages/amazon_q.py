"""The custom notification of Amazon Q Developer in chat applications.

It silently drops what does not follow its schema, so the lengths stay well inside what Slack shows.
"""

from responder.core.finding import Tone
from responder.core.plain_data import Json
from responder.core.report import Report
from responder.core.text import text
from responder.messages.block_kit import bare, pasted, short
from responder.messages.language import cut, say
from responder.messages.story import Story

TITLE = 250
DESCRIPTION = 2_800
STEP = 500
MOST_STEPS = 10
MOST_WRITTEN = 4
_POINTS, _LINES = 8, 12
_MARKS = {Tone.RED: "🔴", Tone.AMBER: "🟡", Tone.NORMAL: "🟢", Tone.INFO: "🔵", Tone.UNKNOWN: "⚪"}


def amazon_q(report: Report, story: Story, language: str) -> Json:
    """One thread per incident: `threadId` is its id."""
    advice = story.advice
    keywords = [report.severity.value, report.kind.value, *([report.topic] if report.topic else [])]
    keywords += [act.remedy for act in report.outcomes]
    targets = dict.fromkeys(change.target for act in report.outcomes for change in act.changes)
    level = f" L{report.level}" if report.level > 1 else ""
    title = f"{'🟢 ' if advice.calm else ''}[{report.severity.upper()}{level}] {report.alarm}"
    # The changes to review last; a command that does not fit as a whole is left to the other messages.
    changes = [each for act in advice.acts for each in act.written][:MOST_WRITTEN]
    steps = [
        *(each.said for each in (*advice.answers, *advice.steps)[: MOST_STEPS - len(changes)]),
        *(f"{each.what}\n{each.command}" for each in changes),
    ]
    return {
        "version": "1.0",
        "source": "custom",
        "id": cut(report.id, TITLE),
        "content": {
            "textType": "client-markdown",
            "title": short(bare(title), TITLE),
            "description": short(_description(story, language), DESCRIPTION),
            "nextSteps": [_step(each) for each in steps],
            "keywords": list(dict.fromkeys(keywords))[:MOST_STEPS],
        },
        "metadata": {
            "threadId": cut(report.incident, TITLE),
            "summary": short(bare(advice.headline), DESCRIPTION),
            "eventType": report.kind.value,
            "relatedResources": [short(bare(target), TITLE) for target in targets][:MOST_STEPS],
            "additionalContext": {
                "account": report.account,
                "region": report.region,
                "level": str(report.level),
            },
        },
    }


def _step(words: str) -> str:
    """The sentence, and below it its command where it fits as a whole."""
    said, _, command = words.partition("\n")
    whole = "\n".join((bare(said), *map(pasted, command.splitlines())))
    return whole if len(whole) <= STEP else short(bare(said), STEP)


def _description(story: Story, language: str) -> str:
    advice = story.advice
    facts = [f"{label}: {said}" for label, said in (*story.facts, *story.course[:_LINES])]
    acts = []
    for act in advice.acts:
        rows = (f"  {row.target} {row.setting}: {row.values} ({row.status})" for row in act.rows)
        lines = (f"  {label}: {said}" for label, said in (*act.lines, *act.ending, *act.notes))
        acts += [f"*{bare(f'[{act.label}] {act.title}')}*", *map(bare, (*rows, *lines))]
    points = [f"{_MARKS[point.tone]} {point.said}" for point in story.points[:_POINTS]]
    leases = [f"- {lease.said}" for lease in advice.leases]
    cause = [f"*{bare(say(text('label.cause'), language))}*: {bare(story.cause)}"] if story.cause else []
    points += [f"! {each}" for each in story.warnings]
    first = f"*{bare(advice.headline)}*"
    facts = [*advice.consequences, *facts]
    return "\n".join((first, *map(bare, facts), *cause, *acts, *map(bare, (*points, *leases))))
