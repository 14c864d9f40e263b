"""`decide-again` after every story: every call of it fails once in every way, and Lambda delivers again."""

import json

import pytest

from tests.proof.conftest import Tell
from tests.proof.deciding_again import JUDGED, stories
from tests.proof.invariants import AFTERWARDS
from tests.proof.matrix import Story, cells, chosen, clean, play
from tests.proof.summary import WHOLE

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")

_ALL = stories()
# In `make test` the first of each kind.
STORIES = list(enumerate(_ALL if WHOLE else {each.kind: each for each in reversed(_ALL)}.values()))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("turn", "story"), [(turn, each.story) for turn, each in STORIES], ids=str)
def test_any_call_may_fail_in_any_way(turn: int, story: Story, tell: Tell) -> None:
    undisturbed = clean(story)
    assert not undisturbed.invoked.thrown
    calls = cells(undisturbed)
    assert not [each for holds in (*JUDGED, *AFTERWARDS) for each in holds(undisturbed)]
    found, deliveries, missed = {}, 0, 0
    tried = chosen(calls, WHOLE, turn, most=1)
    for cell, fault in tried:
        played = play(story, cell, fault, (*JUDGED, *AFTERWARDS))
        deliveries += len(played.invoked.doors)
        missed += not played.invoked.struck
        if played.wrong:
            found[f"{cell} {fault}"] = played.wrong
    tell("crash matrix", stories=1, calls=len(calls), cells=len(tried), deliveries=deliveries, missed=missed)
    assert not found, json.dumps(found, indent=1)
