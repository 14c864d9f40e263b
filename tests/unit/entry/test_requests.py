"""A request is read strictly: what has not exactly the expected form changes nothing."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responder.core.errors import Declined
from responder.core.plain_data import Json
from responder.people import request
from tests.rows import all_rows
from tests.unit.entry.people_entry import Entry, asked

ID = "0" * 32
GOOD: dict[str, Json] = {
    "ack": {"incident": "i"},
    "approve": {"incident": "i", "proposal": "0123456789abcdef"},
    "reject": {"incident": "i", "proposal": "0123456789abcdef", "reason": "理由"},
    "withdraw": {"incident": "i", "proposal": "0123456789abcdef"},
    "close": {"incident": "i", "reason": "理由"},
    "revert": {"incident": "i", "remedy": "rollout_to_zero", "percent": 10},
    "resume": {"name": "release", "shown": ID},
    "mode": {"mode": "auto", "remedy": "", "before": "observe"},
    "settings": {"document": '{"people": {}}', "shown": ID},
    "redrive": {"incident": "i", "letters": [{"queue": "failures", "id": "1"}]},
    "discard": {"letters": [{"queue": "failures", "id": "1"}]},
    "accept": {"finding": "cost/cost_forecast", "until": "2026-03-01", "reason": "理由"},
    "unaccept": {"finding": "cost/cost_forecast"},
    "whoami": {},
}


def body(do: str, **more: Any) -> Json:
    return {"id": ID, "do": do, **GOOD[do], **more}


def packed(found: object) -> bytes:
    return json.dumps(found).encode()


def test_every_kind_of_request_is_tested_here() -> None:
    assert GOOD.keys() == set(request.RequestKind) - {request.RequestKind.PAUSE}


@all_rows("do", GOOD)
def test_what_is_written_as_it_should_be_is_read(do: str) -> None:
    asked = request.read(packed(body(do)))
    assert asked.kind == do
    for name in ("incident", "proposal", "reason", "percent"):
        if name in GOOD[do]:
            assert getattr(asked, name) == GOOD[do][name]


@all_rows("do", [do for do, given in GOOD.items() if given])
@all_rows("wrong", [None, 5, True, ["x"], {"S": "x"}, "x" * 5000, "\x00", "\ud800"])
def test_any_field_of_another_type_is_refused(do: str, wrong: object) -> None:
    refused = 0
    for name in GOOD[do]:
        if name == "percent" and (wrong is None or type(wrong) is int):
            continue
        with pytest.raises(Declined):
            request.read(packed(body(do, **{name: wrong})))
        refused += 1
    assert refused


@all_rows("do", GOOD)
def test_a_field_that_is_needed_is_needed(do: str) -> None:
    for name in ("proposal", "remedy", "reason", "name", "shown", "letters"):
        if name in GOOD[do] and (do, name) != ("mode", "remedy"):
            with pytest.raises(Declined):
                request.read(packed({key: value for key, value in body(do).items() if key != name}))


@pytest.mark.parametrize("why", ["worse", "MADE_WORSE", None, 1, ["made_worse"]])
def test_the_reason_of_a_revert_is_one_of_a_few(why: object) -> None:
    with pytest.raises(Declined):
        request.read(packed(body("revert", why=why)))
    found = [request.read(packed(body("revert", **more))).why for more in ({}, {"why": "made_worse"})]
    assert found == list(request.RevertReason)


@pytest.mark.parametrize("percent", [-1, 101, 10.5, "10", True])
def test_a_percentage_is_a_whole_number_up_to_100(percent: object) -> None:
    with pytest.raises(Declined):
        request.read(packed(body("revert", percent=percent)))


BROKEN = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "too deep": "[" * 100_000,
    "no id": json.dumps({"do": "ack", "incident": "i"}),
    "another id": json.dumps({"id": "1", "do": "ack", "incident": "i"}),
    "no kind": json.dumps({"id": ID, "incident": "i"}),
    "another kind": json.dumps({"id": ID, "do": "delete", "incident": "i"}),
    "a kind that is a list": json.dumps({"id": ID, "do": ["ack"], "incident": "i"}),
    "an unknown field": json.dumps({"id": ID, "do": "ack", "incident": "i", "proposal": ""}),
    "too long": json.dumps({"id": ID, "do": "ack", "incident": "i" * 300_000}),
    "a million letters": json.dumps({"id": ID, "do": "discard", "letters": [{}] * 101}),
}


@all_rows("broken", BROKEN.values())
def test_a_body_that_cannot_be_read_changes_nothing(broken: str) -> None:
    entry = asked()
    before = entry.everything()
    status, answer = entry.send(entry.event(broken))
    assert (status, answer["error"], answer["ending"]) == (400, "denial.unreadable", "unclear")
    assert entry.everything() == before


@pytest.mark.parametrize("encoded", ["%%%", "e30", base64.b64encode(b"{}").decode(), "x" * 500_000])
def test_base64_that_cannot_be_read_is_refused(encoded: str) -> None:
    entry = Entry()
    status, answer = entry.send(entry.event(encoded, isBase64Encoded=True))
    assert (status, answer["error"]) == (400, "denial.unreadable")


def test_a_body_in_base64_is_read() -> None:
    entry = asked()
    sent = base64.b64encode(json.dumps(entry.body("ack")).encode()).decode()
    assert entry.send(entry.event(sent, isBase64Encoded=True))[0] == 200


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from([*GOOD, ID, "failures"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted({name for fields in GOOD.values() for name in fields} | {"id", "do"})


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), JSON, max_size=6), st.sampled_from([*GOOD])
)
def test_anything_is_read_or_declined(found: Json, do: str) -> None:
    for body in (found, {**found, "id": ID, "do": do}):
        try:
            request.read(packed(body))
        except Declined as error:
            assert error.because.kind.ending.value == "unclear"
