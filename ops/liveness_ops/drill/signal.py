"""Bring an alarm to ALARM, or send its event by hand where the rule would not do."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.stack import STACK
from liveness_ops.drill.story import STORIES, Story, reason
from liveness_ops.local_aws import LocalAws
from liveness_ops.world.names import ACCOUNT, REGION
from liveness_ops.world.points import Point

UNKNOWN = Story("FaceAuth-Something-New", lambda points: 60.0, 50.0, 1, "Sum")


def story(scenario: Scenario) -> Story:
    """How the scenario's alarm reads its metric."""
    return STORIES.get(scenario.alarm, UNKNOWN)


def send(aws: LocalAws, scenario: Scenario, points: list[Point], now: datetime) -> None:
    """Through the rule, as AWS does; past it where the scenario sends an event of its own."""
    told = story(scenario)
    words, data = reason(told, told.values(points, now), now)
    by_hand = bool(scenario.event) or scenario.deliveries > 1
    if by_hand:
        _silence(aws)
    if not scenario.event.get("ok"):
        aws.client("cloudwatch").set_alarm_state(
            AlarmName=told.name, StateValue="ALARM", StateReason=words, StateReasonData=data
        )
    if by_hand:
        event = json.dumps(event_of(told.name, scenario.event, now, words, data))
        for _ in range(scenario.deliveries):
            aws.client("lambda").invoke(
                FunctionName=f"{STACK}-{scenario.alarm}", InvocationType="Event", Payload=event
            )


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


def _silence(aws: LocalAws) -> None:
    events = aws.client("events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "+0000"
