"""The rules against every file in events/, and against what must not wake people."""

import copy
import json
from pathlib import Path
from typing import Any, cast

import pytest
from moto.events.models import EventPattern

from liveness_ops.template_tools.alarms import logical_id
from liveness_ops.template_tools.load import EVENTS, defaults, resolve
from responder.core.plain_data import Json
from tests.rows import all_rows

FILES = sorted(EVENTS.rglob("*.json"))
CHANGE = "CloudWatch Alarm State Change"
BY_RULE = (CHANGE, "Durable Execution Status Change")
STATE_CHANGES = [
    path for path in FILES if json.loads(path.read_text(encoding="utf-8")).get("detail-type") in BY_RULE
]
type Rules = list[tuple[str, EventPattern]]
OTHER_ACCOUNT = "210987654321"


def load(path: Path) -> Json:
    event: Json = json.loads(path.read_text(encoding="utf-8"))
    return event


@pytest.fixture(scope="session")
def rules(template: Json, functions: dict[str, Json]) -> Rules:
    names = defaults(template)
    return [
        (name, EventPattern.load(json.dumps(resolve(event["Properties"]["Pattern"], names))))
        for name, function in functions.items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "EventBridgeRule"
    ]


def woken(rules: Rules, event: Json) -> set[str]:
    message = cast(Any, event)  # moto's type names only the keys of its own events
    return {name for name, rule in rules if rule.matches_event(message)}


def named(event: Json, name: str) -> Json:
    other = copy.deepcopy(event)
    other["detail"]["alarmName"] = name
    other["resources"] = [other["resources"][0].rpartition(":")[0] + f":{name}"]
    return other


@pytest.fixture
def event() -> Json:
    return load(EVENTS / "high-error-rate" / "alarm.json")


@all_rows("path", STATE_CHANGES)
def test_an_event_invokes_its_own_function_alone(rules: Rules, path: Path) -> None:
    assert woken(rules, load(path)) == {logical_id(path.parent.name.replace("-", "_"))}


@all_rows("path", sorted(set(FILES) - set(STATE_CHANGES)))
def test_commands_and_direct_actions_come_without_a_rule(rules: Rules, path: Path) -> None:
    assert woken(rules, load(path)) == set()


@pytest.mark.parametrize(
    "name",
    [
        "LivenessResponder-UndeliveredEvents-liveness-responder",
        "LivenessResponder-Unmailed-liveness-responder",
        "LivenessResponder-FailedTwice-liveness-responder",
        "LivenessResponder-WatchdogSilent-liveness-responder",
        "LivenessResponder-DailyCheckSilent-liveness-responder",
        "Billing-FaceAuth-Cost",
        "faceauth-liveness-higherrorrate",
        "OtherService-Errors",
    ],
)
def test_other_alarms_invoke_no_function(rules: Rules, event: Json, name: str) -> None:
    assert woken(rules, named(event, name)) == set()


@pytest.mark.parametrize("name", ["FaceAuth-Something-New", "FaceAuth-Liveness-LowConfidence-Corrected"])
def test_a_new_alarm_of_the_service_gets_the_generic_look(rules: Rules, event: Json, name: str) -> None:
    assert woken(rules, named(event, name)) == {"UnknownAlarm"}


def test_another_accounts_alarm_gets_no_generic_look(rules: Rules, event: Json) -> None:
    other = named(event, "FaceAuth-Something-New")
    foreign = json.loads(json.dumps(other).replace(other["account"], OTHER_ACCOUNT))
    assert woken(rules, foreign) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"source": "custom.cloudwatch"},
        {"detail-type": "CloudWatch Alarm Configuration Change"},
    ],
)
def test_other_kinds_of_events_invoke_no_function(rules: Rules, event: Json, change: dict[str, str]) -> None:
    assert woken(rules, event | change) == set()


def test_the_stacks_own_alarms_have_names_that_invoke_no_function(
    template: Json, rules: Rules, event: Json
) -> None:
    alarms = [
        resolve(each["Properties"]["AlarmName"], defaults(template))
        for each in template["Resources"].values()
        if each["Type"] == "AWS::CloudWatch::Alarm" and "AlarmActions" in each["Properties"]
    ]
    assert len(alarms) >= 15  # one more with each tenth function that may reserve executions
    assert all(name.startswith("LivenessResponder-") for name in alarms)
    assert {name for name in alarms if woken(rules, named(event, name))} == {SELF_TEST}


SELF_TEST = "LivenessResponder-SelfTest-liveness-responder"


@pytest.mark.parametrize(
    ("name", "state", "wakes"),
    [
        (SELF_TEST, "ALARM", {"UnknownAlarm"}),
        (SELF_TEST, "OK", {"UnknownAlarm"}),
        (f"{SELF_TEST}-2", "ALARM", set()),
        ("LivenessResponder-SelfTest-other", "ALARM", set()),
    ],
)
def test_the_alarm_of_the_self_test_invokes_the_generic_function_alone(
    rules: Rules, event: Json, name: str, state: str, wakes: set[str]
) -> None:
    raised = named(event, name)
    raised["detail"]["state"]["value"] = state
    assert woken(rules, raised) == wakes


FOLLOW_UP = "arn:aws:lambda:ap-northeast-1:123456789012:function:liveness-responder-follow-up"


@pytest.mark.parametrize(
    ("status", "function", "wakes"),
    [
        ("FAILED", f"{FOLLOW_UP}:7", True),
        ("STOPPED", f"{FOLLOW_UP}:live", True),
        ("TIMED_OUT", FOLLOW_UP, True),
        ("RUNNING", f"{FOLLOW_UP}:7", False),
        ("SUCCEEDED", f"{FOLLOW_UP}:7", False),
        ("FAILED", f"{FOLLOW_UP}-2:7", False),
    ],
)
def test_a_follow_up_that_ends_too_early_is_reported(
    rules: Rules, status: str, function: str, wakes: bool
) -> None:
    ended = load(EVENTS / "response-failed" / "follow_up_timed_out.json")
    ended["detail"] |= {"status": status, "functionArn": function}
    assert woken(rules, ended) == ({"ResponseFailed"} if wakes else set())
