"""The monthly performance report: the last whole month against the one before."""

from datetime import date, datetime

import pytest

from responder.checks import days
from responder.checks.base import Check
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckStatus
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.performance.month import Performance
from responder.checks.report.summary import Summary
from responder.core.errors import Denied, Rejected
from responder.messages.language import say
from tests.times import utc
from tests.unit.checks import figures_world as world
from tests.unit.checks.figures_world import TOKYO, World, about, reported

pytestmark = pytest.mark.unit
# The third of March at 09:00 in Tokyo: February has settled.
THIRD = utc("2026-03-03 00:00")
FEBRUARY, JANUARY = date(2026, 2, 1), date(2026, 1, 1)


def month(
    made: World, first: date, created: int, success: int = 0, failure: int = 0, zeros: int = 0
) -> World:
    for day in days.month_of(first):
        made.day(day, created=created, success=success, failure=failure, zeros=zeros)
    return made


def usual() -> World:
    made = month(World(), JANUARY, created=110, success=104, failure=1)
    month(made, FEBRUARY, created=120, success=112, failure=3)
    known = dict.fromkeys(days.between(JANUARY, date(2026, 3, 2)), 15.0)
    return made.cost(known, forecast=435.0)


def with_bad_days(**bad: tuple[int, int]) -> World:
    """`usual`, but `d14=(success, failure)`."""
    made = month(World(), JANUARY, created=300, success=294, failure=6)
    for day in days.month_of(FEBRUARY):
        success, failure = bad.get(f"d{day.day}", (294, 6))
        made.day(day, created=success + failure, success=success, failure=failure)
    return made.cost(dict.fromkeys(days.between(JANUARY, date(2026, 3, 2)), 15.0), forecast=435.0)


def report(made: World, now: datetime = THIRD) -> CheckSection:
    section = made.ran(Performance(), now)
    world.check_words(section)
    return section


def test_a_usual_month_is_green_in_all_its_lines() -> None:
    section = report(usual())
    assert world.lights(section)[:6] == [GREEN] * 6
    assert about(section, "checks.cost.month").light is GREEN
    assert isinstance(Performance(), Check)


def test_single_terrible_days_are_named_though_the_month_is_fine() -> None:
    section = report(with_bad_days(d10=(0, 0), d14=(180, 120), d15=(180, 120)))
    assert about(section, "checks.figure.success").light is not RED
    item = about(section, "checks.month.bad_days")
    assert item.light is AMBER
    # A message to people shows this sentence alone.
    assert "3 (2026-02-10, 2026-02-14, 2026-02-15)" in say(item.said, "en")
    assert "2026-02-10: 0 sessions (the same weekday had up to 300)" in reported(item)
    assert "2026-02-14: Success rate 60% (of 300)" in reported(item)


def test_a_day_on_which_no_session_had_a_result_is_a_bad_day() -> None:
    made = with_bad_days(d14=(0, 0))
    made.day(date(2026, 2, 14), created=300)
    item = about(report(made), "checks.month.bad_days")
    assert "2026-02-14: Sessions with a result or an error 0% (of 300)" in reported(item)


def test_a_month_in_which_no_session_had_a_result_is_red() -> None:
    made = month(World(), FEBRUARY, created=100).cost({})
    assert about(report(made), "checks.month.unverified").light is RED


def test_a_month_of_bad_days_is_one_line_with_the_first_of_them() -> None:
    section = report(with_bad_days(**{f"d{day}": (150, 150) for day in range(1, 29)}))
    item = about(section, "checks.month.bad_days")
    assert item.numbers["bad_days"] == 28
    assert "18 more: see the charts" in reported(item)


def test_days_without_use_and_days_of_few_results_are_no_bad_days() -> None:
    made = World()
    for first in (JANUARY, FEBRUARY):
        for day in days.month_of(first):
            busy = day.weekday() < 5
            made.day(day, created=300 if busy else 2, success=296 if busy else 1, failure=4 if busy else 1)
    section = report(made.cost({}))
    assert not [item for item in section.items if "bad_days" in item.said.key]


@pytest.mark.parametrize(("a_day", "light"), [(4.8, GREEN), (9.5, GREEN), (12.0, AMBER), (84.0, RED)])
def test_a_session_that_costs_far_more_than_usual_is_not_green(a_day: float, light: CheckStatus) -> None:
    made = month(World(), FEBRUARY, created=120, success=118, failure=2)
    made.cost(dict.fromkeys(days.between(JANUARY, date(2026, 3, 2)), a_day), forecast=435.0)
    item = about(report(made), "checks.cost.session")
    assert item.light is light
    assert "Usual: about 0.04 USD" in say(item.said, "en")
    assert ("times the usual" in reported(item)) is (light is not GREEN)


def test_the_report_takes_three_requests() -> None:
    made = usual()
    report(made)
    assert [operation for _, operation, _ in made.aws.calls] == [
        "get_metric_data",
        "get_cost_and_usage",
        "get_cost_forecast",
    ]


def test_months_of_31_and_28_days_are_compared_by_the_day() -> None:
    said = reported(about(report(usual()), "checks.month.sessions"))
    assert "Sessions in 2026-02: 3,360, 120 per day" in said
    assert "Previous month: 3,410, 110 per day" in said


def test_sessions_that_never_had_a_result_are_counted() -> None:
    made = month(World(), FEBRUARY, created=100, success=60, zeros=20).cost({})
    item = about(report(made), "checks.month.unverified")
    assert item.light is AMBER
    assert "about 1,120, 40% (of 2,800)" in say(item.said, "en")
    assert "at most 20%" in say(item.said, "en")


