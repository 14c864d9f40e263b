"""Requests are counted over any time, in periods that CloudWatch keeps at that age."""

from datetime import timedelta

import pytest

from responder.followup.look import traffic
from tests.fakes import FakeAws
from tests.unit.remedies.world import context

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("days", "finest"), [(1, 60), (14, 60), (16, 300), (62, 300), (64, 3600), (200, 3600)]
)
def test_the_period_is_kept_at_that_age_and_gives_few_points(days: int, finest: int) -> None:
    aws = FakeAws()
    traffic(context(aws), aws.now - timedelta(days=days))
    for asked in aws.sent("cloudwatch", "get_metric_data"):
        periods = {each["MetricStat"]["Period"] for each in asked["MetricDataQueries"]}
        assert len(periods) == 1
        (period,) = periods
        assert period % finest == 0
        assert days * 86_400 / period <= 1_001
