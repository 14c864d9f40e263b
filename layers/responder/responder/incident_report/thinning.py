"""Fewer datapoints for the eye and the file; each kept one is a real one."""

import math
from itertools import batched

from responder.core.series import Series
from responder.incident_report.model import AlarmMetric

MOST = 300


def thin(measure: AlarmMetric) -> Series:
    """At most 300 datapoints: of each stretch the one nearest to, or furthest beyond, the threshold."""
    points = measure.series.points
    if len(points) <= MOST:
        return measure.series
    worst = min if measure.comparison.startswith("Less") else max
    lost = math.inf if worst is min else -math.inf
    stretches = batched(points, -(-len(points) // MOST), strict=False)
    return Series(
        tuple(
            worst(stretch, key=lambda point: point[1] if math.isfinite(point[1]) else lost)
            for stretch in stretches
        )
    )
