"""When a check or a backup was ordered: the same for every attempt. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

# An event is not delivered later than this; an older time is not that of this order.
DELIVERED = timedelta(minutes=15)
# So long by Scheduler, by Lambda, and by Lambda once more as a failure.
GIVEN_UP = DELIVERED * 3


def due(event: Any, now: datetime, oldest: timedelta = DELIVERED) -> datetime:
    """The time in an event of EventBridge Scheduler (UTC); `now` for anything else and for an older one."""
    said = event.get("time") if isinstance(event, Mapping) else None
    try:
        at = datetime.fromisoformat(str(said)).astimezone(UTC)
    except (OverflowError, ValueError):
        return now
    return at if timedelta() <= now - at <= oldest else now
