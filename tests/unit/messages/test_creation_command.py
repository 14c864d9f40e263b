"""What the step about slow opening tells to judge by, its command shows."""

import pytest

from tests.texts import catalogue

pytestmark = pytest.mark.unit


def test_the_command_shows_how_many_sessions_its_p90_is_of() -> None:
    command, _ = catalogue()["command.creation_time"]
    first, second = command.split("aws cloudwatch get-metric-statistics")[1:]
    assert "--extended-statistics p90" in first and "--statistics SampleCount" in second
    # One datapoint for the hour: twelve of 5 minutes would hold too few sessions each.
    assert all("--period 3600" in each for each in (first, second))
