"""The timeline: the steps, and what the head and the follow-up remember beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.change import LeaseState, Status
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, text
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report import entries, people, reading
from responder.incident_report.model import IncidentTimes, TimelineEntry
from responder.incident_report.reading import lease
from responder.incident_report.records import OperatorAction
from responder.messages.headline import stamp
from responder.messages.requests import asked_for
from responder.store import TimelineStep

# Steps in the order in which they happened.
#
# All steps of one response carry the time at which it began; within it the order is that of the shell.

LEASES = frozenset(state.value for state in LeaseState)
_RANKS = (
    ("state",),
    ("findings",),
    ("verdict",),
    ("asked",),
    ("person",),
    ("applying",),
    ("taking_back",),
    ("in_force", "partial", "failed", "ended"),
    ("ineffective",),
    ("told", "unchanged"),
    ("duty",),
)
_MOVED = frozenset({Status.TAKEN_BACK, Status.KEPT, Status.IN_PROGRESS})


def in_order(steps: Iterable[TimelineStep]) -> tuple[TimelineStep, ...]:
    """Oldest first; what is unknown comes last within its instant."""
    return tuple(sorted(steps, key=lambda step: (step.at, _rank(step), _moved(step))))


def _rank(step: TimelineStep) -> int:
    return next((place for place, kinds in enumerate(_RANKS) if step.kind in kinds), len(_RANKS))


def _moved(step: TimelineStep) -> int:
    """A lease is recorded before it is taken back and afterwards, under the same name."""
    found = lease(step.data) if step.kind == LeaseState.TAKING_BACK else None
    return sum(change.status in _MOVED for change in found.changes) if found else 0


_SAME = timedelta(minutes=5)
# The same one twice within a few minutes tells no more than once, whatever stands between.
_OFTEN = ("told", "unchanged", "duty", "findings")
_SETTLED = ("in_force", "partial", "failed", "taking_back", "ended")


def timeline(
    steps: tuple[TimelineStep, ...],
    watch: FollowUpMemory,
    times: IncidentTimes,
    askings: Iterable[OpenRequest] = (),
) -> tuple[TimelineEntry, ...]:
    """Oldest first. What is told twice, by a step and by a row of its own, is one row."""
    done, asked = people.handiwork(steps), tuple(askings)
    rows = [*_beginning(times), *_steps(steps, watch), *_watched(watch, done)]
    rows += [*map(people.entry, people.unnoted(done, asked)), *_carried_out(asked), *_end(times, watch)]
    return tuple(_together(sorted(rows, key=lambda row: row.at)))


def _together(rows: list[TimelineEntry]) -> Iterator[TimelineEntry]:
    """The same again and again is one row: how often, and until when."""
    groups: list[list[TimelineEntry]] = []
    for row in rows:
        alike = next((each for each in reversed(groups) if _alike(each[0], row)), None)
        beside = alike is not None and alike is groups[-1]
        # Messages that tell no result may be about different things.
        often = row.kind in _OFTEN and (row.kind != "told" or row.details)
        if alike is not None and (beside or (often and row.at - alike[-1].at < _SAME)):
            alike.append(row)
        else:
            groups.append([row])
    for first, *more in groups:
        if more:
            repeated = text("chronicle.repeated", times=len(more) + 1, last=stamp(more[-1].at))
            yield replace(first, details=(*first.details, repeated))
        else:
            yield first


def _alike(one: TimelineEntry, other: TimelineEntry) -> bool:
    return (one.kind, one.said, one.by, one.details) == (other.kind, other.said, other.by, other.details)


def _carried_out(askings: Iterable[OpenRequest]) -> Iterator[TimelineEntry]:
    for each in askings:
        if each.answer is ApprovalAnswer.CARRIED_OUT and each.at is not None:
            said = text("chronicle.carried_out", remedy=asked_for(each.asked))
            by = text("chronicle.approved_by", person=each.by)
            yield TimelineEntry(each.at, "carried_out", said, AUTOMATION, (by,))


def acknowledgements(watch: FollowUpMemory) -> tuple[tuple[str, datetime], ...]:
    """Person and time, oldest first."""
    known = ((person, reading.when(at)) for person, at in watch.acks.items())
    found = [(person, at) for person, at in known if at is not None]
    return tuple(sorted(found, key=lambda each: each[1]))


def _beginning(times: IncidentTimes) -> Iterator[TimelineEntry]:
    if times.first is not None:
        yield TimelineEntry(times.first, "first", text("chronicle.first"), CLOUDWATCH)
    yield TimelineEntry(times.alarm, "alarm", text("chronicle.alarm"), CLOUDWATCH)


def _end(times: IncidentTimes, watch: FollowUpMemory) -> Iterator[TimelineEntry]:
    if times.mitigated is not None:
        yield TimelineEntry(times.mitigated, "mitigated", text("chronicle.mitigated"), AUTOMATION)
    if times.recovered is not None:
        yield TimelineEntry(times.recovered, "recovered", text("chronicle.recovered"), AUTOMATION)
    if watch.closed_by:
        said = text("chronicle.closed_by_hand", why=watch.closed_why)
        yield TimelineEntry(times.closed, "closed", said, watch.closed_by)
    else:
        yield TimelineEntry(times.closed, "closed", text("chronicle.closed"), AUTOMATION)


def _steps(steps: tuple[TimelineStep, ...], watch: FollowUpMemory) -> Iterator[TimelineEntry]:
    for place, step in enumerate(steps):
        if _lock(step, steps[place + 1 :]) or _escalation(step, watch) or _twice(step):
            continue
        done = people.work(step)
        yield people.entry(done) if done is not None else entries.entry(step)


def _watched(watch: FollowUpMemory, done: tuple[OperatorAction, ...]) -> Iterator[TimelineEntry]:
    for level, at in watch.told.items():
        yield TimelineEntry(
            at, "escalated", text("chronicle.escalated", level=Text(f"level.{level}")), AUTOMATION
        )
    for person, at in acknowledgements(watch):
        if not any(
            people.acknowledged(each) and each.person == person and abs(each.at - at) < _SAME for each in done
        ):
            yield TimelineEntry(at, "acknowledged", text("chronicle.did_acknowledge"), person)


def _lock(step: TimelineStep, later: tuple[TimelineStep, ...]) -> bool:
    """Put on record before a write; the row that tells what came of it says enough."""
    begun = reading.lease(step.data) if step.kind in ("applying", "taking_back") else None
    if begun is None:
        return False
    for each in later:
        settled = reading.lease(each.data) if each.kind in _SETTLED else None
        at_once = step.kind == "applying" or each.at == step.at
        if settled is not None and at_once and (settled.id, settled.at) == (begun.id, begun.at):
            return True
    return False


def _twice(step: TimelineStep) -> bool:
    """A duty of the follow-up that has a row of its own already."""
    duty = reading.mapped(step.data) if step.kind == "duty" else {}
    ineffective = duty.get("task") == DutyKind.JUDGE and not duty.get("helped")
    return ineffective or duty.get("task") in (DutyKind.ESCALATE, DutyKind.CLOSE)


def _escalation(step: TimelineStep, watch: FollowUpMemory) -> bool:
    """A telling that the follow-up remembers as a level of the ladder."""
    data = reading.mapped(step.data)
    report, level = reading.word(data.get("report")), data.get("level")
    at = watch.told.get(level) if isinstance(level, int) else None
    return step.kind == "told" and "/escalation/" in report and at is not None and abs(at - step.at) < _SAME
