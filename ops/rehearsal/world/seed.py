"""Write described traffic into the local AWS, log lines and datapoints: one request each, where its own API
would take many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from local_aws.client import LocalAws
from rehearsal.world.functions import STREAM, group
from rehearsal.world.lines import Format, lines
from rehearsal.world.points import Dimensions, Point
from rehearsal.world.traffic import Request


def put_lines(aws: LocalAws, requests: Iterable[Request], form: Format) -> None:
    """Into one stream of each function's log group, oldest first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for request in requests:
        if request.logged:
            events = ((int(at.timestamp() * 1000), text) for at, text in lines(request, form))
            found[group(request.function)].extend(events)
    for each in found.values():
        each.sort(key=lambda event: event[0])
    aws.put_lines(STREAM, found)


def put_points(aws: LocalAws, points: Iterable[Point]) -> None:
    """The datapoints of a metric and minute together; a scenario has thousands."""
    minutes: dict[tuple[str, str, Dimensions, int], list[float]] = defaultdict(list)
    # The points of one request have one time.
    at, minute = None, 0
    for point in points:
        if point.at is not at:
            at, minute = point.at, int(point.at.timestamp() // 60)
        minutes[point.namespace, point.metric, point.dimensions, minute].append(point.value)
    found: dict[str, list[tuple[str, Mapping[str, str], float, list[float]]]] = defaultdict(list)
    for (namespace, metric, dimensions, minute), values in minutes.items():
        found[namespace].append((metric, dict(dimensions), 60.0 * minute, values))
    aws.put_points(found)
