"""Write described traffic into the local AWS: log lines and datapoints."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from liveness_ops.world.build import Clients
from liveness_ops.world.functions import STREAM, group
from liveness_ops.world.lines import Format, lines
from liveness_ops.world.points import Dimensions, Point
from liveness_ops.world.traffic import Request

_A_CALL = 900


def put_lines(client: Clients, requests: Iterable[Request], form: Format) -> None:
    """PutLogEvents, oldest first, one stream a function."""
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for request in requests:
        if request.logged:
            found[request.function].extend(lines(request, form))
    logs = client("logs")
    for function, events in found.items():
        events.sort(key=lambda event: event[0])
        for part in batched(events, 5000, strict=False):
            logs.put_log_events(
                logGroupName=group(function),
                logStreamName=STREAM,
                logEvents=[{"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in part],
            )


def put_points(client: Clients, points: Iterable[Point]) -> None:
    """PutMetricData; values of one metric and minute travel together."""
    cloudwatch = client("cloudwatch")
    for namespace, data in _data(points):
        for part in batched(data, _A_CALL, strict=False):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=list(part))


def _data(points: Iterable[Point]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    minutes: dict[str, dict[tuple[str, Dimensions, int], list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for point in points:
        minute = int(point.at.timestamp() // 60)
        minutes[point.namespace][(point.metric, point.dimensions, minute)].append(point.value)
    for namespace, rows in minutes.items():
        yield namespace, [_datum(*row, values) for row, values in rows.items()]


def _datum(metric: str, dimensions: Dimensions, minute: int, values: list[float]) -> dict[str, Any]:
    return {
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
        "Timestamp": datetime.fromtimestamp(minute * 60, UTC),
        "Values": values,
        "Counts": [1.0] * len(values),
    }
