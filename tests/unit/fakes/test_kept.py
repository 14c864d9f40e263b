"""The fake keeps points as long as CloudWatch does in each period."""

from datetime import timedelta

import pytest

from tests.fakes import FakeAws


@pytest.mark.parametrize(
    ("days", "kept"), [(14, {60, 300, 3600}), (16, {300, 3600}), (64, {3600}), (456, set())]
)
def test_an_older_point_is_found_in_a_wider_period_only(days: int, kept: set[int]) -> None:
    aws = FakeAws()
    at = aws.now - timedelta(days=days)
    aws.metrics.put("N", "M", [(at, 1.0)])
    stat = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Stat": "Sum"}
    queries = [{"Id": f"p{each}", "MetricStat": {**stat, "Period": each}} for each in (60, 300, 3600)]
    found = aws.metrics.get_metric_data(queries, at - timedelta(hours=1), aws.now)
    assert {int(each["Id"][1:]) for each in found["MetricDataResults"] if each["Values"]} == kept
