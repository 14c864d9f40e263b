"""The responder's own changes and reverts raise alarms: they lead to no second act."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

import pytest

from rehearsal.drill import changes_done
from rehearsal.drill.alarm_commands import approve
from rehearsal.world import seed as world
from rehearsal.world.lines import Format
from rehearsal.world.names import CREATE, LOGINS, RESULT
from rehearsal.world.points import of_requests
from rehearsal.world.request_endings import crashed
from rehearsal.world.traffic import Requests, unfold
from tests.proof.deployed_stack import DeployedStack
from tests.proof.end_state import EndState
from tests.proof.race_invariants import other_settings_changed, over_hourly_limit, unanswered
from tests.proof.seeded_random import in_parallel, rounds, seed
from tests.proof.service_faults import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

type Note = Callable[..., None]
ONE, ROLLOUT = "high-error-rate", "rollout_to_zero"
OTHERS = ("create-session-errors", "get-result-errors", "session-creation-errors", "low-success-rate")
ALL = (ONE, *OTHERS)
AGAIN, TIMES = 4, 2
# Lambda restarts, the check is off for all users, they come back.
COURSE = ("ALARM", "INSUFFICIENT_DATA", "OK", "ALARM") * 2
_UPDATING = crashed("Runtime.ExitError", "RequestId: {session} Error: Runtime exited")


def errors_for_a_minute(stack: DeployedStack) -> None:
    """While Lambda takes a new configuration over, requests die."""
    requests = list(
        unfold(tuple(Requests(name, 30, _UPDATING, 1) for name in (CREATE, RESULT)), datetime.now(UTC))
    )
    world.put_lines(stack.aws, requests, Format.TEXT)
    world.put_points(stack.aws, list(of_requests(requests, "live")))


def raise_alarms(stack: DeployedStack, rng: Random, value: str, seconds: float) -> None:
    """All alarms change, in `make proof` each event twice."""
    for slug in ALL:
        stack.set(slug, value)
    events = [(slug, stack.event(slug, value, seconds)) for slug in ALL]
    in_parallel(rng, [partial(stack.send, slug, event) for slug, event in events * TIMES], 0.2)
    stack.aws.wait_idle(240)


def re_evaluate(stack: DeployedStack, after: EndState) -> None:
    """As the follow-up of each incident orders it."""
    for head in after.heads.values():
        stack.order(head["slug"], command="re-evaluate", incident=head["incident"])


def order(stack: DeployedStack, after: EndState, command: str, **more: Any) -> None:
    """To the function of the incident that has the remedy."""
    (lease,) = after.leases
    slug = after.heads[lease["incident"]]["slug"]
    stack.order(slug, command=command, incident=lease["incident"], remedy=ROLLOUT, **more)
    changes_done.wait(stack.aws)


def revert(stack: DeployedStack) -> None:
    """A person wants it and approves it."""
    order(stack, stack.end_state(), "revert")
    after = stack.end_state()
    proposal = after.messages[-1]["outcomes"][0]["approval"]
    approve(stack.aws, proposal, "oncall", datetime.now(UTC))
    order(stack, after, "revert", proposal=proposal)
    order(stack, after, "finish")


def wrong(after: EndState, writes: int, state: str) -> list[str]:
    """`writes` of each function by us so far, and `state` in which they leave it."""
    found = [*over_hourly_limit(after), *other_settings_changed(after), *unanswered(after)]
    for name in LOGINS:
        times = after.writes["UpdateFunctionConfiguration", name]
        if times != writes:
            found.append(f"{name} was written {times} times instead of {writes}")
        if (now := after.after[f"{name} LIVENESS_ROLLOUT_PERCENTAGE"]) != state:
            found.append(f"{name} is at {now}")
    return found


def begun(stack: DeployedStack, rng: Random) -> bool:
    """It is at 0 %, released; False where the machine was too busy for that."""
    stack.begin(FAULTS, ALL)
    raise_alarms(stack, rng, "ALARM", 0)
    after = stack.end_state()
    if not after.acts:
        return False
    changes_done.wait(stack.aws)
    order(stack, after, "finish")
    return True


def test_our_own_changes_lead_to_no_further_act(stack: DeployedStack, note: Note) -> None:
    played = 0
    for rng in rounds("loops", 4):
        if not begun(stack, rng):
            continue
        seconds = 1
        for value in COURSE:
            errors_for_a_minute(stack)
            raise_alarms(stack, rng, value, seconds := seconds + 1)
            re_evaluate(stack, stack.end_state())
            assert not wrong(stack.end_state(), 1, "0"), f"PROOF_SEED={seed()}"
        revert(stack)
        for _ in range(AGAIN):
            errors_for_a_minute(stack)
            raise_alarms(stack, rng, "ALARM", seconds := seconds + 1)
            re_evaluate(stack, stack.end_state())
            assert not wrong(stack.end_state(), 2, "50"), f"PROOF_SEED={seed()}"
        note("loops", rounds=1, rings=TIMES * len(ALL) * (1 + len(COURSE) + AGAIN))
        played += 1
    assert played
