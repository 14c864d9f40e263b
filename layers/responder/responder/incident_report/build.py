"""From what is on record to the whole story. Pure, and never at a loss: a report is better than none."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched

from responder.core.change import Lease
from responder.core.codec import dump
from responder.core.series import Series
from responder.core.text import Text
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import OpenRequest
from responder.incident_report import reading
from responder.incident_report.entries import noted
from responder.incident_report.model import AlarmMetric, BelievedCause, IncidentReport, IncidentTimes
from responder.incident_report.open_items import debts
from responder.incident_report.people import handiwork
from responder.incident_report.records import MeanLevel, RemedyRecord
from responder.incident_report.remedies import deeds
from responder.incident_report.timeline import acknowledgements, in_order, timeline
from responder.store import IncidentHead, TimelineStep

# What a remedy did to the alarm's metric: the mean before it and the mean while it was in force.

BEFORE = timedelta(minutes=15)
# A change takes its time to be felt.
SETTLING = timedelta(minutes=5)


def measured(deed: RemedyRecord, measure: AlarmMetric, closed: datetime) -> RemedyRecord:
    """The same with `before` and `after`, where it was in force at all and the metric is known."""
    if deed.applied is None or measure.problem is not None:
        return deed
    span = max(BEFORE, timedelta(seconds=2 * measure.period))
    end = min(at for at in (deed.back, deed.ended, closed) if at is not None)
    return replace(
        deed,
        before=level(measure, deed.at - span, deed.at),
        after=level(measure, deed.applied + SETTLING, end),
    )


def level(measure: AlarmMetric, start: datetime, end: datetime) -> MeanLevel:
    """The mean of the datapoints whose whole period lies in [start, end)."""
    whole = measure.series.between(start, end - timedelta(seconds=measure.period) + timedelta.resolution)
    values = [value for value in whole.values if math.isfinite(value)]
    mean = math.fsum(values) / len(values) if values else None
    return MeanLevel(start, max(start, end), mean, len(values))


# Fewer datapoints for the eye and the file; each kept one is a real one.

MOST = 300


def thin(measure: AlarmMetric) -> Series:
    """At most 300 datapoints: of each stretch the one nearest to, or furthest beyond, the threshold."""
    points = measure.series.points
    if len(points) <= MOST:
        return measure.series
    worst = min if measure.comparison.startswith("Less") else max
    lost = math.inf if worst is min else -math.inf
    stretches = batched(points, -(-len(points) // MOST), strict=False)
    return Series(
        tuple(
            worst(stretch, key=lambda point: point[1] if math.isfinite(point[1]) else lost)
            for stretch in stretches
        )
    )


def build(  # noqa: PLR0913  one value per source
    steps: Iterable[TimelineStep],
    head: IncidentHead,
    watch: FollowUpMemory,
    leases: Iterable[Lease],
    series: AlarmMetric,
    closed: datetime,
    askings: Iterable[OpenRequest] = (),
) -> IncidentReport:
    """The closing report of an incident. `leases`: the ledger's, of whatever incident; `closed` in UTC."""
    told = in_order(steps)
    asked = tuple(sorted(askings, key=lambda each: (each.asked.at, each.asked.id)))
    done = deeds(head.incident, told, leases, watch, asked)
    times = _times(told, head, watch, done, closed)
    done = tuple(measured(each, series, closed) for each in done)
    return IncidentReport(
        incident=head.incident,
        alarm=head.alarm,
        slug=head.slug,
        severity=head.severity,
        times=times,
        timeline=timeline(told, watch, times, asked),
        beliefs=_beliefs(told),
        findings=noted(told),
        deeds=done,
        escalations=tuple(sorted(watch.told.items())),
        acknowledgements=acknowledgements(watch),
        closed_by=watch.closed_by,
        closed_why=watch.closed_why,
        askings=asked,
        debts=debts(done),
        manual=_manual(told, head),
        handiwork=handiwork(told, asked),
        measure=replace(series, series=thin(series)),
    )


def _times(
    steps: tuple[TimelineStep, ...],
    head: IncidentHead,
    watch: FollowUpMemory,
    done: tuple[RemedyRecord, ...],
    closed: datetime,
) -> IncidentTimes:
    # Where the event told nothing of its first datapoint, the head has the time of ALARM instead.
    first = head.first if head.first is not None and head.first < head.opened else None
    return IncidentTimes(
        alarm=head.opened,
        closed=closed,
        first=first,
        message=min(_tellings(steps, head), default=None),
        act=min((each.applied for each in done if each.applied is not None), default=None),
        mitigated=watch.mitigated,
        recovered=watch.recovered,
    )


def _tellings(steps: tuple[TimelineStep, ...], head: IncidentHead) -> Iterator[datetime]:
    yield from (step.at for step in steps if step.kind == "told")
    if head.told is not None:
        yield head.told


def _beliefs(steps: tuple[TimelineStep, ...]) -> tuple[BelievedCause, ...]:
    """One per change of mind."""
    found: list[BelievedCause] = []
    for step in steps:
        verdict = reading.mapped(reading.mapped(step.data).get("verdict"))
        cause = reading.said(verdict.get("cause")) if step.kind == "verdict" else None
        if cause is None:
            continue
        if found and found[-1].cause == cause:
            found[-1] = replace(found[-1], rounds=found[-1].rounds + 1)
            continue
        why = reading.said(verdict.get("why")) or cause
        found.append(BelievedCause(step.at, cause, why, reading.texts(verdict.get("ruled_out"))))
    return tuple(found)


def _manual(steps: tuple[TimelineStep, ...], head: IncidentHead) -> tuple[Text, ...]:
    """Every step that was asked for, once, in the order in which it was."""
    verdicts = (reading.mapped(reading.mapped(s.data).get("verdict")) for s in steps if s.kind == "verdict")
    asked = [each for verdict in verdicts for each in reading.texts(verdict.get("steps"))]
    asked += head.decision.steps if head.decision is not None else ()
    return tuple({json.dumps(dump(each), sort_keys=True): each for each in asked}.values())
