"""Slack's two functions lose one line of their policies after the other, as in `test_rights.py`.

What used it is played again: a person reads the name of what is missing, nothing is done by half, and once
the line is back the same again comes to the same end.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from local_aws.client import LocalAws
from tests.proof.deployed_stack import WAITS, DeployedStack
from tests.proof.rights import Right, WithoutRight, give_back, needed, policies, refused, rights, role_of
from tests.proof.slack_uses import Use, WaitingIncident, uses, waiting_incident

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

FUNCTIONS = ("slack-action", "slack-post")
_AT_ONCE = [0.05, 0.05]
_SECRET = "secretsmanager:GetSecretValue"

# A step that was not written is not written later: what it records is done by then.
_NOTES, _UNNOTED = "dynamodb:PutItem", ("steps",)

# (function, action): no message can name these, with the consequence; the log names each.
UNREPORTED = {
    (
        "slack-action",
        _SECRET,
    ): "without it nobody's signature can be checked, and Slack not be spoken to: it shows a warning sign",
}


@pytest.fixture(scope="module")
def waiting(stack: DeployedStack) -> Iterator[WaitingIncident]:
    stack.aws.settings(retry_waits=_AT_ONCE)
    try:
        yield waiting_incident(stack)
    finally:
        stack.aws.settings(retry_waits=WAITS)


@contextmanager
def taken(aws: LocalAws, function: str, right: Right) -> Iterator[None]:
    """As long as this lasts."""
    role = role_of(aws, function)
    before = dict(policies(aws, role))
    WithoutRight(function, right)(aws, datetime.now(UTC))
    try:
        yield
    finally:
        give_back(aws, role, before)


def half(done: dict[str, object], clean: dict[str, object], begun: dict[str, object]) -> Iterator[str]:
    """Records whose basis is missing."""
    now = done["percentages"]
    if now not in (begun["percentages"], clean["percentages"]):
        yield f"half done: {now}"
    if now != begun["percentages"] and done["rows"] != clean["rows"]:
        yield "done, and nobody's row says so"
    for name in ("rows", "steps", "messages"):
        many = [each for each in done[name] if each not in clean[name]]  # type: ignore[attr-defined,operator]
        if many:
            yield f"{name} that no other run has: {many}"


def wrong(waiting: WaitingIncident, use: Use, right: Right, clean: dict[str, object]) -> Iterator[str]:
    """Of one use without that line, and of the same again with it."""
    aws = waiting.stack.aws
    waiting.begin(use, cold=right.action == _SECRET)
    begun = waiting.done()
    with taken(aws, use.function, right):
        waiting.play(use)
    said = waiting.heard(use)
    if not refused(right, aws.calls(), role_of(aws, use.function)):
        yield "was not refused"
    elif right.action not in said and (use.function, right.action) not in UNREPORTED:
        yield "was not named" if said else "no message was sent"
    yield from half(waiting.done(), clean, begun)
    waiting.a_minute_later()
    waiting.play(use)
    now, late = waiting.done(), (_UNNOTED if right.action == _NOTES and "Incidents" in str(right) else ())
    if other := [each for each in now if now[each] != clean[each] and each not in late]:
        yield f"not the same in the end: {other}"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_missing_right_is_reported_by_its_name(
    function: str, waiting: WaitingIncident, note: Callable[..., None]
) -> None:
    aws, role = waiting.stack.aws, role_of(waiting.stack.aws, function)
    using: dict[Right, list[tuple[Use, dict[str, object]]]] = defaultdict(list)
    for use in (each for each in uses() if each.function == function):
        waiting.begin(use, cold=True)
        waiting.play(use)
        said = waiting.heard(use)
        for right in needed(rights(aws, function), aws.calls(), role):
            assert right.action not in said, f"{use} names {right} anyway"
            using[right].append((use, waiting.done()))
    played = [(right, *one) for right in sorted(using) for one in using[right]]
    found = [
        f"{right}: {use}: {problem}"
        for right, use, clean in played
        for problem in wrong(waiting, use, right, clean)
    ]
    lines = len({right for right, *_ in played})
    note("least privilege", functions=1, rights_taken_away=lines, plays=len(played))
    assert lines
    assert not found, "\n".join(found)
