"""What is played on both leaves out nothing silently."""

import pytest

from rehearsal.drill.catalogue import alarms
from responder.core.remedy import RemedyName
from tests.witness import choice, compare, outcome, table
from tests.witness.outcome import Played, Tally
from tests.witness.stubs import EXTENSIONS, STUBS

REVERTIBLE = {remedy for remedy in RemedyName if remedy.spec.can_revert}


def test_what_is_chosen_by_its_id_is_played() -> None:
    chosen = {scenario.id for scenario in choice.of_playbooks()}
    assert {*choice.REVERTS, *choice.FOLLOWED} <= chosen


def test_each_remedy_that_can_be_reverted_is_reverted() -> None:
    steps = [step for scenario in choice.of_playbooks() for step in scenario.then]
    assert {step.remedy for step in steps if step.command == "revert"} >= REVERTIBLE


def test_no_entry_explains_another_decision_or_change() -> None:
    """Of each step that is played: an entry names both answers."""
    names = [
        f"{scenario.id} {step}"
        for scenario in choice.of_playbooks()
        for step in ["response", *map(outcome.name, scenario.then)]
    ]
    other = (
        "answer: a | b",
        "causes: a | b",
        "proposals: a | b",
        "change FaceAuth-LivenessSessions units: a | b",
    )
    differences = [f"{name}: {what}" for name in names for what in other]
    assert compare.unexplained(differences) == differences


def full() -> dict[str, table.Row]:
    """A table with nothing to object to."""
    tally = Tally(100, {}, {}, [*STUBS, *EXTENSIONS])
    return {alarm: table.Row(1, tally, set(REVERTIBLE)) for alarm in (*alarms(), "checks, console")}


def test_a_playbook_that_moto_plays_nothing_of_is_a_fault() -> None:
    assert table.not_shown(full()) == []
    left_out = {**full(), "low-confidence": table.Row(left_out=["low-confidence/acts: calls that fail"])}
    assert table.not_shown(left_out) == ["low-confidence: moto plays no scenario of it"]
    without = {alarm: row for alarm, row in full().items() if alarm != "low-confidence"}
    assert table.not_shown(without) == ["low-confidence: moto plays no scenario of it"]
    assert compare.too_few({"low-confidence": Tally()})


def test_a_remedy_that_is_reverted_nowhere_is_a_fault() -> None:
    rows = full()
    for row in rows.values():
        row.reverted -= {"memory_increase"}
    assert table.not_shown(rows) == ["memory_increase: no scenario on moto reverts it"]
    revert = {"step": "revert memory_increase", "changes": {}, "proposals": []}
    rows["low-confidence"].add(Played([revert]))
    assert table.not_shown(rows)
    rows["low-confidence"].add(Played([{**revert, "changes": {"memory": ["512", "256"]}}]))
    assert table.not_shown(rows) == []


@pytest.mark.parametrize("name", ["health:DescribeEvents", "lambda:Invoke"])
def test_a_stub_or_an_extension_that_no_call_needs_is_a_fault(name: str) -> None:
    rows = full()
    for row in rows.values():
        row.tally.used = [used for used in row.tally.used if used != name]
    assert table.not_shown(rows) == [f"{name}: no call needs it any more"]


def test_only_what_nothing_of_ours_changed_counts_as_moto_s_alone() -> None:
    tally = Tally(100, {"health:DescribeEvents": 5}, {"lambda:GetFunctionConfiguration": 20})
    assert (tally.by_moto, tally.by_extension) == (0.75, 0.2)
    assert compare.too_few({"known": tally}) == []
    assert compare.too_few({"stubs": Tally(100, {"health:DescribeEvents": 16})})
    assert compare.too_few({"extensions": Tally(100, {}, {"lambda:GetFunctionConfiguration": 33})})
