"""The alarms of a table, put again for another one under names of their own. Pure.

PutMetricAlarm writes over an alarm of the same name (CloudWatch API reference), so none that exists is named.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

# Auto scaling makes its own for a new table.
_OF_SCALING = "TargetTracking-"
_LONGEST_NAME = 255
# What DescribeAlarms tells and PutMetricAlarm takes.
_PUT = (
    "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions", "InsufficientDataActions",
    "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit",
    "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData",
    "EvaluateLowSampleCountPercentile", "Metrics", "ThresholdMetricId",
)  # fmt: skip

type Alarm = Mapping[str, Any]


def again(alarms: Iterable[Alarm], table: str, to: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The requests, and the names of alarms that only a person can put again."""
    found, requests, by_hand = list(alarms), list[dict[str, Any]](), list[str]()
    if to == table:
        return requests, by_hand
    taken = {str(each["AlarmName"]): _about(each, to) for each in found}
    for alarm in found:
        old = str(alarm["AlarmName"])
        if old.startswith(_OF_SCALING) or not (_about(alarm, table) or _told_of(alarm, table)):
            continue
        new = old.replace(table, to) if table in old else f"{old}-{to}"
        if taken.get(new):
            continue
        if new in taken or len(new) > _LONGEST_NAME or _told_of(alarm, table):
            by_hand.append(old)
            continue
        taken[new] = False
        requests.append({"AlarmName": new, **_moved(alarm, table, to)})
    return requests, by_hand


def _moved(alarm: Alarm, table: str, to: str) -> dict[str, Any]:
    kept = {name: alarm[name] for name in _PUT if alarm.get(name) not in (None, "", [])}
    request: dict[str, Any] = deepcopy(kept)
    for each in _dimensions(request):
        if each["Name"] == "TableName" and each["Value"] == table:
            each["Value"] = to
    return request


def _about(alarm: Alarm, table: str) -> bool:
    return any(each["Name"] == "TableName" and each["Value"] == table for each in _dimensions(alarm))


def _told_of(alarm: Alarm, table: str) -> bool:
    """By an expression that names it (SEARCH, SELECT): not to be rewritten by a machine."""
    return any(table in str(each.get("Expression", "")) for each in alarm.get("Metrics", []))


def _dimensions(alarm: Alarm) -> Iterator[Any]:
    yield from alarm.get("Dimensions", [])
    for each in alarm.get("Metrics", []):
        yield from each.get("MetricStat", {}).get("Metric", {}).get("Dimensions", [])
