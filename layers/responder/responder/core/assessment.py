"""Whether an applied remedy helped, by metrics, and what follows from that. Pure.

Of one act the worst assessment counts, so neither the order in which they arrive nor a repeat changes
anything. Trust is lost immediately, and no rule here restores it: only people raise a mode, or remove a stop.
"""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.change import Lease
from responder.core.codec import STORED
from responder.core.frozen import frozen
from responder.core.proportion import bounds
from responder.core.text import Text, text

# A remedy that did not help so often, by acts within so many days of each other, is only asked for.
INEFFECTIVE_LIMIT = 2
INEFFECTIVE_DAYS = 30
# What messages and suggestions count.
RECORD_DAYS = 90
# A rate says nothing by fewer requests, and this share of them is clean (as a step of the revert).
ENOUGH = 20
CLEAN = 0.01
# So many sure faults are seen; an automatic rollout needs as many in the last 15 minutes.
ENOUGH_SURE = 3


class AssessmentResult(StrEnum):
    """Whether a remedy helped, from the best to the worst. `NOT_JUDGED` is never stored and never counts."""

    NOT_JUDGED = "not_judged"
    HELPED = "helped"
    INEFFECTIVE = "ineffective"
    HARMFUL = "harmful"

    @property
    def rank(self) -> int:
        """Of two assessments of the same act the one with the higher rank counts."""
        return tuple(AssessmentResult).index(self)


@frozen
class RequestCount:
    """How many of `total` requests were `bad`, by what is measured."""

    bad: int
    total: int

    @property
    def enough(self) -> bool:
        """There are enough requests for a rate."""
        return self.total >= ENOUGH

    @property
    def clean(self) -> bool:
        """Whether the failures have stopped, proved by enough requests."""
        return self.enough and self.bad < CLEAN * self.total

    def worse_than(self, before: "RequestCount") -> bool:
        """Worse beyond chance: both have enough requests, and the 95 % intervals do not overlap."""
        if not (self.enough and before.enough):
            return False
        return bounds(self.bad, self.total)[0] > bounds(before.bad, before.total)[1]


@frozen
class MeasuredEffect:
    """What CloudWatch counted around one act.

    Attributes:
        before, after: by the measure of the remedy (`RemedySpec.proof`).
        faults_before, faults_after: failed requests, of any remedy the metric by which harm is found.
        sure_before, sure_after: sure faults in the hour before and after it, as the metric filters count
            them; of a remedy in steps alone.
    """

    before: RequestCount
    after: RequestCount
    faults_before: RequestCount
    faults_after: RequestCount
    sure_before: int = 0
    sure_after: int = 0


@frozen
class Assessment:
    """Of one act: a remedy, applied `at` (UTC) for an incident.

    Attributes:
        judged: when (UTC).
        by: the person who reverted it because it made things worse; empty where the metrics said so.
        before, after: failed requests of all, where the metrics said that it did harm.
        counted: it has led to a stop already, and leads to no other one.
    """

    remedy: str
    scope: str
    incident: str
    at: datetime
    result: AssessmentResult
    judged: datetime
    by: str = field(default="", metadata=STORED)
    before: RequestCount | None = None
    after: RequestCount | None = None
    counted: bool = False

    @property
    def act(self) -> str:
        """The key of the act: equal for two assessments of it; sorts by time."""
        return f"{self.at.isoformat(timespec='microseconds')}#{self.incident}#{self.remedy}#{self.scope}"

    @classmethod
    def of(cls, lease: Lease, result: AssessmentResult, judged: datetime, by: str = "") -> "Assessment":
        """The assessment of the act of this lease."""
        return cls(lease.remedy, lease.scope, lease.incident, lease.at, result, judged, by)

    def over(self, known: "Assessment | None") -> bool:
        """Whether it replaces the stored assessment of the same act."""
        return self.result.rank > (0 if known is None else known.result.rank)


def against(found: Iterable[Assessment], remedy: str) -> tuple[Assessment, ...]:
    """The acts for which this remedy is only asked for from now on; none where there is no reason. One that
    was harmful is enough, or two that did not help, within 30 days of each other. What has led to a stop
    before is no reason for another."""
    mine = [each for each in found if each.remedy == remedy and not each.counted]
    harmful = tuple(each for each in mine if each.result is AssessmentResult.HARMFUL)
    vain = sorted(
        (each for each in mine if each.result is AssessmentResult.INEFFECTIVE), key=lambda one: one.act
    )
    span = timedelta(days=INEFFECTIVE_DAYS)
    near = {
        each.act: each
        for first, last in zip(vain, vain[INEFFECTIVE_LIMIT - 1 :], strict=False)
        if last.at - first.at <= span
        for each in (first, last)
    }
    return (*harmful, *near.values())


@frozen
class TrackRecord:
    """How often a remedy helped in the last 90 days, of the acts that were judged."""

    helped: int = 0
    ineffective: int = 0
    harmful: int = 0

    @property
    def judged(self) -> int:
        """The number of acts that count."""
        return self.helped + self.ineffective + self.harmful

    @property
    def lower(self) -> float:
        """The share (0 to 1) of acts in which it helps at least, with 95 % confidence."""
        return bounds(self.helped, self.judged)[0]

    @property
    def text(self) -> Text:
        """The record as one short line."""
        if not self.judged:
            return text("report.no_record", days=RECORD_DAYS)
        values = {"helped": self.helped, "judged": self.judged, "days": RECORD_DAYS}
        if self.harmful:
            return text("report.record_harm", harmful=self.harmful, **values)
        return Text("report.record", values)


def track_record(found: Iterable[Assessment], remedy: str, now: datetime) -> TrackRecord:
    """The record of one remedy, by the acts of the last 90 days."""
    since = now - timedelta(days=RECORD_DAYS)
    counted = [each.result for each in found if each.remedy == remedy and each.at >= since]
    return TrackRecord(
        *(
            counted.count(each)
            for each in (AssessmentResult.HELPED, AssessmentResult.INEFFECTIVE, AssessmentResult.HARMFUL)
        )
    )
