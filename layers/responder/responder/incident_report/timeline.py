"""The timeline: the steps, and what the head and the follow-up remember in addition."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.change import LeaseState, Status
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report import entries, reading
from responder.incident_report.model import IncidentTimes, Requests, TimelineEntry
from responder.incident_report.reading import Steps
from responder.messages.requests import asked_for
from responder.store import TimelineStep

LEASES = frozenset(state.value for state in LeaseState)
# All steps of one response carry the time at which it began; within it this is their order.
_RANKS = (
    *(("state",), ("findings",), ("verdict",), ("asked",), ("person",), ("applying",), ("reverting",)),
    *(("in_force", "partial", "failed", "ended"), ("ineffective",), ("reported", "unchanged"), ("duty",)),
)
_MOVED = frozenset({Status.REVERTED, Status.KEPT, Status.IN_PROGRESS})
_SAME = timedelta(minutes=5)
# Equal rows within a few minutes are shown once, whatever is between them.
_OFTEN = ("reported", "unchanged", "duty", "findings", *LEASES)
_SETTLED = ("in_force", "partial", "failed", "reverting", "ended")


def in_order(steps: Iterable[TimelineStep]) -> Steps:
    """Oldest first; what is unknown comes last within its instant."""

    def place(step: TimelineStep) -> tuple[datetime, int, int]:
        rank = next((place for place, kinds in enumerate(_RANKS) if step.kind in kinds), len(_RANKS))
        # A lease is recorded before its revert and afterwards, under the same name.
        found = reading.lease(step.data) if step.kind == LeaseState.REVERTING else None
        return step.at, rank, sum(change.status in _MOVED for change in found.changes) if found else 0

    return tuple(sorted(steps, key=place))


def timeline(
    steps: Steps,
    memory: FollowUpMemory,
    times: IncidentTimes,
    requests: Iterable[OpenRequest] = (),
) -> tuple[TimelineEntry, ...]:
    """Oldest first. What both a step and a separate row report is one row."""
    rows, requests = [], tuple(requests)
    if times.first is not None:
        rows.append(TimelineEntry(times.first, "first", text("chronicle.first"), CLOUDWATCH))
    rows.append(TimelineEntry(times.alarm, "alarm", text("chronicle.alarm"), CLOUDWATCH))
    for place, step in enumerate(steps):
        if not (lock(step, steps[place + 1 :]) or _escalation(step, memory) or _twice(step)):
            done = entries.action(step)
            rows.append(entries.entry(step) if done is None else entries.action_entry(done, requests))
    rows += [*_remembered(steps, memory, requests), *_end(times, memory)]
    return tuple(_together(sorted(rows, key=lambda row: row.at)))


def _remembered(steps: Steps, memory: FollowUpMemory, requests: Requests) -> Iterator[TimelineEntry]:
    """What the follow-up remembers, and what the table of approvals alone holds."""
    done = entries.actions(steps)
    for level, at in memory.notified.items():
        said = text("chronicle.escalated", level=Text(f"level.{level}"))
        yield TimelineEntry(at, "escalated", said, AUTOMATION)
    for person, at in acknowledgements(memory):
        if not any(
            entries.acknowledged(each) and each.person == person and abs(each.at - at) < _SAME
            for each in done
        ):
            yield TimelineEntry(at, "acknowledged", text("chronicle.did_acknowledge"), person)
    yield from (entries.action_entry(each, requests) for each in entries.unnoted(done, requests))
    for each in requests:
        if each.answer is ApprovalAnswer.CARRIED_OUT and each.at is not None:
            said = text("chronicle.carried_out", remedy=asked_for(each.asked))
            by = text("chronicle.approved_by", person=each.by)
            yield TimelineEntry(each.at, "carried_out", said, AUTOMATION, (by,))


def _end(times: IncidentTimes, memory: FollowUpMemory) -> Iterator[TimelineEntry]:
    if times.mitigated is not None:
        yield TimelineEntry(times.mitigated, "mitigated", text("chronicle.mitigated"), AUTOMATION)
    if times.recovered is not None:
        yield TimelineEntry(times.recovered, "recovered", text("chronicle.recovered"), AUTOMATION)
    said = text("chronicle.closed")
    if memory.closed_by:
        said = text("chronicle.closed_by_hand", why=memory.closed_why)
    yield TimelineEntry(times.closed, "closed", said, memory.closed_by or AUTOMATION)


def _together(rows: list[TimelineEntry]) -> Iterator[TimelineEntry]:
    """Repeated equal rows are one: how often, and until when."""
    groups: list[list[TimelineEntry]] = []
    for row in rows:
        alike = _alike(row, groups)
        beside = alike is not None and alike is groups[-1]
        # Messages without a result may be about different things.
        often = row.kind in _OFTEN and (row.kind != "reported" or row.details)
        if alike is not None and (beside or (often and row.at - alike[-1].at < _SAME)):
            alike.append(row)
        else:
            groups.append([row])
    for first, *more in groups:
        if more and first.kind in LEASES:
            # The same change, seen again: it has taken effect in the meantime.
            yield replace(first, details=more[-1].details)
        elif more:
            repeated = text("chronicle.repeated", times=len(more) + 1, last=stamp(more[-1].at))
            yield replace(first, details=(*first.details, repeated))
        else:
            yield first


def _alike(row: TimelineEntry, groups: list[list[TimelineEntry]]) -> list[TimelineEntry] | None:
    """The latest group of the same content. A remedy that was applied, reverted and applied again was applied
    twice: for a lease the search ends at another row of the same remedy."""
    for group in reversed(groups):
        if _content(group[0]) == _content(row):
            return group
        if row.kind in LEASES and group[0].kind in LEASES and group[0].said.values == row.said.values:
            return None
    return None


def _content(row: TimelineEntry) -> tuple[object, ...]:
    """The content by which rows are equal; for a change without how far it has taken effect."""
    known = [each.values.items() for each in row.details] if row.kind in LEASES else []
    changes = tuple({name: value for name, value in each if name != "status"} for each in known)
    return row.kind, row.said, row.by, changes or row.details


def acknowledgements(memory: FollowUpMemory) -> tuple[tuple[str, datetime], ...]:
    """Person and time, oldest first."""
    known = ((person, reading.when(at)) for person, at in memory.acks.items())
    found = [(person, at) for person, at in known if at is not None]
    return tuple(sorted(found, key=lambda each: each[1]))


def lock(step: TimelineStep, later: Sequence[TimelineStep]) -> bool:
    """A row that was stored before a write; the row with its result is sufficient."""
    begun = reading.lease(step.data) if step.kind in ("applying", "reverting") else None
    if begun is None:
        return False
    for each in later:
        settled = reading.lease(each.data) if each.kind in _SETTLED else None
        at_once = step.kind == "applying" or each.at == step.at
        if settled is not None and at_once and (settled.id, settled.at) == (begun.id, begun.at):
            return True
    return False


def _twice(step: TimelineStep) -> bool:
    """A duty of the follow-up that has its own row already."""
    duty = reading.mapped(step.data) if step.kind == "duty" else {}
    ineffective = duty.get("task") == DutyKind.JUDGE and not duty.get("helped")
    return ineffective or duty.get("task") in (DutyKind.ESCALATE, DutyKind.CLOSE)


def _escalation(step: TimelineStep, memory: FollowUpMemory) -> bool:
    """A message that the follow-up remembers as a level of the escalation."""
    data = reading.mapped(step.data)
    report, level = reading.word(data.get("report")), data.get("level")
    at = memory.notified.get(level) if isinstance(level, int) else None
    return (
        step.kind == "reported" and "/escalation/" in report and at is not None and abs(at - step.at) < _SAME
    )
