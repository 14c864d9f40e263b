"""Cost Explorer. Every request costs 0.01 USD, so that a report asks each question once.

AWS: GetCostAndUsage: End is exclusive, days are UTC, refreshed at least once in 24 h.
GetCostForecast: Start is today at the latest, only what is to come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from responder.context import Context
from responder.permissions import ANY, Permission

USAGE = Permission("ce:GetCostAndUsage", ANY)
FORECAST = Permission("ce:GetCostForecast", ANY)
SERVICE = "Amazon Rekognition"
# Credits and refunds would hide what the service costs.
FILTER: Mapping[str, Any] = {
    "And": [
        {"Dimensions": {"Key": "SERVICE", "Values": [SERVICE]}},
        {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}},
    ]
}


@dataclass(frozen=True, slots=True)
class Costs:
    """USD by UTC day; a day without an entry is not known. `estimated`: any of it may still change."""

    days: Mapping[date, float]
    estimated: bool = False

    @property
    def nothing(self) -> bool:
        """Not one cent: no use, or Cost Explorer knows the service by another name (it raises no error)."""
        return not any(self.days.values())


def ask(context: Context, start: date, end: date) -> Costs:
    """The cost of each day in [start, end), without credits. Raises errors of `responder.errors`."""
    answer = context.aws.call(
        "ce",
        "get_cost_and_usage",
        TimePeriod={"Start": start.isoformat(), "End": end.isoformat()},
        Granularity="DAILY",
        Metrics=["UnblendedCost"],
        Filter=FILTER,
    )
    found, estimated = {}, False
    for each in answer.get("ResultsByTime", ()):
        amount = each.get("Total", {}).get("UnblendedCost", {}).get("Amount")
        if amount is not None:
            found[date.fromisoformat(each["TimePeriod"]["Start"])] = float(amount)
            estimated = estimated or bool(each.get("Estimated"))
    return Costs(found, estimated)


def forecast(context: Context, start: date, end: date) -> float:
    """What [start, end) will cost, in USD. By the day: a month's figure would be one of the whole month.

    Raises errors of `responder.errors`; `DataUnavailableException` where the account is too young.
    """
    answer = context.aws.call(
        "ce",
        "get_cost_forecast",
        TimePeriod={"Start": start.isoformat(), "End": end.isoformat()},
        Granularity="DAILY",
        Metric="UNBLENDED_COST",
        Filter=FILTER,
    )
    return float(answer["Total"]["Amount"])
