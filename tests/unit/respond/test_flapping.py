"""An alarm that flaps costs a note on its incident, not a response each time; none is left without one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from responder.alarm_function.handler import World, answer
from responder.core.context import Gateway
from responder.core.errors import ResponderError, Unreachable
from responder.core.plain_data import Json
from tests.fakes import FakeAws
from tests.unit.respond.scene import Scene

pytestmark = pytest.mark.unit
EVIDENCE = "filter_log_events"
# The claim's own two calls are not among them.
HANDFUL = 5


def alarmed() -> Scene:
    scene = Scene().faults(15)
    scene.alarm()
    return scene


def calls_of(scene: Scene, act: Callable[[], Any]) -> list[str]:
    before = len(scene.aws.calls)
    act()
    return [operation for _, operation, _ in scene.aws.calls[before:]]


def back(scene: Scene, at: datetime | None = None) -> Json:
    return scene.deliver(scene.event(at=at or scene.aws.now))


@dataclass
class InterruptedGateway(Gateway):
    """A gateway through which something happens once, just before the first call of an operation."""

    aws: FakeAws
    operation: str
    interrupt: Callable[[], Any]

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if operation == self.operation:
            self.operation = ""
            self.interrupt()
        return self.aws.call(service, operation, **arguments)


def opened_beside(scene: Scene, flap: Callable[[], Any]) -> None:
    """The flap arrives while the first response is about to report."""
    world = World(
        InterruptedGateway(scene.aws, "publish", flap), scene.claims, scene.environment, scene.aws.now
    )
    answer(scene.playbook, scene.event(), None, world)


def test_a_flap_costs_a_note_and_no_evidence() -> None:
    scene = alarmed()
    scene.aws.tick(minutes=2)
    calls = calls_of(scene, lambda: back(scene))
    assert EVIDENCE not in calls
    assert len(calls) <= HANDFUL, calls
    assert len(scene.reported) == 1


def test_a_flap_is_on_the_timeline_and_keeps_the_incident_in_alarm() -> None:
    scene = alarmed()
    scene.aws.tick(minutes=1)
    scene.alarm(state="OK", at=scene.aws.now)
    scene.aws.tick(minutes=1)
    back(scene)
    states = [json.loads(row["data"])["state"] for row in scene.rows("STEP#") if row["kind"] == "state"]
    assert states == ["OK", "ALARM"]
    assert (scene.pointer["state"], scene.pointer.get("ok_since")) == ("ALARM", None)


def test_a_flap_beside_the_first_response_is_not_answered_a_second_time() -> None:
    scene = Scene().faults(15)
    opened_beside(scene, lambda: back(scene))
    assert len(scene.reported) == 1
    assert scene.aws.count("lambda", "update_function_configuration") == 4


def test_a_flap_from_before_the_decision_that_arrives_after_it_is_not_answered_either() -> None:
    scene = alarmed()
    late = scene.aws.now - timedelta(seconds=20)
    scene.aws.tick(seconds=30)
    calls = calls_of(scene, lambda: back(scene, late))
    assert EVIDENCE not in calls
    assert len(scene.reported) == 1


def test_the_repeat_of_a_flap_that_died_before_the_incident_was_followed_has_it_followed() -> None:
    scene = alarmed()
    scene.aws.tick(minutes=6)
    came = scene.aws.now
    scene.aws.fail("lambda", "invoke", Unreachable)
    with pytest.raises(ResponderError):
        back(scene, came)
    scene.aws.tick(minutes=1)
    assert calls_of(scene, lambda: back(scene, came)).count("invoke") == 1


@pytest.mark.parametrize("minutes", [5, 30])
def test_once_the_decision_is_older_than_five_minutes_it_is_made_again(minutes: int) -> None:
    scene = alarmed()
    scene.aws.tick(minutes=minutes)
    assert EVIDENCE in calls_of(scene, lambda: back(scene))


def test_where_the_first_response_died_the_next_change_after_two_minutes_is_answered() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(ResponderError):
        scene.alarm()
    scene.aws.heal()
    scene.aws.tick(seconds=61)  # its event said that the alarm was raised a minute before
    back(scene)
    assert len(scene.reported) == 1


def test_the_repeat_of_an_alarm_whose_message_failed_is_answered_in_full() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(ResponderError):
        scene.alarm()
    scene.alarm()
    assert len(scene.reported) == 1


@pytest.mark.parametrize("operation", ["get_item", "query"])
def test_where_the_decision_cannot_be_read_the_alarm_is_answered_in_full(operation: str) -> None:
    scene = alarmed()
    scene.aws.tick(minutes=2)
    scene.aws.fail("dynamodb", operation, Unreachable, times=1)
    calls = calls_of(scene, lambda: back(scene))
    assert (EVIDENCE in calls) == (operation == "get_item")
    assert len(scene.reported) == 1


def test_an_alarm_after_the_soak_is_another_incident_and_has_a_response() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    scene.alarm(state="OK", at=scene.aws.now)
    first = scene.pointer["incident"]
    scene.command("re-evaluate")
    scene.aws.tick(minutes=11)
    scene.faults(15, code="ThrottlingException")
    back(scene)
    assert scene.pointer["incident"] != first
    assert [each["incident"] for each in scene.reported].count(scene.pointer["incident"]) == 1


@pytest.mark.parametrize("reverse", [False, True])
def test_twenty_changes_in_three_seconds_are_reported_once(reverse: bool) -> None:
    """AWS gives their times in milliseconds; several are of the same second."""
    scene = Scene().faults(15)
    start = scene.aws.now - timedelta(minutes=1)
    times = [start + timedelta(milliseconds=150 * each) for each in range(20)]
    for at in reversed(times) if reverse else times:
        scene.deliver(scene.event(at=at))
    assert len(scene.reported) == 1
    assert scene.aws.count("lambda", "update_function_configuration") == 4
    assert len([row for row in scene.rows("STEP#") if row["kind"] == "state"]) == 19


def test_a_burst_of_changes_beside_the_first_response_is_reported_once() -> None:
    scene = Scene().faults(15)
    start = scene.aws.now - timedelta(minutes=1)

    def burst() -> None:
        for each in range(1, 20):
            scene.deliver(scene.event(at=start + timedelta(milliseconds=150 * each)))

    opened_beside(scene, burst)
    assert len(scene.reported) == 1


def test_an_ok_between_two_alarms_of_one_second_is_not_lost() -> None:
    scene = Scene().faults(15)
    start = scene.aws.now - timedelta(minutes=1)
    for milliseconds, state in ((0, "ALARM"), (200, "OK"), (400, "ALARM")):
        scene.deliver(scene.event(state, start + timedelta(milliseconds=milliseconds)))
    assert (scene.pointer["state"], scene.pointer.get("ok_since")) == ("ALARM", None)
    assert len(scene.reported) == 1
