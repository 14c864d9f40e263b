"""The alarm's state reason, computed from the seeded datapoints, in CloudWatch's own shape. Pure.

LowSuccessRate, SlowVerification and the two Timeouts cannot tell the truth as deployed: their story is
that of the corrected alarms, which go to the same playbook (a rate; the tail of Duration).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from liveness_ops.world.names import CREATE, NAMESPACE, RESULT
from liveness_ops.world.points import Point

_PERIOD = timedelta(minutes=5)
type Reading = Callable[[Sequence[Point]], float | None]


@dataclass(frozen=True, slots=True)
class Story:
    """How one alarm reads five minutes. `statistic` is empty for metric math, as in AWS's events."""

    name: str
    read: Reading
    threshold: float
    datapoints: int
    statistic: str
    above: bool = True

    def breaches(self, value: float) -> bool:
        """The value is on the wrong side of the threshold."""
        return value > self.threshold if self.above else value < self.threshold

    def values(self, points: Sequence[Point], now: datetime) -> list[tuple[datetime, float]]:
        """(start of period, value), newest first; a period without data is left out."""
        end = now.replace(second=0, microsecond=0)
        found = []
        for back in range(1, self.datapoints + 1):
            start = end - back * _PERIOD
            value = self.read([point for point in points if start <= point.at < start + _PERIOD])
            if value is not None:
                found.append((start, value))
        return found


def _values(metric: str, function: str = "") -> Callable[[Sequence[Point]], list[float]]:
    where = (("FunctionName", function),) if function else ()
    return lambda points: [p.value for p in points if p.metric == metric and p.dimensions == where]


def _sum(metric: str, function: str = "") -> Reading:
    pick = _values(metric, function)
    return lambda points: sum(pick(points)) if pick(points) else None


def _average(metric: str) -> Reading:
    pick = _values(metric)
    return lambda points: sum(pick(points)) / len(pick(points)) if pick(points) else None


def _tail(function: str) -> Reading:
    pick = _values("Duration", function)
    return lambda points: max(pick(points), default=None)


def _rate(points: Sequence[Point]) -> float | None:
    good = sum(_values("SuccessCount")(points))
    bad = sum(_values("FailureCount")(points))
    return good / (good + bad) if good + bad else None


_LIVENESS = NAMESPACE.replace("/", "-")
STORIES = {
    "low-success-rate": Story(f"{_LIVENESS}-LowSuccessRate", _rate, 0.95, 2, "", above=False),
    "low-confidence": Story(
        f"{_LIVENESS}-LowConfidence", _average("ConfidenceScore"), 92.0, 2, "Average", above=False
    ),
    "slow-verification": Story(f"{_LIVENESS}-SlowVerification", _tail(RESULT), 10000.0, 2, ""),
    "high-error-rate": Story(f"{_LIVENESS}-HighErrorRate", _sum("VerificationError"), 10.0, 1, "Sum"),
    "create-session-errors": Story(f"{CREATE}-Errors", _sum("Errors", CREATE), 5.0, 1, "Sum"),
    "get-result-errors": Story(f"{RESULT}-Errors", _sum("Errors", RESULT), 5.0, 1, "Sum"),
    "create-session-timeouts": Story(f"{CREATE}-Timeouts", _tail(CREATE), 9000.0, 2, ""),
    "get-result-timeouts": Story(f"{RESULT}-Timeouts", _tail(RESULT), 14000.0, 2, ""),
}

_UNFORESEEN = Story("FaceAuth-Something-New", lambda points: 60.0, 50.0, 1, "Sum")


def story_of(slug: str) -> Story:
    """By the playbook's short name; any other alarm is the one that nobody foresaw."""
    return STORIES.get(slug, _UNFORESEEN)


def reason(story: Story, values: Sequence[tuple[datetime, float]], now: datetime) -> tuple[str, str]:
    """(StateReason, StateReasonData) as CloudWatch words them."""
    count = len(values)
    shown = ", ".join(f"{value} ({at.strftime('%d/%m/%y %H:%M:%S')})" for at, value in values)
    sign = "greater" if story.above else "less"
    plural, verb = ("s", "were") if count != 1 else ("", "was")
    said = (
        f"Threshold Crossed: {count} out of the last {story.datapoints} datapoints [{shown}] {verb} {sign} "
        f"than the threshold ({story.threshold}) (minimum {story.datapoints} datapoint{plural} for "
        "OK -> ALARM transition)."
    )
    data = {
        "version": "1.0",
        "queryDate": _stamp(now),
        "startDate": _stamp(values[-1][0] if values else now - _PERIOD),
        **({"statistic": story.statistic} if story.statistic else {}),
        "period": 300,
        "recentDatapoints": [value for _, value in reversed(values)],
        "threshold": story.threshold,
        "evaluatedDatapoints": [{"timestamp": _stamp(at), "value": value} for at, value in values],
    }
    return said, json.dumps(data)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
