"""One act of the responder, and a person who acts just before one of its calls."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from local_aws.client import Fault
from rehearsal.drill import settled
from rehearsal.drill.stack import STACK
from tests.proof.after import After
from tests.proof.arena import Arena
from tests.proof.laws import OURS, applied_twice, unanswered
from tests.proof.person import Person

# Where it is decided whose value is kept.
CRITICAL = frozenset(
    {"TransactWriteItems", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias", "UpdateTable"}
)


@dataclass(frozen=True, order=True)
class Position:
    """Just before the `number`-th call of an operation."""

    operation: str
    number: int

    @property
    def critical(self) -> bool:
        return self.operation in CRITICAL


@dataclass(frozen=True)
class Stage:
    """What the function of an alarm does from a snapshot on; `then`: what may be ordered later, `end`: what
    is ordered at last."""

    name: str
    snapshot: str
    slug: str
    act: Callable[[], Any]
    then: tuple[Callable[[], Any], ...] = ()
    end: Callable[[], Any] = lambda: None


def role_of(arena: Arena, slug: str) -> str:
    """The role of the alarm's function."""
    found = arena.aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{slug}")
    return str(found["Role"]).rsplit("/", 1)[-1]


def positions(arena: Arena, stage: Stage) -> list[Position]:
    """Every call of a clean run."""
    arena.restore(stage.snapshot)
    stage.act()
    role = role_of(arena, stage.slug)
    counted = Counter(call.operation for call in arena.after().calls if call.role == role)
    return sorted(Position(name, n) for name, times in counted.items() for n in range(1, times + 1))


def meanwhile(arena: Arena, stage: Stage, where: Position, person: Person) -> bool:
    """Play it; False where there was no such call."""
    arena.restore(stage.snapshot)
    hold = Fault("*", where.operation, "hold", role=role_of(arena, stage.slug), number=where.number)
    arena.aws.inject([hold])
    with ThreadPoolExecutor(1) as pool:
        act = pool.submit(stage.act)
        struck = _held(arena, lambda: act.done() and not arena.aws.busy())
        if struck:
            person.does()
        arena.aws.release()
        act.result()
    arena.aws.wait_idle(240)
    settled.wait(arena.aws)
    return struck


def _held(arena: Arena, over: Callable[[], bool]) -> bool:
    while not arena.aws.held():
        if over():
            return False
        time.sleep(0.01)
    return True


def wrong(after: After, person: Person) -> Iterator[str]:
    """He is not overwritten, nothing else is lost, and on-call was notified."""
    yield from person.undone()
    yield from applied_twice(after)
    yield from unanswered(after)
    for setting, (before, now) in after.changes.items():
        if not setting.endswith((*OURS, *person.touches)):
            yield f"{setting}: {before!r} became {now!r}"
    if not after.said:
        yield "no message was sent"
