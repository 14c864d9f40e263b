"""What no alarm calls loses one line of its policy after the other, as in `test_rights.py`."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.run import deployed
from rehearsal.pages import past
from rehearsal.world.build import World
from tests.integration.in_use import in_use
from tests.proof.rights import Right, WithoutRight, needed, refused, rights, role_of
from tests.proof.rights_of_other_functions import FunctionUses, Play, followed_functions, scheduled_functions

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

IN_USE = "in use"

# (function, action): no message can name these, with the consequence; the log names each.
UNREPORTED = {
    (
        "response-failed",
        "sns:Publish",
    ): "the event is kept; FailedTwice has the run, its alarm tells the last resort",
    ("watchdog", "ssm:GetParameters"): "stops that have ended are left, and the daily check reports those",
    ("watchdog", "ssm:DeleteParameters"): "stops that have ended are left, and the daily check reports those",
    ("watchdog", "sns:Publish"): "the round fails before its heartbeat, whose alarm tells the last resort",
    (
        "follow-up",
        "sns:Publish",
    ): "the execution fails, also by its own error, and its alarm tells the last resort",
    ("follow-up", "dynamodb:PutItem"): "steps are missing on the timeline, nothing else is",
}


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """One that has been in use."""
    build()
    found = deployed(World.ROLLED_OUT, Language.EN)
    try:
        in_use(found)
        past.give(found, datetime.now(UTC))
        found.snapshot(IN_USE)
        yield found
    finally:
        found.stop()


def again(aws: LocalAws) -> LocalAws:
    aws.restore(IN_USE)
    aws.clear()
    return aws


def unreported(part: FunctionUses, right: Right, aws: LocalAws, plays: list[Play]) -> list[str]:
    """What was wrong in each play that needs it; nothing where one reported it."""
    wrong = []
    for play in plays:
        said = play(again(aws), lambda aws: WithoutRight(part.function, right)(aws, datetime.now(UTC)))
        if not refused(right, aws.calls(), role_of(aws, part.function)):
            wrong.append("was not refused")
        elif right.action in said or (part.function, right.action) in UNREPORTED:
            return []
        else:
            wrong.append("was not named" if said else "no message was sent")
    return wrong


@pytest.mark.parametrize("part", [*scheduled_functions(), *followed_functions()], ids=str)
def test_a_missing_right_is_reported_by_its_name(
    part: FunctionUses, aws: LocalAws, note: Callable[..., None]
) -> None:
    using: dict[Right, list[Play]] = defaultdict(list)
    for play in part.plays:
        play(again(aws), lambda _: None)
        for right in needed(rights(aws, part.function), aws.calls(), role_of(aws, part.function)):
            using[right].append(play)
    assert using
    lost = {right: found for right in sorted(using) if (found := unreported(part, right, aws, using[right]))}
    note("least privilege", functions=1, rights_taken_away=len(using))
    assert not lost, "\n".join(f"{right}: {problems}" for right, problems in lost.items())
