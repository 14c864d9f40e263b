"""The five figures of the daily list, with samples, against the day before and the week before."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.checks import days, thresholds
from responder.checks.base import Check
from responder.checks.figures.counts import ENOUGH, Share, decimals
from responder.checks.figures.daily import Figures
from responder.checks.figures.functions import Functions
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.checks.model import Cadence, CheckReport, CheckSection, Since
from responder.checks.report.page import page
from responder.checks.report.summary import Summary, plain, subject
from responder.core.errors import Denied
from responder.messages.language import say
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.checks import figures_world as world
from tests.unit.checks.figures_world import NINE, TOKYO, YESTERDAY, World, about, reported

DAY_BEFORE, WEEK_BEFORE = date(2026, 2, 2), date(2026, 1, 27)


def busy() -> World:
    """A usual week."""
    made = World()
    for day in days.between(WEEK_BEFORE, date(2026, 2, 4)):
        made.day(day, created=300, success=294, failure=6)
    return made


def figure(made: World, name: str) -> CheckItem:
    return about(made.ran(Figures()), f"checks.figure.{name}")


def reported_in(section: CheckSection) -> CheckReport:
    return CheckReport(Cadence.DAILY, NINE, date(2026, 2, 4), "us-east-1", "a", (section,))


def test_a_usual_day_is_green_in_all_five_figures() -> None:
    section = Figures().run(world.context(busy().aws))
    assert world.lights(section) == [GREEN] * 5
    assert "98% (of 300)" in reported(about(section, "checks.figure.success"))
    world.check_words(section)


def test_the_five_figures_are_shown_at_a_glance_against_the_day_and_the_week_before() -> None:
    section = Figures().run(world.context(busy().aws))
    titles = [each.chart.title.key for each in section.key_figures]
    assert titles == [
        f"checks.figure.{each}" for each in ("sessions", "success", "confidence", "time", "errors")
    ]
    assert [each.light for each in section.key_figures] == [GREEN] * 5
    numbers = figure(busy(), "sessions").numbers
    sessions = section.key_figures[0]
    assert sessions.value == numbers["sessions"]
    assert sessions.earlier == {Since.DAY: numbers["day_before"], Since.WEEK: numbers["week_before"]}


def test_the_figures_cost_two_requests_and_ask_without_dimensions() -> None:
    aws = busy().aws
    Figures().run(world.context(aws))
    figures, history = aws.sent("cloudwatch", "get_metric_data")
    both = (*figures["MetricDataQueries"], *history["MetricDataQueries"])
    assert all(query["MetricStat"]["Metric"]["Dimensions"] == [] for query in both)
    assert len(history["MetricDataQueries"]) == 1
    assert {service for service, *_ in aws.calls} == {"cloudwatch"}
    assert isinstance(Figures(), Check)


def test_a_day_is_that_of_tokyo() -> None:
    made = World()
    start, end = days.start_of(YESTERDAY, TOKYO), days.start_of(date(2026, 2, 4), TOKYO)
    made.day(YESTERDAY, created=1, at=start).day(YESTERDAY, created=2, at=end - timedelta(minutes=1))
    made.day(YESTERDAY, created=40, at=start - timedelta(minutes=1)).day(YESTERDAY, created=80, at=end)
    item = figure(made, "sessions")
    assert (item.numbers["sessions"], item.numbers["day_before"]) == (3, 40)


def test_yesterday_is_shown_with_the_day_before_and_the_week_before() -> None:
    made = World().day(YESTERDAY, created=200).day(DAY_BEFORE, created=210).day(WEEK_BEFORE, created=190)
    said = reported(figure(made, "sessions"))
    assert "on 2026-02-03: 200" in said
    assert "Day before (2026-02-02): 210" in said
    assert "(2026-01-27): 190" in said


@all_rows(
    ("name", "counted", "light"),
    [
        # Too few results are judged neither way, but one error among them is a hint.
        ("success", {"created": 3, "success": 2, "failure": 1}, UNKNOWN),
        ("errors", {"created": 3, "success": 2, "errors": 1}, AMBER),
        # A rate is red only where it cannot be chance.
        ("success", {"created": 300, "success": 95, "failure": 5}, GREEN),
        ("success", {"created": 300, "success": 94, "failure": 6}, AMBER),
        ("success", {"created": 300, "success": 270, "failure": 30}, RED),
        ("success", {"created": 300, "success": 18, "failure": 2}, AMBER),
        # Refused faces are no errors of the service.
        ("errors", {"created": 300, "success": 200, "failure": 100}, GREEN),
        ("errors", {"created": 300, "success": 300, "errors": 3}, GREEN),
        ("errors", {"created": 300, "success": 300, "errors": 4}, AMBER),
        ("errors", {"created": 300, "success": 300, "errors": 12}, RED),
        ("errors", {"created": 300, "success": 300, "errors": 60}, RED),
        # Between 90 and 92 the manual says both.
        ("confidence", {"created": 300, "success": 300, "score": 95.0}, GREEN),
        ("confidence", {"created": 300, "success": 300, "score": 91.0}, AMBER),
        ("confidence", {"created": 300, "success": 300, "score": 90.0}, RED),
        # Many unfinished checks are a finding; where no user gets to the end it is an outage, not too little.
        ("success", {"created": 100, "success": 80, "zeros": 20}, GREEN),
        ("success", {"created": 100, "success": 79, "zeros": 21}, AMBER),
        ("success", {"created": 100, "success": 45, "zeros": 55}, AMBER),
        ("success", {"created": 100, "success": 30, "zeros": 70}, RED),
        ("success", {"created": 300, "zeros": 300}, RED),
        # Low scores stay red although users left other checks.
        ("success", {"created": 300, "success": 220, "failure": 50, "zeros": 30}, RED),
    ],
)
def test_a_figure_is_judged_by_what_was_counted(name: str, counted: Any, light: CheckStatus) -> None:
    item = figure(World().day(YESTERDAY, **counted), name)
    assert item.light is light
    assert (piece("checks.figure.chance") in reported(item)) is (light is AMBER and name != "confidence")
    assert ("too few" in reported(item)) is (sum(counted.values()) < 10)


def test_a_rate_just_below_its_range_does_not_read_like_the_range() -> None:
    made = World().day(YESTERDAY, created=2000, success=1899, failure=101)
    item = figure(made, "success")
    assert item.light is AMBER
    assert "94.95% (of 2,000)" in reported(item)


def test_sessions_that_cannot_be_made_count_as_errors() -> None:
    made = busy()
    made.figures.put(world.OWN, "SessionCreationError", [(world.noon(YESTERDAY), 1.0)] * 30)
    section = made.ran(Figures())
    item = about(section, "checks.figure.creation")
    assert item.light is RED
    # A message to people shows this sentence alone.
    assert "ession creation error rate on 2026-02-03: 9.09% (of 330)" in say(item.said, "en")
    assert "0% (of 300)" in reported(item)
    assert item.numbers["creation_error_percent"] == pytest.approx(9.09, abs=0.01)
    world.check_words(section)


@pytest.mark.parametrize("zeros", [1, 30, 74])
def test_checks_that_users_gave_up_are_no_failures_of_the_service(zeros: int) -> None:
    made = World().day(YESTERDAY, created=300, success=300 - zeros, zeros=zeros)
    section = made.ran(Figures())
    assert about(section, "checks.figure.confidence").light is GREEN
    assert about(section, "checks.figure.success").light is (GREEN if zeros <= 60 else AMBER)
    world.check_words(section)


def test_figures_without_abandoned_checks_stand_beside_those_with_them_in_the_sentence_itself() -> None:
    made = World().day(YESTERDAY, created=300, success=270, zeros=30)
    section = made.ran(Figures())
    success, confidence = (about(section, f"checks.figure.{name}") for name in ("success", "confidence"))
    assert success.light is confidence.light is GREEN
    # A message to people shows this sentence alone.
    assert "100% (of 270); including 30 unfinished 90% (of 300)" in say(success.said, "en")
    assert "97 (n=270); including 30 unfinished 87.3 (n=300)" in say(confidence.said, "en")
    assert (success.numbers["success_percent"], success.numbers["finished_success_percent"]) == (90, 100)
    assert "10% (of 300) of all" in reported(success)


@pytest.mark.parametrize(("zeros", "light"), [(60, GREEN), (70, AMBER), (200, RED)])
def test_a_figure_that_is_red_by_the_checks_users_gave_up_shows_their_share(
    zeros: int, light: CheckStatus
) -> None:
    made = World().day(YESTERDAY, created=300, success=300 - zeros, zeros=zeros)
    section = made.ran(Figures())
    (glance,) = (each for each in section.key_figures if each.chart.title.key == "checks.figure.success")
    assert (glance.value, glance.light) == (100, light)
    said = say(about(section, "checks.figure.success").said, "en")
    if light is GREEN:
        assert glance.beside is None
        assert "unfinished." not in said
    else:
        assert glance.beside is not None
        share = say(glance.beside, "en")
        assert f"Unfinished: {decimals(zeros / 3)}% (of 300); normal up to 20%" in share
        assert share in page(reported_in(section), "en")
        assert "at least 95%, with at most 20% unfinished" in said


@pytest.mark.parametrize(
    ("score", "figure", "words"), [(90.0, "90", "normal above 90 points"), (89.97, "89.97", "above 90")]
)
def test_a_red_figure_never_reads_like_the_end_of_its_normal_range(
    score: float, figure: str, words: str
) -> None:
    made = World().day(YESTERDAY, created=300, success=300, score=score)
    section = made.ran(Figures())
    (glance,) = (each for each in section.key_figures if each.chart.title.key == "checks.figure.confidence")
    html = page(reported_in(replace(section, charts=(glance.chart,))), "en")
    assert (glance.light, len(glance.chart.outside)) == (RED, 1)
    assert f'<p class="figure">{figure} <small>' in html
    assert re.search(rf'class="out"[^>]*>{figure}<', html)
    assert words in html


@pytest.mark.parametrize(
    ("created", "answered", "light"), [(300, 0, RED), (300, 4, RED), (300, 60, AMBER), (30, 0, AMBER)]
)
def test_sessions_of_which_hardly_any_has_a_result_are_one_finding(
    created: int, answered: int, light: CheckStatus
) -> None:
    made = World().day(YESTERDAY, created=created, success=answered)
    section = made.ran(Figures())
    item = about(section, "checks.figure.unanswered")
    assert item.light is light
    # A message to people shows this sentence alone.
    assert f"Only {answered} of the {created} sessions created on 2026-02-03 had a result" in say(
        item.said, "en"
    )
    assert not [one for _, one in Summary(reported_in(section)).to_do if one.light is UNKNOWN]
    world.check_words(section)


@pytest.mark.parametrize(("created", "answered"), [(300, 150), (19, 0), (0, 0)])
def test_sessions_that_users_leave_are_no_outage(created: int, answered: int) -> None:
    made = World().day(YESTERDAY, created=created, success=answered)
    section = made.ran(Figures())
    assert not [item for item in section.items if item.said.key == "checks.figure.unanswered"]


def test_an_amber_rate_says_how_far_chance_goes_and_never_that_300_are_few() -> None:
    made = World().day(YESTERDAY, created=300, success=279, failure=21)
    item = figure(made, "success")
    assert item.light is AMBER
    assert "with n=300 the true rate is between 89.54% and 95.38%" in reported(item)
    assert "few" not in reported(item)


def test_the_service_measures_its_own_time_and_that_is_reported() -> None:
    made = busy()
    made.figures.put(world.OWN, "VerificationTime", [(world.noon(YESTERDAY), 60_000.0)])
    item = figure(made, "time")
    assert item.light is RED
    assert "timed out" in reported(item)


def test_a_usual_weekday_without_a_single_session_is_an_outage() -> None:
    made = World().day(WEEK_BEFORE, created=300, success=300)
    assert figure(made, "sessions").light is RED


def outage(days_without: int, usual: int = 300, stray: int = 0) -> World:
    """The last day with sessions was so many days before YESTERDAY; `stray` on each day since."""
    made = World()
    for number in range(days_without, days_without + 60):
        made.day(days.before(YESTERDAY, number), created=usual, success=usual)
    for number in range(days_without if stray else 0):
        made.day(days.before(YESTERDAY, number), created=stray, success=stray)
    return made


@pytest.mark.parametrize("day", [1, 2, 7, 8, 9, 15, 40, 100, 330])
def test_an_outage_stays_red_however_long_it_lasts(day: int) -> None:
    section = Figures().run(world.context(outage(day).aws))
    item = about(section, "checks.figure.sessions")
    assert item.light is RED
    assert f"No sessions for {day} day{'s' * (day > 1)}" in reported(item)
    assert "up to 300" in reported(item)
    world.check_words(section)


@pytest.mark.parametrize("day", [1, 8, 20, 60, 100, 330])
def test_a_few_test_sessions_a_day_do_not_hide_an_outage(day: int) -> None:
    item = about(Figures().run(world.context(outage(day, stray=3).aws)), "checks.figure.sessions")
    assert item.light is RED


def test_an_outage_with_a_few_test_sessions_is_over_once_users_are_back() -> None:
    made = outage(100, stray=3)
    made.day(YESTERDAY, created=280, success=280)
    assert figure(made, "sessions").light is GREEN


def test_an_outage_stays_red_on_a_weekend_without_use_that_falls_into_it() -> None:
    made = World()
    for number in range(9, 70):
        day = days.before(date(2026, 2, 8), number)
        made.day(day, created=300 if day.weekday() < 5 else 0)
    # Sunday, on which this service never has a session: the outage began on Friday a week before.
    monday = NINE + timedelta(days=5)
    item = about(made.ran(Figures(), monday), "checks.figure.sessions")
    assert item.light is RED


def test_a_weekend_without_use_is_no_outage() -> None:
    made = World()
    for number in range(1, 70):
        day = days.before(date(2026, 2, 8), number)
        made.day(day, created=300 if day.weekday() < 5 else 0)
    monday = NINE + timedelta(days=5)
    item = about(made.ran(Figures(), monday), "checks.figure.sessions")
    assert item.light is AMBER


def test_a_fall_to_a_third_is_amber_though_it_lies_within_the_range() -> None:
    made = outage(1)
    made.day(YESTERDAY, created=110, success=110)
    item = figure(made, "sessions")
    assert item.light is AMBER
    assert "up to 300" in reported(item)


@pytest.mark.parametrize("created", [130, 200, 500])
def test_a_quieter_or_a_busier_day_is_green(created: int) -> None:
    made = outage(1)
    made.day(YESTERDAY, created=created, success=created)
    assert figure(made, "sessions").light is GREEN


def test_a_new_service_that_grows_is_not_called_quiet() -> None:
    made = World()
    for number in range(10):
        made.day(days.before(YESTERDAY, number), created=100 + 40 * (10 - number))
    assert figure(made, "sessions").light is GREEN


def test_one_outage_is_one_line() -> None:
    (item,) = Figures().run(world.context(outage(3).aws)).items
    assert item.light is RED
    assert piece("checks.figure.no_values") in reported(item)


def test_an_outage_is_one_line_of_the_message_whatever_else_has_no_traffic() -> None:
    where = world.context(outage(3).aws)
    sections = (Figures().run(where), Functions().run(where))
    check_report = CheckReport(Cadence.DAILY, NINE, date(2026, 2, 4), "us-east-1", "a", sections)
    short = Summary(check_report)
    assert subject(short).startswith("[MEDIUM] 1 to do today, 0 this week, 0 not checked - ")
    mail = plain(short, "en", 30)
    assert len([line for line in mail.splitlines() if line.startswith("- ")]) == 1
    assert "No sessions for 3 days" in mail
    assert "Day before (2026-02-02): 0" in mail
    assert 'Next: see "1. CloudWatchダッシュボード確認" in the manual' in mail
    assert "Other findings with the same cause: 1" in mail


def test_an_empty_account_is_never_green() -> None:
    section = Figures().run(world.context(World().aws))
    assert world.lights(section) == [AMBER]
    world.check_words(section)


def test_without_permission_it_is_one_unknown_line_that_names_the_action() -> None:
    aws = World().aws
    aws.fail("cloudwatch", "get_metric_data", Denied)
    (item,) = Figures().run(world.context(aws)).items
    assert item.light is UNKNOWN
    assert "cloudwatch:GetMetricData" in reported(item)


def test_a_day_with_too_few_results_is_a_gap_and_not_a_rate_of_nothing() -> None:
    made = World().day(YESTERDAY, created=300, success=300).day(DAY_BEFORE, created=1, failure=1)
    _, success = made.ran(Figures()).charts
    assert [value for _, value in success.points if value is not None] == [100.0]


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("Asia/Kolkata", date(2026, 3, 8), 24),
        ("Asia/Kathmandu", date(2026, 3, 8), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_a_day_of_any_zone_is_counted_whole_and_nothing_beside_it(name: str, day: date, hours: float) -> None:
    where, made = days.zone(name), World()
    start, now = days.start_of(day, where), days.start_of(days.before(day, -1), where)
    for quarter in range(-8, round(hours * 4) + 8):
        made.figures.put(world.OWN, "SessionCreated", [(start + quarter * timedelta(minutes=15), 1.0)])
    nine = world.context(made.aws, now + timedelta(hours=9), check_zone=name)
    item = about(Figures().run(nine), "checks.figure.sessions")
    assert item.numbers["sessions"] == 4 * hours


def test_the_week_is_drawn_and_a_day_without_a_result_is_a_gap() -> None:
    made = World().day(YESTERDAY, created=300, success=300)
    sessions, success = made.ran(Figures()).charts
    assert len(sessions.points) == 8
    last, count = sessions.points[-1]
    assert (last, count) == (days.start_of(YESTERDAY, TOKYO), 300)
    assert [value for _, value in success.points if value is not None] == [100.0]
    assert len(success.points) == 8


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_red_rate_has_a_sample_and_is_surely_too_low(success: int, failure: int) -> None:
    rate = Share(success, success + failure)
    low, high = rate.bounds()
    assert 0 <= low <= high <= 100
    if rate.value is not None:
        assert low - 1e-6 <= rate.value <= high + 1e-6
    if thresholds.success(rate) is RED:
        assert rate.samples >= ENOUGH
        assert high < thresholds.SUCCESS


def test_the_reported_day_changes_at_midnight_in_tokyo() -> None:
    made = World().day(YESTERDAY, created=200).day(DAY_BEFORE, created=210)
    before = world.context(made.aws, NINE - timedelta(hours=9, minutes=1))
    assert about(Figures().run(before), "checks.figure.sessions").numbers["sessions"] == 210
    after = world.context(made.aws, NINE - timedelta(hours=9))
    assert about(Figures().run(after), "checks.figure.sessions").numbers["sessions"] == 200
