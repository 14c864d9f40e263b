"""The follow-up's process dies at every place of one incident, in sequence; or before it
could note what it had ordered."""

import pytest

from responder.core.text import Strings
from tests.unit.followup.crash_stories import STORIES, Story, crash_points, played, undisturbed, wrong
from tests.unit.followup.crashes import AFTER, BEFORE


@pytest.mark.parametrize(
    "story",
    [pytest.param(each, marks=[pytest.mark.long] * (each != STORIES[0]), id=each.name) for each in STORIES],
)
def test_a_command_that_is_sent_twice_changes_things_once(story: Story) -> None:
    """The alarm's function is slow, and the follow-up died before it could note that it had sent it."""
    expected = undisturbed(story, late=True)[0]
    for point in crash_points(story):
        if point.what.startswith("lambda:invoke"):
            ended, injector = played(story, point, late=True)
            assert injector.crashed == [point]
            assert (ended.effects, ended.state) == (expected.effects, expected.state), str(point)
            lost = {each for each in expected.reports - ended.reports if "/command/" not in each}
            assert not lost, str(point)


@pytest.mark.long
@pytest.mark.parametrize("sides", [(BEFORE,), (AFTER,), (BEFORE, AFTER)], ids="-".join)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_may_die_at_every_place_of_one_incident(story: Story, sides: Strings) -> None:
    ended, injector = played(story, sides=sides)
    assert wrong(story, ended, injector) == []
    died = {(each.step.split()[0], each.side) for each in injector.crashed}
    assert {(each.step.split()[0], each.side) for each in undisturbed(story)[1] if each.side in sides} <= died
