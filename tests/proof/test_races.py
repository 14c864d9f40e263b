"""Everything at the same moment, in any order, twice: on a local AWS, in separate processes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from rehearsal.drill.watched_alarms import watched_alarm
from responder.guards import CHANGES_LIMIT
from tests.proof.deployed_stack import ALARMS, DeployedStack
from tests.proof.earlier_changes import record_changes
from tests.proof.local_gateway import incidents_of
from tests.proof.race_invariants import violations
from tests.proof.seeded_random import in_parallel, rounds, seed
from tests.proof.service_faults import COLD, EVERYTHING, FAULTS
from tests.proof.summary import WHOLE

pytestmark = pytest.mark.timeout(1200)

type Note = Callable[..., None]

SAME = ("high-error-rate", "get-result-errors", "low-success-rate")
DIFFERENT = ("high-error-rate", "create-session-timeouts")
ONE = "high-error-rate"


def names(slugs: Sequence[str]) -> set[str]:
    return {watched_alarm(slug).name for slug in slugs}


def raise_alarms(stack: DeployedStack, rng: Random, slugs: Sequence[str], spread: float = 0.3) -> None:
    """All of them, each event twice."""
    for slug in slugs:
        stack.set(slug)
    events = {slug: stack.event(slug) for slug in slugs}
    in_parallel(rng, [partial(stack.send, slug, events[slug]) for slug in (*slugs, *slugs)], spread)


def enough(acts: int) -> bool:
    """A machine too busy for the looks' own clocks may have kept a round from acting at all."""
    return bool(acts) and not WHOLE


@pytest.mark.long
def test_all_alarms_simultaneously_each_event_twice(stack: DeployedStack, note: Note) -> None:
    acts = 0
    for rng in rounds("all", 8):
        stack.begin(EVERYTHING, ALARMS)
        raise_alarms(stack, rng, ALARMS)
        after = stack.end_state()
        assert not violations(after, names(ALARMS)), f"PROOF_SEED={seed()}"
        acts += len(after.acts)
        note("races", rounds=1, events=2 * len(ALARMS), messages=len(after.messages), acts=len(after.acts))
    assert acts


def test_alarms_that_need_the_same_remedy_at_the_same_moment_share_one(
    stack: DeployedStack, note: Note
) -> None:
    acts = 0
    slugs = SAME if WHOLE else SAME[:2]
    for rng in rounds("same", 4, 20):
        stack.begin(FAULTS, slugs)
        raise_alarms(stack, rng, slugs, spread=rng.choice((0, 0.05, 0.5)))
        after = stack.end_state()
        assert not violations(after, names(slugs)), f"PROOF_SEED={seed()}"
        assert after.outcomes("rollout_to_zero")["applied"] <= len(after.acts) <= 1
        acts += len(after.acts)
        note("races", rounds=1, events=2 * len(slugs), messages=len(after.messages), acts=len(after.acts))
        if enough(acts):
            break
    assert acts


@pytest.mark.long
def test_the_hourly_limit_holds_though_all_act_simultaneously(stack: DeployedStack, note: Note) -> None:
    """One more is allowed, and two want to."""
    acts, earlier = 0, CHANGES_LIMIT - 1
    for rng in rounds("limit", 20):
        stack.begin(COLD, DIFFERENT)
        record_changes(stack, earlier)
        raise_alarms(stack, rng, DIFFERENT, spread=rng.choice((0, 0.05, 0.5)))
        after = stack.end_state()
        assert not violations(after, names(DIFFERENT), earlier), f"PROOF_SEED={seed()}"
        acts += len(after.acts) - earlier
        note("races", rounds=1, events=4, messages=len(after.messages), acts=len(after.acts) - earlier)
    assert acts


@pytest.mark.long
def test_an_ok_before_its_alarm_leads_to_no_act(stack: DeployedStack, note: Note) -> None:
    for rng in rounds("order", 15):
        stack.begin(FAULTS, [ONE])
        stack.set(ONE, "OK")
        alarm, ok = stack.event(ONE), stack.event(ONE, "OK", seconds=rng.uniform(0.001, 60))
        stack.send(ONE, ok)
        in_parallel(rng, [partial(stack.send, ONE, each) for each in (alarm, ok, alarm, ok)], 0.3)
        after = stack.end_state()
        assert not violations(after, names([ONE])), f"PROOF_SEED={seed()}"
        assert not after.writes
        assert not after.acts
        note("races", rounds=1, events=5, messages=len(after.messages))


@pytest.mark.long
def test_an_alarm_that_ends_while_it_is_answered_leads_to_one_act_at_most(
    stack: DeployedStack, note: Note
) -> None:
    """CloudWatch itself goes from ALARM to OK somewhere between the looks and the writes."""
    acts = 0
    for rng in rounds("ending", 15):
        stack.begin(FAULTS, [ONE])
        stack.set(ONE)
        alarm, ok = stack.event(ONE), stack.event(ONE, "OK", seconds=rng.uniform(0.001, 60))
        sent = [partial(stack.send, ONE, each) for each in (alarm, ok, alarm, ok)]
        in_parallel(rng, [partial(stack.set, ONE, "OK"), *sent], rng.choice((0.3, 1, 3)))
        after = stack.end_state()
        assert not violations(after, names([ONE])), f"PROOF_SEED={seed()}"
        assert after.outcomes("rollout_to_zero")["applied"] <= len(after.acts) <= 1
        acts += len(after.acts)
        note("races", rounds=1, events=4, messages=len(after.messages), acts=len(after.acts))
    assert 0 < acts < 15, "the end never came sooner, or never later"


@pytest.mark.long
def test_a_late_alarm_after_the_incident_was_closed_leads_to_no_second_act(
    stack: DeployedStack, note: Note
) -> None:
    for rng in rounds("late", 15):
        stack.begin(replace(FAULTS, modes={"": "observe"}), [ONE])
        stack.set(ONE)
        first, between = stack.event(ONE), stack.event(ONE, seconds=rng.uniform(1, 20))
        stack.send(ONE, first)
        stack.aws.wait_idle(240)
        stack.set(ONE, "OK")
        stack.send(ONE, stack.event(ONE, "OK", seconds=30))
        stack.aws.wait_idle(240)
        incidents = incidents_of(stack.aws)
        assert all(incidents.close(each) for each in incidents.newest())
        modes = json.dumps({"everywhere": "auto", "rollout_to_zero": "auto"})
        stack.aws.client("ssm").put_parameter(
            Name="/liveness-responder/modes", Value=modes, Type="String", Overwrite=True
        )
        late = [first, between, first, between]
        in_parallel(rng, [partial(stack.send, ONE, each) for each in late], 0.3)
        after = stack.end_state()
        given = {each["id"] for each in after.messages if each["kind"] == "response"}
        # The change in between was not reported before.
        assert len(given) <= 2, f"PROOF_SEED={seed()}"
        assert not after.writes
        assert not after.acts
        note("races", rounds=1, events=6, messages=len(after.messages))
