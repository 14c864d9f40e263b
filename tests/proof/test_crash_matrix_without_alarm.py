"""What no alarm begins: every call of it fails once in every way, and its sender sends it again."""

import json
from contextlib import suppress

import pytest

from responder.core.errors import ResponderError
from tests.proof import (
    console_stories,
    scheduled_stories,
    slack_button_stories,
    slack_post_stories,
    watchdog_stories,
)
from tests.proof.conftest import Note
from tests.proof.matrix import Invariant, Story, cells, chosen, clean
from tests.proof.summary import WHOLE
from tests.proof.tally import play_each
from tests.unit.respond.scene import Scene

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")

STORIES: list[tuple[Story, tuple[Invariant, ...]]] = [
    (each, part.invariants(each))
    for part in (
        scheduled_stories,
        slack_post_stories,
        slack_button_stories,
        console_stories,
        watchdog_stories,
    )
    for each in part.stories()
]


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    # Whatever is loaded at first use takes longer than a look may, on a busy machine.
    with suppress(ResponderError):
        Scene().faults(15).alarm()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("turn", "story", "invariants"),
    [pytest.param(turn, *each, id=str(each[0])) for turn, each in enumerate(STORIES)],
)
def test_any_call_may_fail_in_any_way(
    turn: int, story: Story, invariants: tuple[Invariant, ...], note: Note
) -> None:
    undisturbed = clean(story)
    assert undisturbed.invocation.kept or not undisturbed.invocation.thrown
    assert not [each for holds in invariants for each in holds(undisturbed)]
    calls = cells(undisturbed)
    tried = chosen(calls, WHOLE, turn)
    tally = play_each(story, tried, invariants)
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
