"""Each call of a follow-up's own steps fails once in every way: the incident has the same end, nothing is
done twice, and nothing that is to be reported is lost.
"""

import json
from itertools import product
from operator import attrgetter

import pytest

from tests.proof.conftest import Note
from tests.proof.faults import Fault
from tests.proof.follow_up_matrix import STORIES, SURVIVABLE_FAULTS, cells, follow, wrong
from tests.proof.summary import WHOLE
from tests.unit.followup.crash_stories import Story
from tests.unit.followup.crashes import READS

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")


# In `make test` each fault is injected into one of the stories, by turns.
PLAYED = [
    (story, fault)
    for (number, fault), (turn, story) in product(enumerate(SURVIVABLE_FAULTS), enumerate(STORIES))
    if WHOLE or turn == number % len(STORIES)
]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("story", "fault"), PLAYED, ids=attrgetter("name"))
def test_any_call_of_a_follow_up_may_fail(story: Story, fault: Fault, note: Note) -> None:
    calls = cells(story)
    # Counted once for each story.
    counted = len(calls) if (story, fault) == next(each for each in PLAYED if each[0] is story) else 0
    turn = (SURVIVABLE_FAULTS.index(fault) * 5 + STORIES.index(story) * 7) % len(calls)
    found, missed = {}, 0
    # An item that came without content is no item: its incident is unknown, and the watchdog brings it back.
    if fault.name == "empty answer":
        calls = [each for each in calls if each.operation != "get_item"]
    # A read has no effect: to lose its answer is not to have asked.
    if fault.name == "time-out after":
        calls = [each for each in calls if not each.operation.startswith(READS)]
    tried = calls if WHOLE else calls[turn % len(calls) :][:1]
    for cell in tried:
        run = follow(story, cell, fault)
        problems = list(wrong(story, run))
        missed += not run.gateways[0].injected
        if problems:
            found[str(cell)] = problems
    note("crash matrix of the follow-up", calls=counted, cells=len(tried), missed=missed)
    assert not missed, "cells whose call was not there a second time"
    assert not found, json.dumps(found, indent=1)
