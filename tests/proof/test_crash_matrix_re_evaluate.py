"""`re-evaluate` after every story: every call of it fails once, and Lambda delivers again. In every way fail
the writes of all, and the reads of the first story of each kind.
"""

import json

import pytest

from tests.proof.conftest import Note
from tests.proof.invariants import AFTERWARDS
from tests.proof.matrix import cells, chosen, clean, each_once
from tests.proof.re_evaluate_stories import JUDGED, Asked, stories
from tests.proof.summary import WHOLE
from tests.proof.tally import play_each

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")

_ALL = stories()
_FIRST = list({each.kind: each for each in reversed(_ALL)}.values())
# In `make test` the first of every sixth kind.
STORIES = list(enumerate(_ALL if WHOLE else _FIRST[::6]))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("turn", "asked"), [(turn, each) for turn, each in STORIES], ids=str)
def test_any_call_may_fail_in_any_way(turn: int, asked: Asked, note: Note) -> None:
    story, few = asked.story, WHOLE and asked not in _FIRST
    undisturbed = clean(story)
    assert not undisturbed.invocation.thrown
    calls = cells(undisturbed)
    assert not [each for holds in (*JUDGED, *AFTERWARDS) for each in holds(undisturbed)]
    tried = each_once(calls, turn) if few else chosen(calls, WHOLE, turn, most=1)
    tally = play_each(story, tried, (*JUDGED, *AFTERWARDS))
    note(
        "crash matrix",
        stories=1,
        calls=len(calls),
        cells=len(tried),
        deliveries=tally.deliveries,
        missed=tally.missed,
    )
    assert not tally.found, json.dumps(tally.found, indent=1)
