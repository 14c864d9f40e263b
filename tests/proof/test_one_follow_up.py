"""However a follow-up is restarted, and however often: each generation has one execution."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from local_aws.client import LocalAws
from responder.aws.items import to_item
from responder.followup.follower import Follower
from responder.store.rows import stamp
from tests.proof.deployed_stack import DeployedStack
from tests.proof.local_gateway import gateway_of, settings_of
from tests.proof.race_invariants import applied_twice, unanswered
from tests.proof.seeded_random import in_parallel, rounds, seed
from tests.proof.service_faults import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

type Note = Callable[..., None]
ONE = "high-error-rate"


def late(aws: LocalAws, incident: str) -> None:
    """It should have looked twenty minutes ago."""
    at = datetime.now(UTC) - timedelta(minutes=20)
    aws.client("dynamodb").update_item(
        TableName=settings_of(aws, ONE).incidents_table,
        Key=to_item({"pk": f"INCIDENT#{incident}", "sk": "HEAD"}),
        UpdateExpression="SET next_look = :at",
        ExpressionAttributeValues=to_item({":at": stamp(at)}),
    )


def follower(aws: LocalAws, incident: str) -> Follower:
    """Under the role and with the settings of the deployed one."""
    settings = settings_of(aws, "follow-up")
    return Follower(incident, gateway_of(aws, "follow-up"), settings, lambda: datetime.now(UTC))


def test_a_follow_up_that_wakes_up_while_the_watchdog_restarts_it(stack: DeployedStack, note: Note) -> None:
    stack.begin(FAULTS, [ONE, "watchdog"])
    stack.set(ONE)
    stack.send(ONE, stack.event(ONE))
    (incident,) = stack.end_state().heads
    late(stack.aws, incident)
    stack.keep("overdue")
    for rng in rounds("follow-up", 40):
        stack.restore("overdue")
        awake = follower(stack.aws, incident)
        moment = awake.begin()
        watchdog = partial(stack.send, "watchdog", {"source": "aws.events"})
        acts: list[Callable[[], object]] = [
            watchdog,
            watchdog,
            partial(awake.look, moment),
            partial(awake.hand_over, moment),
        ]
        in_parallel(rng, acts, rng.choice((0, 0.1, 0.4)))
        after = stack.end_state()
        started = sorted(each.name for each in stack.aws.executions())
        found = [*applied_twice(after), *unanswered(after)]
        reported = [each["id"] for each in after.messages]
        assert not found, f"PROOF_SEED={seed()}"
        assert after.heads[incident]["generation"] == 2, f"PROOF_SEED={seed()}"
        assert started == [f"{incident}-g2"], f"PROOF_SEED={seed()}"
        assert len(set(reported)) <= 1, f"PROOF_SEED={seed()}"
        note("races", rounds=1, messages=len(reported))
