"""The back-test of a drill concludes what the live response concluded, where the facts are on record.

`make test` plays a few scenarios, `make proof PART=backtest` every one of both worlds.
"""

from collections.abc import Iterator

import pytest

from liveness_ops.backtest import results
from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.run import deployed
from rehearsal.drill.scenario import Scenario
from rehearsal.world.build import World
from tests.proof.conftest import Note
from tests.proof.drill_backtest import judged, played, shown
from tests.proof.summary import WHOLE

pytestmark = [pytest.mark.proof, pytest.mark.timeout(600)]

SHORT = ("create-session-errors/asks-rollback", "high-error-rate/asks-mode")
EVERY = tuple(one for one in scenarios() if WHOLE or one.id in SHORT)


@pytest.fixture(scope="module", params=sorted({one.world for one in EVERY}), ids=str)
def world(request: pytest.FixtureRequest) -> Iterator[tuple[LocalAws, tuple[Scenario, ...]]]:
    """A local AWS of a world, and the scenarios that are played on it."""
    wanted: World = request.param
    found = tuple(one for one in EVERY if one.world is wanted)
    if not WHOLE:
        aws: LocalAws = request.getfixturevalue("deployed_aws")
        aws.restore("deployed")
        aws.snapshot(wanted)
        yield aws, found
        return
    build()
    aws = deployed(wanted, Language.EN)
    try:
        yield aws, found
    finally:
        aws.stop()


@pytest.mark.timeout(3000)
def test_cause_proposals_and_refusals_are_those_of_the_live_response(
    world: tuple[LocalAws, tuple[Scenario, ...]], note: Note
) -> None:
    aws, every = world
    different, equal, unknown = {}, 0, 0
    for one in every:
        played(aws, one)
        for found in judged(aws):
            if found["repeat"] or found["responder"] is None:
                continue
            same = results.agrees(found)
            equal += same is True
            unknown += same is None
            if same is False:
                different[one.id] = shown(found)
    note("back-test of drills", equal=equal, not_on_record=unknown, different=len(different))
    assert different == {}
    assert equal >= len(every) * 3 // 4


def test_two_runs_are_identical(world: tuple[LocalAws, tuple[Scenario, ...]]) -> None:
    aws, every = world
    played(aws, every[0])
    first = judged(aws)
    assert first
    assert judged(aws) == first
