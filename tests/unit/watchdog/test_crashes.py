"""A round may meet another one anywhere: a person is notified, and each generation of a follow-up is brought
back once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from responder.aws.operations import Request
from responder.core.context import Gateway
from responder.core.plain_data import Json
from tests.fakes import FakeAws
from tests.unit.watchdog.world import TROUBLES, World, troubled, wrong

pytestmark = pytest.mark.unit


@dataclass
class Interrupted(Gateway):
    """A gateway through which another writer acts before the `write`-th write arrives."""

    aws: FakeAws
    person: Callable[[], Any]
    write: int
    seen: int = field(default=0)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if not Request(service, operation, arguments).reads:
            self.seen += 1
            if self.seen == self.write:
                self.person()
        return self.aws.call(service, operation, **arguments)


def test_two_simultaneous_rounds_restart_once_and_report_everything_once() -> None:
    clean = troubled()
    before = len(clean.aws.writes)
    clean.round()
    writes = len(clean.aws.writes) - before
    assert writes > len(TROUBLES)
    for number in range(1, writes + 1):
        world = troubled()
        world.round(Interrupted(world.aws, world.round, number))
        said = Counter(each["said"]["key"] for messages in world.messages for each in messages["findings"])
        assert said == Counter(TROUBLES), number
        assert len(world.started) == 1, number
        assert list(wrong(world)) == [], number


def test_a_follow_up_that_wakes_up_at_any_moment_leaves_one_in_charge() -> None:
    for number in range(1, 5):
        world = World()
        head = world.reported(looks=30)
        world.round(Interrupted(world.aws, lambda world=world, head=head: world.looks_at(head), number))  # type: ignore[misc]
        assert world.started == [f"{head.incident}-g2"]
        assert not world.looks_at(head)
