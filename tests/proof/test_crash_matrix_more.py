"""What no alarm begins: every call of it fails once in every way, and whoever sent it sends it again."""

import json
from contextlib import suppress

import pytest

from responder.errors import ResponderError
from tests.proof import consoles, posting, pressing, scheduled, watching
from tests.proof.conftest import Tell
from tests.proof.matrix import Invariant, Story, cells, chosen, clean, play
from tests.proof.summary import WHOLE
from tests.unit.shell.scene import Scene

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")

STORIES: list[tuple[Story, tuple[Invariant, ...]]] = [
    (each, part.invariants(each))
    for part in (scheduled, posting, pressing, consoles, watching)
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
    turn: int, story: Story, invariants: tuple[Invariant, ...], tell: Tell
) -> None:
    undisturbed = clean(story)
    assert undisturbed.invoked.kept or not undisturbed.invoked.thrown
    assert not [each for holds in invariants for each in holds(undisturbed)]
    calls = cells(undisturbed)
    found, deliveries, missed = {}, 0, 0
    tried = chosen(calls, WHOLE, turn)
    for cell, fault in tried:
        played = play(story, cell, fault, invariants)
        deliveries += len(played.invoked.doors)
        missed += not played.invoked.struck
        if played.wrong:
            found[f"{cell} {fault}"] = played.wrong
    tell("crash matrix", stories=1, calls=len(calls), cells=len(tried), deliveries=deliveries, missed=missed)
    assert not missed, "cells whose call was not there a second time"
    assert not found, json.dumps(found, indent=1)
