"""A message promises another decision only where the follow-up will make one."""

from datetime import timedelta

import pytest

from tests.unit.respond.scene import Scene


def waits(scene: Scene) -> bool:
    return "report.awaits" in [each["key"] for each in scene.reported[-1]["warnings"]]


def test_a_sample_too_small_is_looked_at_again_within_a_minute() -> None:
    scene = Scene().faults(3)
    scene.alarm()
    assert waits(scene)


@pytest.mark.parametrize("minutes", [16, 60])
def test_after_an_old_event_nothing_decides_again(minutes: int) -> None:
    scene = Scene().faults(3)
    scene.deliver(scene.event(at=scene.aws.now - timedelta(minutes=minutes)))
    assert not waits(scene)


def test_a_later_decision_promises_no_further_one() -> None:
    scene = Scene()
    scene.alarm()
    scene.aws.tick(minutes=5)
    scene.faults(3).command("re-evaluate")
    assert len(scene.reported) == 2
    assert not waits(scene)
