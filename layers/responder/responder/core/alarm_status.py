"""Alarms as DescribeAlarms tells of them: metric alarms, composite alarms and log alarms.

Source: CloudWatch API reference of DescribeAlarms, and botocore's model of its answer.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.gateway import Gateway
from responder.core.refusals import Refusal
from responder.core.silences import Silence, name_of

type AlarmRow = Mapping[str, Any]


class Evaluation(StrEnum):
    """`EvaluationState` of a metric or log alarm: why CloudWatch cannot evaluate it as it should."""

    PARTIAL_DATA = "PARTIAL_DATA"
    EVALUATION_ERROR = "EVALUATION_ERROR"
    EVALUATION_FAILURE = "EVALUATION_FAILURE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class AlarmStatus:
    """An alarm as it is right now.

    Attributes:
        evaluation: None where it is evaluated as it should be.
        since: when it came into its state (UTC), where AWS tells.
        window: how far back it looks: what is mended may keep it raised for so long.
    """

    state: AlarmState
    silences: tuple[Silence, ...] = ()
    evaluation: Evaluation | None = None
    since: datetime | None = None
    window: timedelta = timedelta()


# `AlarmTypes` -> the list in the answer. AWS answers for metric alarms only where no type is asked for.
LISTS = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms", "LogAlarm": "LogAlarms"}
TYPES = tuple(LISTS)
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


def rows(answer: AlarmRow) -> Iterator[AlarmRow]:
    """Every alarm of one answer, whatever its type."""
    for name in LISTS.values():
        yield from answer.get(name) or ()


def describe(aws: Gateway, alarm: str, types: tuple[str, ...] = TYPES) -> AlarmRow | None:
    """The alarm of this name; None where there is none of these types. A name is unique over all types."""
    answer = aws.call("cloudwatch", "describe_alarms", AlarmNames=[alarm], AlarmTypes=list(types))
    return next(rows(answer), None)


def read_alarm(aws: Gateway, alarm: str) -> AlarmStatus | None:
    """The alarm right now; None where there is no such alarm."""
    found = describe(aws, alarm)
    return None if found is None else status(found)


def describe_all(aws: Gateway, types: tuple[str, ...] = TYPES, **asked: Any) -> Iterator[AlarmRow]:
    """Every alarm that fits: `AlarmNamePrefix` or `AlarmNames`; without either, all of the Region."""
    for page in aws.pages("cloudwatch", "describe_alarms", AlarmTypes=list(types), **asked):
        yield from rows(page)


def status(alarm: AlarmRow) -> AlarmStatus:
    """What of one row decides whether anything may be done. Raises KeyError or ValueError without a state.

    Actions of which AWS does not say that they are enabled count as disabled.
    """
    silences = []
    if alarm.get("ActionsEnabled") is not True:
        silences.append(Silence(Refusal.ACTIONS_DISABLED()))
    if phase := alarm.get("ActionsSuppressedBy"):
        suppressor = name_of(alarm.get("ActionsSuppressor"))
        silences.append(Silence(Refusal.SUPPRESSED(name=suppressor, phase=name_of(phase))))
    found = alarm.get("EvaluationState")
    known = Evaluation(found) if found in tuple(Evaluation) else Evaluation.OTHER
    return AlarmStatus(
        AlarmState(alarm["StateValue"]),
        tuple(silences),
        known if found else None,
        alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp"),
        window(alarm),
    )


def window(alarm: AlarmRow) -> timedelta:
    """How far back it looks; nothing for a composite alarm."""
    if query := alarm.get("ScheduledQueryConfiguration"):
        return _queried(
            query.get("ScheduleConfiguration") or {}, int(alarm.get("QueryResultsToEvaluate") or 1)
        )
    stats = [each.get("MetricStat") or {} for each in alarm.get("Metrics") or ()]
    seconds = max(int(each.get("Period") or 0) for each in (alarm, *stats))
    return timedelta(seconds=seconds * int(alarm.get("EvaluationPeriods") or 1))


def _queried(schedule: AlarmRow, results: int) -> timedelta:
    """The query runs at a rate, each time over the last `StartTimeOffset` seconds; so many runs count."""
    found = _RATE.fullmatch(str(schedule.get("ScheduleExpression", "")))
    rate = timedelta(**{f"{found[2]}s": int(found[1])}) if found else timedelta()
    return timedelta(seconds=int(schedule.get("StartTimeOffset") or 0)) + (results - 1) * rate
