"""Promises about what an earlier run began: not continued, what of it is set is reported as set."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from responder.core.errors import Denied, Throttled
from tests.fakes import Died
from tests.texts import piece
from tests.unit.remedies.world import FOUR, ROLLOUT
from tests.unit.respond.scene import TRIES, Scene
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO
from tests.unit.respond.test_half_done import died, state
from tests.unit.respond.test_not_released import behind_aliases, person_sets, publish_by_hand

UPDATE = ("lambda", "update_function_configuration")
BEGUN = piece("guard.begun_before")


def over(scene: Scene) -> None:
    """The alarm is calm again when Lambda delivers the event once more."""
    scene.state = "OK"
    scene.aws.tick(minutes=1)
    scene.alarm(at=scene.aws.now - timedelta(minutes=2))


def begun(calls: int) -> Scene:
    """The run died with the `calls`-th write; those before it are set."""
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Died(), call=calls, times=9)
    died(scene, scene.alarm)
    return scene


def test_what_is_set_in_part_is_never_reported_as_only_proposed() -> None:
    scene = begun(3)
    over(scene)
    assert sorted(scene.percentages()) == ["0", "0", "50", "50"]
    assert scene.result["result"] == "partial"
    assert scene.result["because"]["key"] == "guard.already_ok"
    rows = sorted((each["status"], (each["note"] or {}).get("key", "")) for each in scene.result["changes"])
    assert rows == [("already", "")] * 2 + [("failed", "change.begun")] * 2
    assert BEGUN in scene.mail
    assert "SECURITY" in scene.mail


def test_what_is_set_everywhere_is_reported_as_set() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    over(scene)
    assert scene.percentages() == ["0"] * 4
    assert scene.result["result"] == "already"
    assert scene.result["undo"] is not None


def nothing_written() -> Scene:
    return begun(1)


def written_and_unreadable() -> Scene:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    scene.aws.heal()
    scene.aws.fail("lambda", "get_function_configuration", Denied, times=99)
    return scene


@pytest.mark.parametrize("died_with", [nothing_written, written_and_unreadable, behind_aliases])
def test_what_was_begun_and_is_not_seen_may_be_set(died_with: Callable[[], Scene]) -> None:
    scene = died_with()
    over(scene)
    assert scene.result["result"] == "partial"
    assert {each["note"]["key"] for each in scene.result["changes"]} == {"change.begun"}
    assert "guard.begun_before" in [each["key"] for each in scene.result["also"]]
    assert state(scene) == "applying"


@pytest.mark.parametrize("lease", ["partial", "applying"])
def test_what_is_set_is_reported_where_it_cannot_be_gone_on_with(lease: str) -> None:
    scene = begun(3)
    if lease == "partial":
        scene.command("finish", **ROLLOUT_TO_ZERO)
    assert state(scene) == lease
    scene.aws.heal()
    scene.aws.tick(minutes=5)
    scene.aws.fail("dynamodb", "transact_write_items", Denied)
    scene.command("re-evaluate")
    assert scene.result["result"] == "partial"
    assert scene.result["because"]["key"] == "guard.record_failed"
    assert [each["status"] for each in scene.result["changes"]].count("failed") == 2
    assert "Applied to only 2 of 4 targets" in scene.mail


def test_what_was_begun_is_followed_though_the_verdict_is_not_on_record() -> None:
    scene = begun(3)
    scene.aws.heal()
    scene.aws.fail("dynamodb", "put_item", Denied, times=99)
    over(scene)
    assert len(scene.reported) == 1
    assert scene.aws.lambdas.executions


def test_what_is_reported_once_more_is_not_counted_as_applied_once_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Throttled, where={"FunctionName": FOUR[0]}, times=TRIES)
    scene.alarm()
    assert scene.result["result"] == "partial"
    scene.aws.settle()
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    count = len(scene.reported)
    scene.command("re-evaluate")
    assert len(scene.reported) == count + 1
    assert capsys.readouterr().out.count('"Applied":[1.0]') == 1


def test_what_a_person_has_undone_since_is_not_notified_as_set() -> None:
    scene = begun(3)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    answer = scene.command("re-evaluate")
    assert answer["results"] == {"rollout_to_zero": "observed"}


def test_what_is_in_force_in_part_stays_so_when_it_is_decided_again() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Died(), call=3, times=9)
    died(scene, scene.alarm)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert state(scene) == "partial"
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    answer = scene.command("re-evaluate")
    assert answer["results"] == {"rollout_to_zero": "partial"}


def test_a_value_that_is_set_and_not_released_is_reported_as_partial() -> None:
    scene = behind_aliases()
    person_sets(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    answer = scene.command("re-evaluate")
    assert answer["results"] == {"rollout_to_zero": "partial"}


def test_a_decision_made_again_finds_what_was_published_by_hand() -> None:
    scene = behind_aliases()
    person_sets(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    publish_by_hand(scene)
    written = scene.aws.count(*UPDATE)
    scene.aws.tick(minutes=5)
    answer = scene.command("re-evaluate")
    assert answer["results"] == {"rollout_to_zero": "applied"}
    assert state(scene) == "in_force"
    assert scene.aws.count(*UPDATE) == written
    assert scene.percentages() == ["0"] * len(FOUR)


def test_what_was_published_by_hand_is_reported_as_set_also_when_the_alarm_is_over() -> None:
    scene = behind_aliases()
    person_sets(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    publish_by_hand(scene)
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    answer = scene.command("re-evaluate")
    assert answer["results"] == {"rollout_to_zero": "already"}
    assert [(each["status"], each["note"]) for each in scene.result["changes"]] == [("already", None)] * 4
