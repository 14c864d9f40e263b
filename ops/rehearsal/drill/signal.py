"""Bring an alarm to ALARM, or send its event directly where the rule would not."""

import json
from collections.abc import Sequence
from datetime import datetime

from local_aws.client import LocalAws
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from rehearsal.drill.story import event_of, reason, story_of
from rehearsal.world.points import Point


def send(aws: LocalAws, scenario: Scenario, points: Sequence[Point], now: datetime) -> None:
    """Through the rule, as AWS does; directly where the scenario sends its own event."""
    if scenario.kind is not None:
        scenario.kind.becomes(aws.client("cloudwatch"), "ALARM", now)
        return
    if scenario.counted:
        aws.evaluate_alarm(story_of(scenario.alarm).name)
        return
    for other in scenario.beside:
        raised(aws, other, points, now)
    alarm_story = story_of(scenario.alarm, corrected=scenario.corrected)
    words, data = reason(alarm_story, alarm_story.values(points, now), now)
    by_hand = bool(scenario.event) or scenario.deliveries > 1
    if by_hand:
        silence(aws)
    value = "OK" if scenario.event.get("ok") else "ALARM"
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=alarm_story.name, StateValue=value, StateReason=words, StateReasonData=data
    )
    if by_hand:
        event = json.dumps(event_of(alarm_story.name, scenario.event, now, words, data))
        for _ in range(scenario.deliveries):
            aws.client("lambda").invoke(
                FunctionName=f"{STACK}-{scenario.alarm}", InvocationType="Event", Payload=event
            )


def raised(aws: LocalAws, alarm: str, points: Sequence[Point], now: datetime) -> None:
    """The alarm of the world goes off, with what these datapoints say."""
    alarm_story = story_of(alarm)
    words, data = reason(alarm_story, alarm_story.values(points, now), now)
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=alarm_story.name, StateValue="ALARM", StateReason=words, StateReasonData=data
    )


def silence(aws: LocalAws) -> None:
    """No rule delivers anything: events are sent directly."""
    events = aws.client("events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
