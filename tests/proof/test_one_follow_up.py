"""However a follow-up is restarted, and however often: each generation has one execution."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from local_aws.client import LocalAws
from responder.aws.items import to_item
from responder.followup.follower import Follower
from responder.store.rows import stamp
from tests.proof.arena import Arena
from tests.proof.chance import at_once, rounds, seed
from tests.proof.door_of import door_of, settings_of
from tests.proof.laws import applied_twice, unanswered
from tests.proof.troubles import FAULTS

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
    return Follower(incident, door_of(aws, "follow-up"), settings, lambda: datetime.now(UTC))


def test_a_follow_up_that_wakes_up_while_the_watchdog_restarts_it(arena: Arena, note: Note) -> None:
    arena.begin(FAULTS, [ONE, "watchdog"])
    arena.set(ONE)
    arena.send(ONE, arena.event(ONE))
    (incident,) = arena.after().heads
    late(arena.aws, incident)
    arena.keep("overdue")
    for chance in rounds("follow-up", 40):
        arena.restore("overdue")
        awake = follower(arena.aws, incident)
        moment = awake.begin()
        watchdog = partial(arena.send, "watchdog", {"source": "aws.events"})
        acts: list[Callable[[], object]] = [
            watchdog,
            watchdog,
            partial(awake.look, moment),
            partial(awake.hand_over, moment),
        ]
        at_once(chance, acts, chance.choice((0, 0.1, 0.4)))
        after = arena.after()
        started = sorted(each.name for each in arena.aws.executions())
        found = [*applied_twice(after), *unanswered(after)]
        reported = [each["id"] for each in after.said]
        assert not found, f"PROOF_SEED={seed()}"
        assert after.heads[incident]["generation"] == 2, f"PROOF_SEED={seed()}"
        assert started == [f"{incident}-g2"], f"PROOF_SEED={seed()}"
        assert len(set(reported)) <= 1, f"PROOF_SEED={seed()}"
        note("races", rounds=1, messages=len(reported))
