"""Every alarm flaps, every event comes twice: no guard gives way, and what it costs grows with incidents."""

from collections.abc import Callable

import pytest

from rehearsal.drill.watched_alarms import watched_alarm
from responder.guards import CHANGES_LIMIT
from tests.proof.deployed_stack import ALARMS, DeployedStack
from tests.proof.earlier_changes import record_changes
from tests.proof.race_invariants import failed, violations
from tests.proof.seeded_random import rounds, seed
from tests.proof.service_faults import EVERYTHING
from tests.proof.storm import Storm

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

CHANGES = 1000
# At most: a machine that cannot keep up takes longer, and the figures say how long.
A_SECOND = CHANGES / 60
# A response asks for everything it needs; another event is claimed, looked up, recorded.
CALLS_OF_A_RESPONSE, CALLS_OF_AN_EVENT = 130, 7
# Two remedies fit, and the hour has room for one change more.
EARLIER = CHANGES_LIMIT - 1


def test_a_storm_costs_a_response_and_a_thread_for_each_incident(
    stack: DeployedStack, note: Callable[..., None]
) -> None:
    (rng,) = rounds("storm", 1)
    stack.begin(EVERYTHING, ALARMS, "with rules")
    record_changes(stack, EARLIER)
    storm = Storm(stack, rng, ALARMS)
    storm.run(CHANGES, A_SECOND)
    after = stack.end_state()
    names = {watched_alarm(slug).name for slug in ALARMS}
    assert not [*violations(after, names, EARLIER), *failed(after)], f"PROOF_SEED={seed()}"
    acts = len(after.acts) - EARLIER
    why = [one["because"] for each in after.messages for one in each["outcomes"] if one["because"]]
    held = sum(each["key"] == "guard.too_many_changes" for each in why)
    incidents, calls = len(after.heads), sum("-Slack" not in call.role for call in after.calls)
    note(
        "storm",
        changes=CHANGES,
        seconds_for_the_changes=round(storm.seconds),
        events=storm.events,
        incidents=incidents,
        messages=len(after.messages),
        threads=sum(after.threads.values()),
        acts=acts,
        held_by_the_limit=held,
        calls=calls,
        calls_per_incident=round(calls / incidents),
        calls_per_event=round(calls / storm.events, 1),
    )
    assert 0 < acts <= CHANGES_LIMIT - EARLIER, f"PROOF_SEED={seed()}"
    assert storm.raised == names, "not every alarm was raised, and its event delivered again"
    assert incidents == len(ALARMS)
    assert len(after.messages) == incidents
    assert calls < CALLS_OF_A_RESPONSE * incidents + CALLS_OF_AN_EVENT * storm.events
