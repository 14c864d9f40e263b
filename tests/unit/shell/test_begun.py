"""Promises about what an earlier run began: not gone on with, what of it is set is told as set."""

from datetime import timedelta

import pytest

from tests.fakes import Died
from tests.unit.remedies.world import FOUR
from tests.unit.shell.scene import Scene
from tests.unit.shell.test_commands import ROLLOUT_TO_ZERO
from tests.unit.shell.test_half_done import died, state
from tests.unit.shell.test_not_released import behind_aliases, publish_by_hand, somebody_sets

pytestmark = pytest.mark.unit
UPDATE = ("lambda", "update_function_configuration")
BEGUN = "An earlier run began this change"


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


def test_what_is_set_in_part_is_never_told_as_only_proposed() -> None:
    scene = begun(3)
    over(scene)
    assert sorted(scene.percentages()) == ["0", "0", "50", "50"]
    assert scene.result["result"] == "partial"
    assert scene.result["because"]["key"] == "guard.already_ok"
    statuses = sorted(each["status"] for each in scene.result["changes"])
    assert statuses == ["already", "already", "planned", "planned"]
    assert BEGUN in scene.mail
    assert "SECURITY" in scene.mail


def test_what_is_set_everywhere_is_told_as_set() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    over(scene)
    assert scene.percentages() == ["0"] * 4
    assert scene.result["result"] == "already"
    assert scene.result["undo"] is not None


def test_what_was_begun_and_is_not_seen_has_failed_and_is_no_mere_proposal() -> None:
    scene = begun(1)
    over(scene)
    assert scene.percentages() == ["50"] * 4
    assert scene.result["result"] == "failed"
    assert [each["key"] for each in scene.result["also"]] == ["guard.begun_before"]
    assert state(scene) == "applying"


def test_what_is_in_force_in_part_stays_so_when_it_is_decided_again() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Died(), call=3, times=9)
    died(scene, scene.alarm)
    scene.command("continue", **ROLLOUT_TO_ZERO)
    assert state(scene) == "partial"
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    answer = scene.command("decide-again")
    assert answer["results"] == {"rollout_to_zero": "partial"}


def test_what_is_set_and_not_released_is_no_mere_proposal() -> None:
    scene = behind_aliases()
    somebody_sets(scene)
    scene.command("continue", **ROLLOUT_TO_ZERO)
    scene.state = "OK"
    scene.aws.tick(minutes=5)
    answer = scene.command("decide-again")
    assert answer["results"] == {"rollout_to_zero": "partial"}


def test_a_decision_made_again_finds_what_was_published_by_hand() -> None:
    scene = behind_aliases()
    somebody_sets(scene)
    scene.command("continue", **ROLLOUT_TO_ZERO)
    publish_by_hand(scene)
    written = scene.aws.count(*UPDATE)
    scene.aws.tick(minutes=5)
    answer = scene.command("decide-again")
    assert answer["results"] == {"rollout_to_zero": "applied"}
    assert state(scene) == "in_force"
    assert scene.aws.count(*UPDATE) == written
    assert scene.percentages() == ["0"] * len(FOUR)
