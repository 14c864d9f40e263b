"""Errors and throttles of each function, yesterday and since midnight."""

from datetime import timedelta

import pytest

from responder.checks.figures.functions import Functions
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.core.errors import Denied
from responder.messages.language import say
from tests.unit.checks import figures_world as world
from tests.unit.checks.figures_world import NINE, YESTERDAY, World, reported

CREATE = "FaceAuth-CreateLivenessSession"
NAMES = (
    CREATE,
    "FaceAuth-GetLivenessResult",
    "FaceAuth-Enrollment",
    "FaceAuth-FaceLogin",
    "FaceAuth-EmergencyAuth",
    "FaceAuth-ReEnrollment",
)


def seen(*, today: bool = False, duration: float = 900.0, **counted: int) -> CheckItem:
    """The state of CREATE; the others have no findings."""
    made, at = World(), NINE - timedelta(hours=2) if today else world.noon(YESTERDAY)
    for name, count in counted.items():
        made.figures.put("AWS/Lambda", name, [(at, 1.0)] * count, FunctionName=CREATE)
    made.figures.put("AWS/Lambda", "Duration", [(at, duration)], FunctionName=CREATE)
    section = made.ran(Functions())
    assert made.aws.count("cloudwatch", "get_metric_data") == 1
    world.check_words(section)
    return section.items[0]


def test_each_function_that_is_called_has_a_line_and_the_others_are_one_line() -> None:
    made = World()
    for name in NAMES[:2]:
        made.figures.put("AWS/Lambda", "Invocations", [(world.noon(YESTERDAY), 300.0)], FunctionName=name)
    section = made.ran(Functions())
    *called, idle, invoked = section.items
    assert [item.said.values["function"] for item in called] == list(NAMES[:2])
    assert (idle.light, invoked.light) == (UNKNOWN, GREEN)
    assert all(name in reported(idle) for name in NAMES[2:])
    world.check_words(section)


def test_functions_that_no_one_calls_are_one_unknown_line() -> None:
    (item,) = Functions().run(world.context(World().aws)).items
    assert item.light is UNKNOWN
    assert all(name in reported(item) for name in NAMES)


@pytest.mark.parametrize(
    ("invocations", "light"), [(20, AMBER), (99, AMBER), (100, GREEN), (1000, GREEN), (4000, AMBER)]
)
def test_invocations_are_judged_by_the_manuals_range(invocations: int, light: CheckStatus) -> None:
    made = World()
    for name in NAMES[:2]:
        counted = [(world.noon(YESTERDAY), float(invocations))]
        made.figures.put("AWS/Lambda", "Invocations", counted, FunctionName=name)
    section = made.ran(Functions())
    item = world.about(section, "checks.function.invocations")
    assert item.light is light
    assert f"{CREATE} {invocations:,}" in reported(item)
    world.check_words(section)


@pytest.mark.parametrize(("errors", "light"), [(0, GREEN), (3, GREEN), (4, AMBER), (30, RED)])
def test_errors_are_a_rate_of_the_invocations(errors: int, light: CheckStatus) -> None:
    item = seen(Invocations=300, Errors=errors)
    assert item.light is light
    assert "(of 300)" in reported(item)


def test_errors_since_midnight_count_as_well() -> None:
    assert seen(today=True, Invocations=40, Errors=10).light is RED


@pytest.mark.parametrize(("throttles", "light"), [(1, AMBER), (100, RED)])
def test_any_throttle_is_outside_of_the_manuals_range(throttles: int, light: CheckStatus) -> None:
    item = seen(Invocations=300, Throttles=throttles)
    assert item.light is light
    assert f"Throttles: {throttles} " in reported(item)


def test_a_function_that_is_only_throttled_is_not_called_quiet() -> None:
    item = seen(Throttles=5)
    assert item.light is AMBER
    assert "not invoked" not in reported(item)


def test_a_duration_at_the_manuals_alert_line_is_named() -> None:
    item = seen(Invocations=300, duration=9_400.0)
    assert item.light is AMBER
    # A message to people shows this sentence alone.
    assert "9.4 s" in say(item.said, "en")


def test_just_after_midnight_yesterday_still_counts() -> None:
    made = World()
    made.figures.put("AWS/Lambda", "Invocations", [(world.noon(YESTERDAY), 1.0)] * 50, FunctionName=CREATE)
    item = Functions().run(world.context(made.aws, NINE - timedelta(hours=9))).items[0]
    assert item.light is GREEN


def test_without_permission_it_is_one_unknown_line_that_names_the_action() -> None:
    aws = World().aws
    aws.fail("cloudwatch", "get_metric_data", Denied)
    (item,) = Functions().run(world.context(aws)).items
    assert item.light is UNKNOWN
    assert "cloudwatch:GetMetricData" in reported(item)