def test_a_month_in_which_sessions_could_not_be_made_is_no_month_without_errors() -> None:
    made = usual()
    made.figures.put(world.OWN, "SessionCreationError", [(world.noon(FEBRUARY), 1.0)] * 400)
    item = about(report(made), "checks.figure.creation")
    assert item.light is RED
    assert "10.64% (of 3,760); previous month: 0% (of 3,410)" in say(item.said, "en")
    assert "0% (of 3,220)" in reported(item)
    assert item.numbers["errors"] == 0.0
    shown = report(made).key_figures[-2]
    assert shown.light is RED
    assert shown.value == pytest.approx(10.64, abs=0.01)


def test_months_that_are_kept_by_the_hour_only_are_asked_by_the_hour() -> None:
    made = month(World(), FEBRUARY, created=100).cost({})
    late = utc("2026-03-20 00:00")
    section = made.ran(Performance(), late, check_zone="Asia/Kolkata")
    queries = made.aws.sent("cloudwatch", "get_metric_data")[0]["MetricDataQueries"]
    assert {query["MetricStat"]["Period"] for query in queries} == {3600}
    assert about(section, "checks.month.sessions").numbers["sessions"] == 2800


def test_each_day_of_the_month_is_a_point_and_a_quiet_day_is_a_gap() -> None:
    made = World().day(date(2026, 2, 14), created=300, success=294, failure=6).cost({})
    section = report(made)
    sessions, _, success, *_ = section.charts
    assert [at for at, _ in sessions.points] == [days.start_of(day, TOKYO) for day in days.month_of(FEBRUARY)]
    assert [value for _, value in success.points if value is not None] == [98.0]
    assert len(success.points) == 28


def test_the_month_ends_at_midnight_in_tokyo() -> None:
    edge = days.start_of(date(2026, 3, 1), TOKYO)
    made = (
        World().day(FEBRUARY, created=7, at=days.start_of(FEBRUARY, TOKYO)).day(FEBRUARY, created=50, at=edge)
    )
    assert about(report(made.cost({})), "checks.month.sessions").numbers["sessions"] == 7


def test_the_cost_is_that_of_the_month_with_the_price_of_a_session() -> None:
    section = report(usual())
    said = reported(about(section, "checks.cost.month"))
    assert "2026-02 cost 420.00 USD, 15.00 USD per day. Previous month: 465.00 USD, 15.00 USD per day" in said
    assert "0.1250 USD (sessions: 3,360)" in reported(about(section, "checks.cost.session"))
    assert about(section, "checks.cost.forecast").numbers["forecast"] == 15 + 15 + 435


def test_on_the_first_the_days_that_have_not_settled_count_as_usual_and_it_is_reported() -> None:
    made = month(World(), FEBRUARY, created=100, success=100)
    made.cost(dict.fromkeys(days.between(JANUARY, date(2026, 2, 28)), 15.0), forecast=465.0)
    section = report(made, utc("2026-03-01 00:00"))
    item = about(section, "checks.cost.month")
    assert item.numbers["cost"] == 28 * 15.0
    drawn = next(each for each in section.charts if each.unit == "USD")
    assert [value for _, value in drawn.points[-2:]] == [15.0, None]
    assert "not settled yet, estimated at the average of the last 7 days: 1" in reported(item)


def test_a_month_above_the_target_is_red() -> None:
    made = World().cost(dict.fromkeys(days.between(JANUARY, date(2026, 3, 2)), 20.0), forecast=580.0)
    item = about(report(made), "checks.cost.month")
    assert item.light is RED
    assert "110.00 USD above the target" in reported(item)


def test_in_january_the_report_is_of_december() -> None:
    made = month(World(), date(2025, 12, 1), created=100).cost({})
    item = about(report(made, utc("2026-01-03 00:00")), "checks.month.sessions")
    assert item.numbers["sessions"] == 3100


def test_an_empty_account_is_never_green_but_for_what_it_does_not_cost() -> None:
    section = report(World().cost({}))
    assert world.lights(section) == [AMBER, *[UNKNOWN] * 5, GREEN]


def test_a_month_without_any_session_is_one_line() -> None:
    made = World().cost({})
    check_report = CheckReport(Cadence.MONTHLY, THIRD, date(2026, 3, 3), "r", "a", (report(made),))
    ((_, item),) = Summary(check_report).to_do
    assert item.light is AMBER
    assert len(check_report.same(item)) == 5


def test_without_metrics_the_cost_is_still_reported() -> None:
    made = usual()
    made.aws.fail("cloudwatch", "get_metric_data", Denied)
    section = report(made)
    assert section.items[0].light is UNKNOWN
    assert "cloudwatch:GetMetricData" in reported(section.items[0])
    assert about(section, "checks.cost.month").light is GREEN
    assert "checks.cost.session" not in [item.said.key for item in section.items]


def test_without_cost_explorer_the_figures_are_still_reported() -> None:
    made = usual()
    made.aws.fail("ce", "get_cost_and_usage", Denied)
    section = report(made)
    assert world.lights(section) == [GREEN] * 6 + [UNKNOWN]
    assert made.aws.count("ce", "get_cost_forecast") == 0


def test_a_forecast_that_is_not_to_be_had_costs_no_other_line() -> None:
    made = usual()
    made.aws.fail("ce", "get_cost_forecast", Rejected, code="DataUnavailableException")
    section = report(made)
    assert about(section, "checks.cost.pace").light is AMBER
    assert about(section, "checks.cost.month").light is GREEN
