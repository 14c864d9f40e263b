"""Least privilege, the other way round: with IAM enforced, a policy loses one line after the other.

Evidence is then reported as unknown, a change as refused, each by the action's name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.catalogue import alarms, scenarios
from rehearsal.drill.play_scenario import ScenarioRun, play, play_once
from rehearsal.drill.run import deployed
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import warm_up
from rehearsal.drill.step_result import StepResult
from rehearsal.world.build import World
from responder.aws.translate import lacking
from responder.evidence.base import action
from tests.proof.rights import Right, WithoutRight, needed, refused, rights, role_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

# In how many scenarios that use it a right may go unmissed, before that counts as untold, or in one of each
# kind where there are more: what is read besides the decision matters only where the decision needs it.
TRIES = 5

# (alarm, action): no message can name these, with the consequence.
UNREPORTED = {
    (
        "high-error-rate",
        "ssm:GetParameterHistory",
    ): "a message says that the settings document cannot be used; the log names what its history lacks",
    (
        "sure-faults",
        "application-autoscaling:DescribeScalableTargets",
    ): "matters where the table is throttled, which it is in no scenario of this alarm",
}

type LocalAwsOf = Callable[[World], LocalAws]


@pytest.fixture(scope="session")
def worlds() -> Iterator[dict[World, LocalAws]]:
    found: dict[World, LocalAws] = {}
    yield found
    for aws in found.values():
        aws.stop()


@pytest.fixture
def local_aws_of(worlds: dict[World, LocalAws], alarm: str) -> LocalAwsOf:
    """A local AWS for each world, deployed when first asked for; the alarm's function has answered before."""
    warm: set[World] = set()

    def deployed_world(world: World) -> LocalAws:
        if world not in worlds:
            build()
            worlds[world] = deployed(world, Language.EN)
        if world not in warm:
            warm.add(world)
            worlds[world].restore(world)
            warm_up(worlds[world], (alarm,))
        return worlds[world]

    return deployed_world


def chosen(alarm: str) -> list[Scenario]:
    """Those in which nothing is refused by IAM anyhow. An incident's course is the follow-up's business."""
    return [replace(one, follow=None) for one in scenarios(alarm) if not one.denied and not one.faults]


def said(act: StepResult) -> str:
    """All that people were notified of it, in every form, and the result that the sender of a command reads
    of its failure."""
    mails = (*act.mail, *act.last_resort)
    died = lacking(act.answer) if isinstance(act.answer, dict) else None
    answered = [f"{died} {action(died)}"] if died is not None else []
    return "\n".join((*("\n".join((mail.subject, *mail.bodies.values())) for mail in mails), *answered))


def wrong(act: StepResult, right: Right, role: str) -> Iterator[str]:
    words = said(act)
    if not refused(right, act.calls, role):
        yield "was not refused"
    if not words:
        yield "no message was sent"
    elif right.action not in words:
        yield "was not named" + (" but logged" if right.action in act.logs else "")


def first_needed(clean: ScenarioRun, held: list[Right], role: str) -> Iterator[tuple[Right, Scenario]]:
    """Each line that it needs, with the scenario up to there: without it there may be nothing to continue."""
    left, scenario = set(held), clean.scenario
    for steps, act in enumerate(clean.acts):
        for right in needed(left, act.calls, role):
            left.discard(right)
            yield right, replace(scenario, then=scenario.then[:steps])


def varied(using: list[Scenario]) -> list[Scenario]:
    """One of each kind, since what is proposed in them differs; then further ones, up to TRIES."""
    kinds = {tuple(each.expect.results): each for each in reversed(using)}
    first = sorted(kinds.values(), key=using.index)
    return [*first, *(each for each in using if each not in first)][: max(TRIES, len(first))]


def unreported(
    local_aws_of: LocalAwsOf, alarm: str, right: Right, using: list[Scenario]
) -> tuple[int, list[str]]:
    """How often it was played, and what was wrong each time; nothing where one reported it."""
    found, tried = [], varied(using)
    for number, scenario in enumerate(tried, 1):
        aws = local_aws_of(scenario.world)
        conditions = [*scenario.conditions]
        conditions.append(WithoutRight(alarm, right))
        played = play_once(aws, replace(scenario, conditions=tuple(conditions), denied=True))
        problems = list(wrong(played.acts[-1], right, role_of(aws, alarm)))
        if not problems:
            return number, []
        found += [f"{scenario.name}: {each}" for each in problems]
    return len(tried), found


@pytest.mark.parametrize("alarm", alarms())
def test_a_missing_right_is_reported_by_its_name(
    alarm: str, local_aws_of: LocalAwsOf, note: Callable[..., None]
) -> None:
    using: dict[Right, list[Scenario]] = defaultdict(list)
    for scenario in chosen(alarm):
        aws = local_aws_of(scenario.world)
        clean = play(aws, scenario)
        assert clean.problems == [], scenario.id
        for right, cut in first_needed(clean, rights(aws, alarm), role_of(aws, alarm)):
            using[right].append(cut)
    assert using
    found = {right: unreported(local_aws_of, alarm, right, using[right]) for right in sorted(using)}
    note(
        "least privilege", functions=1, rights_taken_away=len(using), plays=sum(n for n, _ in found.values())
    )
    lost = {
        right: problems
        for right, (_, problems) in found.items()
        if problems and (alarm, right.action) not in UNREPORTED
    }
    assert not lost, "\n".join(f"{right}: {problems}" for right, problems in lost.items())
