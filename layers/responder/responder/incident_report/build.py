"""Makes the report of an incident from what is stored. Pure; never raises because a part is missing."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched

from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Status, in_doubt
from responder.core.codec import dump
from responder.core.command import CommandKind
from responder.core.plain_data import Data
from responder.core.remedy import spec_of
from responder.core.series import Series
from responder.core.text import Strings, Text, Texts, Values, text
from responder.core.timestamps import stamp
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report import reading
from responder.incident_report.entries import actions, noted
from responder.incident_report.model import (
    AlarmMetric,
    BelievedCause,
    IncidentReport,
    IncidentTimes,
    MeanLevel,
    OpenItem,
    OpenItemReason,
    RemedyRecord,
    Requests,
)
from responder.incident_report.reading import Steps, lease, mapped
from responder.incident_report.timeline import LEASES, acknowledgements, in_order, timeline
from responder.messages.requests import leased, name
from responder.store import IncidentHead, TimelineStep

BEFORE = timedelta(minutes=15)
# How long a change takes to show in the metric.
SETTLING = timedelta(minutes=5)
# The number of datapoints that are kept; each is a real one.
MOST = 300
_SET = (LeaseState.IN_FORCE, LeaseState.PARTIAL)


def build(  # noqa: PLR0913  one value per source
    steps: Iterable[TimelineStep],
    head: IncidentHead,
    memory: FollowUpMemory,
    leases: Iterable[Lease],
    metric: AlarmMetric,
    closed: datetime,
    requests: Iterable[OpenRequest] = (),
) -> IncidentReport:
    """The closing report of an incident. `leases`: the ledger's, of whatever incident; `closed` in UTC."""
    ordered = in_order(steps)
    asked = tuple(sorted(requests, key=lambda each: (each.asked.at, each.asked.id)))
    found = _remedies(head.incident, ordered, leases, memory, asked)
    done = tuple(measured(each, metric, closed) for each in found)
    times = _times(ordered, head, memory, done, closed, _first(head, metric))
    return IncidentReport(
        incident=head.incident,
        alarm=head.alarm,
        slug=head.slug,
        severity=head.severity,
        times=times,
        timeline=timeline(ordered, memory, times, asked),
        causes=_causes(ordered),
        findings=noted(ordered),
        remedies=done,
        escalations=tuple(sorted(memory.notified.items())),
        acknowledgements=acknowledgements(memory),
        closed_by=memory.closed_by,
        closed_why=memory.closed_why,
        requests=asked,
        open_items=_open_items(done),
        manual=_manual(ordered, head),
        actions=actions(ordered, asked),
        metric=replace(metric, series=thin(metric)),
    )


def _first(head: IncidentHead, metric: AlarmMetric) -> datetime | None:
    """The first of the datapoints beyond the threshold that lead to ALARM without a gap. The event names the
    first one that the alarm counted; where it names none, the head has the time of ALARM instead."""
    first = head.first if head.first is not None and head.first < head.opened else None
    before = [point for point in metric.series.points if point[0] < (first or head.opened)]
    for at, value in reversed(before):
        if not metric.breaches(value):
            break
        first = at
    return first


def _times(  # noqa: PLR0913  one value per source
    steps: Steps,
    head: IncidentHead,
    memory: FollowUpMemory,
    done: tuple[RemedyRecord, ...],
    closed: datetime,
    first: datetime | None,
) -> IncidentTimes:
    reported = [step.at for step in steps if step.kind == "reported"]
    return IncidentTimes(
        alarm=head.opened,
        closed=closed,
        first=first,
        message=min((*reported, *([head.notified] if head.notified is not None else [])), default=None),
        act=min((each.applied for each in done if each.applied is not None), default=None),
        mitigated=memory.mitigated,
        recovered=memory.recovered,
    )


def _verdicts(steps: Steps) -> Iterator[tuple[datetime, Data]]:
    for step in steps:
        if step.kind == "verdict":
            yield step.at, mapped(mapped(step.data).get("verdict"))


