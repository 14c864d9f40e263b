"""What SAM adds to a role so that Lambda may send on what failed for good: it is used, and it is taken away.

Lambda sends to a destination with the right of the function's own role. Without it the event is lost: no code
of the responder runs that could report it. On AWS the metric DestinationDeliveryFailures counts it, and the
alarms on that notify the last resort (tests/template/test_unsent.py); here none is evaluated.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from rehearsal.drill.stack import STACK
from responder.core.plain_data import Json
from tests.proof.dead_letter_queues import deny_all_calls
from tests.proof.deployed_stack import ALARMS, WAITS, DeployedStack
from tests.proof.rights import Right, WithoutRight, rights, role_of
from tests.proof.service_faults import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

# Executions of the follow-up do not run here; who calls `people` waits for the answer: it has no destination.
NOT_HERE = ("follow-up", "people")
_AT_ONCE = [0.05, 0.05]
_JOB = {"job": {"id": "v0", "click": {"kind": "approve"}, "at": "cut off"}}


@pytest.fixture(scope="module")
def without_retries(stack: DeployedStack) -> Iterator[DeployedStack]:
    stack.begin(FAULTS)
    stack.keep("destinations")
    stack.aws.settings(retry_waits=_AT_ONCE)
    try:
        yield stack
    finally:
        stack.aws.settings(retry_waits=WAITS)


def functions(stack: DeployedStack) -> list[str]:
    found = stack.aws.client("lambda").get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in found for each in page["Functions"]]
    ours = [name.removeprefix(f"{STACK}-") for name in names if name.startswith(f"{STACK}-")]
    return sorted(set(ours) - set(NOT_HERE))


def sends(stack: DeployedStack, function: str) -> list[tuple[str, str, bool]]:
    """(action, resource, allowed) of what Lambda sent on for it."""
    role = role_of(stack.aws, function)
    calls = [each for each in stack.aws.calls() if each.role == role and each.operation == "Destination"]
    return [(each.action, each.resource, each.allowed) for each in calls]


def fail(stack: DeployedStack, function: str, lacks: Right | None = None) -> tuple[int, int]:
    """For good, with nothing that it calls answering: how many messages are kept then, and how many
    reported."""
    aws = stack.aws
    stack.restore("destinations")
    if lacks is not None:
        WithoutRight(function, lacks)(aws, datetime.now(UTC))
    aws.inject([deny_all_calls(aws, function)])
    event: Json = stack.event(function) if function in ALARMS else {"source": "aws.events"}
    stack.send(function, _JOB if function == "slack-action" else event)
    aws.wait_idle(240)
    aws.release()
    return _waiting(stack), len(aws.inbox())


def _waiting(stack: DeployedStack) -> int:
    sqs, name = stack.aws.client("sqs"), "ApproximateNumberOfMessages"
    urls = sqs.list_queues()["QueueUrls"]
    found = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"] for url in urls]
    return sum(int(each[name]) for each in found)


def wrong(stack: DeployedStack, function: str) -> Iterator[str]:
    kept, _ = fail(stack, function)
    sent = sends(stack, function)
    if [allowed for *_, allowed in sent] != [True] or kept != 1:
        yield f"with it: sent {sent}, {kept} kept"
        return
    ((action, resource, _),) = sent
    mine = Right(action, (resource,))
    if mine not in rights(stack.aws, function):
        yield f"{mine} is no line of its own"
    # No function is notified of it, which is why there are alarms.
    if (lost := fail(stack, function, mine)) != (0, 0):
        yield f"without it: (kept, told) {lost}"
    if sends(stack, function) != [(action, resource, False)]:
        yield f"was not refused: {sends(stack, function)}"


def test_what_may_not_be_sent_on_is_lost(without_retries: DeployedStack, note: Callable[..., None]) -> None:
    found = {
        each: problems
        for each in functions(without_retries)
        if (problems := list(wrong(without_retries, each)))
    }
    note("least privilege", destinations_taken_away=len(functions(without_retries)))
    assert not found, "\n".join(f"{function}: {problems}" for function, problems in found.items())
