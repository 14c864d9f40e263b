"""The state reason of an alarm, computed from the seeded datapoints in CloudWatch's own shape; and its event,
for events that arrive past the rule. Pure.

LowSuccessRate, SlowVerification and the two Timeouts cannot fire for a true reason as deployed: their story
is that of the corrected alarms, which go to the same playbook (a rate; the tail of Duration).
"""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rehearsal.world.names import ACCOUNT, CREATE, REGION, RESULT
from rehearsal.world.points import Point
from responder.core.deployed_alarm import WatchedMetric
from responder.core.metric_ranges import BELOW
from responder.core.settings import CORRECTED, Settings
from responder.respond.playbook import PLAYBOOKS

# Of the alarm on slow creation: fewer sessions say nothing.
_ENOUGH = 20
# MinimumFaults of the template.
_FAULTS = 10
_ANSWERED = ("VerificationError", "SuccessCount", "FailureCount", "SessionNotFound", "SessionExpired")
type Reading = Callable[[Sequence[Point]], float | None]


def _values(metric: str, function: str = "") -> Callable[[Sequence[Point]], list[float]]:
    where = (("FunctionName", function),) if function else ()
    return lambda points: [p.value for p in points if p.metric == metric and p.dimensions == where]


def total(metric: str, function: str = "") -> Reading:
    """The sum."""
    pick = _values(metric, function)
    return lambda points: sum(pick(points)) if pick(points) else None


def average(metric: str) -> Reading:
    """The average."""
    pick = _values(metric)
    return lambda points: sum(pick(points)) / len(pick(points)) if pick(points) else None


def tail(function: str) -> Reading:
    """The longest run of a function in ms."""
    pick = _values("Duration", function)
    return lambda points: max(pick(points), default=None)


def rate(points: Sequence[Point]) -> float | None:
    """Successes of all checks."""
    good = sum(_values("SuccessCount")(points))
    bad = sum(_values("FailureCount")(points))
    return good / (good + bad) if good + bad else None


def errors(points: Sequence[Point]) -> float | None:
    """Percent of results that failed with an error of the service, as the corrected alarm counts them."""
    count = {name: sum(_values(name)(points)) for name in _ANSWERED}
    asked, failed = sum(count.values()), count["VerificationError"]
    return 100 * failed / asked if failed >= _FAULTS else 0.0


def slower(metric: str, limit: float) -> Reading:
    """Percent of the values above the limit; 0 of too few, as the alarm's own expression."""
    pick = _values(metric)
    return lambda points: _slower(pick(points), limit)


def _slower(values: list[float], limit: float) -> float:
    slow = sum(each > limit for each in values)
    return 100 * slow / len(values) if len(values) >= _ENOUGH and slow >= _FAULTS else 0.0


def throttled(points: Sequence[Point]) -> float:
    """The throttle events of the table and its index together."""
    return sum(p.value for p in points if p.metric in ("ReadThrottleEvents", "WriteThrottleEvents"))


def denied(points: Sequence[Point]) -> float:
    """What the metric filters counted."""
    return sum(p.value for p in points if p.metric == "AccessDenied")


_PERIOD = timedelta(minutes=5)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WatchedAlarm:
    """How one alarm reads its period. `statistic` is empty for metric math, as in AWS's events."""

    name: str
    read: Reading
    threshold: float
    datapoints: int
    statistic: str
    above: bool = True
    period: timedelta = _PERIOD
    reached: bool = False

    def breaches(self, value: float) -> bool:
        """The value is on the wrong side of the threshold, or, where that is enough, has reached it."""
        if self.reached and value == self.threshold:
            return True
        return value > self.threshold if self.above else value < self.threshold

    def values(self, points: Sequence[Point], now: datetime) -> list[tuple[datetime, float]]:
        """(start of period, value), newest first; a period without data is left out."""
        end = now.replace(second=0, microsecond=0)
        found = []
        for back in range(1, self.datapoints + 1):
            start = end - back * self.period
            value = self.read([point for point in points if start <= point.at < start + self.period])
            if value is not None:
                found.append((start, value))
        return found


