"""Requests are counted over any time, in periods that CloudWatch keeps at that age."""

from datetime import timedelta

import pytest

from responder.core.errors import Denied, ResponderError, Unreachable
from responder.followup.look import traffic
from tests.fakes import FakeAws
from tests.unit.remedies.world import context


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


@pytest.mark.parametrize(
    ("status", "raised"),
    [("Forbidden", Denied), ("InternalError", Unreachable), ("PartialData", Unreachable)],
)
def test_faults_that_were_not_read_are_not_none(status: str, raised: type[ResponderError]) -> None:
    aws, minute = FakeAws(), {"Timestamps": [FakeAws().now], "Values": [100.0]}
    read = [{"Id": each, "StatusCode": "Complete", **minute} for each in ("m0", "m1", "r0", "r1")]
    faults = {"Id": "m4", "StatusCode": status, "Timestamps": [], "Values": []}
    aws.answer("cloudwatch", "get_metric_data", {"MetricDataResults": [*read, faults]})
    with pytest.raises(raised):
        traffic(context(aws), aws.now - timedelta(hours=1))


def test_what_failed_in_its_minute_may_have_failed_before_it() -> None:
    aws = FakeAws()
    minute = (aws.now - timedelta(hours=1)).replace(second=0, microsecond=0)
    traffic(context(aws), minute + timedelta(seconds=1))
    asked = aws.sent("cloudwatch", "get_metric_data")
    assert {each["StartTime"] for each in asked} == {minute + timedelta(minutes=1)}
