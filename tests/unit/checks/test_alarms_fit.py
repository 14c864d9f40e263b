"""Whether the alarms fit the traffic: read from the deployed alarms and from the sessions of two weeks."""

from datetime import timedelta
from typing import Any

import pytest

from responder.checks.finding import AMBER, UNKNOWN
from responder.checks.model import CheckSection
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.messages.language import say
from tests.times import utc
from tests.unit.checks.alarms_world import CORRECTED, DEPLOYED, OURS, OWN, World, sayable, the

pytestmark = pytest.mark.unit

METRIC = "SessionCreated"
MIDNIGHT = utc("2026-02-03 15:00")  # in Tokyo


def sessions(an_hour: float, days: int = 14) -> Json:
    """In each of ten hours of the last whole days."""
    hours = [
        MIDNIGHT - timedelta(days=day, hours=-hour) for day in range(days, 0, -1) for hour in range(9, 19)
    ]
    return {"Timestamps": hours, "Values": [an_hour] * len(hours)}


def audited(an_hour: float, *, days: int = 14) -> CheckSection:
    world = World(OWN, DEPLOYED, OURS, CORRECTED)

    def answered(**asked: Any) -> Json:
        empty = {"Timestamps": [], "Values": [], "StatusCode": "Complete"}
        return {
            "MetricDataResults": [
                {
                    "Id": each["Id"],
                    **empty,
                    **(
                        sessions(an_hour, days)
                        if each["MetricStat"]["Metric"]["MetricName"] == METRIC
                        else {}
                    ),
                }
                for each in asked["MetricDataQueries"]
            ]
        }

    world.aws.answer("cloudwatch", "get_metric_data", answered)
    return world.audit()


def test_alarms_made_for_another_traffic_are_to_be_deployed_again() -> None:
    found = audited(an_hour=200)
    item = the(found, "unfit")
    sayable(found)
    assert item.light is AMBER
    assert "(2,000 sessions a day)" in say(item.said, "en")
    assert "MinimumFaults=13" in str(item.command)
    assert "RateSeconds" not in str(item.command)


def test_nothing_is_reported_where_they_fit_or_too_little_is_known() -> None:
    kinds = {each.identity.kind.value for each in audited(an_hour=200, days=2).items}
    assert "alarms_fit" not in kinds


def test_sessions_that_cannot_be_read_are_no_proposal() -> None:
    world = World(OWN, DEPLOYED, OURS, CORRECTED)

    def denied(**_: Any) -> Json:
        raise Denied("cloudwatch", "GetMetricData", "AccessDenied")

    world.aws.answer("cloudwatch", "get_metric_data", denied)
    assert the(world.audit(), "unread").light is UNKNOWN