# MinimumSureFaults and SureFaultsSeconds.
_REACHED = {
    name: WatchedAlarm(name, read, 5.0, 1, statistic, period=_HOUR, reached=True)
    for name, read, statistic in (
        ("FaceAuth-Liveness-SureFaults", total("SureFaults"), "Sum"),
        ("FaceAuth-Images-AccessDenied", denied, "Sum"),
        ("FaceAuth-LivenessSessions-Throttles", throttled, ""),
        ("FaceAuth-CreateLivenessSession-Throttles", total("Throttles", CREATE), "Sum"),
        ("FaceAuth-GetLivenessResult-Throttles", total("Throttles", RESULT), "Sum"),
    )
}
# Alarms on metric math or on a filter of the logs: how what was seeded becomes their value.
_COMPUTED = {
    "low-success-rate": (rate, 0.95, 2, _PERIOD),
    "slow-verification": (tail(RESULT), 10000.0, 2, _PERIOD),
    "create-session-timeouts": (tail(CREATE), 9000.0, 2, _PERIOD),
    "get-result-timeouts": (tail(RESULT), 14000.0, 2, _PERIOD),
    "slow-session-creation": (slower("SessionCreationTime", 5.0), 10.0, 1, _HOUR),
}

CORRECTIONS = {
    "high-error-rate": WatchedAlarm(
        f"FaceAuth-Liveness-HighErrorRate{CORRECTED}", errors, 1.0, 1, "", period=_HOUR
    ),
}
_UNFORESEEN = WatchedAlarm("FaceAuth-Something-New", lambda points: 60.0, 50.0, 1, "Sum")


def watched_alarm(slug: str, *, corrected: bool = False) -> WatchedAlarm:
    """The alarm by the playbook's short name; any other alarm has that of the unknown one."""
    if corrected:
        return CORRECTIONS[slug]
    playbook = PLAYBOOKS.get(slug)
    if playbook is None or playbook.definition is None:
        return _UNFORESEEN
    watch = playbook.definition.watch(Settings())
    if playbook.alarm in _REACHED:
        return _REACHED[playbook.alarm]
    if slug in _COMPUTED:
        read, threshold, datapoints, period = _COMPUTED[slug]
        return WatchedAlarm(
            playbook.alarm, read, threshold, datapoints, "", watch.comparison != BELOW, period
        )
    return WatchedAlarm(
        playbook.alarm,
        _plain(watch),
        float(watch.threshold or 0),
        watch.datapoints,
        watch.statistic,
        watch.comparison != BELOW,
    )


def _plain(watch: WatchedMetric) -> Reading:
    if watch.statistic == "Average":
        return average(watch.metric)
    return total(watch.metric, dict(watch.dimensions).get("FunctionName", ""))


def reason(alarm: WatchedAlarm, values: Sequence[tuple[datetime, float]], now: datetime) -> tuple[str, str]:
    """(StateReason, StateReasonData) as CloudWatch words them."""
    count = len(values)
    shown = ", ".join(f"{value} ({at.strftime('%d/%m/%y %H:%M:%S')})" for at, value in values)
    sign = "greater" if alarm.above else "less"
    limit = "than or equal to the threshold" if alarm.reached else "than the threshold"
    plural, verb = ("s", "were") if count != 1 else ("", "was")
    said = (
        f"Threshold Crossed: {count} out of the last {alarm.datapoints} datapoints [{shown}] {verb} {sign} "
        f"{limit} ({alarm.threshold}) (minimum {alarm.datapoints} datapoint{plural} for "
        "OK -> ALARM transition)."
    )
    data = {
        "version": "1.0",
        "queryDate": _stamp(now),
        "startDate": _stamp(values[-1][0] if values else now - alarm.period),
        **({"statistic": alarm.statistic} if alarm.statistic else {}),
        "period": int(alarm.period.total_seconds()),
        "recentDatapoints": [value for _, value in reversed(values)],
        "threshold": alarm.threshold,
        "evaluatedDatapoints": [{"timestamp": _stamp(at), "value": value} for at, value in values],
    }
    return said, json.dumps(data)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def event_of(name: str, change: Mapping[str, Any], now: datetime, words: str, data: str) -> dict[str, Any]:
    """The EventBridge event of a first transition, which has no previous reasonData."""
    at = now - timedelta(minutes=change.get("minutes", 0))
    created = {
        "reason": "Unchecked: Initial alarm creation",
        "timestamp": _milliseconds(at - timedelta(days=12)),
    }
    extra = {key: value for key, value in change.items() if key not in ("minutes", "ok")}
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}{at}")),
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"],
        "detail": {
            "alarmName": name,
            "configuration": {"metrics": []},
            "previousState": {**created, "value": "INSUFFICIENT_DATA"},
            "state": {"reason": words, "reasonData": data, "timestamp": _milliseconds(at), "value": "ALARM"},
        },
        **extra,
    }


def _milliseconds(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "+0000"
