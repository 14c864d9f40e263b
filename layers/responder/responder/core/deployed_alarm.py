"""Alarms as DescribeAlarms returns them: metric alarms, composite alarms and log alarms.

Source: CloudWatch API reference of DescribeAlarms, and botocore's model of its answer.
"""

import re
from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.context import Gateway
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.refusals import Refusal
from responder.core.switches import Silence, name_of
from responder.core.text import Strings

# Before the one query whose result is compared with the threshold.
RETURNED = "ReturnData "
# The index's name is a parameter that only the template knows.
_ANY_VALUE = "GlobalSecondaryIndexName"


# Name and value of each.
type Dimensions = tuple[tuple[str, str], ...]


@frozen
class WatchedMetric:
    """What an alarm watches and when it fires.

    Attributes:
        period: seconds; 0 for metric math whose metrics have several.
        threshold: None where it is a parameter, or a band.
        queries: metric math as `id=…`, the watched one after `ReturnData`, sorted; empty for a plain metric.
        unit: datapoints with another one do not count; empty: all count.
        wall_clock: the window begins with the hour or day, and does not slide.
    """

    comparison: str
    threshold: float | None
    namespace: str = ""
    metric: str = ""
    dimensions: Dimensions = ()
    statistic: str = ""
    period: int = 0
    evaluated: int = 1
    datapoints: int = 1
    missing: str = "notBreaching"
    queries: Strings = ()
    unit: str = ""
    wall_clock: bool = False

    @property
    def measures(self) -> bool:
        """A metric or metric math; a composite alarm, or one on PromQL, does not."""
        return bool(self.metric or self.queries)

    @property
    def watched(self) -> str:
        """Id of the query that is compared with the threshold; "" for a plain metric."""
        found = (each for each in self.queries if each.startswith(RETURNED))
        return next(found, "").removeprefix(RETURNED).partition("=")[0]


@frozen
class DeployedAlarm:
    """One alarm in its current state. `since`: when it came into its state (UTC), None where AWS does not
    say.

    `actions`: its own actions when it fires; `trouble`: how CloudWatch fails to evaluate it, in its
    word; `raw`: AWS's answer, so that a command keeps the rest.
    """

    name: str
    arn: str
    state: str
    since: datetime | None
    watch: WatchedMetric
    enabled: bool = True
    actions: Strings = ()
    trouble: str = ""
    raw: Data = field(default_factory=dict, compare=False, repr=False)


def deployed(row: Data) -> DeployedAlarm:
    """One row of DescribeAlarms, of a metric alarm or a composite one."""
    since = row.get("StateTransitionedTimestamp") or row.get("StateUpdatedTimestamp")
    return DeployedAlarm(
        name=str(row.get("AlarmName", "")),
        arn=str(row.get("AlarmArn", "")),
        state=str(row.get("StateValue", "")),
        since=since.astimezone(UTC) if isinstance(since, datetime) else None,
        watch=watch(row),
        enabled=row.get("ActionsEnabled") is not False,
        actions=tuple(row.get("AlarmActions") or ()),
        trouble=str(row.get("EvaluationState") or ""),
        raw=row,
    )


def watch(row: Data) -> WatchedMetric:
    """What it watches; one metric written as metric math is a plain metric."""
    queries = row.get("Metrics") or []
    plain, single = row, queries[0].get("MetricStat") if len(queries) == 1 else None
    if single:
        named = {"Statistic": single.get("Stat"), "Period": single.get("Period"), "Unit": single.get("Unit")}
        plain = {**single.get("Metric", {}), **named}
    periods = {int(each["MetricStat"].get("Period") or 0) for each in queries if "MetricStat" in each}
    evaluated = int(row.get("EvaluationPeriods") or 0)
    threshold = row.get("Threshold")
    return WatchedMetric(
        comparison=str(row.get("ComparisonOperator", "")),
        threshold=None if threshold is None else float(threshold),
        namespace=str(plain.get("Namespace", "")),
        metric=str(plain.get("MetricName", "")),
        dimensions=_dimensions(plain),
        statistic=str(plain.get("Statistic") or plain.get("ExtendedStatistic") or ""),
        period=int(plain.get("Period") or (periods.pop() if len(periods) == 1 else 0)),
        evaluated=evaluated,
        datapoints=int(row.get("DatapointsToAlarm") or evaluated),
        missing=str(row.get("TreatMissingData") or "missing"),
        queries=() if single else tuple(sorted(_query(each) for each in queries)),
        unit=str(plain.get("Unit") or ""),
        wall_clock="WallClockWindow" in (row.get("EvaluationWindow") or {}),
    )


