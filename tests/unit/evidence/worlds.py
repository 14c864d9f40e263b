"""A small CloudWatch for these tests: metrics aligned to the asked start, as AWS does it, and log events."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Text
from tests.fakes import FakeAws
from tests.fakes.watching import statistic

NOW = datetime(2026, 2, 4, 10, 25, 30, tzinfo=UTC)
CREATE = "FaceAuth-CreateLivenessSession"
RESULT = "FaceAuth-GetLivenessResult"
ID = "8f5cbd1c-63a1-4d57-9c64-0f0a2f5a1b{:02d}"


def context(aws: FakeAws, **settings: Any) -> Context:
    return Context(aws, Settings(**settings), NOW, NOW - timedelta(minutes=2))


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


class Figures:
    """`put("AWS/Lambda", "Errors", [(at, 1.0)], FunctionName="F")`; plug in with `serve(aws)`."""

    def __init__(self) -> None:
        self.data: dict[tuple[str, str, frozenset[tuple[str, str]]], list[tuple[datetime, float]]] = (
            defaultdict(list)
        )
        self._ordered: dict[tuple[str, str, frozenset[tuple[str, str]]], tuple[list[int], list[float]]] = {}

    def put(
        self, namespace: str, name: str, values: Iterable[tuple[datetime, float]], **dimensions: str
    ) -> None:
        self.data[namespace, name, frozenset(dimensions.items())].extend(values)

    def serve(self, aws: FakeAws) -> "Figures":
        aws.answer("cloudwatch", "get_metric_data", self._answer)
        return self

    def _answer(self, **asked: Any) -> Any:
        start, end = asked["StartTime"], asked["EndTime"]
        return [
            {"MetricDataResults": [self._result(query, start, end) for query in asked["MetricDataQueries"]]}
        ]

    def _in_order(self, key: tuple[str, str, frozenset[tuple[str, str]]]) -> tuple[list[int], list[float]]:
        """The times and the values."""
        points = self.data.get(key, [])
        if key not in self._ordered or len(self._ordered[key][0]) != len(points):
            points.sort()
            self._ordered[key] = [_microseconds(at) for at, _ in points], [value for _, value in points]
        return self._ordered[key]

    def _result(self, query: Json, start: datetime, end: datetime) -> Json:
        asked = query["MetricStat"]
        metric = asked["Metric"]
        key = (
            metric["Namespace"],
            metric["MetricName"],
            frozenset((d["Name"], d["Value"]) for d in metric["Dimensions"]),
        )
        buckets: dict[int, list[float]] = {}
        times, values = self._in_order(key)
        first, period = _microseconds(start), asked["Period"]
        length = period * 1_000_000
        for each in range(bisect_left(times, first), bisect_left(times, _microseconds(end))):
            buckets.setdefault((times[each] - first) // length, []).append(values[each])
        # The points are in order, and so are the buckets.
        return {
            "Id": query["Id"],
            "Timestamps": [start + timedelta(seconds=number * period) for number in buckets],
            "Values": [statistic(asked["Stat"], values) for values in buckets.values()],
            "StatusCode": "Complete",
        }


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


class Logs:
    """Log events by function; plug in with `serve(aws)`."""

    def __init__(self) -> None:
        self.events: dict[str, list[Json]] = defaultdict(list)
        self.page = 1000

    def put(self, function: str, at: datetime, message: str, stream: str = "2026/02/04/[$LATEST]a") -> None:
        event = {"timestamp": int(at.timestamp() * 1000), "message": message, "logStreamName": stream}
        self.events[f"/aws/lambda/{function}"].append(event)

    def serve(self, aws: FakeAws) -> "Logs":
        aws.answer("logs", "filter_log_events", self._answer)
        return self

    def _answer(self, **asked: Any) -> Any:
        events = self.events[asked["logGroupName"]]
        found = [event for event in events if asked["startTime"] <= event["timestamp"] <= asked["endTime"]]
        found.sort(key=lambda event: event["timestamp"])
        pages = [{"events": found[i : i + self.page]} for i in range(0, len(found), self.page)] or [
            {"events": []}
        ]
        return [{**page, "nextToken": "more"} for page in pages[:-1]] + pages[-1:]


def keys(*texts: Text) -> set[str]:
    """The keys of texts and of what is nested in them."""
    found: set[str] = set()
    for each in texts:
        found.add(each.key)
        for value in each.values.values():
            nested = (value,) if isinstance(value, Text) else value if isinstance(value, tuple) else ()
            found |= keys(*nested)
    return found
