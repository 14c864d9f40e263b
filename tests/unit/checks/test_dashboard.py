"""The dashboard that the manual opens first every morning: there, gone, empty or not to be read."""

from collections.abc import Iterable
from importlib import import_module

import pytest

from responder.checks.base import Check
from responder.checks.finding import AMBER, GREEN, UNKNOWN, CheckItem, Harm
from responder.checks.model import HARM
from responder.core.errors import AwsError, Denied, Missing
from responder.core.plain_data import Json
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.safe_world import SETTINGS, Safe

BODY = '{"widgets": [{"type": "metric"}, {"type": "text"}]}'


def daily() -> Check:
    made: Iterable[Check] = import_module("checks.daily").checks(SETTINGS)
    (found,) = (each for each in made if each.name == "dashboard")
    return found


def found(answer: Json | tuple[type[AwsError], str]) -> CheckItem:
    made = Safe()
    if isinstance(answer, tuple):
        error, code = answer
        made.refuse(error, code, ("cloudwatch", "get_dashboard"))
    else:
        made.aws.answer("cloudwatch", "get_dashboard", answer)
    section = made.run(daily())
    check_words(section)
    (item,) = section.items
    assert made.aws.sent("cloudwatch", "get_dashboard") == [{"DashboardName": "FaceAuth-Liveness"}]
    return item


def test_a_dashboard_with_widgets_is_green_and_linked() -> None:
    item = found({"DashboardBody": BODY})
    assert item.light is GREEN
    assert item.numbers == {"widgets": 1.0}
    assert str(item.link).endswith("#dashboards/dashboard/FaceAuth-Liveness")


def test_a_dashboard_that_is_gone_is_amber_and_reported_with_what_is_not_watched() -> None:
    item = found((Missing, "ResourceNotFound"))
    assert item.light is AMBER
    assert "FaceAuth-Liveness does not exist" in reported(item)
    assert HARM["dashboard"] is Harm.UNWATCHED


@pytest.mark.parametrize("widgets", ["[]", '[{"type": "text"}, {"type": "text"}]'])
def test_a_dashboard_without_widgets_or_of_text_alone_shows_nothing_and_is_amber(widgets: str) -> None:
    assert found({"DashboardBody": f'{{"widgets": {widgets}}}'}).light is AMBER


def test_a_dashboard_that_may_not_be_read_is_unknown_and_names_the_right() -> None:
    item = found((Denied, "AccessDenied"))
    assert item.light is UNKNOWN
    assert "cloudwatch:GetDashboard" in reported(item)


@pytest.mark.parametrize(
    "answer", [{}, {"DashboardBody": "{"}, {"DashboardBody": "[]"}, {"DashboardBody": "{}"}]
)
def test_an_answer_that_cannot_be_read_is_never_green(answer: Json) -> None:
    assert found(answer).light is UNKNOWN
