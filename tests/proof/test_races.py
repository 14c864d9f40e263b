"""Everything at the same moment, in any order, twice: on a local AWS, in separate processes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from rehearsal.drill.story import story_of
from responder.guards.rules import CHANGES_LIMIT
from tests.proof.arena import ALARMS, Arena
from tests.proof.chance import at_once, rounds, seed
from tests.proof.door_of import incidents_of
from tests.proof.laws import broken
from tests.proof.spent import spent
from tests.proof.summary import WHOLE
from tests.proof.troubles import COLD, EVERYTHING, FAULTS

pytestmark = pytest.mark.timeout(1200)

type Note = Callable[..., None]

SAME = ("high-error-rate", "get-result-errors", "low-success-rate")
DIFFERENT = ("high-error-rate", "create-session-timeouts")
ONE = "high-error-rate"


def names(slugs: Sequence[str]) -> set[str]:
    return {story_of(slug).name for slug in slugs}


def ring(arena: Arena, chance: Random, slugs: Sequence[str], spread: float = 0.3) -> None:
    """All of them, each event twice."""
    for slug in slugs:
        arena.set(slug)
    events = {slug: arena.event(slug) for slug in slugs}
    at_once(chance, [partial(arena.send, slug, events[slug]) for slug in (*slugs, *slugs)], spread)


def enough(acts: int) -> bool:
    """A machine too busy for the looks' own clocks may have kept a round from acting at all."""
    return bool(acts) and not WHOLE


@pytest.mark.long
def test_all_alarms_simultaneously_each_event_twice(arena: Arena, note: Note) -> None:
    acts = 0
    for chance in rounds("all", 8):
        arena.begin(EVERYTHING, ALARMS)
        ring(arena, chance, ALARMS)
        after = arena.after()
        assert not broken(after, names(ALARMS)), f"PROOF_SEED={seed()}"
        acts += len(after.acts)
        note("races", rounds=1, events=2 * len(ALARMS), messages=len(after.said), acts=len(after.acts))
    assert acts


def test_alarms_that_need_the_same_remedy_at_the_same_moment_share_one(arena: Arena, note: Note) -> None:
    acts = 0
    slugs = SAME if WHOLE else SAME[:2]
    for chance in rounds("same", 4, 20):
        arena.begin(FAULTS, slugs)
        ring(arena, chance, slugs, spread=chance.choice((0, 0.05, 0.5)))
        after = arena.after()
        assert not broken(after, names(slugs)), f"PROOF_SEED={seed()}"
        assert after.outcomes("rollout_to_zero")["applied"] <= len(after.acts) <= 1
        acts += len(after.acts)
        note("races", rounds=1, events=2 * len(slugs), messages=len(after.said), acts=len(after.acts))
        if enough(acts):
            break
    assert acts


@pytest.mark.long
def test_the_hourly_limit_holds_though_all_act_simultaneously(arena: Arena, note: Note) -> None:
    """One more is allowed, and two want to."""
    acts, earlier = 0, CHANGES_LIMIT - 1
    for chance in rounds("limit", 20):
        arena.begin(COLD, DIFFERENT)
        spent(arena, earlier)
        ring(arena, chance, DIFFERENT, spread=chance.choice((0, 0.05, 0.5)))
        after = arena.after()
        assert not broken(after, names(DIFFERENT), earlier), f"PROOF_SEED={seed()}"
        acts += len(after.acts) - earlier
        note("races", rounds=1, events=4, messages=len(after.said), acts=len(after.acts) - earlier)
    assert acts


@pytest.mark.long
def test_an_ok_before_its_alarm_leads_to_no_act(arena: Arena, note: Note) -> None:
    for chance in rounds("order", 15):
        arena.begin(FAULTS, [ONE])
        arena.set(ONE, "OK")
        alarm, ok = arena.event(ONE), arena.event(ONE, "OK", seconds=chance.uniform(0.001, 60))
        arena.send(ONE, ok)
        at_once(chance, [partial(arena.send, ONE, each) for each in (alarm, ok, alarm, ok)], 0.3)
        after = arena.after()
        assert not broken(after, names([ONE])), f"PROOF_SEED={seed()}"
        assert not after.writes
        assert not after.acts
        note("races", rounds=1, events=5, messages=len(after.said))


@pytest.mark.long
def test_an_alarm_that_ends_while_it_is_answered_leads_to_one_act_at_most(arena: Arena, note: Note) -> None:
    """CloudWatch itself goes from ALARM to OK somewhere between the looks and the writes."""
    acts = 0
    for chance in rounds("ending", 15):
        arena.begin(FAULTS, [ONE])
        arena.set(ONE)
        alarm, ok = arena.event(ONE), arena.event(ONE, "OK", seconds=chance.uniform(0.001, 60))
        sent = [partial(arena.send, ONE, each) for each in (alarm, ok, alarm, ok)]
        at_once(chance, [partial(arena.set, ONE, "OK"), *sent], chance.choice((0.3, 1, 3)))
        after = arena.after()
        assert not broken(after, names([ONE])), f"PROOF_SEED={seed()}"
        assert after.outcomes("rollout_to_zero")["applied"] <= len(after.acts) <= 1
        acts += len(after.acts)
        note("races", rounds=1, events=4, messages=len(after.said), acts=len(after.acts))
    assert 0 < acts < 15, "the end never came sooner, or never later"


@pytest.mark.long
def test_a_late_alarm_after_the_incident_was_closed_leads_to_no_second_act(arena: Arena, note: Note) -> None:
    for chance in rounds("late", 15):
        arena.begin(replace(FAULTS, modes={"": "observe"}), [ONE])
        arena.set(ONE)
        first, between = arena.event(ONE), arena.event(ONE, seconds=chance.uniform(1, 20))
        arena.send(ONE, first)
        arena.aws.wait_idle(240)
        arena.set(ONE, "OK")
        arena.send(ONE, arena.event(ONE, "OK", seconds=30))
        arena.aws.wait_idle(240)
        incidents = incidents_of(arena.aws)
        assert all(incidents.close(each) for each in incidents.newest())
        modes = json.dumps({"everywhere": "auto", "rollout_to_zero": "auto"})
        arena.aws.client("ssm").put_parameter(
            Name="/liveness-responder/modes", Value=modes, Type="String", Overwrite=True
        )
        late = [first, between, first, between]
        at_once(chance, [partial(arena.send, ONE, each) for each in late], 0.3)
        after = arena.after()
        given = {each["id"] for each in after.said if each["kind"] == "response"}
        # The change in between was not reported before.
        assert len(given) <= 2, f"PROOF_SEED={seed()}"
        assert not after.writes
        assert not after.acts
        note("races", rounds=1, events=6, messages=len(after.said))
