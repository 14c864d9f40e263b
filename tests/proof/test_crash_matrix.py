"""Every call of every story fails once in every way, and Lambda delivers again: nothing is lost, nothing is
done twice, the record agrees with the world, and a person is notified.
"""

import json

import pytest

from rehearsal.drill.catalogue import scenarios
from tests.proof.conftest import Note
from tests.proof.invariants import AFTERWARDS, INVARIANTS
from tests.proof.matrix import Story, cells, chosen, clean
from tests.proof.scenario_stories import NOT_IN_MEMORY, acts, differences, stories
from tests.proof.summary import WHOLE
from tests.proof.tally import play_each

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")

STORIES = list(enumerate(stories(WHOLE)))
_FEW = 2


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("turn", "story"), STORIES, ids=str)
def test_any_call_may_fail_in_any_way(turn: int, story: Story, note: Note) -> None:
    undisturbed = clean(story)
    assert not differences(undisturbed)
    calls = cells(undisturbed)
    tried = chosen(calls, WHOLE, turn)
    tally = play_each(story, tried, (*INVARIANTS, *AFTERWARDS))
    note(
        "crash matrix",
        stories=1,
        calls=len(calls),
        cells=len(tried),
        deliveries=tally.deliveries,
        missed=tally.missed,
    )
    assert not tally.missed, "cells whose call was not there a second time"
    assert not tally.found, json.dumps(tally.found, indent=1)


def test_every_scenario_that_acts_can_be_played_in_memory() -> None:
    known = {scenario.id for scenario in scenarios() if acts(scenario)}
    assert len(NOT_IN_MEMORY) <= _FEW
    assert NOT_IN_MEMORY.keys() <= known
