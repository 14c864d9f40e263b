"""A row that does not hold what it should is named, and no part of it is used."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.aws.items import from_item, to_item
from responder.core.codec import dump
from responder.core.errors import Unreadable
from responder.core.plain_data import Data, Json
from responder.core.refusals import Refusal
from responder.store import Incidents, rows
from responder.store.incidents import read_head, read_incident
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.rows import all_rows
from tests.unit.core.test_records import ASKED, LEASE, ROW
from tests.unit.core.world import store

EMPLOYEE = "EMP-7700123"

type Row = Json


def filled() -> Incidents:
    """One row of every kind."""
    incidents = store()
    incidents.begin(LEASE, 0, NOW)
    incidents.settle(LEASE, ROW, NOW)
    incidents.record("mine", "asked", {}, NOW, (ASKED,))
    incidents.note("mine", "reported", {"said": "once"}, NOW + timedelta(minutes=1))
    return incidents


def put(incidents: Incidents, pk: str, sk: str, **changed: Any) -> None:
    """A person changes a row; with `data`, a part of what is packed in it."""
    assert isinstance(incidents.aws, FakeAws)
    found = [
        row
        for row in map(from_item, incidents.aws.dynamo.rows("Incidents"))
        if (row["pk"], row["sk"]) == (pk, sk)
    ]
    row = {**(found[0] if found else {"pk": pk, "sk": sk}), **changed}
    incidents.aws.dynamo.put_item(TableName="Incidents", Item=to_item(row))


def packed(value: Any, **changed: Any) -> Row:
    return {"pk": "P", "sk": "S", "data": json.dumps({**json.loads(rows.pack(value)), **changed})}


NAIVE, END = "2026-02-04T10:25:00", "9999-12-31T23:59:59+00:00"
BROKEN: list[tuple[Callable[[Data], Any], Row]] = [
    (rows.lease, {"pk": "P", "sk": "S"}),
    (rows.lease, {"pk": "P", "sk": "S", "data": 7}),
    (rows.lease, {"pk": "P", "sk": "S", "data": "{"}),
    (rows.lease, {"pk": "P", "sk": "S", "data": "[]"}),
    (rows.lease, {"pk": "P", "sk": "S", "data": "[" * 100_000}),
    (rows.lease, packed(LEASE, scope=None)),
    (rows.lease, packed(LEASE, incident=7)),
    (rows.lease, packed(LEASE, incident="\ud800")),
    (rows.lease, packed(LEASE, state="held")),
    (rows.lease, packed(LEASE, at=NAIVE)),
    (rows.lease, packed(LEASE, at=END)),
    (rows.lease, packed(LEASE, at=EMPLOYEE)),
    (rows.lease, packed(LEASE, snapshot=[])),
    (rows.lease, packed(LEASE, changes=[{}])),
    (rows.lease, packed(LEASE, changes=[{**dump(LEASE.changes[0]), "before": 50}])),
    (rows.lease, packed(LEASE, changes=[{**dump(LEASE.changes[0]), "note": {"key": 7}}])),
    (
        rows.lease,
        packed(LEASE, changes=[{**dump(LEASE.changes[0]), "note": {"key": "k", "values": {"a": None}}}]),
    ),
    (rows.applied, packed(ROW, ok="yes")),
    (rows.applied, packed(ROW, at=None)),
    (rows.asked, {**packed(ASKED, effect="none"), "since": rows.stamp(NOW)}),
    (rows.asked, packed(ASKED)),
    (read_incident, {"pk": "P", "sk": "S", "incident": "i", "slug": "s", "alarm": "a", "opened": NAIVE}),
    (read_head, {"pk": "P", "sk": "S", "incident": "i"}),
]


@all_rows(("read", "row"), BROKEN)
def test_a_row_that_does_not_hold_what_it_should_is_named_and_not_shown(
    read: Callable[[Data], Any], row: Row
) -> None:
    with pytest.raises(Unreadable) as found:
        read(row)
    assert found.value.row == "P S"
    # What the runtime would print.
    assert found.value.__cause__ is None
    assert found.value.__suppress_context__
    assert EMPLOYEE not in str(found.value)


def test_what_a_newer_version_has_added_breaks_no_row() -> None:
    assert rows.lease(packed(LEASE, newer={"a": 1})) == LEASE


@pytest.mark.parametrize(
    "watch", ["[]", "{", '{"notified": {"2": "soon"}}', '{"quiet": "many"}', '{"reported": []}']
)
def test_a_head_whose_memory_cannot_be_read_is_no_head(watch: str) -> None:
    good = {
        "incident": "i",
        "alarm": "a",
        "slug": "s",
        "severity": "high",
        "opened": rows.stamp(NOW),
        "generation": 1,
    }
    assert read_head(good).incident == "i"
    with pytest.raises(Unreadable):
        read_head({**good, "watch": watch})


@pytest.mark.parametrize(
    "sk",
    [
        "LEASE#rollout_to_zero#liveness-rollout",
        "VERSION",
        f"APPLIED#{rows.stamp(NOW)}#mine#rollout_to_zero#liveness-rollout",
    ],
)
def test_one_broken_row_makes_the_whole_ledger_unknown(sk: str) -> None:
    incidents = filled()
    put(incidents, "STACK", sk, data="{", version="1")
    with pytest.raises(Unreadable) as found:
        incidents.ledger()
    assert found.value.row == f"STACK {sk}"


def test_a_broken_step_hides_no_other_and_is_shown_as_it_is() -> None:
    incidents = filled()
    before = len(incidents.steps("mine"))
    put(incidents, "INCIDENT#mine", "STEP#soon#reported#1", kind="reported", data="{")
    steps = incidents.steps("mine")
    assert len(steps) == before + 1
    assert steps[0].kind == "unreadable"
    assert "STEP#soon#reported#1" in steps[0].data


def test_half_a_surrogate_pair_in_a_persons_words_does_not_keep_a_step_off_the_record() -> None:
    incidents = filled()
    incidents.note("mine", "verdict", {"why": Refusal.PAUSED(who="\ud800")}, NOW)
    assert any("?" in json.dumps(step.data) for step in incidents.steps("mine"))


def test_the_same_row_whole_is_read_back() -> None:
    assert rows.lease(packed(LEASE)) == LEASE
    assert rows.applied(packed(ROW)) == ROW
    assert replace(ASKED, since=NOW) == rows.asked({**packed(ASKED), "since": rows.stamp(NOW)})