def _manual(steps: Steps, head: IncidentHead) -> Texts:
    """Every step that was asked for, once, in the order in which it was."""
    asked = [each for _, verdict in _verdicts(steps) for each in reading.texts(verdict.get("steps"))]
    asked += head.decision.steps if head.decision is not None else ()
    return tuple({json.dumps(dump(each), sort_keys=True): each for each in asked}.values())


def _causes(steps: Steps) -> tuple[BelievedCause, ...]:
    found: list[BelievedCause] = []
    for at, verdict in _verdicts(steps):
        cause = reading.said(verdict.get("cause"))
        if cause is None:
            continue
        if found and found[-1].cause == cause:
            found[-1] = replace(found[-1], rounds=found[-1].rounds + 1)
        else:
            why, ruled_out = (
                reading.said(verdict.get("why")) or cause,
                reading.texts(verdict.get("ruled_out")),
            )
            kind = Cause.named(verdict.get("cause"))
            found.append(BelievedCause(at, cause, why, ruled_out, kind=kind))
    return tuple(found)


# --- the metric: its mean before a remedy and while it was in force


def measured(remedy: RemedyRecord, metric: AlarmMetric, closed: datetime) -> RemedyRecord:
    """The record with `before` and `after`, where it was in force at all and the metric is known."""
    if remedy.applied is None or metric.problem is not None:
        return remedy
    span = max(BEFORE, timedelta(seconds=2 * metric.period))
    end = min(at for at in (remedy.back, remedy.ended, closed) if at is not None)
    before = _level(metric, remedy.at - span, remedy.at)
    return replace(remedy, before=before, after=_level(metric, remedy.applied + SETTLING, end))


def _level(metric: AlarmMetric, start: datetime, end: datetime) -> MeanLevel:
    """The mean of the datapoints whose whole period is in [start, end)."""
    whole = metric.series.between(start, end - timedelta(seconds=metric.period) + timedelta.resolution)
    values = [value for value in whole.values if math.isfinite(value)]
    mean = math.fsum(values) / len(values) if values else None
    return MeanLevel(start, max(start, end), mean, len(values))


