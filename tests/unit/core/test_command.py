"""A command only names things, in words that fit."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.codec import dump
from responder.core.command import (
    Command,
    CommandKind,
    RestoreStep,
    RestoreVerdict,
    is_command,
    parse_command,
)
from responder.core.errors import BadEvent
from responder.core.plain_data import Json
from tests.rows import all_rows

INCIDENT = "FaceAuth-Liveness-HighErrorRate-20260204T012512Z"
WHOLE = {
    "command": "apply",
    "incident": INCIDENT,
    "remedy": "rollout_to_zero",
    "scope": "",
    "proposal": "0123456789abcdef",
}
STEP = dump(RestoreStep(RestoreVerdict.VERIFIED, percent=10, minutes=2, requests=24))


@pytest.mark.parametrize("order", list(CommandKind))
def test_each_order_is_read(order: CommandKind) -> None:
    assert parse_command({"command": order.value, "incident": INCIDENT}) == Command(order, INCIDENT)


def test_everything_it_names_is_read() -> None:
    found = parse_command({**WHOLE, "scope": "create", "wanted": {"percent": 10}})
    names = found.remedy, found.scope, found.proposal
    assert names == ("rollout_to_zero", "create", "0123456789abcdef")
    assert found.wanted == {"percent": 10}


@pytest.mark.parametrize("step", [STEP, {**STEP, "requests": None}, {**STEP, "faults": 3, "raised": True}])
def test_how_a_step_went_is_read(step: Json) -> None:
    found = parse_command({**WHOLE, "step": json.loads(json.dumps(step))}).step
    assert found is not None
    assert dump(found) == step


@all_rows(
    ("change", "field"),
    [
        ({"command": "restart"}, "command"),
        ({"command": None}, "command"),
        ({"incident": ""}, "incident"),
        ({"incident": None}, "incident"),
        ({"incident": "a" * 81}, "incident"),
        ({"incident": "x y"}, "incident"),
        ({"incident": f"{INCIDENT}\n"}, "incident"),
        ({"remedy": "rm -rf /"}, "remedy"),
        ({"scope": 1}, "scope"),
        ({"proposal": "あ"}, "proposal"),
        ({"wanted": [10]}, "wanted"),
        ({"wanted": None}, "wanted"),
        ({"step": "x"}, "step"),
        ({"step": []}, "step"),
        ({"step": {}}, "step"),
        ({"step": {**STEP, "judged": "fine"}}, "step"),
        ({"step": {**STEP, "percent": None}}, "step"),
        ({"step": {**STEP, "requests": "24"}}, "step"),
        ({"step": {**STEP, "requests": -1}}, "step"),
        ({"step": {**STEP, "requests": True}}, "step"),
        ({"step": {**STEP, "faults": 10**9}}, "step"),
    ],
)
def test_what_does_not_fit_is_named(change: Json, field: str) -> None:
    with pytest.raises(BadEvent) as caught:
        parse_command({**WHOLE, **change})
    assert caught.value.field == field


def test_a_command_without_an_incident_is_none() -> None:
    with pytest.raises(BadEvent):
        parse_command({"command": "apply"})


@given(
    st.dictionaries(
        st.sampled_from(["command", "incident", "remedy", "scope", "proposal", "wanted"]),
        st.none() | st.text() | st.integers() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()),
    )
)
def test_anything_in_any_field_is_read_or_bad(event: Json) -> None:
    try:
        assert parse_command(event).incident
    except BadEvent as error:
        assert error.field in ("command", "incident", "remedy", "scope", "proposal", "wanted")


@pytest.mark.parametrize(("event", "is_one"), [(WHOLE, True), ({"detail": {}}, False), ("command", False)])
def test_a_command_is_distinguished_from_an_alarm(event: object, is_one: bool) -> None:
    assert is_command(event) is is_one
