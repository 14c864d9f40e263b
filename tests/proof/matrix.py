"""The crash matrix: each call of a story's clean run × each fault, delivered again as AWS would."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from tests.fakes import FakeAws
from tests.proof.async_invocation import Code, Invocation, invoke, unexpected_errors
from tests.proof.faults import FAULTS, Fault
from tests.proof.faulty_gateway import Cell

_READS = ("get_", "list_", "describe_", "query", "scan", "filter_", "lookup_", "head_")


@dataclass
class StoryStart:
    """A story up to where its event arrives. `aws` is its own; `known`: what the invariants compare with.

    `record`: what the on-failure destination gets. `between`: what happens before AWS delivers again.
    `away`: the store is away for a while.
    """

    aws: FakeAws
    code: Code
    environment: Mapping[str, str]
    record: Data
    known: Any = None
    between: Callable[[FakeAws], Any] = FakeAws.settle
    away: bool = False


@frozen
class Story:
    """`begin` gives a fresh one each time."""

    name: str
    begin: Callable[[], StoryStart]

    def __str__(self) -> str:
        return self.name


@dataclass
class StoryRun:
    """One cell, or the clean run. `wrong`: what does not hold, in words."""

    begun: StoryStart
    invocation: Invocation
    cell: Cell | None = None
    fault: Fault | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def aws(self) -> FakeAws:
        return self.begun.aws

    @property
    def reported(self) -> list[Json]:
        """Messages of this story, as they were sent."""
        return self.aws.sns.published


type Invariant = Callable[[StoryRun], Iterator[str]]


def clean(story: Story) -> StoryRun:
    """Without any fault."""
    return _played(story.begin())


def cells(run: StoryRun) -> list[Cell]:
    """Every call of a clean run."""
    return run.invocation.gateways[0].calls_made


def play(story: Story, cell: Cell, fault: Fault, invariants: Iterable[Invariant]) -> StoryRun:
    """One cell, judged."""
    played = _played(story.begin(), cell, fault)
    played.wrong += [
        f"{type(each).__name__} is no error of ours" for each in unexpected_errors(played.invocation)
    ]
    for holds in invariants:
        played.wrong += holds(played)
    return played


_RARE = (
    "update_table",
    "put_provisioned_concurrency_config",
    "delete_provisioned_concurrency_config",
)


def chosen(calls: list[Cell], whole: bool, turn: int, most: int = 2) -> list[tuple[Cell, Fault]]:
    """All cells that differ; else a few, others in each story: of the writes more than of the reads."""
    writes = _writes(calls)
    if whole:
        return [(cell, fault) for cell in calls for fault in FAULTS if cell in writes or not _same(fault)]
    found = []
    for number in range(most):
        fault = FAULTS[(turn + number * (len(FAULTS) // most)) % len(FAULTS)]
        among = calls if number == most - 1 else writes
        found.append((among[(turn * 5 + number * 7) % len(among)], fault))
    return list(dict.fromkeys([*found, *_rare(calls, turn)]))


def each_once(calls: list[Cell], turn: int) -> list[tuple[Cell, Fault]]:
    """Where a story like this one is played whole: its writes in every way, each of its reads in one."""
    writes = _writes(calls)
    whole = [(cell, fault) for cell in calls for fault in FAULTS if cell in writes]
    ways = [fault for fault in FAULTS if not _same(fault)]
    reads = [cell for cell in calls if cell not in writes]
    return whole + [(cell, ways[(turn + number) % len(ways)]) for number, cell in enumerate(reads)]


def _writes(calls: list[Cell]) -> list[Cell]:
    return [cell for cell in calls if not cell.operation.startswith(_READS)] or calls


def _rare(calls: list[Cell], turn: int) -> Iterator[tuple[Cell, Fault]]:
    """So few stories make these writes that a few of all would leave them out: once before, once after."""
    for operation in _RARE:
        for cell in [each for each in calls if each.operation == operation][:1]:
            for after in (False, True):
                kinds = [fault for fault in FAULTS if fault.after is after]
                yield cell, kinds[turn % len(kinds)]


def _same(fault: Fault) -> bool:
    """A read has no effect: to lose its answer is not to have asked."""
    return fault.name in ("time-out after", "killed after")


def _played(begun: StoryStart, cell: Cell | None = None, fault: Fault | None = None) -> StoryRun:
    injected = (cell, fault) if cell is not None and fault is not None else None
    invocation = invoke(
        begun.code, begun.aws, begun.record, begun.environment, injected, lambda: begun.between(begun.aws)
    )
    begun.aws.settle()
    return StoryRun(begun, invocation, cell, fault)
