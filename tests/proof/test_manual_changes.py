"""A person changes the service just before any call of the responder: what a person did is not
overwritten."""

from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

import pytest

from tests.proof.deployed_stack import DeployedStack
from tests.proof.interleaving import Position, RemedyStep, interleave, positions, wrong
from tests.proof.person import (
    AddsAVariable,
    Person,
    RaisesTheMemory,
    RaisesTheThroughput,
    SetsThePercentage,
    SwitchesTheTable,
)
from tests.proof.remedy_steps import function_steps, quiet, table_steps
from tests.proof.seeded_random import rounds, seed

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

type Note = Callable[..., None]
FUNCTIONS = (AddsAVariable, SetsThePercentage, RaisesTheMemory)
TABLES = (SwitchesTheTable, RaisesTheThroughput)


def cells(
    found: list[Position], kinds: tuple[type[Person], ...], rng: Random
) -> list[tuple[Position, type[Person]]]:
    """Every call; around each write with everything that a person could do."""
    return [(where, kind) for where in found for kind in (kinds if where.critical else (rng.choice(kinds),))]


def play(
    stack: DeployedStack,
    step: RemedyStep,
    kinds: tuple[type[Person], ...],
    rng: Random,
    counted: Counter[str],
) -> list[str]:
    problems = []
    for where, kind in cells(positions(stack, step), kinds, rng):
        person = kind(stack.aws)
        if not interleave(stack, step, where, person):
            counted["cells_without_their_call"] += 1
            continue
        if not stack.end_state().messages:
            # AWS was busy with what he did: the follow-up asks once more.
            quiet(stack)
            step.act()
        if not stack.end_state().messages and step.then:
            # A revert that AWS has not released yet is reported once it is finished.
            quiet(stack)
            step.then[0]()
        found = [*wrong(stack.end_state(), person)]
        for later in rng.sample(step.then, rng.randint(0, len(step.then))):
            later()
            quiet(stack)
            found += person.undone()
        if person.lasts:
            step.end()
            quiet(stack)
            found += person.undone()
        problems += [f"{step.name}, before {where}, {kind.__name__}: {each}" for each in found]
        counted.update(cells=1, changes=len(person.done))
    return problems


def played(
    stack: DeployedStack, some: Iterable[RemedyStep], kinds: tuple[type[Person], ...], rng: Random, note: Note
) -> list[str]:
    """What is wrong in the steps of this run, in which a person must have changed something."""
    problems, counted = [], Counter[str](cells_without_their_call=0)
    for step in some:
        problems += play(stack, step, kinds, rng, counted)
    note("changes by a person", **counted)
    assert counted["cells"], "no call was there a second time"
    assert counted["changes"], "AWS took nothing of what a person did"
    return problems


def test_what_a_person_set_on_the_functions_is_never_overwritten(stack: DeployedStack, note: Note) -> None:
    (rng,) = rounds("functions", 1)
    problems = played(stack, function_steps(stack), FUNCTIONS, rng, note)
    assert not problems, "\n".join([f"PROOF_SEED={seed()}", *problems])


def test_what_a_person_set_on_the_table_is_never_overwritten(stack: DeployedStack, note: Note) -> None:
    """AWS knows no revision of a table; but it refuses a change while it works on another one."""
    (rng,) = rounds("table", 1)
    problems = played(stack, table_steps(stack), TABLES, rng, note)
    assert not problems, "\n".join([f"PROOF_SEED={seed()}", *problems])
