"""The self-test: everyone is notified, nothing else happens, and no other alarm is ever taken for it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from alarms import unknown_alarm
from responder.alarm_function.handler import World
from responder.alarm_function.self_test import ALARM, answer
from responder.core.errors import Denied, Unreachable
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.store import self_tests
from tests.unit.respond.scene import Scene

NAME = ALARM.format(stack="responder")


@pytest.fixture
def scene() -> Scene:
    made = Scene(playbook=unknown_alarm.playbook)
    made.environment.pop("ALARM_NAME")
    return made


def event(scene: Scene, name: str = NAME, **more: Any) -> Json:
    raised = scene.event(**more)
    raised["detail"]["alarmName"] = name
    raised["resources"] = [f"{raised['resources'][0].rpartition(':')[0]}:{name}"]
    return raised


def raise_it(scene: Scene, raised: Json) -> Json | None:
    return answer(raised, None, World(scene.aws, scene.claims, scene.environment, scene.aws.now))


def writes(scene: Scene) -> set[tuple[str, str]]:
    reads = ("get", "list", "describe", "query")
    return {
        (service, operation) for service, operation, _ in scene.aws.calls if not operation.startswith(reads)
    }


def test_every_address_is_reported_that_it_is_a_test_and_asks_nothing(scene: Scene) -> None:
    assert raise_it(scene, event(scene)) == {"self_test": "self-test-20260204T102400Z", "notified": True}
    (sent,) = scene.aws.sns.published
    assert sent["Subject"] == "[INFO] Self-test of the messages, no action needed"
    # The filter policy of every subscription of the template lets a level 4 through.
    assert sent["MessageAttributes"]["level"]["StringValue"] == "4"
    assert scene.mail.splitlines()[0] == (
        "Self-test: this message confirms that messages of responder arrive. "
        "This is not an incident; no action needed."
    )


@pytest.mark.parametrize(
    ("letters", "subject"),
    [
        (True, "【情報】通知のセルフテスト（対応不要）"),
        (False, "[INFO] Self-test of the messages, no action needed"),
    ],
)
def test_a_japanese_subject_is_tried_and_what_sns_says_is_on_record(
    scene: Scene, letters: bool, subject: str
) -> None:
    scene.environment["LANGUAGE"] = "ja"
    scene.aws.sns.letters = letters
    raise_it(scene, event(scene))
    assert [each["Subject"] for each in scene.aws.sns.published] == [subject]
    found = self_tests.last(scene.aws, "Incidents")
    assert found is not None and (found.notified, found.letters) == (True, letters)


@pytest.mark.parametrize(("mode", "next_steps"), [("observe", True), ("auto", False)])
def test_the_first_message_of_a_stack_names_what_comes_next(
    scene: Scene, mode: str, next_steps: bool
) -> None:
    scene.aws.ssm.modes["everywhere"] = mode
    raise_it(scene, event(scene))
    commands = ("liveness-ops check daily", "liveness-ops settings", "liveness-ops mode approve")
    assert [each in scene.mail for each in commands] == [next_steps] * 3
    assert "--name /responder/stops/everything --type String --value stop" in scene.mail
    assert f"Current mode: {mode}; pauses in force: 0" in scene.mail


def test_nothing_is_looked_at_or_changed_and_no_incident_is_opened(scene: Scene) -> None:
    raise_it(scene, event(scene))
    assert writes(scene) == {("dynamodb", "put_item"), ("dynamodb", "update_item"), ("sns", "publish")}
    assert [row["pk"]["S"] for row in scene.aws.dynamo.rows("Incidents")] == ["SELF-TEST"]
    assert {service for service, _, _ in scene.aws.calls} == {"dynamodb", "sns", "ssm"}


def test_what_it_found_is_on_record_for_the_console(scene: Scene) -> None:
    scene.aws.ssm.parameters["/responder/stops/release"] = json.dumps({"who": "ken", "why": "deploying"})
    raise_it(scene, event(scene))
    found = self_tests.last(scene.aws, "Incidents")
    assert found is not None
    assert (found.mode, found.stops, found.problem, found.notified) == (Mode.AUTO, 1, None, True)


@pytest.mark.parametrize("value", ["no json", '{"people": {"aiko": {}}}'])
def test_a_settings_document_that_cannot_be_used_is_found(scene: Scene, value: str) -> None:
    scene.aws.ssm.parameters["/responder/settings"] = value
    raise_it(scene, event(scene))
    found = self_tests.last(scene.aws, "Incidents")
    assert found is not None and found.problem is not None and found.notified


def test_switches_that_cannot_be_read_are_found_and_reported_all_the_same(scene: Scene) -> None:
    scene.aws.fail("ssm", "get_parameters_by_path", Denied, times=9)
    raise_it(scene, event(scene))
    found = self_tests.last(scene.aws, "Incidents")
    assert found is not None and found.mode is None and found.problem is not None and found.notified
    assert "unreadable" in scene.mail


def test_a_topic_that_refuses_is_on_record_and_not_tried_again(scene: Scene) -> None:
    scene.aws.fail("sns", "publish", Denied, times=9)
    answered = raise_it(scene, event(scene))
    assert answered is not None and answered["notified"] is False
    found = self_tests.last(scene.aws, "Incidents")
    assert found is not None and found.notified is False and found.refused is not None


def test_where_nothing_can_be_put_on_record_it_is_reported_once(scene: Scene) -> None:
    scene.aws.fail("dynamodb", "put_item", Unreachable, times=9)
    raise_it(scene, event(scene))
    assert len(scene.aws.sns.published) == 1


def test_however_often_it_is_raised_one_message_a_minute_goes_out(scene: Scene) -> None:
    for second in (0, 1, 30):
        raise_it(scene, event(scene, at=scene.aws.now - timedelta(seconds=second)))
    assert len(scene.aws.sns.published) == 1
    scene.aws.tick(seconds=61)
    raise_it(scene, event(scene))
    assert len(scene.aws.sns.published) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"state": "OK"},
        {"state": "INSUFFICIENT_DATA"},
        {"replay-name": "old"},
        {"at": -timedelta(minutes=16)},
        {"at": timedelta(minutes=6)},
    ],
    ids=str,
)
def test_a_calm_and_an_old_event_are_reported_to_no_one(scene: Scene, change: Json) -> None:
    if isinstance(change.get("at"), timedelta):
        change = {"at": scene.aws.now + change["at"]}
    answered = raise_it(scene, event(scene, **change))
    assert answered is not None and answered["self_test"] is None
    assert scene.aws.sns.published == []


@pytest.mark.parametrize(
    "name",
    [
        "FaceAuth-Liveness-HighErrorRate",
        f"FaceAuth-{NAME}",
        f"{NAME}-2",
        "LivenessResponder-SelfTest-other",
        "LivenessResponder-Unmailed-responder",
    ],
)
def test_no_other_alarm_is_taken_for_it(scene: Scene, name: str) -> None:
    assert raise_it(scene, event(scene, name)) is None
    assert scene.aws.calls == []


def test_the_alarm_of_another_account_or_region_is_not_taken_for_it(scene: Scene) -> None:
    for place in ("us-east-1:999999999999", "eu-west-1:123456789012"):
        raised = event(scene)
        raised["resources"] = [raised["resources"][0].replace("us-east-1:123456789012", place)]
        assert raise_it(scene, raised) is None


def test_words_of_the_event_make_no_self_test_of_a_real_alarm(scene: Scene) -> None:
    raised = event(scene, "FaceAuth-Something-New")
    raised["detail"]["state"]["reason"] = raised["detail"]["configuration"] = NAME
    raised["detail-type"] = "self-test"
    assert raise_it(scene, raised) is None


def test_a_self_test_hides_no_alarm_that_comes_at_the_same_moment(scene: Scene) -> None:
    raise_it(scene, event(scene))
    answered = scene.deliver(event(scene, "FaceAuth-Something-New"))
    assert answered["incident"].startswith("FaceAuth-Something-New-")
    assert len(scene.aws.sns.published) == 2
