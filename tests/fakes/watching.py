"""CloudWatch: metrics, alarms, and the log groups that belong to it."""
# ruff: noqa: N803 - the argument names are AWS's own

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime, timedelta
from typing import Any, Self

from local_aws.patches.logs import filter_patterns
from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Json

_COUNT = re.compile(r"TC\((?P<low>[^:]*):(?P<high>[^)]*)\)")

_BASIC: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}

type _Key = tuple[str, str, frozenset[tuple[str, str]]]


class StrictMetrics:
    """Raw datapoints, aggregated when asked for; alarms by name.

    `put("AWS/Lambda", "Errors", [(at, 1.0)], FunctionName="F")`
    """

    def __init__(self) -> None:
        self._data: dict[_Key, list[tuple[datetime, float]]] = defaultdict(list)
        self._found: dict[tuple[Any, ...], Json] = {}
        self.alarms: dict[str, Json] = {}
        self.dashboards: dict[str, str] = {}

    def __deepcopy__(self, memo: Any) -> Self:
        """A point never changes, and what was computed stays so until another one comes."""
        made = copy(self)
        made._data = defaultdict(list, {key: list(points) for key, points in self._data.items()})
        made.alarms = {name: dict(alarm) for name, alarm in self.alarms.items()}
        made.dashboards = dict(self.dashboards)
        return made

    def put(
        self, namespace: str, name: str, points: Iterable[tuple[datetime, float]], **dimensions: str
    ) -> None:
        self._data[namespace, name, frozenset(dimensions.items())].extend(points)
        self._found = {}

    def put_metric_data(self, Namespace: str, MetricData: list[Json]) -> Json:
        if len(MetricData) > 1000:
            raise Rejected("cloudwatch", "PutMetricData", "InvalidParameterValue")
        for each in MetricData:
            dimensions = {one["Name"]: one["Value"] for one in each["Dimensions"]}
            pairs = zip(each["Values"], each["Counts"], strict=True)
            points = [(each["Timestamp"], value) for value, count in pairs for _ in range(int(count))]
            self.put(Namespace, each["MetricName"], points, **dimensions)
        return {}

    def get_metric_data(
        self, MetricDataQueries: list[Json], StartTime: datetime, EndTime: datetime, **asked: Any
    ) -> Json:
        ids = [each["Id"] for each in MetricDataQueries]
        legal = all(each[0].islower() and each.replace("_", "").isalnum() for each in ids)
        if len(ids) > 500 or len(set(ids)) != len(ids) or not legal:
            raise Rejected("cloudwatch", "GetMetricData", "ValidationError")
        oldest_first = asked.get("ScanBy") == "TimestampAscending"
        results = [self._once(each, StartTime, EndTime, oldest_first) for each in MetricDataQueries]
        return {"MetricDataResults": results}

    def put_metric_alarm(self, AlarmName: str, **alarm: Any) -> Json:
        self.alarms[AlarmName] = {
            "AlarmName": AlarmName,
            "StateValue": "OK",
            "ActionsEnabled": True,
            **alarm,
        }
        return {}

    def set_alarm_state(self, AlarmName: str, StateValue: str, **_: Any) -> Json:
        if AlarmName not in self.alarms:
            raise Missing("cloudwatch", "SetAlarmState", "ResourceNotFound")
        self.alarms[AlarmName]["StateValue"] = StateValue
        return {}

    def describe_alarms(
        self, AlarmNames: list[str] | None = None, AlarmNamePrefix: str = "", **_: Any
    ) -> Json:
        found = self.alarms if AlarmNames is None else [name for name in AlarmNames if name in self.alarms]
        return {"MetricAlarms": [self.alarms[name] for name in found if name.startswith(AlarmNamePrefix)]}

    def put_dashboard(self, DashboardName: str, DashboardBody: str) -> Json:
        self.dashboards[DashboardName] = DashboardBody
        return {"DashboardValidationMessages": []}

    def get_dashboard(self, DashboardName: str) -> Json:
        if DashboardName not in self.dashboards:
            raise Missing("cloudwatch", "GetDashboard", "ResourceNotFound")
        return {"DashboardName": DashboardName, "DashboardBody": self.dashboards[DashboardName]}

    def list_alarm_mute_rules(self, **_: Any) -> Json:
        return {"AlarmMuteRuleSummaries": []}

    def _once(self, query: Json, *asked: Any) -> Json:
        key = (repr(query), *asked)
        if key not in self._found:
            self._found[key] = self._result(query, *asked)
        return self._found[key]

    def _result(self, query: Json, start: datetime, end: datetime, oldest_first: bool) -> Json:
        asked = query["MetricStat"]
        metric, period = asked["Metric"], timedelta(seconds=asked["Period"])
        dimensions = frozenset((each["Name"], each["Value"]) for each in metric.get("Dimensions", []))
        # Periods begin at the start that was asked for, in whole minutes.
        first = start.replace(second=0, microsecond=0)
        buckets: dict[int, list[float]] = defaultdict(list)
        for at, value in self._data.get((metric["Namespace"], metric["MetricName"], dimensions), []):
            if max(first, end - _kept(asked["Period"])) <= at < end:
                buckets[(at - first) // period].append(value)
        places = sorted(buckets, reverse=not oldest_first)
        return {
            "Id": query["Id"],
            "Label": query["Id"],
            "Timestamps": [first + place * period for place in places],
            "Values": [statistic(asked["Stat"], buckets[place]) for place in places],
            "StatusCode": "Complete",
        }


def _kept(period: int) -> timedelta:
    """How long CloudWatch keeps points of that period (API reference, GetMetricData)."""
    if period % 3600 == 0:
        return timedelta(days=455)
    return timedelta(days=63 if period % 300 == 0 else 15)


def statistic(name: str, values: list[float]) -> float:
    """Basic ones, pNN, and TC(low:high): how many are above `low` and not above `high`."""
    if name in _BASIC:
        return float(_BASIC[name](values))
    if name == "Average":
        return sum(values) / len(values)
    if bounds := _COUNT.fullmatch(name):
        low, high = float(bounds["low"] or "-inf"), float(bounds["high"] or "inf")
        return float(sum(low < value <= high for value in values))
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(float(name.removeprefix("p")) / 100 * len(ordered)))]


