"""Events of the repository with fresh times, as an alarm of this minute would send them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liveness_ops.template_tools.event_stub import REGION, stamp

_FIRST_ALARM = "20260204T012512Z"  # in the incident ids of the command events


def incident_time(at: datetime) -> str:
    """The time as in incident ids."""
    return f"{at:%Y%m%dT%H%M%SZ}"


def stamped(event: Mapping[str, Any], now: datetime, opened: datetime, region: str) -> dict[str, Any]:
    """The event as of `now`; a command names the incident that was `opened` by this folder's alarm."""
    placed = (
        json.dumps(event).replace(f":{REGION}:", f":{region}:").replace(_FIRST_ALARM, incident_time(opened))
    )
    fresh: dict[str, Any] = json.loads(placed)
    inner = fresh.get("requestPayload", fresh)
    if "region" in inner:
        inner["region"] = region
    if "time" in inner:
        inner["time"] = f"{now:%Y-%m-%dT%H:%M:%SZ}" if "detail" in inner else stamp(now)
    change = inner.get("detail") or inner.get("alarmData")
    # The scheduler's own detail is a string, that of an ended follow-up has no state.
    if isinstance(change, dict) and "state" in change:
        change["state"]["timestamp"] = stamp(now)
    return fresh
