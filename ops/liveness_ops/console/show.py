"""show: one incident, whole: what was believed, seen, done, asked, told, and by whom."""

from collections.abc import Iterable, Iterator
from typing import Any

from liveness_ops.console.leases import end
from liveness_ops.console.overview import called
from liveness_ops.console.past import Found, find
from liveness_ops.console.story import Story, story
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.incident_report import AUTOMATION, CLOUDWATCH, Entry
from responder.render.headline import name, stamp
from responder.text import Text, Value, text
from responder.watch import Watch


def show(desk: Desk, incident: str) -> dict[str, Any]:
    """Open or closed."""
    found = find(desk, incident)
    if found.head is None:
        raise Stop(Exit.NO_INCIDENT, text("console.incident_unanswered", incident=incident))
    read = story(desk, found, found.head)
    desk.screen.card(text("ops.card", incident=found.id), _card(desk, read))
    for title, lines in _sections(desk, read):
        shown = list(lines)
        desk.screen.say(text("ops.section", title=Text(title)), style="bold")
        desk.screen.say(*(shown or [text("ops.none")]))
    return read.as_json()


def lines_of(entry: Entry) -> Iterator[Text]:
    """A row of the timeline, and what belongs to it."""
    known: dict[str, Value] = {AUTOMATION: text("lease.automation"), CLOUDWATCH: "CloudWatch"}
    by = known.get(entry.by, entry.by or "–")
    yield text("ops.entry", at=stamp(entry.at), by=by, said=entry.said)
    yield from (text("ops.detail", said=each) for each in entry.details)


def _card(desk: Desk, read: Story) -> Iterator[tuple[Text, Text | str]]:
    head, found = read.head, read.found
    level = Watch.from_json(head.watch).level
    yield text("ops.col_alarm"), head.alarm
    yield text("ops.col_severity"), Text(f"severity.{head.severity}")
    yield text("ops.col_since"), text("ops.at", at=stamp(head.opened))
    yield text("ops.col_state"), _state(found)
    yield text("ops.col_level"), Text(f"level.{level}")
    acks = [text("ops.ack", person=who, at=stamp(at)) for who, at in read.told.acknowledgements]
    yield text("ops.col_by"), text("ops.joined", parts=tuple(acks)) if acks else "–"


def _state(found: Found) -> Text | str:
    return text("ops.closed") if found.closed or found.incident is None else found.incident.state.value


def _sections(desk: Desk, read: Story) -> Iterator[tuple[str, Iterable[Text]]]:
    told, now = read.told, desk.clock()
    yield "ops.timeline", (part for each in read.timeline for part in lines_of(each))
    yield (
        "ops.causes",
        (text("ops.cause", at=stamp(each.at), cause=each.cause, why=each.why) for each in told.beliefs),
    )
    yield (
        "ops.findings",
        (text("ops.finding", tone=Text(f"tone.{each.tone}"), said=each.said) for each in told.findings),
    )
    yield (
        "ops.in_force",
        (
            text("ops.lease", remedy=name(each.remedy), scope=each.scope, end=end(each, now))
            for each in read.leases
        ),
    )
    yield (
        "ops.proposals",
        (
            text(
                "ops.asked",
                id=each.asked.id,
                remedy=called(each),
                answer=Text(f"answer.{each.answer}"),
                by=each.by or "–",
            )
            for each in read.askings
        ),
    )
    messages = read.as_json()["messages"]
    yield (
        "ops.messages",
        (
            text("ops.message", at=each["at"], level=str(each["level"] or "–"), report=each["report"])
            for each in messages
        ),
    )
    yield "ops.debts", (each.said for each in told.debts)