class StrictLogs:
    """Groups of events, oldest first."""

    def __init__(self) -> None:
        self.groups: dict[str, list[Json]] = {}
        self._found: dict[tuple[Any, ...], list[Json]] = {}

    def __deepcopy__(self, memo: Any) -> Self:
        """An event never changes, and what was found stays found until another one comes."""
        made = copy(self)
        made.groups = {name: list(events) for name, events in self.groups.items()}
        return made

    def create_log_group(self, logGroupName: str) -> Json:
        self.groups[logGroupName] = []
        return {}

    def put_retention_policy(self, logGroupName: str, retentionInDays: int) -> Json:
        self._group(logGroupName, "PutRetentionPolicy")
        return {}

    def create_log_stream(self, logGroupName: str, logStreamName: str) -> Json:
        self._group(logGroupName, "CreateLogStream")
        return {}

    def put_log_events(self, logGroupName: str, logStreamName: str, logEvents: list[Json]) -> Json:
        group = self._group(logGroupName, "PutLogEvents")
        group += [{**each, "logStreamName": logStreamName} for each in logEvents]
        group.sort(key=lambda event: event["timestamp"])
        self._found = {}
        return {}

    def filter_log_events(
        self, logGroupName: str, startTime: int, endTime: int, filterPattern: str = "", **_: Any
    ) -> Json:
        events = self._group(logGroupName, "FilterLogEvents")
        asked = (logGroupName, startTime, endTime, filterPattern)
        if asked not in self._found:
            inside = (event for event in events if startTime <= event["timestamp"] <= endTime)
            try:
                matches = filter_patterns.read(filterPattern).matches
            except filter_patterns.RefusedPatternError:
                raise Rejected("logs", "FilterLogEvents", "InvalidParameterException") from None
            self._found[asked] = [event for event in inside if matches(event["message"])]
        return {"events": self._found[asked]}

    def _group(self, name: str, operation: str) -> list[Json]:
        if name not in self.groups:
            raise Missing("logs", operation, "ResourceNotFoundException")
        return self.groups[name]