def _dimensions(metric: Data) -> Dimensions:
    given = metric.get("Dimensions") or []
    return tuple(sorted((str(each.get("Name", "")), str(each.get("Value", ""))) for each in given))


def _query(query: Data) -> str:
    # AWS's own default is that a query is the watched one.
    name = f"{'' if query.get('ReturnData') is False else RETURNED}{query.get('Id')}"
    if "MetricStat" not in query:
        return f"{name}={query.get('Expression', '')}"
    stat = query["MetricStat"]
    metric = stat.get("Metric", {})
    parts = (key if key == _ANY_VALUE else f"{key}={value}" for key, value in _dimensions(metric))
    unit = (f"({stat['Unit']})",) if stat.get("Unit") else ()
    what = (f"{metric.get('Namespace')}/{metric.get('MetricName')}", *parts, *unit)
    return f"{name}={stat.get('Stat')} {' '.join(what)}"


type AlarmRow = Data


class Evaluation(StrEnum):
    """`EvaluationState` of a metric or log alarm: why CloudWatch cannot evaluate it as it should."""

    PARTIAL_DATA = "PARTIAL_DATA"
    EVALUATION_ERROR = "EVALUATION_ERROR"
    EVALUATION_FAILURE = "EVALUATION_FAILURE"
    OTHER = "OTHER"


@frozen
class AlarmStatus:
    """An alarm as it is right now.

    Attributes:
        evaluation: None where it is evaluated as it should be.
        since: when it came into its state (UTC), where AWS says so.
        window: how far back it looks: it may stay in ALARM for so long after a fault is fixed.
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


def describe(aws: Gateway, alarm: str, types: Strings = TYPES) -> AlarmRow | None:
    """The alarm of this name, of any type; None if there is none. A name is unique over all types.

    Raises:
        AwsError: it could not be read. An answer without any list is such an error: as None it would be an
            alarm that was deleted, whose incident may be closed.
    """
    answer = aws.call("cloudwatch", "describe_alarms", AlarmNames=[alarm], AlarmTypes=list(types))
    return next(rows(answer), None)


def read_alarm(aws: Gateway, alarm: str) -> AlarmStatus | None:
    """The alarm right now; None where there is no such alarm."""
    found = describe(aws, alarm)
    return None if found is None else status(found)


def describe_all(aws: Gateway, types: Strings = TYPES, **asked: Any) -> Iterator[AlarmRow]:
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
    """How far back an alarm looks; zero for a composite alarm."""
    if query := alarm.get("ScheduledQueryConfiguration"):
        # It runs at a rate, each time over the last `StartTimeOffset` seconds; so many runs count.
        schedule, runs = (
            query.get("ScheduleConfiguration") or {},
            int(alarm.get("QueryResultsToEvaluate") or 1),
        )
        found = _RATE.fullmatch(str(schedule.get("ScheduleExpression", "")))
        rate = timedelta(**{f"{found[2]}s": int(found[1])}) if found else timedelta()
        return timedelta(seconds=int(schedule.get("StartTimeOffset") or 0)) + (runs - 1) * rate
    stats = [each.get("MetricStat") or {} for each in alarm.get("Metrics") or ()]
    seconds = max(int(each.get("Period") or 0) for each in (alarm, *stats))
    return timedelta(seconds=seconds * int(alarm.get("EvaluationPeriods") or 1))
