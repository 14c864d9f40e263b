"""Days and months of the owner's zone, and complete days of Cost Explorer."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.checks import days
from responder.checks.cost import costs
from responder.checks.figures import counts
from responder.core import timestamps
from responder.core.errors import BadEvent
from tests.times import utc

pytestmark = pytest.mark.unit
TOKYO = days.zone("Asia/Tokyo")
DATES = st.dates(date(1999, 12, 1), date(2101, 3, 1))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(DATES)
def test_a_day_in_tokyo_always_has_24_hours_and_begins_at_15_utc(day: date) -> None:
    start, end = days.start_of(day, TOKYO), days.start_of(days.before(day, -1), TOKYO)
    assert (end - start, start.hour) == (timedelta(hours=24), 15)
    assert days.day_of(start, TOKYO) == day == days.day_of(end - timedelta(microseconds=1), TOKYO)


@given(DATES, st.sampled_from(["Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia"]))
def test_days_of_any_zone_follow_each_other_without_gap(day: date, name: str) -> None:
    where = days.zone(name)
    start, end = days.start_of(day, where), days.start_of(days.before(day, -1), where)
    assert end > start or name == "Pacific/Apia"
    assert timedelta(0) <= end - start <= timedelta(hours=25)


def test_the_day_of_a_change_of_clocks_has_23_hours() -> None:
    where = days.zone("Europe/Berlin")
    assert days.start_of(date(2026, 3, 30), where) - days.start_of(date(2026, 3, 29), where) == timedelta(
        hours=23
    )


@given(DATES)
def test_months_follow_each_other_without_gap(day: date) -> None:
    first = days.first_of(day)
    assert first <= day < days.month_after(day)
    assert days.month_before(days.month_after(day)) == first
    assert days.month_after(days.month_before(day)) == first
    assert days.month_of(day)[0] == first
    assert 28 <= len(days.month_of(day)) <= 31


def test_february_after_january_and_in_a_leap_year() -> None:
    assert days.month_before(date(2026, 3, 31)) == date(2026, 2, 1)
    assert days.month_after(date(2026, 1, 31)) == date(2026, 2, 1)
    assert (len(days.month_of(date(2026, 2, 9))), len(days.month_of(date(2028, 2, 9)))) == (28, 29)
    assert days.month_before(date(2026, 1, 1)) == date(2025, 12, 1)


def test_an_image_without_a_zone_database_still_knows_tokyo() -> None:
    with patch.object(timestamps, "ZoneInfo", side_effect=ZoneInfoNotFoundError):
        assert days.start_of(date(2026, 2, 4), days.zone("Asia/Tokyo")).hour == 15


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_named_by_its_parameter(name: str) -> None:
    with pytest.raises(BadEvent, match="CHECK_ZONE"):
        days.zone(name)


@pytest.mark.parametrize(
    ("name", "day", "back", "period"),
    [
        ("Asia/Tokyo", date(2026, 2, 3), 1, 3600),
        ("Asia/Kolkata", date(2026, 2, 3), 1, 1800),
        ("Asia/Kathmandu", date(2026, 2, 3), 1, 900),
        # The clocks go back by half an hour.
        ("Australia/Lord_Howe", date(2026, 4, 6), 1, 1800),
        ("Asia/Kolkata", date(2026, 2, 3), 62, 1800),
        ("Asia/Kolkata", date(2026, 2, 3), 64, 3600),
    ],
)
def test_a_period_fits_the_days_of_the_zone_and_is_one_that_is_kept(
    name: str, day: date, back: int, period: int
) -> None:
    where = days.zone(name)
    start, end = days.start_of(days.before(day, back), where), days.start_of(day, where)
    assert counts.step(start, end, end) == period


def test_at_nine_in_tokyo_the_last_complete_utc_day_is_the_day_before_yesterday() -> None:
    nine = utc("2026-02-04 00:00")
    assert costs.last_complete(nine) == date(2026, 2, 2)
    assert costs.complete(nine, 2) == (date(2026, 2, 1), date(2026, 2, 2))


@given(MOMENTS)
def test_a_complete_day_ended_a_day_ago_and_the_next_one_did_not(now: datetime) -> None:
    end = days.start_of(days.before(costs.last_complete(now), -1), UTC)
    assert now - timedelta(hours=48) < end <= now - timedelta(hours=24)


@given(MOMENTS, st.sampled_from([2, 7, 14]))
def test_what_is_asked_of_cost_explorer_is_never_an_empty_or_future_span(now: datetime, back: int) -> None:
    start, today = costs.asked_from(now, back), costs.today(now)
    assert start <= days.first_of(today)
    assert (today - start).days >= back
    assert today < days.month_after(today)
