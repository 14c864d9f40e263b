"""Alarms as DescribeAlarms tells of them: metric alarms, composite alarms and log alarms.

Source: CloudWatch API reference of DescribeAlarms, and botocore's model of its answer.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from responder.gateway import Gateway

type Row = Mapping[str, Any]

# `AlarmTypes` -> the list in the answer. AWS answers for metric alarms only where no type is asked for.
LISTS = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms", "LogAlarm": "LogAlarms"}
TYPES = tuple(LISTS)
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


def rows(answer: Row) -> Iterator[Row]:
    """Every alarm of one answer, whatever its type."""
    for name in LISTS.values():
        yield from answer.get(name) or ()


def describe(aws: Gateway, alarm: str, types: tuple[str, ...] = TYPES) -> Row | None:
    """The alarm of this name; None where there is none of these types. A name is unique over all types."""
    answer = aws.call("cloudwatch", "describe_alarms", AlarmNames=[alarm], AlarmTypes=list(types))
    return next(rows(answer), None)


def describe_all(aws: Gateway, types: tuple[str, ...] = TYPES, **asked: Any) -> Iterator[Row]:
    """Every alarm that fits: `AlarmNamePrefix` or `AlarmNames`; without either, all of the Region."""
    for page in aws.pages("cloudwatch", "describe_alarms", AlarmTypes=list(types), **asked):
        yield from rows(page)


def window(alarm: Row) -> timedelta:
    """How far back it looks: what is mended may keep it raised for so long. Nothing for a composite alarm."""
    if query := alarm.get("ScheduledQueryConfiguration"):
        return _queried(
            query.get("ScheduleConfiguration") or {}, int(alarm.get("QueryResultsToEvaluate") or 1)
        )
    stats = [each.get("MetricStat") or {} for each in alarm.get("Metrics") or ()]
    seconds = max(int(each.get("Period") or 0) for each in (alarm, *stats))
    return timedelta(seconds=seconds * int(alarm.get("EvaluationPeriods") or 1))


def _queried(schedule: Row, results: int) -> timedelta:
    """The query runs at a rate, each time over the last `StartTimeOffset` seconds; so many runs count."""
    found = _RATE.fullmatch(str(schedule.get("ScheduleExpression", "")))
    rate = timedelta(**{f"{found[2]}s": int(found[1])}) if found else timedelta()
    return timedelta(seconds=int(schedule.get("StartTimeOffset") or 0)) + (results - 1) * rate
