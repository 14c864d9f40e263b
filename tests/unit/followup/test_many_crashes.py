"""The follow-up's process dies at every place of one incident, in sequence; or before it
could note what it had ordered."""

import pytest

from tests.unit.followup.deaths import AFTER, BEFORE
from tests.unit.followup.lives import STORIES, Story, places, played, undisturbed, wrong

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "story",
    [pytest.param(each, marks=[pytest.mark.long] * (each != STORIES[0]), id=each.name) for each in STORIES],
)
def test_a_command_that_is_sent_twice_changes_things_once(story: Story) -> None:
    """The alarm's function is slow, and the follow-up died before it could note that it had sent it."""
    expected = undisturbed(story, late=True)[0]
    for place in places(story):
        if place.what.startswith("lambda:invoke"):
            ended, reaper = played(story, place, late=True)
            assert reaper.died == [place]
            assert (ended.effects, ended.state) == (expected.effects, expected.state), str(place)
            lost = {each for each in expected.reports - ended.reports if "/command/" not in each}
            assert not lost, str(place)


@pytest.mark.long
@pytest.mark.parametrize("sides", [(BEFORE,), (AFTER,), (BEFORE, AFTER)], ids="-".join)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_may_die_at_every_place_of_one_incident(story: Story, sides: tuple[str, ...]) -> None:
    ended, reaper = played(story, sides=sides)
    assert wrong(story, ended, reaper) == []
    died = {(each.step.split()[0], each.side) for each in reaper.died}
    assert {(each.step.split()[0], each.side) for each in undisturbed(story)[1] if each.side in sides} <= died
