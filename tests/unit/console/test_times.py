"""Times as people type them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveness_ops.console.times import moment
from liveness_ops.people.exits import EarlyExit, Exit
from tests.rows import all_rows

NOW = datetime(2026, 2, 4, 10, 25, 30, tzinfo=UTC)


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@all_rows(
    ("typed", "found"),
    [
        ("30m", "2026-02-04T10:55:30"),
        ("2h", "2026-02-04T12:25:30"),
        ("1h30m", "2026-02-04T11:55:30"),
        ("3d", "2026-02-07T10:25:30"),
        ("1d2h3m", "2026-02-05T12:28:30"),
        ("0m", "2026-02-04T10:25:30"),
        ("2026-02-04T22:00Z", "2026-02-04T22:00:00"),
        ("2026-02-04T22:00+09:00", "2026-02-04T13:00:00"),
        ("2026-02-04 22:00+09:00", "2026-02-04T13:00:00"),
        ("2026-02-04 22:00 JST", "2026-02-04T13:00:00"),
        ("22:00JST", "2026-02-04T13:00:00"),
        ("19:25 jst", "2026-02-05T10:25:00"),
        ("22:00Z", "2026-02-04T22:00:00"),
        ("10:25 UTC", "2026-02-05T10:25:00"),
        ("08:00+09:00", "2026-02-04T23:00:00"),
        ("２２：００ＪＳＴ", "2026-02-04T13:00:00"),
        ("２ｈ", "2026-02-04T12:25:30"),
    ],
)
@pytest.mark.usefixtures("zone")
def test_what_names_its_zone_or_none_is_the_same_everywhere(typed: str, found: str) -> None:
    assert moment(typed, NOW) == datetime.fromisoformat(found).replace(tzinfo=UTC)


@pytest.mark.parametrize("typed", ["22:00", "9:30", "00:00", "10:25"])
def test_a_time_of_the_day_is_the_next_one_on_this_machine_s_clock(typed: str, zone: str) -> None:
    found = moment(typed, NOW)
    assert 0 < (found - NOW).total_seconds() <= 86_400
    assert f"{found.astimezone():%H:%M}" == typed.zfill(5)


def test_a_date_without_a_zone_is_this_machine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    assert moment("2026-02-04T22:00", NOW) == datetime(2026, 2, 4, 13, tzinfo=UTC)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "typed", ["", " ", "soon", "2", "h", "25:00", "-2h", "2h ago", "2026-13-01", "1.5h", "9999d99999d", "30s"]
)
def test_what_is_no_time_ends_with_a_line(typed: str) -> None:
    with pytest.raises(EarlyExit) as stopped:
        moment(typed, NOW)
    assert (stopped.value.status, stopped.value.data["error"]) == (Exit.USAGE, "ops.no_time")


@given(st.text())
def test_whatever_is_typed_it_is_a_time_or_a_line(typed: str) -> None:
    try:
        assert moment(typed, NOW).tzinfo is UTC
    except EarlyExit as stop:
        assert stop.status is Exit.USAGE
