"""Many cells of one story, and their results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.proof.faults import Fault
from tests.proof.faulty_gateway import Cell
from tests.proof.matrix import Invariant, Story, play


@dataclass
class Tally:
    """`found`: by cell, what does not hold; `missed`: cells whose call did not come a second time."""

    found: dict[str, list[str]] = field(default_factory=dict)
    deliveries: int = 0
    missed: int = 0


def play_each(story: Story, tried: Sequence[tuple[Cell, Fault]], invariants: Iterable[Invariant]) -> Tally:
    """Each of these cells separately."""
    tally, invariants = Tally(), tuple(invariants)
    for cell, fault in tried:
        played = play(story, cell, fault, invariants)
        tally.deliveries += len(played.invocation.gateways)
        tally.missed += not played.invocation.injected
        if played.wrong:
            tally.found[f"{cell} {fault}"] = played.wrong
    return tally
