"""Promises about an approved revert: done once, to what was shown, and never over a person's value."""

import json

import pytest

from responder.core.errors import Denied, Throttled, Unreachable
from responder.core.text import Strings
from tests.fakes import Died
from tests.unit.remedies.world import FOUR, ROLLOUT, percentages
from tests.unit.respond.scene import TRIES, Scene, played_once
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO, applied
from tests.unit.respond.test_half_done import READ, UPDATE, died, state

SPEND = {"TableName": "Incidents", "UpdateExpression": "SET since = :at, carried_by = :by"}


@played_once
def off(*, alias: bool = False) -> Scene:
    """Rollout 0 % everywhere, and the alarm is OK."""
    scene = applied(alias=alias)
    for _ in range(3):
        scene.aws.tick(minutes=1)
        scene.command("finish", **ROLLOUT_TO_ZERO)
        scene.aws.settle()
    scene.state = "OK"
    return scene


def approved(scene: Scene, **wanted: object) -> dict[str, object]:
    """The command that carries it out."""
    scene.aws.tick(minutes=1)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted=wanted)
    proposal = scene.result["approval"]
    scene.aws.tick(minutes=1)
    scene.approve(proposal)
    scene.aws.tick(seconds=30)
    return {**ROLLOUT_TO_ZERO, "wanted": wanted, "proposal": proposal}


def carried_by(scene: Scene) -> list[str]:
    return [str(each.get("carried_by")) for each in scene.rows("PROPOSAL#")]


@pytest.mark.parametrize("kept", [(), FOUR[:1]])
@pytest.mark.parametrize("wanted", [{"percent": 10}, {}])
def test_delivered_again_it_is_neither_reported_again_nor_loses_who_approved_it(
    wanted: dict[str, int], kept: Strings
) -> None:
    scene = off()
    command = approved(scene, **wanted)
    for name in kept:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "30"})
    scene.aws.settle()
    scene.command("revert", **command)
    scene.aws.settle()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    sent = len(scene.reported)
    scene.aws.tick(minutes=1)
    scene.command("revert", **command)
    assert len(scene.reported) == sent
    assert carried_by(scene) == ["aiko"]


@pytest.mark.parametrize("kept", [(), FOUR[:1]])
@pytest.mark.parametrize("wanted", [{"percent": 10}, {}])
def test_a_run_that_dies_before_its_approval_is_used_up_is_reported_as_what_it_did(
    wanted: dict[str, int],
    kept: Strings,
) -> None:
    scene = off()
    command = approved(scene, **wanted)
    for name in kept:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "30"})
    scene.aws.settle()
    scene.aws.fail("dynamodb", "update_item", Died(), where=SPEND)
    died(scene, lambda: scene.command("revert", **command))
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.aws.tick(minutes=1)
    scene.command("revert", **command)
    assert scene.result["result"] == ("stepped" if wanted else "reverted")
    assert "Approved by aiko" in json.dumps(scene.reported[-1]["outcomes"])
    assert carried_by(scene) == ["aiko"]


def test_a_value_that_a_run_set_before_it_died_is_not_taken_for_a_persons() -> None:
    scene = off()
    command = approved(scene, percent=10)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, lambda: scene.command("revert", **command))
    scene.aws.heal()
    assert scene.percentages() == ["10"] * 4
    scene.command("revert", **approved(scene))
    scene.aws.settle()
    assert scene.percentages() == ["50"] * 4


def test_an_old_value_that_a_run_set_before_it_died_is_not_lowered_again() -> None:
    scene = off()
    command = approved(scene)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, lambda: scene.command("revert", **command))
    scene.aws.heal()
    scene.aws.settle()
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10})
    if proposal := scene.result.get("approval"):
        scene.approve(proposal)
        scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10}, proposal=proposal)
    assert scene.percentages() == ["50"] * 4


def test_a_value_from_before_a_crash_is_remembered_until_it_is_reverted() -> None:
    scene = off()
    command = approved(scene, percent=10)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, lambda: scene.command("revert", **command))
    scene.aws.heal()
    scene.aws.settle()
    scene.aws.fail(*UPDATE, Throttled, where={"FunctionName": FOUR[0]}, times=TRIES)
    scene.command("revert", **approved(scene))
    assert scene.percentages() == ["10", "50", "50", "50"]
    scene.command("revert", **approved(scene))
    assert scene.percentages() == ["50"] * 4


def test_a_value_that_was_set_without_an_answer_is_not_taken_for_a_persons() -> None:
    scene = off()
    command = approved(scene, percent=10)
    scene.aws.fail(*UPDATE, Unreachable, where={"FunctionName": FOUR[0]}, times=1, after=True)
    scene.aws.fail(*READ, Throttled, where={"FunctionName": FOUR[0]}, call=2, times=TRIES)
    scene.command("revert", **command)
    assert scene.percentages() == ["10"] * 4
    assert "change.outcome_unknown" in str(scene.result["changes"])
    scene.aws.settle()
    scene.command("revert", **approved(scene))
    assert scene.percentages() == ["50"] * 4


