"""The same command delivered many times simultaneously: one act, one message, and a quiet answer for the
rest."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from responder.core.errors import Throttled
from responder.core.plain_data import Json
from tests.unit.respond.scene import Scene

ROLLOUT = {"remedy": "rollout_to_zero"}
TIMES = 10


def simultaneously(act: Callable[[], Json]) -> list[Json]:
    """Its answers; an exception is one, by its name."""
    found: list[Json] = []
    start = Barrier(TIMES)

    def run() -> None:
        start.wait()
        try:
            found.append(act())
        except Exception as error:
            found.append({"raised": type(error).__name__})

    threads = [Thread(target=run) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def approved() -> tuple[Scene, str]:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    proposal = scene.result["approval"]
    scene.approve(proposal)
    return scene, proposal


def revert_request() -> tuple[Scene, str]:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.settle()
    scene.command("revert", **ROLLOUT)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.aws.tick(minutes=1)
    return scene, proposal


def test_an_approved_change_is_made_and_reported_once() -> None:
    scene, proposal = approved()
    count = len(scene.reported)
    answers = simultaneously(lambda: scene.command("apply", **ROLLOUT, proposal=proposal))
    assert scene.percentages() == ["0"] * 4
    assert len(scene.reported) == count + 1
    results = [answer["results"]["rollout_to_zero"] for answer in answers]
    assert set(results) <= {"applied", "under_way"}
    assert "applied" in results


def test_a_change_is_reverted_and_reported_once_and_nothing_fails() -> None:
    scene, proposal = revert_request()
    count = len(scene.reported)
    answers = simultaneously(lambda: scene.command("revert", **ROLLOUT, proposal=proposal))
    assert {answer["results"]["rollout_to_zero"] for answer in answers} <= {"reverted", "under_way"}
    scene.aws.settle()
    simultaneously(lambda: scene.command("finish", **ROLLOUT))
    assert scene.percentages() == ["50"] * 4
    assert len(scene.reported) == count + 1


@pytest.mark.parametrize("order", ["revert", "finish", "re-evaluate"])
def test_every_command_is_reported_once(order: str) -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.settle()
    count = len(scene.reported)
    more = {} if order == "re-evaluate" else ROLLOUT
    assert not [each for each in simultaneously(lambda: scene.command(order, **more)) if "raised" in each]
    assert len(scene.reported) <= count + 1


def test_a_refused_command_is_reported_once() -> None:
    scene, proposal = approved()
    scene.aws.ssm.modes["everywhere"] = "observe"
    count = len(scene.reported)
    simultaneously(lambda: scene.command("apply", **ROLLOUT, proposal=proposal))
    assert len(scene.reported) == count + 1


def test_what_was_refused_can_be_tried_again_some_seconds_later() -> None:
    scene, proposal = approved()
    scene.aws.ssm.modes["everywhere"] = "observe"
    scene.command("apply", **ROLLOUT, proposal=proposal)
    scene.aws.ssm.modes["everywhere"] = "auto"
    scene.aws.tick(minutes=0.1)
    scene.command("apply", **ROLLOUT, proposal=proposal)
    assert scene.percentages() == ["0"] * 4


def test_what_failed_can_be_tried_again_immediately() -> None:
    scene, proposal = approved()
    scene.aws.fail("sns", "publish", Throttled)
    with pytest.raises(Throttled):
        scene.command("apply", **ROLLOUT, proposal=proposal)
    count = len(scene.reported)
    scene.command("apply", **ROLLOUT, proposal=proposal)
    assert len(scene.reported) == count + 1
    assert scene.percentages() == ["0"] * 4


def test_another_step_of_the_revert_is_another_command() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.settle()
    for percent in (10, 25):
        scene.command("revert", **ROLLOUT, wanted={"percent": percent})
        assert {change["after"] for change in scene.result["changes"]} == {str(percent)}


def test_without_the_table_of_claims_a_command_is_still_carried_out() -> None:
    scene, proposal = approved()
    scene.claims.broken = True
    scene.command("apply", **ROLLOUT, proposal=proposal)
    assert scene.percentages() == ["0"] * 4
