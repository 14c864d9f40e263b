"""Bring an alarm to ALARM, or send its event directly where the rule would not."""

import json
from collections.abc import Sequence
from datetime import datetime

from local_aws.client import LocalAws
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from rehearsal.drill.watched_alarms import event_of, reason, watched_alarm
from rehearsal.world.points import Point


def send(aws: LocalAws, scenario: Scenario, points: Sequence[Point], now: datetime) -> None:
    """Through the rule, as AWS does; directly where the scenario sends its own event."""
    if scenario.kind is not None:
        scenario.kind.becomes(aws.client("cloudwatch"), "ALARM", now)
        return
    if scenario.counted:
        aws.evaluate_alarm(watched_alarm(scenario.alarm).name)
        return
    for other in scenario.beside:
        raised(aws, other, points, now)
    watched = watched_alarm(scenario.alarm, corrected=scenario.corrected)
    words, data = reason(watched, watched.values(points, now), now)
    by_hand = bool(scenario.event) or scenario.deliveries > 1
    if by_hand:
        silence(aws)
    value = "OK" if scenario.event.get("ok") else "ALARM"
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=watched.name, StateValue=value, StateReason=words, StateReasonData=data
    )
    if by_hand:
        event = json.dumps(event_of(watched.name, scenario.event, now, words, data))
        for _ in range(scenario.deliveries):
            aws.client("lambda").invoke(
                FunctionName=f"{STACK}-{scenario.alarm}", InvocationType="Event", Payload=event
            )


def raised(aws: LocalAws, alarm: str, points: Sequence[Point], now: datetime) -> None:
    """The alarm of the world goes off, with what these datapoints say."""
    watched = watched_alarm(alarm)
    words, data = reason(watched, watched.values(points, now), now)
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=watched.name, StateValue="ALARM", StateReason=words, StateReasonData=data
    )


def silence(aws: LocalAws) -> None:
    """No rule delivers anything: events are sent directly."""
    events = aws.client("events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
