"""Everything at the same moment, in any order, twice: on a local AWS, in processes of their own."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from liveness_ops.drill.story import story_of
from tests.proof.arena import ALARMS, Arena
from tests.proof.chance import at_once, rounds, seed
from tests.proof.laws import broken
from tests.proof.summary import WHOLE
from tests.proof.troubles import EVERYTHING

pytestmark = pytest.mark.timeout(1200)

type Tell = Callable[..., None]


def ring(arena: Arena, chance: Random, slugs: tuple[str, ...], times: int = 2, spread: float = 0.3) -> None:
    """All of them, each event so many times."""
    for slug in slugs:
        arena.set(slug)
    events = {slug: arena.event(slug) for slug in slugs}
    at_once(chance, [partial(arena.send, slug, events[slug]) for slug in slugs * times], spread)


def names(slugs: tuple[str, ...]) -> set[str]:
    return {story_of(slug).name for slug in slugs}


def test_all_alarms_at_once_each_event_twice(arena: Arena, tell: Tell) -> None:
    for chance in rounds("all", 1, 20):
        slugs = ALARMS if WHOLE else tuple(chance.sample(ALARMS, 5))
        arena.begin(EVERYTHING, slugs)
        ring(arena, chance, slugs)
        after = arena.after()
        assert not broken(after, names(slugs)), f"PROOF_SEED={seed()}"
        tell("races", rounds=1, events=2 * len(slugs), messages=len(after.said), acts=len(after.acts))
