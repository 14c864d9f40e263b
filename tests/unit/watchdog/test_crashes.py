"""A round may die anywhere, meet another one anywhere, and any call may fail: a person is told, and each
generation of a follow-up is brought back once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from responder.errors import Denied, ResponderError, Throttled, Unreachable
from tests.fakes import Died, FakeAws
from tests.unit.watchdog.world import World

pytestmark = pytest.mark.unit

type Cell = tuple[str, str, int]
ROUNDS = 3
FAULTS: dict[str, tuple[Callable[[], Any], bool]] = {
    "throttled": (lambda: Throttled, False),
    "denied": (lambda: Denied, False),
    "unreachable before": (lambda: Unreachable, False),
    "unreachable after": (lambda: Unreachable, True),
    "died before": (Died, False),
    "died after": (Died, True),
}
TROUBLES = {
    "cause.watchdog_approved",
    "cause.watchdog_headless",
    "cause.watchdog_orphan",
    "cause.watchdog_overdue",
    "cause.watchdog_silent",
}


def troubled() -> World:
    """One of each, each with another alarm; the follow-up of the second one is alive."""
    world = World()
    world.told("FaceAuth-One", looks=30)
    alive = world.told("FaceAuth-Two", looks=-60)
    world.holds(alive.incident, until=30)
    world.opened("FaceAuth-Three", minutes=20)
    world.holds("gone-20260204T092500Z", remedy="on_demand_billing", scope="a-table")
    world.approves(world.asks(alive.incident, minutes=10), minutes=6)
    return world


def cells() -> list[Cell]:
    """Every call of a clean round: service, operation, its number among its like."""
    world = troubled()
    first = len(world.aws.calls)
    world.round()
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for service, operation, _ in world.aws.calls[first:]:
        seen[service, operation] += 1
        found.append((service, operation, seen[service, operation]))
    return found


def wrong(world: World) -> Iterator[str]:
    generations = world.generations
    if sorted(generations.values()) != [1, 2]:
        yield f"generations {generations}"
    if set(world.started) != {f"{incident}-g2" for incident, number in generations.items() if number > 1}:
        yield f"started {world.started}"
    said = {each["said"]["key"] for told in world.messages for each in told["findings"]}
    if said - {"cause.watchdog_unread"} != TROUBLES:
        yield f"told {sorted(said)}"
    untold = [trouble for trouble, told in world.notes.items() if not told and "failed" not in trouble]
    if untold:
        yield f"untold {untold}"


@pytest.mark.parametrize("fault", FAULTS)
def test_any_call_may_fail_in_any_way(fault: str) -> None:
    error, after = FAULTS[fault]
    found = {}
    for service, operation, number in cells():
        world = troubled()
        world.aws.fail(service, operation, error(), call=number, after=after)
        for _ in range(ROUNDS):
            try:
                world.round()
            except (ResponderError, Died):
                assert (service, operation) == ("sns", "publish") or fault.startswith("died")
            world.aws.tick(minutes=5)
        problems = list(wrong(world))
        if problems:
            found[service, operation, number] = problems
    assert not found


@dataclass
class Interrupted:
    """A gateway through which somebody acts before the `write`-th write arrives."""

    aws: FakeAws
    somebody: Callable[[], Any]
    write: int
    seen: int = field(default=0)

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        if operation not in ("get_item", "query"):
            self.seen += 1
            if self.seen == self.write:
                self.somebody()
        return self.aws.call(service, operation, **arguments)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        return self.aws.pages(service, operation, **arguments)


def test_two_rounds_at_once_bring_back_once_and_tell_everything_once() -> None:
    clean = troubled()
    before = len(clean.aws.writes)
    clean.round()
    writes = len(clean.aws.writes) - before
    assert writes > len(TROUBLES)
    for number in range(1, writes + 1):
        world = troubled()
        world.round(Interrupted(world.aws, world.round, number))
        said = Counter(each["said"]["key"] for told in world.messages for each in told["findings"])
        assert said == Counter(TROUBLES), number
        assert len(world.started) == 1, number
        assert list(wrong(world)) == [], number


def test_a_follow_up_that_wakes_up_at_any_moment_leaves_one_in_charge() -> None:
    for number in range(1, 5):
        world = World()
        head = world.told(looks=30)
        world.round(Interrupted(world.aws, lambda world=world, head=head: world.looks_at(head), number))  # type: ignore[misc]
        assert world.started == [f"{head.incident}-g2"]
        assert not world.looks_at(head)
