"""What SAM adds to a role so that Lambda may send on what failed for good: it is used, and it is taken away.

Lambda sends to a destination with the right of the function's own role. Without it the event is lost: no code
of the responder runs that could report it. On AWS the metric DestinationDeliveryFailures counts it, and the
alarms on that notify the last resort (tests/template/test_unsent.py); here none is evaluated.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from rehearsal.drill.stack import STACK
from tests.proof.arena import ALARMS, WAITS, Arena
from tests.proof.mailroom import down
from tests.proof.rights import Right, Without, rights, role_of
from tests.proof.troubles import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

# Executions of the follow-up do not run here; who calls `people` waits for the answer: it has no destination.
NOT_HERE = ("follow-up", "people")
_AT_ONCE = [0.05, 0.05]
_JOB = {"job": {"id": "v0", "click": {"kind": "approve"}, "at": "cut off"}}


@pytest.fixture(scope="module")
def stage(arena: Arena) -> Iterator[Arena]:
    arena.begin(FAULTS)
    arena.keep("destinations")
    arena.aws.settings(retry_waits=_AT_ONCE)
    try:
        yield arena
    finally:
        arena.aws.settings(retry_waits=WAITS)


def functions(arena: Arena) -> list[str]:
    found = arena.aws.client("lambda").get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in found for each in page["Functions"]]
    ours = [name.removeprefix(f"{STACK}-") for name in names if name.startswith(f"{STACK}-")]
    return sorted(set(ours) - set(NOT_HERE))


def sends(arena: Arena, function: str) -> list[tuple[str, str, bool]]:
    """(action, resource, allowed) of what Lambda sent on for it."""
    role = role_of(arena.aws, function)
    calls = [each for each in arena.aws.calls() if each.role == role and each.operation == "Destination"]
    return [(each.action, each.resource, each.allowed) for each in calls]


def fail(arena: Arena, function: str, lacks: Right | None = None) -> tuple[int, int]:
    """For good, with nothing that it calls answering: how many messages are kept then, and how many
    reported."""
    aws = arena.aws
    arena.restore("destinations")
    if lacks is not None:
        Without(function, lacks)(aws, datetime.now(UTC))
    aws.inject([down(aws, function)])
    event: dict[str, Any] = arena.event(function) if function in ALARMS else {"source": "aws.events"}
    arena.send(function, _JOB if function == "slack-action" else event)
    aws.wait_idle(240)
    aws.release()
    return _waiting(arena), len(aws.inbox())


def _waiting(arena: Arena) -> int:
    sqs, name = arena.aws.client("sqs"), "ApproximateNumberOfMessages"
    urls = sqs.list_queues()["QueueUrls"]
    found = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"] for url in urls]
    return sum(int(each[name]) for each in found)


def wrong(arena: Arena, function: str) -> Iterator[str]:
    kept, _ = fail(arena, function)
    sent = sends(arena, function)
    if [allowed for *_, allowed in sent] != [True] or kept != 1:
        yield f"with it: sent {sent}, {kept} kept"
        return
    ((action, resource, _),) = sent
    mine = Right(action, (resource,))
    if mine not in rights(arena.aws, function):
        yield f"{mine} is no line of its own"
    # No function is notified of it, which is why there are alarms.
    if (lost := fail(arena, function, mine)) != (0, 0):
        yield f"without it: (kept, told) {lost}"
    if sends(arena, function) != [(action, resource, False)]:
        yield f"was not refused: {sends(arena, function)}"


def test_what_may_not_be_sent_on_is_lost(stage: Arena, note: Callable[..., None]) -> None:
    found = {each: problems for each in functions(stage) if (problems := list(wrong(stage, each)))}
    note("least privilege", destinations_taken_away=len(functions(stage)))
    assert not found, "\n".join(f"{function}: {problems}" for function, problems in found.items())
