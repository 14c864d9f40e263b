"""Promises about what is set in $LATEST and kept from the aliases: it stays on record and goes back."""

from datetime import timedelta

import pytest

from responder.core.errors import Denied
from tests.fakes import Died
from tests.texts import piece
from tests.unit.remedies.world import FOUR, ROLLOUT, percentages
from tests.unit.respond.scene import Scene
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO, applied, approved_restore
from tests.unit.respond.test_half_done import died, state


def behind_aliases() -> Scene:
    """All four are released by an alias; the response wrote them and died."""
    scene = Scene().faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    return scene


def person_sets(scene: Scene, value: str = "30") -> None:
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, AD_TIMEOUT=value)


def publish_by_hand(scene: Scene) -> None:
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")


@pytest.mark.parametrize("how", ["the event again", "finish"])
def test_what_a_run_that_died_has_set_is_not_given_up_where_it_cannot_be_released(how: str) -> None:
    scene = behind_aliases()
    person_sets(scene)
    scene.aws.tick(minutes=1)
    if how == "finish":
        scene.command("finish", **ROLLOUT_TO_ZERO)
    else:
        scene.alarm(at=scene.aws.now - timedelta(minutes=2))
    assert (scene.percentages(), percentages(scene.aws, "live")) == (["0"] * 4, ["50"] * 4)
    assert state(scene) == "partial"
    assert piece("change.not_released") in scene.mail


def test_what_is_published_by_hand_is_found_in_force() -> None:
    scene = behind_aliases()
    person_sets(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    publish_by_hand(scene)
    scene.aws.tick(minutes=2)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "applied"
    assert state(scene) == "in_force"


def test_what_was_never_released_goes_back_without_a_release() -> None:
    scene = behind_aliases()
    person_sets(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    published = scene.aws.count("lambda", "publish_version")
    scene.state = "OK"
    approved_restore(scene)
    assert scene.percentages() == ["50"] * 4
    assert scene.aws.lambdas.variables(FOUR[0])["AD_TIMEOUT"] == "30"
    assert scene.aws.count("lambda", "publish_version") == published


@pytest.mark.parametrize("how", ["a person's settings", "no right"])
def test_an_approval_of_one_step_back_never_restores_everyone(how: str) -> None:
    scene = behind_aliases()
    if how == "no right":
        scene.aws.fail("lambda", "publish_version", Denied, times=4)
    else:
        person_sets(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    publish_by_hand(scene)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10})
    proposal = scene.result["approval"]
    assert [each["after"] for each in scene.result["changes"]] == ["10"] * 4
    scene.approve(proposal)
    scene.aws.tick(minutes=1)
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["because"]["key"] == "guard.proposal_changed"
    assert scene.percentages() == ["0"] * 4
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10}, proposal=proposal)
    assert scene.percentages() == ["10"] * 4


def test_where_aws_gives_up_during_a_revert_the_lease_keeps_the_current_value() -> None:
    scene = applied()
    scene.aws.settle()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    for name in FOUR:
        scene.aws.lambdas.fail_next_update(name)
    approved_restore(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["0"] * 4
    assert state(scene) == "reverting"
    scene.command("revert", **ROLLOUT_TO_ZERO)
    shown = [(each["setting"], each["before"], each["after"]) for each in scene.result["changes"]]
    assert shown == [(ROLLOUT, "0", "50")] * 4
