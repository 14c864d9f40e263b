"""A person changes the service just before any call of the responder: what a person did is not
overwritten."""

from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

import pytest

from tests.proof.arena import Arena
from tests.proof.chance import rounds, seed
from tests.proof.meanwhile import Position, Stage, meanwhile, positions, wrong
from tests.proof.person import (
    AddsAVariable,
    Person,
    RaisesTheMemory,
    RaisesTheThroughput,
    SetsThePercentage,
    SwitchesTheTable,
)
from tests.proof.steps import quiet, stages, table_stages

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

type Note = Callable[..., None]
FUNCTIONS = (AddsAVariable, SetsThePercentage, RaisesTheMemory)
TABLES = (SwitchesTheTable, RaisesTheThroughput)


def cells(
    found: list[Position], kinds: tuple[type[Person], ...], chance: Random
) -> list[tuple[Position, type[Person]]]:
    """Every call; around each write with everything that a person could do."""
    return [
        (where, kind) for where in found for kind in (kinds if where.critical else (chance.choice(kinds),))
    ]


def play(
    arena: Arena, stage: Stage, kinds: tuple[type[Person], ...], chance: Random, counted: Counter[str]
) -> list[str]:
    problems = []
    for where, kind in cells(positions(arena, stage), kinds, chance):
        person = kind(arena.aws)
        if not meanwhile(arena, stage, where, person):
            counted["cells_without_their_call"] += 1
            continue
        if not arena.after().said:
            # AWS was busy with what he did: the follow-up asks once more.
            quiet(arena)
            stage.act()
        if not arena.after().said and stage.then:
            # A revert that AWS has not released yet is reported once it is finished.
            quiet(arena)
            stage.then[0]()
        found = [*wrong(arena.after(), person)]
        for later in chance.sample(stage.then, chance.randint(0, len(stage.then))):
            later()
            quiet(arena)
            found += person.undone()
        if person.lasts:
            stage.end()
            quiet(arena)
            found += person.undone()
        problems += [f"{stage.name}, before {where}, {kind.__name__}: {each}" for each in found]
        counted.update(cells=1, changes=len(person.done))
    return problems


def played(
    arena: Arena, some: Iterable[Stage], kinds: tuple[type[Person], ...], chance: Random, note: Note
) -> list[str]:
    """What is wrong in the stages of this run, in which a person must have changed something."""
    problems, counted = [], Counter[str](cells_without_their_call=0)
    for stage in some:
        problems += play(arena, stage, kinds, chance, counted)
    note("somebody else", **counted)
    assert counted["cells"], "no call was there a second time"
    assert counted["changes"], "AWS took nothing of what somebody did"
    return problems


def test_what_a_person_set_on_the_functions_is_never_overwritten(arena: Arena, note: Note) -> None:
    (chance,) = rounds("functions", 1)
    problems = played(arena, stages(arena), FUNCTIONS, chance, note)
    assert not problems, "\n".join([f"PROOF_SEED={seed()}", *problems])


def test_what_a_person_set_on_the_table_is_never_overwritten(arena: Arena, note: Note) -> None:
    """AWS knows no revision of a table; but it refuses a change while it works on another one."""
    (chance,) = rounds("table", 1)
    problems = played(arena, table_stages(arena), TABLES, chance, note)
    assert not problems, "\n".join([f"PROOF_SEED={seed()}", *problems])
