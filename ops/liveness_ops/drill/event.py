"""The EventBridge event of an alarm, for events that arrive past the rule. Pure."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from liveness_ops.world.names import ACCOUNT, REGION


def event_of(name: str, change: Mapping[str, Any], now: datetime, words: str, data: str) -> dict[str, Any]:
    """The EventBridge event of a first transition, which has no previous reasonData."""
    at = now - timedelta(minutes=change.get("minutes", 0))
    created = {"reason": "Unchecked: Initial alarm creation", "timestamp": _stamp(at - timedelta(days=12))}
    extra = {key: value for key, value in change.items() if key not in ("minutes", "ok")}
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}{at}")),
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"],
        "detail": {
            "alarmName": name,
            "configuration": {"metrics": []},
            "previousState": {**created, "value": "INSUFFICIENT_DATA"},
            "state": {"reason": words, "reasonData": data, "timestamp": _stamp(at), "value": "ALARM"},
        },
        **extra,
    }


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "+0000"
