"""What Rekognition costs: complete days only, each question asked once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.checks import days
from responder.checks.base import Check
from responder.checks.cost import costs
from responder.checks.cost.checks import LAST, USUAL, CostToday, CostWeek
from responder.checks.cost.costs import FILTER, Costs
from responder.checks.cost.judged import coming
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckStatus
from responder.checks.model import CheckSection
from responder.checks.report.summary import Summary, plain
from responder.core.errors import AwsError, Denied, Rejected
from responder.core.plain_data import Json
from responder.messages.language import say
from tests.texts import piece
from tests.times import utc
from tests.unit.checks import figures_world as world
from tests.unit.checks.figures_world import NINE, World, about, reported
from tests.unit.checks.reports import report

pytestmark = pytest.mark.unit
FIRST_OF_MARCH = utc("2026-03-01 00:00")
LAST_OF_FEBRUARY = utc("2026-02-28 00:00")


def spent(now: datetime, a_day: float) -> dict[date, float]:
    """The same every day, up to the last complete one."""
    last = costs.last_complete(now)
    return dict.fromkeys(days.between(days.before(last, 70), days.before(last, -1)), a_day)


def daily(made: World, now: datetime = NINE) -> CheckSection:
    section = made.ran(CostToday(), now)
    world.check_words(section)
    return section


def monthly(made: World, now: datetime = NINE) -> CheckSection:
    """What the monthly report shows of the current month."""
    context = world.context(made.aws, now)
    found = costs.ask(context, costs.asked_from(now, LAST + USUAL), costs.today(now))
    section = CheckSection("cost", (coming(context, found),))
    world.check_words(section)
    return section


def test_a_usual_day_is_green_and_costs_one_request() -> None:
    made = World().cost(spent(NINE, 14.5), forecast=362.5)
    section = daily(made)
    assert world.lights(section) == [GREEN] * 3
    assert [operation for service, operation, _ in made.aws.calls] == ["get_cost_and_usage"]
    assert about(section, "checks.cost.pace").numbers["forecast"] == 28 * 14.5
    assert isinstance(CostToday(), Check)


def test_at_nine_in_tokyo_the_two_days_before_yesterday_are_shown_and_not_the_empty_yesterday() -> None:
    said = reported(about(daily(World().cost(spent(NINE, 14.5), forecast=362.5)), "checks.cost.days"))
    assert "2026-02-01 14.50 USD, 2026-02-02 14.50 USD" in said
    assert "2026-02-03" not in said


def test_both_requests_ask_the_same_without_credits_and_refunds() -> None:
    made = World().cost(spent(NINE, 14.5), forecast=362.5)
    monthly(made)
    (usage,), (forecast,) = (
        made.aws.sent("ce", operation) for operation in ("get_cost_and_usage", "get_cost_forecast")
    )
    assert usage["Filter"] == forecast["Filter"] == FILTER
    assert (usage["Metrics"], forecast["Metric"]) == (["UnblendedCost"], "UNBLENDED_COST")
    assert forecast["TimePeriod"] == {"Start": "2026-02-04", "End": "2026-03-01"}
    assert usage["TimePeriod"]["End"] == "2026-02-04"


def test_the_month_is_what_is_known_and_the_empty_yesterday_and_the_forecast() -> None:
    item = about(monthly(World().cost(spent(NINE, 10.0), forecast=250.0)), "checks.cost.forecast")
    assert item.numbers["forecast"] == 10 + 10 + 10 + 250


def test_a_target_that_will_be_missed_is_a_message_of_medium_severity_and_says_by_how_much() -> None:
    section = monthly(World().cost(spent(NINE, 15.0), forecast=515.0))
    item = about(section, "checks.cost.forecast")
    assert world.lights(section) == [RED]
    assert "110.00 USD above the target" in reported(item)
    assert Summary(report(section)).severity == "medium"


@pytest.mark.parametrize(
    ("forecast", "light"), [(420.0, GREEN), (421.0, AMBER), (465.0, AMBER), (466.0, RED)]
)
def test_a_forecast_is_red_only_more_than_a_tenth_above_the_target(
    forecast: float, light: CheckStatus
) -> None:
    item = about(monthly(World().cost(spent(NINE, 10.0), forecast=forecast)), "checks.cost.forecast")
    assert (item.numbers["forecast"], item.light) == (30.0 + forecast, light)


def test_a_month_that_cost_a_little_more_than_the_target_already_is_red() -> None:
    now = utc("2026-02-27 00:00")
    made = World().cost(spent(now, 18.2), forecast=3.0)
    item = about(daily(made, now), "checks.cost.to_date")
    assert item.light is RED
    assert "455.00 USD" in reported(item)
    assert about(monthly(made, now), "checks.cost.forecast").light is AMBER


def test_less_than_expected_is_green_and_said() -> None:
    item = about(monthly(World().cost(spent(NINE, 5.0), forecast=125.0)), "checks.cost.forecast")
    assert item.light is GREEN
    assert piece("checks.cost.below") in reported(item)


def test_a_day_of_twice_its_share_is_reported_though_every_day_costs_as_much() -> None:
    item = about(daily(World().cost(spent(NINE, 40.0), forecast=1000.0)), "checks.cost.days")
    assert item.light is AMBER
    assert "2026-02-02 40.00 USD (more than twice a day's share of the target)" in say(item.said, "en")


@pytest.mark.parametrize(("usual", "spike"), [(5.0, 25.0), (14.0, 42.0), (3.0, 7.0), (10.0, 21.0)])
def test_a_spike_against_the_usual_day_is_reported_below_the_target_too(usual: float, spike: float) -> None:
    known = {**spent(NINE, usual), date(2026, 2, 2): spike}
    for check in (CostToday(), CostWeek()):
        made = World().cost(known, forecast=200.0)
        item = about(check.run(world.context(made.aws)), "checks.cost.days")
        assert item.light is AMBER
        assert f"2026-02-02 {spike:.2f} USD (a spike" in say(item.said, "en")


@pytest.mark.parametrize(
    ("known", "light"),
    [
        # An earlier spike does not hide the next.
        ({**spent(NINE, 5.0), date(2026, 1, 25): 60, date(2026, 1, 28): 50, date(2026, 2, 2): 25}, AMBER),
        # A weekday after a weekend is none, nor are cents that double.
        ({day: 14.0 if day.weekday() < 5 else 0.5 for day in spent(NINE, 0.0)}, GREEN),
        ({**spent(NINE, 0.02), date(2026, 2, 2): 0.08}, GREEN),
        # In the first days of use nothing is usual yet.
        ({date(2026, 2, 1): 9.0, date(2026, 2, 2): 12.0}, GREEN),
    ],
)
def test_what_is_a_spike(known: dict[date, float], light: CheckStatus) -> None:
    assert about(daily(World().cost(known)), "checks.cost.days").light is light


def test_on_the_first_the_month_is_new_and_the_days_are_those_of_february() -> None:
    made = World().cost(spent(FIRST_OF_MARCH, 14.0), forecast=434.0)
    section = daily(made, FIRST_OF_MARCH)
    assert world.lights(section) == [GREEN] * 3
    assert "2026-02-26 14.00 USD, 2026-02-27 14.00 USD" in reported(about(section, "checks.cost.days"))
    assert "2026-03 (UTC) has no settled day yet" in reported(about(section, "checks.cost.to_date.first"))
    assert about(section, "checks.cost.pace").numbers["forecast"] == 434.0


def test_on_the_last_day_of_the_month_one_day_is_forecast() -> None:
    made = World().cost(spent(LAST_OF_FEBRUARY, 15.0), forecast=15.0)
    section = monthly(made, LAST_OF_FEBRUARY)
    (asked,) = made.aws.sent("ce", "get_cost_forecast")
    assert asked["TimePeriod"] == {"Start": "2026-02-28", "End": "2026-03-01"}
    assert about(section, "checks.cost.forecast").numbers["forecast"] == 28 * 15.0


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (utc("2026-12-31 00:00"), "2027-01-01"),
        (utc("2028-02-29 00:00"), "2028-03-01"),
        (utc("2026-01-31 23:59"), "2026-02-01"),
    ],
)
def test_a_month_ends_with_the_first_of_the_next(now: datetime, end: str) -> None:
    made = World().cost(spent(now, 10.0), forecast=10.0)
    monthly(made, now)
    assert made.aws.sent("ce", "get_cost_forecast")[0]["TimePeriod"]["End"] == end


def test_without_cost_explorer_it_is_one_unknown_line_and_one_request() -> None:
    made = World()
    made.aws.fail("ce", "get_cost_and_usage", Denied, code="AccessDeniedException")
    (item,) = daily(made).items
    assert item.light is UNKNOWN
    assert "ce:GetCostAndUsage" in reported(item)
    assert "not enabled" in reported(item)
    assert len(made.aws.calls) == 1


@pytest.mark.parametrize(
    ("error", "code"), [(Denied, "AccessDenied"), (Rejected, "DataUnavailableException")]
)
def test_without_a_forecast_the_pace_is_used_and_is_not_green(error: type[AwsError], code: str) -> None:
    made = World().cost(spent(NINE, 10.0))
    made.aws.fail("ce", "get_cost_forecast", error, code=code)
    item = about(monthly(made), "checks.cost.look.forecast")
    assert item.light is UNKNOWN
    assert "At the pace of the last 7 days, 2026-02 will cost 280.00 USD" in reported(item)


@pytest.mark.parametrize(("a_day", "light", "total"), [(20.0, RED, "560.00"), (17.0, AMBER, "476.00")])
def test_a_pace_above_the_target_is_reported_first_even_without_a_forecast(
    a_day: float, light: CheckStatus, total: str
) -> None:
    made = World().cost(spent(NINE, a_day))
    made.aws.fail("ce", "get_cost_forecast", Denied)
    section = monthly(made)
    item = about(section, "checks.cost.pace")
    assert item.light is light
    assert "ce:GetCostForecast" in reported(item)
    assert f"will cost {total} USD" in plain(Summary(report(section)), "en", 30)


def test_a_new_account_has_no_data_yet() -> None:
    made = World()
    made.aws.fail("ce", "get_cost_and_usage", Rejected, code="DataUnavailableException")
    (item,) = daily(made).items
    assert item.light is UNKNOWN
    assert piece("checks.cost.too_young") in reported(item)


def test_no_cost_with_sessions_is_not_believed() -> None:
    made = World().cost({}).day(date(2026, 2, 2), created=300)
    (item,) = daily(made).items
    assert item.light is UNKNOWN
    assert "created in that period (300)" in reported(item)
    assert made.aws.count("ce", "get_cost_forecast") == 0


def test_an_account_without_data_is_not_believed_whether_refused_or_answered_with_nothing() -> None:
    sections = []
    for refused in (True, False):
        made = World().day(date(2026, 2, 2), created=300)
        if refused:
            made.aws.fail("ce", "get_cost_and_usage", Rejected, code="DataUnavailableException")
        else:
            made.aws.answer("ce", "get_cost_and_usage", lambda **_: {"ResultsByTime": []})
        sections.append([item.light for item in daily(made).items])
    assert sections == [[UNKNOWN], [UNKNOWN]]


@pytest.mark.parametrize(("day", "sessions"), [(date(2026, 2, 3), 300), (NINE.date(), 300), (NINE.date(), 0)])
def test_no_cost_is_fine_without_sessions_or_while_theirs_is_not_settled(day: date, sessions: int) -> None:
    made = World().cost({}).day(day, created=sessions, at=days.start_of(day, UTC))
    (item,) = daily(made).items
    assert item.light is GREEN


def test_a_settled_day_without_cost_is_not_believed_where_there_were_sessions() -> None:
    late = date(2026, 2, 2)
    made = World().cost({**spent(NINE, 15.0), late: 0.0}, forecast=375.0).day(late, created=300)
    section = daily(made)
    item = about(section, "checks.cost.days")
    assert item.light is UNKNOWN
    assert "2026-02-02 no data" in reported(item)
    assert "2026-02-02 has no cost although sessions were created" in reported(item)
    assert about(section, "checks.cost.pace").numbers["forecast"] == 28 * 15.0
    assert about(section, "checks.cost.to_date").numbers["complete_days"] == 1


def test_a_day_off_without_cost_and_without_sessions_is_fine() -> None:
    made = World().cost({**spent(NINE, 15.0), date(2026, 2, 2): 0.0}, forecast=300.0)
    item = about(daily(made), "checks.cost.days")
    assert item.light is GREEN
    assert "2026-02-02 0.00 USD" in reported(item)
    assert made.aws.count("cloudwatch", "get_metric_data") == 1
    made.aws.fail("cloudwatch", "get_metric_data", Denied)
    # Where sessions cannot be read, it is unknown.
    assert about(daily(made), "checks.cost.days").light is UNKNOWN


def test_the_week_does_not_believe_a_late_day_either() -> None:
    late = date(2026, 2, 2)
    made = World().cost({**spent(NINE, 14.0), late: 0.0}).day(late, created=300)
    section = made.ran(CostWeek())
    world.check_words(section)
    assert about(section, "checks.cost.week").light is UNKNOWN
    assert about(section, "checks.cost.pace").numbers["forecast"] == 28 * 14.0


def test_days_that_come_in_pages_are_joined() -> None:
    made = World().cost({}, forecast=250.0)
    known = [_day(day, 10.0) for day in days.between(date(2026, 1, 20), date(2026, 2, 4))]
    pages: dict[str | None, Json] = {
        None: {"ResultsByTime": known[:7], "NextPageToken": "more"},
        "more": {"ResultsByTime": known[7:]},
    }
    made.aws.answer("ce", "get_cost_and_usage", lambda **asked: pages[asked.get("NextPageToken")])
    assert world.lights(daily(made)) == [GREEN] * 3


def test_pages_without_end_are_not_paid_for() -> None:
    made = World()
    page = {"ResultsByTime": [], "NextPageToken": "more"}
    made.aws.answer("ce", "get_cost_and_usage", lambda **_: page)
    (item,) = daily(made).items
    assert item.light is UNKNOWN
    assert made.aws.count("ce", "get_cost_and_usage") <= 5


@pytest.mark.parametrize("operation", ["get_cost_and_usage", "get_cost_forecast"])
def test_another_currency_is_never_compared_with_a_target_in_usd(operation: str) -> None:
    made = World().cost(spent(NINE, 10.0), forecast=250.0)
    money = {"Amount": "3000", "Unit": "CNY"}
    period = {"Start": "2026-02-02", "End": "2026-02-03"}
    answer = {"Total": money, "ResultsByTime": [{"TimePeriod": period, "Total": {"UnblendedCost": money}}]}
    made.aws.answer("ce", operation, answer)
    item = (daily if operation == "get_cost_and_usage" else monthly)(made).items[-1]
    assert item.light is UNKNOWN
    assert "not in USD" in reported(item)


def test_a_forecast_without_an_amount_is_none() -> None:
    made = World().cost(spent(NINE, 10.0))
    made.aws.answer("ce", "get_cost_forecast", {"ForecastResultsByTime": []})
    assert about(monthly(made), "checks.cost.look.forecast").light is UNKNOWN


def test_a_complete_day_that_is_missing_is_not_zero() -> None:
    made = World()
    known = [_day(day, 10.0) for day in days.between(date(2026, 1, 20), date(2026, 2, 2))]
    made.cost({}, forecast=250.0)
    made.aws.answer("ce", "get_cost_and_usage", {"ResultsByTime": known})
    section = daily(made)
    item = about(section, "checks.cost.days")
    assert item.light is UNKNOWN
    assert "2026-02-02 no data" in reported(item)
    assert about(section, "checks.cost.pace").numbers["forecast"] == 280.0


def test_the_week_asks_once_and_forecasts_nothing() -> None:
    made = World().cost(spent(NINE, 14.0))
    section = made.ran(CostWeek())
    world.check_words(section)
    assert len(made.aws.calls) == 1
    assert world.lights(section) == [GREEN] * 4
    assert "2026-01-27 to 2026-02-02, UTC): 98.00 USD; previous 7 days: 98.00 USD" in reported(
        section.items[0]
    )
    assert len(section.charts[0].points) == 14
    assert section.charts[0].ceiling == round(450 / 28, 2)
    high = CostWeek().run(world.context(World().cost(spent(NINE, 20.0)).aws))
    assert about(high, "checks.cost.pace").light is RED
    made.aws.fail("ce", "get_cost_and_usage", Denied)
    assert world.lights(made.ran(CostWeek())) == [UNKNOWN]


def test_a_day_that_costs_what_was_settled_late_is_never_below_it() -> None:
    known = {**spent(NINE, 10.0), date(2026, 2, 3): 30.0}
    assert costs.outlook(Costs(known), NINE, date(2026, 2, 1), 0.0).total == 10 + 10 + 30


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.floats(0.01, 100),
)
def test_the_same_cost_every_day_is_a_month_of_it_on_any_day(now: datetime, a_day: float) -> None:
    first = days.first_of(costs.today(now))
    length = len(days.month_of(first))
    own = costs.outlook(Costs(spent(now, a_day)), now, first)
    left = (days.month_after(first) - costs.today(now)).days
    asked = costs.outlook(Costs(spent(now, a_day)), now, first, left * a_day)
    assert own.total == pytest.approx(a_day * length)
    assert asked.total == pytest.approx(a_day * length)


def _day(day: date, amount: float) -> Mapping[str, object]:
    return {
        "TimePeriod": {"Start": day.isoformat(), "End": days.before(day, -1).isoformat()},
        "Total": {"UnblendedCost": {"Amount": str(amount), "Unit": "USD"}},
    }
