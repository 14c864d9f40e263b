"""Two alarms of one fault: a person's decision on one of them counts for both, and every act is reported."""

from datetime import timedelta

from alarms import get_result_errors
from responder.core.errors import Denied
from responder.core.settings import Settings
from tests.unit.followup.scenes import MORE, FollowUpScene
from tests.unit.remedies.world import FOUR
from tests.unit.respond.scene import ENVIRONMENT, Scene

ROLLOUT = "rollout_to_zero"
VARIABLE = Settings().rollout_variable


def scene_with_faults() -> FollowUpScene:
    scene = FollowUpScene(environment={**ENVIRONMENT, **MORE})
    scene.faults(15)
    return scene


def two() -> tuple[FollowUpScene, FollowUpScene]:
    """Both are open; the first one has the remedy, and the second is served by it."""
    first = scene_with_faults()
    first.environment["ALARM_NAME"] = first.playbook.alarm
    second = first.beside(get_result_errors.playbook)
    first.deliver(first.event("ALARM", first.aws.now))
    first.aws.settle()
    first.command("finish", remedy=ROLLOUT)
    first.aws.tick(minutes=1)
    second.deliver(second.event("ALARM", second.aws.now))
    return first, second


def reverted(scene: Scene) -> None:
    """Asked for, approved, carried out, finished."""
    scene.command("revert", remedy=ROLLOUT)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", remedy=ROLLOUT, proposal=proposal)
    scene.aws.settle()
    scene.command("finish", remedy=ROLLOUT)


def later(minutes: float, *scenes: FollowUpScene) -> None:
    """The fault lasts."""
    scenes[0].aws.tick(minutes=minutes)
    scenes[0].faults(15)


def test_what_a_person_took_back_is_not_set_again_for_another_alarm_that_was_raised_meanwhile() -> None:
    first, second = two()
    later(40, first, second)
    reverted(first)
    for _ in range(4):
        later(20, first, second)
        second.command("re-evaluate")
    assert first.percentages() == ["50"] * 4
    outcomes = {each["remedy"]: each for each in second.reported[-1]["outcomes"]}
    assert outcomes[ROLLOUT]["because"]["key"] == "guard.reverted_before"


def test_what_a_person_took_back_is_not_set_again_after_another_alarms_attempt_failed() -> None:
    first, second = two()
    later(40, first, second)
    reverted(first)
    later(20, first, second)
    first.state = "OK"
    second.deliver(second.event("OK", second.aws.now - timedelta(minutes=19)))
    first.state = "ALARM"
    first.aws.fail("lambda", "update_function_configuration", Denied, times=4)
    second.deliver(second.event("ALARM", second.aws.now))
    assert second.reported[-1]["outcomes"][0]["result"] == "failed"
    first.command("re-evaluate")
    assert first.percentages() == ["50"] * 4
    outcomes = {each["remedy"]: each for each in first.reported[-1]["outcomes"]}
    assert outcomes[ROLLOUT]["because"]["key"] == "guard.reverted_before"


def test_a_later_alarm_is_another_fault_and_is_mitigated() -> None:
    first, second = two()
    later(40, first, second)
    reverted(first)
    later(20, first, second)
    first.state = "OK"
    second.deliver(second.event("OK", second.aws.now - timedelta(minutes=19)))
    first.state = "ALARM"
    second.deliver(second.event("ALARM", second.aws.now))
    assert first.percentages() == ["0"] * 4


def by_hand(scene: FollowUpScene, percent: str) -> None:
    """A person set it, long enough ago."""
    for name in FOUR:
        scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][VARIABLE] = percent


def test_every_act_is_reported_though_the_reader_has_read_that_it_is_in_force() -> None:
    scene = scene_with_faults()
    by_hand(scene, "0")
    scene.deliver(scene.event("ALARM", scene.aws.now))
    assert scene.result["result"] == "already"
    by_hand(scene, "50")
    later(20, scene)
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4
    assert [each["outcomes"][0]["result"] for each in scene.reported] == ["already", "applied"]


def test_what_is_still_as_it_was_reported_is_not_reported_again() -> None:
    scene = scene_with_faults()
    scene.deliver(scene.event("ALARM", scene.aws.now))
    scene.aws.settle()
    scene.command("finish", remedy=ROLLOUT)
    count = len(scene.reported)
    for _ in range(3):
        later(10, scene)
        scene.command("re-evaluate")
    assert len(scene.reported) == count
