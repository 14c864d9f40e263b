"""Traffic of the last days for a standing local AWS, so that what is computed from it can be tried."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from rehearsal.world.names import CREATE, NAMESPACE, RESULT
from rehearsal.world.points import Point

_DAYS = 15
# 300 sessions a day, from 09:00 to 21:00 in Tokyo: hours of UTC.
_HOURS, _AN_HOUR = range(12), 25.0
# The longest window of an alarm, so that only what the user does moves an alarm.
_QUIET = timedelta(hours=3)


def points(now: datetime) -> Iterator[Point]:
    """The service's own metrics and Lambda's: one datapoint an hour."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for ago in range(_DAYS + 1):
        for hour in _HOURS:
            at = today - timedelta(days=ago) + timedelta(hours=hour, minutes=30)
            if at > now - _QUIET:
                continue
            for function, own in ((CREATE, "SessionCreated"), (RESULT, "SuccessCount")):
                yield Point("AWS/Lambda", "Invocations", (("FunctionName", function),), at, _AN_HOUR)
                yield Point(NAMESPACE, own, (), at, _AN_HOUR)