def thin(metric: AlarmMetric) -> Series:
    """At most 300 datapoints: of each stretch the one nearest to, or furthest beyond, the threshold."""
    points = metric.series.points
    if len(points) <= MOST:
        return metric.series
    worst = min if metric.comparison.startswith("Less") else max
    lost = math.inf if worst is min else -math.inf
    stretches = batched(points, -(-len(points) // MOST), strict=False)
    return Series(
        tuple(
            worst(stretch, key=lambda point: point[1] if math.isfinite(point[1]) else lost)
            for stretch in stretches
        )
    )


# --- remedies that were begun, from the leases that the steps and the ledger hold


def _remedies(
    incident: str,
    steps: Steps,
    leases: Iterable[Lease],
    memory: FollowUpMemory,
    requests: Requests,
) -> tuple[RemedyRecord, ...]:
    """Oldest first. The ledger's state of a lease is the valid one."""
    found: dict[tuple[str, str, datetime], RemedyRecord] = {}
    recorded = ((each, step.at) for step in steps if step.kind in LEASES and (each := lease(step.data)))
    for each, at in (*recorded, *((each, each.at) for each in leases)):
        if each.incident == incident:
            key, of = (each.remedy, each.scope, each.at), each
            begun = RemedyRecord(of.remedy, of.scope, of.by, of.at, of.state, of.changes, of.changes)
            found[key] = _next(found.get(key, begun), each, at)
    judged = (
        replace(each, judged=_judged(each, steps, memory), back_by=_approvers(each, requests))
        for each in found.values()
    )
    return tuple(sorted(judged, key=lambda each: each.at))


def _next(remedy: RemedyRecord, lease: Lease, at: datetime) -> RemedyRecord:
    """The record with one more row. A revert that was refused has not begun."""
    forth = remedy.back is None and not lease.state.going_back
    now = {(change.target, change.after) for change in lease.changes}
    undone = lease.state is LeaseState.IN_FORCE and now == {(c.target, c.after) for c in remedy.changes}
    back = None if undone else remedy.back
    return replace(
        remedy,
        state=lease.state,
        until=lease.until,
        changes=lease.changes if forth else remedy.changes,
        left=lease.changes,
        applied=remedy.applied or (at if lease.state in _SET else None),
        back=back or (at if lease.state is LeaseState.REVERTING else None),
        ended=remedy.ended or (at if lease.state is LeaseState.ENDED else None),
    )


def _approvers(remedy: RemedyRecord, requests: Requests) -> Strings:
    targets = {change.target for change in remedy.changes}
    names = (
        name
        for each in requests
        if each.answer is ApprovalAnswer.CARRIED_OUT
        and each.at is not None
        and each.asked.order == CommandKind.REVERT
        and each.asked.remedy == remedy.remedy
        and targets & {change.target for change in each.asked.changes}
        and remedy.at <= each.at
        and (remedy.ended is None or each.at <= remedy.ended)
        for name in each.by.split(", ")
    )
    return tuple(dict.fromkeys(names))


def _judged(remedy: RemedyRecord, steps: Steps, memory: FollowUpMemory) -> str:
    said = memory.judged.get(f"{remedy.remedy}#{remedy.scope}@{remedy.at.isoformat()}", "")
    noted = any(
        step.kind == "ineffective"
        and step.at >= remedy.at
        and (mapped(step.data).get("remedy"), mapped(step.data).get("scope")) == (remedy.remedy, remedy.scope)
        for step in steps
    )
    return said or ("ineffective" if noted else "")


# --- changes that are not settled


def _open_items(remedies: Iterable[RemedyRecord]) -> tuple[OpenItem, ...]:
    found = [item for remedy in remedies for item in (*_in_force(remedy), *_unsettled(remedy))]
    return tuple(sorted(found, key=lambda each: tuple(OpenItemReason).index(each.kind)))


def _in_force(remedy: RemedyRecord) -> Iterator[OpenItem]:
    if not remedy.open:
        return
    called = leased(remedy.remedy, remedy.scope, remedy.changes)
    stays = OpenItemReason.STAYS if spec_of(remedy.remedy).stays else OpenItemReason.IN_FORCE
    reason = OpenItemReason.LOWERED if remedy.lowers_security else stays
    why, since = Text(f"chronicle.owed_{reason}"), stamp(remedy.at)
    said = text("chronicle.debt", remedy=called, since=since, why=why)
    yield OpenItem(reason, remedy.remedy, said, remedy.scope)
    drift = text("chronicle.debt_drift", remedy=called)
    yield OpenItem(OpenItemReason.DRIFT, remedy.remedy, drift, remedy.scope)


def _unsettled(remedy: RemedyRecord) -> Iterator[OpenItem]:
    """One open item for all targets of which the same is true; the reasons are shown with each change."""
    alike: dict[tuple[OpenItemReason, str], list[str]] = {}
    for each in remedy.left:
        if (reason := _unclear(each)) is not None:
            alike.setdefault((reason, each.setting), []).append(each.target)
    for (reason, setting), targets in alike.items():
        words: Values = {"setting": setting, "targets": ", ".join(targets)}
        called = name(remedy.remedy, remedy.scope)
        said = Text(f"chronicle.debt_{reason}", {"remedy": called, **words})
        yield OpenItem(reason, remedy.remedy, said, remedy.scope, setting, tuple(targets))


def _unclear(change: Change) -> OpenItemReason | None:
    if change.status is Status.KEPT:
        return OpenItemReason.KEPT
    return OpenItemReason.DOUBT if change.note is not None and in_doubt(change) else None
