"""One act of the responder, and a person who acts just before one of its calls."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from local_aws.client import Fault
from rehearsal.drill import changes_done
from rehearsal.drill.stack import STACK
from responder.core.frozen import frozen
from tests.proof.deployed_stack import DeployedStack
from tests.proof.end_state import EndState
from tests.proof.person import Person
from tests.proof.race_invariants import SET_BY_REMEDIES, applied_twice, unanswered

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


@frozen
class RemedyStep:
    """What the function of an alarm does from a snapshot on; `then`: what may be ordered later, `end`: what
    is ordered at last."""

    name: str
    snapshot: str
    slug: str
    act: Callable[[], Any]
    then: tuple[Callable[[], Any], ...] = ()
    end: Callable[[], Any] = lambda: None


def role_of(stack: DeployedStack, slug: str) -> str:
    """The role of the alarm's function."""
    found = stack.aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{slug}")
    return str(found["Role"]).rsplit("/", 1)[-1]


def positions(stack: DeployedStack, step: RemedyStep) -> list[Position]:
    """Every call of a clean run."""
    stack.restore(step.snapshot)
    step.act()
    role = role_of(stack, step.slug)
    counted = Counter(call.operation for call in stack.end_state().calls if call.role == role)
    return sorted(Position(name, n) for name, times in counted.items() for n in range(1, times + 1))


def interleave(stack: DeployedStack, step: RemedyStep, where: Position, person: Person) -> bool:
    """Play it; False where there was no such call."""
    stack.restore(step.snapshot)
    hold = Fault("*", where.operation, "hold", role=role_of(stack, step.slug), number=where.number)
    stack.aws.inject([hold])
    with ThreadPoolExecutor(1) as pool:
        act = pool.submit(step.act)
        reached = _waits_at_call(stack, lambda: act.done() and not stack.aws.busy())
        if reached:
            person.does()
        stack.aws.release()
        act.result()
    stack.aws.wait_idle(240)
    changes_done.wait(stack.aws)
    return reached


def _waits_at_call(stack: DeployedStack, over: Callable[[], bool]) -> bool:
    while not stack.aws.held():
        if over():
            return False
        time.sleep(0.01)
    return True


def wrong(after: EndState, person: Person) -> Iterator[str]:
    """He is not overwritten, nothing else is lost, and on-call was notified."""
    yield from person.undone()
    yield from applied_twice(after)
    yield from unanswered(after)
    for setting, (before, now) in after.changes.items():
        if not setting.endswith((*SET_BY_REMEDIES, *person.touches)):
            yield f"{setting}: {before!r} became {now!r}"
    if not after.messages:
        yield "no message was sent"
