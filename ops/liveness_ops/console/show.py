"""show: one incident, whole: what was believed, seen, done, asked, told, and by whom."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from liveness_ops.console.leases import end, warn
from liveness_ops.console.overview import state_of
from liveness_ops.console.past import find
from liveness_ops.console.story import Story, story
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Stop
from responder.core.change import Lease
from responder.core.declined import DeclineReason
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, Value, text
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.model import BelievedCause, NotedFinding, TimelineEntry
from responder.incident_report.words import became, decisions
from responder.messages.headline import name, stamp


def show(desk: Desk, incident: str) -> dict[str, Any]:
    """Open or closed."""
    found = find(desk, incident)
    if found.head is None:
        raise Stop.declined(DeclineReason.INCIDENT_UNANSWERED(incident=incident))
    read = story(desk, found, found.head)
    warn(desk, read.leases)
    desk.screen.card(text("ops.card", incident=found.id), _card(desk, read))
    for title, lines in _sections(desk, read):
        shown = list(lines)
        desk.screen.say(text("ops.section", title=Text(title)), style="bold")
        desk.screen.say(*(shown or [text("ops.none")]))
    return read.as_json()


def lines_of(entry: TimelineEntry) -> Iterator[Text]:
    """A row of the timeline, and what belongs to it."""
    known: dict[str, Value] = {AUTOMATION: text("lease.automation"), CLOUDWATCH: "CloudWatch"}
    by = known.get(entry.by, entry.by or "–")
    yield text("ops.entry", at=stamp(entry.at), by=by, said=entry.said)
    yield from (text("ops.detail", said=each) for each in entry.details)


def _card(desk: Desk, read: Story) -> Iterator[tuple[Text, Text | str]]:
    head, found = read.head, read.found
    level = head.remembered.level
    yield text("ops.col_alarm"), head.alarm
    yield text("ops.col_severity"), Text(f"severity.{head.severity}")
    yield text("ops.col_since"), text("ops.at", at=stamp(head.opened))
    yield text("ops.col_state"), state_of(found.incident, head)
    yield text("ops.col_level"), Text(f"level.{level}")
    acks = [text("ops.ack", person=who, at=stamp(at)) for who, at in read.told.acknowledgements]
    yield text("ops.col_by"), text("ops.joined", parts=tuple(acks)) if acks else "–"


def _sections(desk: Desk, read: Story) -> Iterator[tuple[str, Iterable[Text]]]:
    told = read.told
    yield "ops.timeline", (part for each in read.timeline for part in lines_of(each))
    yield "ops.causes", map(_cause, told.beliefs)
    yield "ops.findings", map(_finding, told.findings)
    yield "ops.in_force", (_lease(each, desk.clock()) for each in read.leases)
    yield "ops.proposals", (part for each in read.askings for part in _asked(each))
    yield "ops.messages", map(_message, read.as_json()["messages"])
    if read.found.closed:
        yield "ops.debts", (text("ops.debt", said=each.said) for each in told.debts)


def _cause(each: BelievedCause) -> Text:
    return text("ops.cause", at=stamp(each.at), cause=each.cause, why=each.why)


def _finding(each: NotedFinding) -> Text:
    return text("ops.finding", tone=Text(f"tone.{each.tone}"), said=each.said)


def _lease(each: Lease, now: datetime) -> Text:
    return text("ops.lease", remedy=name(each.remedy), scope=each.scope, end=end(each, now))


def _asked(each: OpenRequest) -> Iterator[Text]:
    yield text("ops.asked", id=each.asked.id, said=became(each))
    yield from (text("ops.detail", said=said) for said in decisions(each))


def _message(each: Mapping[str, Any]) -> Text:
    level = str(each["level"] or "–")
    return text("ops.message", at=each["at"], level=level, report=each["report"])
