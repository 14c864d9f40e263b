"""The responder's own changes and reverts raise alarms: they lead to no second act."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

import pytest

from rehearsal.drill import settled
from rehearsal.drill.orders import approve
from rehearsal.world import seed as world
from rehearsal.world.endings import crashed
from rehearsal.world.lines import Format
from rehearsal.world.names import CREATE, LOGINS, RESULT
from rehearsal.world.points import of_requests
from rehearsal.world.traffic import Requests, unfold
from tests.proof.after import After
from tests.proof.arena import Arena
from tests.proof.chance import at_once, rounds, seed
from tests.proof.laws import lost, over_budget, unanswered
from tests.proof.troubles import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

type Note = Callable[..., None]
ONE, ROLLOUT = "high-error-rate", "rollout_to_zero"
OTHERS = ("create-session-errors", "get-result-errors", "session-creation-errors", "low-success-rate")
ALL = (ONE, *OTHERS)
AGAIN, TIMES = 4, 2
# Lambda restarts, the check is off for all users, they come back.
COURSE = ("ALARM", "INSUFFICIENT_DATA", "OK", "ALARM") * 2
_UPDATING = crashed("Runtime.ExitError", "RequestId: {session} Error: Runtime exited")


def errors_for_a_minute(arena: Arena) -> None:
    """While Lambda takes a new configuration over, requests die."""
    requests = list(
        unfold(tuple(Requests(name, 30, _UPDATING, 1) for name in (CREATE, RESULT)), datetime.now(UTC))
    )
    world.put_lines(arena.aws, requests, Format.TEXT)
    world.put_points(arena.aws, list(of_requests(requests, "live")))


def ring(arena: Arena, chance: Random, value: str, seconds: float) -> None:
    """All alarms change, in `make proof` each event twice."""
    for slug in ALL:
        arena.set(slug, value)
    events = [(slug, arena.event(slug, value, seconds)) for slug in ALL]
    at_once(chance, [partial(arena.send, slug, event) for slug, event in events * TIMES], 0.2)
    arena.aws.wait_idle(240)


def re_evaluate(arena: Arena, after: After) -> None:
    """As the follow-up of each incident orders it."""
    for head in after.heads.values():
        arena.order(head["slug"], command="re-evaluate", incident=head["incident"])


def order(arena: Arena, after: After, command: str, **more: Any) -> None:
    """To the function of the incident that has the remedy."""
    (lease,) = after.leases
    slug = after.heads[lease["incident"]]["slug"]
    arena.order(slug, command=command, incident=lease["incident"], remedy=ROLLOUT, **more)
    settled.wait(arena.aws)


def revert(arena: Arena) -> None:
    """A person wants it and approves it."""
    order(arena, arena.after(), "revert")
    after = arena.after()
    proposal = after.said[-1]["outcomes"][0]["approval"]
    approve(arena.aws, proposal, "oncall", datetime.now(UTC))
    order(arena, after, "revert", proposal=proposal)
    order(arena, after, "finish")


def wrong(after: After, writes: int, state: str) -> list[str]:
    """`writes` of each function by us so far, and `state` in which they leave it."""
    found = [*over_budget(after), *lost(after), *unanswered(after)]
    for name in LOGINS:
        times = after.writes["UpdateFunctionConfiguration", name]
        if times != writes:
            found.append(f"{name} was written {times} times instead of {writes}")
        if (now := after.after[f"{name} LIVENESS_ROLLOUT_PERCENTAGE"]) != state:
            found.append(f"{name} is at {now}")
    return found


def begun(arena: Arena, chance: Random) -> bool:
    """It is at 0 %, released; False where the machine was too busy for that."""
    arena.begin(FAULTS, ALL)
    ring(arena, chance, "ALARM", 0)
    after = arena.after()
    if not after.acts:
        return False
    settled.wait(arena.aws)
    order(arena, after, "finish")
    return True


def test_our_own_changes_lead_to_no_further_act(arena: Arena, note: Note) -> None:
    played = 0
    for chance in rounds("loops", 4):
        if not begun(arena, chance):
            continue
        seconds = 1
        for value in COURSE:
            errors_for_a_minute(arena)
            ring(arena, chance, value, seconds := seconds + 1)
            re_evaluate(arena, arena.after())
            assert not wrong(arena.after(), 1, "0"), f"PROOF_SEED={seed()}"
        revert(arena)
        for _ in range(AGAIN):
            errors_for_a_minute(arena)
            ring(arena, chance, "ALARM", seconds := seconds + 1)
            re_evaluate(arena, arena.after())
            assert not wrong(arena.after(), 2, "50"), f"PROOF_SEED={seed()}"
        note("loops", rounds=1, rings=TIMES * len(ALL) * (1 + len(COURSE) + AGAIN))
        played += 1
    assert played
