"""Least privilege, the other way round: with IAM enforced, a policy loses one action after the other.

What was looked for is then told as not found out, what was to be done as refused, each by the action's name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from liveness_ops.drill.build import build
from liveness_ops.drill.catalogue import alarms, scenarios
from liveness_ops.drill.run import Theatre
from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.stage import Played, play, play_once
from liveness_ops.drill.words import Language
from liveness_ops.local_aws import LocalAws
from liveness_ops.world.build import World
from tests.proof.rights import Without, logged, refused, said, used
from tests.proof.summary import WHOLE

pytestmark = pytest.mark.timeout(1800)

# What `make test` plays: every EVERY-th right of one alarm, in the scenarios that need most of them.
BOUNDED = {"high-error-rate": ("acts-table-throttled", "acts")}
EVERY = 3
# In how many scenarios that use it a right may go unmissed, before that counts as untold: what is asked
# beside the decision matters only where the decision needs it.
TRIES = 5

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


def chosen(alarm: str) -> list[Scenario]:
    """Those in which nothing is refused by IAM anyhow. An incident's course is the follow-up's business."""
    every = [replace(one, follow=None) for one in scenarios(alarm) if not one.denied and not one.faults]
    if WHOLE:
        return every
    return [one for name in BOUNDED[alarm] for one in every if one.name == name]


# Each with what is told instead.
ELSEWHERE = {
    "sns:Publish": "the topic's own policy lets every role of the account publish, on AWS as here",
    "lambda:InvokeFunction": "the message is out before the follow-up is started; the watchdog pages for an "
    "incident that nobody follows",
}


def wrong(played: Played, action: str) -> Iterator[str]:
    words = said(played)
    if action == "sns:Publish":
        return
    if not refused(played, action):
        yield "was not refused"
    if not words:
        yield "nobody was told"
    elif action not in words and action not in ELSEWHERE:
        yield "was not named" + (" but logged" if action in logged(played) else "")


def varied(using: list[Scenario]) -> list[Scenario]:
    """One of each kind first: what is proposed in them differs."""
    kinds = {tuple(each.expect.results): each for each in reversed(using)}
    first = sorted(kinds.values(), key=using.index)
    return [*first, *(each for each in using if each not in first)]


def untold(stages: Stages, alarm: str, action: str, using: list[Scenario]) -> tuple[int, list[str]]:
    """How often it was played, and what was wrong each time; nothing where one told it."""
    found = []
    for number, scenario in enumerate(varied(using)[:TRIES], 1):
        twists = (*scenario.twists, Without(alarm, action))
        played = play_once(stages(scenario.world), replace(scenario, twists=twists, denied=True))
        problems = list(wrong(played, action))
        if not problems:
            return number, []
        found += [f"{scenario.name}: {each}" for each in problems]
    return len(using[:TRIES]), found


@pytest.mark.parametrize("alarm", alarms() if WHOLE else BOUNDED)
def test_a_missing_right_is_told_by_its_name(alarm: str, stages: Stages, tell: Callable[..., None]) -> None:
    using: dict[str, list[Scenario]] = defaultdict(list)
    for scenario in chosen(alarm):
        clean = play(stages(scenario.world), scenario)
        assert clean.problems == [], scenario.id
        for action in used(clean):
            using[action].append(scenario)
    assert using
    taken = sorted(using)[:: 1 if WHOLE else EVERY]
    found = {action: untold(stages, alarm, action, using[action]) for action in taken}
    tell(
        "least privilege", functions=1, rights_taken_away=len(taken), plays=sum(n for n, _ in found.values())
    )
    lost = {action: problems for action, (_, problems) in found.items() if problems}
    assert not lost, "\n".join(f"{action}: {problems}" for action, problems in lost.items())
