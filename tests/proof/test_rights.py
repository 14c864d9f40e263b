"""Least privilege, the other way round: with IAM enforced, a policy loses one action after the other. What was
looked for is then told as not found out, what was to be done as refused, each by the action's name."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from liveness_ops.drill.build import build
from liveness_ops.drill.catalogue import alarms, scenarios
from liveness_ops.drill.run import Theatre
from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.stage import play, play_once
from liveness_ops.drill.words import Language
from liveness_ops.local_aws import LocalAws
from liveness_ops.world.build import World
from tests.proof.rights import Without, logged, refused, said, used
from tests.proof.summary import WHOLE

pytestmark = pytest.mark.timeout(1800)

# The rest is played by `make proof`.
BOUNDED = ("high-error-rate",)
PLAYED = 1

type Stages = Callable[[World], LocalAws]


@pytest.fixture(scope="session")
def stages() -> Iterator[Stages]:
    """A local AWS for each world, deployed when first asked for."""
    open_: dict[World, tuple[Theatre, LocalAws]] = {}

    def stage(world: World) -> LocalAws:
        if world not in open_:
            build()
            theatre = Theatre(world, Language.EN, alarms())
            open_[world] = theatre, theatre.open()
            theatre.warm_up()
        return open_[world][1]

    yield stage
    for theatre, _ in open_.values():
        theatre.close()


def chosen(alarm: str) -> tuple[Scenario, ...]:
    """Those in which nothing is refused by IAM anyhow. An incident's course is the follow-up's business."""
    every = [replace(one, follow=None) for one in scenarios(alarm) if not one.denied]
    return tuple(every if WHOLE else every[:PLAYED])


# Without these nothing can be told by the function itself: it fails, Lambda tries again, and then
# `response_failed` tells on-call and keeps the event.
TOLD_BY_THE_FALLBACK = {"sns:Publish"}


def wrong(played: Any, action: str) -> Iterator[str]:
    if not refused(played, action):
        yield "was not refused"
    words = said(played)
    if not words:
        yield "nobody was told"
    elif action not in words and action not in TOLD_BY_THE_FALLBACK:
        yield "was not named" + (" but logged" if action in logged(played) else "")


@pytest.mark.parametrize("alarm", alarms() if WHOLE else BOUNDED)
def test_a_missing_right_is_told_by_its_name(alarm: str, stages: Stages, tell: Callable[..., None]) -> None:
    first: dict[str, Scenario] = {}
    plays = 0
    for scenario in chosen(alarm):
        clean = play(stages(scenario.world), scenario)
        plays += 1
        assert clean.problems == [], scenario.id
        for action in sorted(used(clean)):
            first.setdefault(action, scenario)
    found = {}
    for action, scenario in first.items():
        lacking = Without(alarm, action)
        poorer = replace(scenario, twists=(*scenario.twists, lacking), denied=True)
        began = time.monotonic()
        problems = list(wrong(play_once(stages(scenario.world), poorer), action))
        plays += 1
        if problems:
            found[f"{scenario.id} without {action}"] = (problems, round(time.monotonic() - began, 1))
    assert first
    assert not found, "\n".join(f"{name}: {what}" for name, what in found.items())
    tell("least privilege", functions=1, rights_taken_away=len(first), plays=plays)