def test_what_was_never_set_and_cannot_be_read_keeps_no_lease_open() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Throttled, where={"FunctionName": FOUR[3]}, times=TRIES)
    scene.alarm()
    scene.aws.settle()
    scene.state = "OK"
    command = approved(scene)
    for name in FOUR[:3]:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "30"})
    scene.aws.settle()
    scene.aws.fail(*READ, Throttled, where={"FunctionName": FOUR[3]}, times=TRIES)
    scene.command("revert", **command)
    assert scene.percentages() == ["30", "30", "30", "50"]
    assert state(scene) == "ended"


def test_a_revert_that_aws_gave_up_is_not_taken_for_a_change_by_others() -> None:
    scene = off()
    command = approved(scene)
    for name in FOUR:
        scene.aws.lambdas.fail_next_update(name)
    scene.command("revert", **command)
    scene.aws.settle()
    scene.command("check-leases")
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["0"] * 4
    assert {each["status"] for each in scene.leases()[0]["changes"]} == {"applied"}
    assert state(scene) != "ended"


def test_what_a_person_chose_is_kept_also_where_it_is_what_we_had_set() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "30"})
    scene.aws.settle()
    scene.aws.tick(minutes=1)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "0"})
    scene.state = "OK"
    command = approved(scene)
    assert FOUR[0] not in [each["target"] for each in scene.result["changes"]]
    scene.command("revert", **command)
    assert scene.percentages() == ["0", "50", "50", "50"]


def test_what_is_in_force_nowhere_keeps_no_lease_open() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Denied, call=1, times=2)
    scene.alarm()
    for name, value in zip(FOUR, scene.percentages(), strict=True):
        if value == "0":
            scene.aws.lambdas.person_sets(name, **{ROLLOUT: "30"})
    scene.aws.settle()
    scene.aws.tick(minutes=1)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert state(scene) == "failed"
    assert "SECURITY LOWERED" not in scene.reported[-1]["headlines"]["en"]


def test_variables_that_cannot_be_read_are_not_taken_for_changed() -> None:
    scene = applied(alias=True)
    for name in FOUR:
        scene.aws.lambdas.lock_key(name)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert state(scene) == "in_force"
    assert {each["note"]["key"] for each in scene.leases()[0]["changes"]} == {"obstacle.variables_unreadable"}


def test_a_revert_that_cannot_read_the_variables_does_not_end_the_lease() -> None:
    scene = off()
    for name in FOUR:
        scene.aws.lambdas.lock_key(name)
    scene.command("revert", **approved(scene))
    assert scene.result["result"] == "failed"
    assert state(scene) == "reverting"


def test_an_alias_that_a_person_moves_meanwhile_never_serves_less_for_a_step() -> None:
    scene = off(alias=True)
    scene.command("revert", **approved(scene, percent=10))
    function = scene.aws.lambdas.functions[FOUR[0]]
    scene.aws.lambdas._point(function, "live", "1", None)
    for _ in range(3):
        scene.aws.settle()
        scene.aws.tick(minutes=1)
        scene.command("finish", **ROLLOUT_TO_ZERO)
    assert percentages(scene.aws, "live") == ["50", "10", "10", "10"]
    scene.command("revert", **approved(scene))
    for _ in range(3):
        scene.aws.settle()
        scene.aws.tick(minutes=1)
        scene.command("finish", **ROLLOUT_TO_ZERO)
    assert (percentages(scene.aws, "live"), scene.percentages()) == (["50"] * 4, ["50"] * 4)
    assert state(scene) == "ended"


def test_a_step_that_aliases_have_not_got_is_not_shown_as_reached() -> None:
    scene = off(alias=True)
    scene.command("revert", **approved(scene, percent=10))
    scene.aws.settle()
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, AD_TIMEOUT="30")
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert percentages(scene.aws, "live") == ["0"] * 4
    assert "(rollout 0%): set in $LATEST, but not in every alias" in scene.mail
    assert "now at 10%" not in scene.mail


def test_a_step_that_is_looked_at_again_is_not_reported_as_the_change_that_it_leads_back_from() -> None:
    scene = off()
    scene.command("revert", **approved(scene, percent=10))
    scene.aws.settle()
    for _ in range(2):
        scene.aws.tick(minutes=1)
        scene.command("finish", **ROLLOUT_TO_ZERO)
    assert "restore liveness check" in scene.reported[-1]["headlines"]["en"]
    assert "liveness check off (rollout 0%)" not in scene.reported[-1]["headlines"]["en"]


def test_a_value_that_no_alias_serves_yet_is_asked_about_before_it_is_released() -> None:
    scene = Scene().faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
        scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = "10"
    scene.alarm()
    assert scene.result["result"] == "asked"
    assert scene.result["because"]["key"] == "caution.unreleased_settings"
    assert ROLLOUT in scene.mail
    assert scene.percentages() == ["10"] * 4
