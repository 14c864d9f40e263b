"""The follow-up's process dies at every place of three incidents, and resumes: the same story, done once.

A place is one side of one of its writes, or of a checkpoint of the SDK. What is after one is what is before
the next one, so each is tried from behind alone; of the duties of one kind, and of the looks that find
something to do, the first and the last. The runs that die at every place, in sequence, omit none.
Here every sixteenth place is tried, with PROOF=1 each of them.
"""

import json

import pytest

from responder.core.plain_data import Json
from tests.proof.summary import WHOLE
from tests.unit.followup.crash_stories import STORIES, Story, crash_points, played, undisturbed, wrong

pytestmark = pytest.mark.proof
EVERY = 1 if WHOLE else 16


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_stories_have_an_end_and_every_kind_of_duty(story: Story) -> None:
    ended, passed = undisturbed(story)
    assert len(crash_points(story)) > 20
    assert len({each.step.split()[0] for each in passed}) >= 4
    given = {each.split("/")[1] for each in ended.reports}
    assert given >= ({"escalation"} if story is STORIES[0] else {"command", "progress", "closed"})


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_may_die_at_any_place_and_resumes(story: Story) -> None:
    found: Json = {}
    for point in crash_points(story)[STORIES.index(story) % EVERY :: EVERY]:
        ended, injector = played(story, point)
        problems = wrong(story, ended, injector)
        if problems or injector.crashed != [point]:
            found[str(point)] = problems or "never died there"
    assert not found, json.dumps(found, indent=1)
