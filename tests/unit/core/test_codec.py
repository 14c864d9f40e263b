"""What is stored is read as the type that was written, or not at all."""

from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from responder.core.change import Change
from responder.core.codec import Misfit, dump, load
from responder.core.command import RestoreStep, RestoreVerdict
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.reasons import ExplainedReason, Obstacle
from responder.core.refusals import Reasons, Refusal
from responder.core.slack_health import SlackHealth
from responder.core.text import Text, text
from responder.core.verdict import PastOutcome, Result
from tests.rows import all_rows

AT = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)


@frozen
class Part:
    count: int
    share: float = 0.5


@frozen
class Whole:
    name: str = field(metadata={"stored": "n"})
    at: datetime
    mode: Mode | None = None
    sure: bool = False
    parts: tuple[Part, ...] = ()
    pair: tuple[str, int] = ("", 0)
    secret: str = field(default="", metadata={"stored": None})
    levels: dict[int, datetime] = field(default_factory=dict)


WHOLE = Whole("a", AT, Mode.AUTO, True, (Part(1), Part(2, 3)), ("b", 4), levels={2: AT})
STORED: Json = {
    "n": "a",
    "at": "2026-02-04T10:25:00Z",
    "mode": "auto",
    "sure": True,
    "parts": [{"count": 1, "share": 0.5}, {"count": 2, "share": 3}],
    "pair": ["b", 4],
    "levels": {"2": "2026-02-04T10:25:00Z"},
}


def test_it_is_written_as_json_and_read_back() -> None:
    assert dump(WHOLE) == STORED
    assert load(Whole, STORED) == WHOLE


def test_what_must_not_be_kept_is_not_written() -> None:
    assert dump(replace(WHOLE, secret="word")) == STORED  # pragma: allowlist secret


def test_what_is_not_stored_has_its_default_and_what_is_not_known_is_left_out() -> None:
    assert load(Whole, {"n": "a", "at": STORED["at"], "newer": 1}) == Whole("a", AT)


@all_rows(
    ("changed", "where"),
    [
        ({"n": 1}, "n"),
        ({"n": "\ud800"}, "n"),
        ({"at": None}, "at"),
        ({"at": "2026-02-04T10:25:00"}, "at"),
        ({"at": "9999-12-31T23:59:59+00:00"}, "at"),
        ({"mode": "some"}, "mode"),
        ({"sure": 1}, "sure"),
        ({"parts": [{"count": 1}, {"count": True}]}, "parts"),
        ({"parts": [{"count": 1.5}]}, "parts"),
        ({"parts": {"count": 1}}, "parts"),
        ({"pair": ["b"]}, "pair"),
        ({"levels": {"two": STORED["at"]}}, "levels"),
    ],
)
def test_a_part_of_another_type_is_named_and_not_shown(changed: Json, where: str) -> None:
    with pytest.raises(Misfit) as found:
        load(Whole, {**STORED, **changed})
    assert found.value.field.partition(".")[0] == where
    assert found.value.__suppress_context__


def test_a_field_that_has_to_be_there_is_named() -> None:
    with pytest.raises(Misfit, match=r"^parts\.count$"):
        load(Whole, {**STORED, "parts": [{}]})


@pytest.mark.parametrize("stored", [None, 1, "x", [], [STORED]])
def test_what_is_no_object_is_no_data_class(stored: Any) -> None:
    with pytest.raises(Misfit):
        load(Whole, stored)


@pytest.mark.parametrize("reason", [Refusal.LEASED(incident="i"), Obstacle.UNREADABLE(what=text("a.b", n=1))])
def test_a_reason_is_of_the_group_that_has_its_key(reason: ExplainedReason[Any]) -> None:
    assert load(ExplainedReason[Reasons], dump(reason)) == reason
    with pytest.raises(Misfit):
        load(ExplainedReason[Reasons], {"key": "no.such", "values": {}})


def test_a_text_nested_thousands_of_times_is_refused() -> None:
    endless: Json = {"key": "a", "values": {}}
    for _ in range(2_000):
        endless = {"key": "a", "values": {"x": endless}}
    with pytest.raises(Misfit):
        load(Text, endless)


WITHOUT = [
    (Change("f", "v", "1", "2"), {"written"}),
    (RestoreStep(RestoreVerdict.VERIFIED, 10, 60), set()),
    (SlackHealth(), set()),
    (PastOutcome("rollout_to_zero", "users", Result.APPLIED), set()),
]


@pytest.mark.parametrize(("value", "optional"), WITHOUT, ids=lambda each: type(each).__name__)
def test_a_stored_value_without_a_required_part_is_refused(value: Any, optional: set[str]) -> None:
    stored = dump(value)
    assert load(type(value), stored) == value
    accepted = set()
    for key in stored:
        try:
            load(type(value), {name: part for name, part in stored.items() if name != key})
        except Misfit:
            continue
        accepted.add(key)
    assert accepted == optional
