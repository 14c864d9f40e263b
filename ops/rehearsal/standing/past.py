"""Traffic of the last days for a standing local AWS, so that what is computed from it can be tried."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from rehearsal.world.names import CREATE, NAMESPACE, RESULT
from rehearsal.world.points import Point

_DAYS = 15
# 300 sessions a day, from 09:00 to 21:00 in Tokyo: hours of UTC.
_HOURS, _AN_HOUR = range(12), 25.0


def points(now: datetime) -> Iterator[Point]:
    """The service's own metrics and Lambda's: one datapoint an hour, up to yesterday."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for ago in range(1, _DAYS + 1):
        for hour in _HOURS:
            at = today - timedelta(days=ago) + timedelta(hours=hour, minutes=30)
            for function, own in ((CREATE, "SessionCreated"), (RESULT, "SuccessCount")):
                yield Point("AWS/Lambda", "Invocations", (("FunctionName", function),), at, _AN_HOUR)
                yield Point(NAMESPACE, own, (), at, _AN_HOUR)
