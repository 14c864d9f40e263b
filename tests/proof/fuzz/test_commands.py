"""Whatever arrives as a command: only what names a lease, or an approved proposal, touches
anything; the rest is reported."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.proof.conftest import Note
from tests.proof.fuzz.case_counts import examples, seeds
from tests.proof.fuzz.entries import orders
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.ongoing_incidents import STORIES, incident, proposals, story
from tests.proof.fuzz.strategies import JSON, WORDS
from tests.proof.fuzz.worlds import PlaybookWorld, leaks, logged

_NAMES = ("command", "incident", "remedy", "scope", "proposal")


def named(event: Any) -> Strings | None:
    """What a command is about; None of what is none."""
    if not isinstance(event, dict):
        return None
    found = tuple(event.get(name, "") for name in _NAMES)
    return found if all(isinstance(each, str) for each in found) else None


# What a command may do in each story: one of them was approved, or ends automatically.
_FREE = {"acted": 0, "asked": 1, "back": 1, "warm": 1}


def free(world: PlaybookWorld, known: list[Json]) -> set[Strings]:
    """Those of the whole commands that touch the service: nothing else may."""
    found = set()
    for event in known:
        world.rewind()
        with logged():
            world.deliver(event)
        about = named(event)
        if world.acts and about is not None:
            found.add(about)
    return found


def wrong(world: PlaybookWorld, event: Any, good: set[Strings]) -> list[str]:
    """Deliver it, and say what does not hold."""
    world.rewind()
    event = json.loads(json.dumps(event))
    with logged() as lines:
        got = world.deliver(event)
    found = [f"leaks {each}" for each in leaks(world, lines.lines, got.thrown)]
    if world.acts and named(event) not in good:
        found.append(f"acts: {world.acts}")
    if not world.whole():
        found.append("a variable is lost, or holds no percentage")
    if got.kept and (len(world.aws.sqs.sent) != 1 or not world.reported):
        found.append("failed, and not kept or not reported")
    if not (got.kept or world.reported or world.rows_changed):
        found.append("no trace")
    return found


@pytest.mark.parametrize("name", STORIES)
def test_a_command_with_something_broken_in_it(name: str, note: Note) -> None:
    world, counted = story(name), Counter[str]()
    wanted = {"wanted": {"percent": 10}}
    known = [{**each, "incident": incident(world), **wanted} for each in orders(world)]
    good = free(world, [{name: each[name] for name in each if name != "wanted"} for each in known])
    assert len(good) == _FREE[name], good
    for seed in seeds(35):
        mutator = Mutator(seed)
        event = mutator.damaged(known[seed % len(known)])
        problems = wrong(world, event, good)
        assert problems == [], mutator.reported
        counted.update(cases=1, acted=bool(world.acts), kept=len(world.aws.sqs.sent))
    note("bad input, commands broken", **counted)


@pytest.mark.parametrize("name", ["asked", "back"])
def test_a_command_of_odd_parts(name: str, note: Note) -> None:
    world, counted = story(name), Counter[str]()
    mine, ids = incident(world), proposals(world)
    good = free(world, [{**each, "incident": mine} for each in orders(world)])
    parts = {
        "command": st.sampled_from(["apply", "revert", "finish", "re-evaluate", "APPLY", "restart"]) | JSON,
        "incident": st.sampled_from([mine, mine.lower(), f"{mine}x", "STACK", "x" * 80]) | WORDS | JSON,
        "remedy": st.sampled_from(["rollout_to_zero", "on_demand_billing", "propose_change", "x"]) | JSON,
        "scope": st.sampled_from(["", "create", "result", "liveness-rollout"]) | JSON,
        "proposal": st.sampled_from([*ids, ids[0].upper(), "0" * 16, ""]) | JSON,
        "wanted": st.fixed_dictionaries({"percent": st.integers(-5, 200) | JSON}) | JSON,
        "approved": st.just(True),
        "by": WORDS,
    }
    whole = st.sampled_from([{**each, "incident": mine} for each in orders(world)])
    drawn = st.fixed_dictionaries({}, optional=parts)
    one_part = st.sampled_from(sorted(parts)).flatmap(lambda name: st.fixed_dictionaries({name: parts[name]}))
    events = st.builds(lambda good, odd: {**good, **odd}, whole, one_part) | drawn

    @given(events)
    @examples(50)
    def one(event: Any) -> None:
        world.rewind()
        assert wrong(world, event, good) == []
        counted.update(cases=1, acted=bool(world.acts))

    one()
    note("bad input, commands of odd parts", **counted)
