"""The steps of a remedy, each from where the one before has ended."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from rehearsal.drill import changes_done
from rehearsal.drill.alarm_commands import approve
from rehearsal.drill.catalogue import scenarios
from tests.proof.deployed_stack import DeployedStack
from tests.proof.interleaving import RemedyStep
from tests.proof.service_faults import FAULTS

ONE, ROLLOUT = "high-error-rate", "rollout_to_zero"
(TABLE,) = scenarios("sessions-table-throttles", "acts-capacity")
NAME = "FaceAuth-LivenessSessions"
BILLING = "on_demand_billing"


def orders(stack: DeployedStack, slug: str, remedy: str) -> tuple[partial[object], ...]:
    """As the follow-up sends them: finish, re-evaluate."""
    (incident,) = stack.end_state().heads
    about = {"incident": incident, "remedy": remedy}
    return tuple(partial(stack.order, slug, command=name, **about) for name in ("finish", "re-evaluate"))


def reverting_of(stack: DeployedStack, slug: str, remedy: str) -> partial[object]:
    """Asked for and approved; the order that carries it out."""
    (incident,) = stack.end_state().heads
    order = partial(stack.order, slug, command="revert", incident=incident, remedy=remedy)
    order()
    proposal = stack.end_state().messages[-1]["outcomes"][0]["approval"]
    approve(stack.aws, proposal, "oncall", datetime.now(UTC))
    return partial(order, proposal=proposal)


def function_steps(stack: DeployedStack) -> Iterator[RemedyStep]:
    """The response, the release, the revert and its release, each from where the one before has ended."""
    stack.begin(FAULTS, [ONE])
    stack.set(ONE)
    stack.keep("broken")
    raised = partial(stack.send, ONE, stack.event(ONE))
    raised()
    finish, again = orders(stack, ONE, ROLLOUT)
    changes_done.wait(stack.aws)
    stack.keep("applied")
    yield RemedyStep("response", "broken", ONE, raised, (finish, again))
    stack.restore("applied")
    finish()
    back = reverting_of(stack, ONE, ROLLOUT)
    stack.keep("approved")
    yield RemedyStep("release", "applied", ONE, finish, (again,))
    stack.restore("approved")
    back()
    changes_done.wait(stack.aws)
    stack.keep("reverted")
    yield RemedyStep("way back", "approved", ONE, back, (finish,))
    yield RemedyStep("release of the way back", "reverted", ONE, finish)


def table_steps(stack: DeployedStack) -> Iterator[RemedyStep]:
    """The switch to on-demand, and the revert."""
    stack.aws.settings(table_seconds=1.0)
    stack.begin(TABLE, [TABLE.alarm])
    stack.set(TABLE.alarm)
    stack.keep("throttled")
    raised = partial(stack.send, TABLE.alarm, stack.event(TABLE.alarm))
    raised()
    stack.end_state()
    quiet(stack)
    finish, again = orders(stack, TABLE.alarm, BILLING)
    finish()
    stack.keep("on demand")
    back = reverting_of(stack, TABLE.alarm, BILLING)
    stack.keep("to be provisioned")
    end = partial(to_its_end, stack)
    yield RemedyStep("switch", "throttled", TABLE.alarm, raised, (finish, again), end)
    yield RemedyStep("way back", "to be provisioned", TABLE.alarm, back, (finish,))


def to_its_end(stack: DeployedStack) -> None:
    """Finished, and during the revert: only now it shows what was remembered of the table."""
    for lease in stack.end_state().leases:
        if lease["state"] not in ("ended", "failed"):
            quiet(stack)
            orders(stack, TABLE.alarm, BILLING)[0]()
            reverting_of(stack, TABLE.alarm, BILLING)()


def quiet(stack: DeployedStack) -> None:
    """AWS has finished what it was asked for."""
    changes_done.wait(stack.aws)
    while stack.aws.client("dynamodb").describe_table(TableName=NAME)["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(0.05)
