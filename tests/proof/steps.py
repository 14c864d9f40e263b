"""The steps of a remedy's life, each from where the one before has ended."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from rehearsal.drill import settled
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.orders import approve
from tests.proof.arena import Arena
from tests.proof.meanwhile import Stage
from tests.proof.troubles import FAULTS

ONE, ROLLOUT = "high-error-rate", "rollout_to_zero"
(TABLE,) = scenarios("sessions-table-throttles", "acts-capacity")
NAME = "FaceAuth-LivenessSessions"
BILLING = "on_demand_billing"


def orders(arena: Arena, slug: str, remedy: str) -> tuple[partial[object], ...]:
    """As the follow-up sends them: finish, re-evaluate."""
    (incident,) = arena.after().heads
    about = {"incident": incident, "remedy": remedy}
    return tuple(partial(arena.order, slug, command=name, **about) for name in ("finish", "re-evaluate"))


def reverting_of(arena: Arena, slug: str, remedy: str) -> partial[object]:
    """Asked for and approved; the order that carries it out."""
    (incident,) = arena.after().heads
    order = partial(arena.order, slug, command="revert", incident=incident, remedy=remedy)
    order()
    proposal = arena.after().said[-1]["outcomes"][0]["approval"]
    approve(arena.aws, proposal, "oncall", datetime.now(UTC))
    return partial(order, proposal=proposal)


def stages(arena: Arena) -> Iterator[Stage]:
    """The response, the release, the revert and its release, each from where the one before has ended."""
    arena.begin(FAULTS, [ONE])
    arena.set(ONE)
    arena.keep("broken")
    raised = partial(arena.send, ONE, arena.event(ONE))
    raised()
    finish, again = orders(arena, ONE, ROLLOUT)
    settled.wait(arena.aws)
    arena.keep("applied")
    yield Stage("response", "broken", ONE, raised, (finish, again))
    arena.restore("applied")
    finish()
    back = reverting_of(arena, ONE, ROLLOUT)
    arena.keep("approved")
    yield Stage("release", "applied", ONE, finish, (again,))
    arena.restore("approved")
    back()
    settled.wait(arena.aws)
    arena.keep("reverted")
    yield Stage("way back", "approved", ONE, back, (finish,))
    yield Stage("release of the way back", "reverted", ONE, finish)


def table_stages(arena: Arena) -> Iterator[Stage]:
    """The switch to on-demand, and the revert."""
    arena.aws.settings(table_seconds=1.0)
    arena.begin(TABLE, [TABLE.alarm])
    arena.set(TABLE.alarm)
    arena.keep("throttled")
    raised = partial(arena.send, TABLE.alarm, arena.event(TABLE.alarm))
    raised()
    arena.after()
    quiet(arena)
    finish, again = orders(arena, TABLE.alarm, BILLING)
    finish()
    arena.keep("on demand")
    back = reverting_of(arena, TABLE.alarm, BILLING)
    arena.keep("to be provisioned")
    end = partial(to_its_end, arena)
    yield Stage("switch", "throttled", TABLE.alarm, raised, (finish, again), end)
    yield Stage("way back", "to be provisioned", TABLE.alarm, back, (finish,))


def to_its_end(arena: Arena) -> None:
    """Finished, and during the revert: only now it shows what was remembered of the table."""
    for lease in arena.after().leases:
        if lease["state"] not in ("ended", "failed"):
            quiet(arena)
            orders(arena, TABLE.alarm, BILLING)[0]()
            reverting_of(arena, TABLE.alarm, BILLING)()


def quiet(arena: Arena) -> None:
    """AWS has finished what it was asked for."""
    settled.wait(arena.aws)
    while arena.aws.client("dynamodb").describe_table(TableName=NAME)["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(0.05)
