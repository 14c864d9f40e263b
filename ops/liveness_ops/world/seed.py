"""Write described traffic into the local AWS: log lines and datapoints."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import batched

from liveness_ops.local_aws import LocalAws
from liveness_ops.world.functions import STREAM, group
from liveness_ops.world.lines import Format, lines
from liveness_ops.world.points import Dimensions, Point
from liveness_ops.world.traffic import Request


def put_lines(aws: LocalAws, requests: Iterable[Request], form: Format) -> None:
    """PutLogEvents, oldest first, one stream a function."""
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for request in requests:
        if request.logged:
            found[request.function].extend(lines(request, form))
    logs = aws.client("logs")
    for function, events in found.items():
        events.sort(key=lambda event: event[0])
        for part in batched(events, 5000, strict=False):
            logs.put_log_events(
                logGroupName=group(function),
                logStreamName=STREAM,
                logEvents=[{"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in part],
            )


def put_points(aws: LocalAws, points: Iterable[Point]) -> None:
    """The datapoints of a metric and minute together; a scenario has thousands."""
    minutes: dict[tuple[str, str, Dimensions, int], list[float]] = defaultdict(list)
    for point in points:
        minutes[point.namespace, point.metric, point.dimensions, int(point.at.timestamp() // 60)].append(
            point.value
        )
    found: dict[str, list[tuple[str, Mapping[str, str], float, list[float]]]] = defaultdict(list)
    for (namespace, metric, dimensions, minute), values in minutes.items():
        found[namespace].append((metric, dict(dimensions), 60.0 * minute, values))
    aws.put_points(found)
