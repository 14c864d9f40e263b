"""Cost Explorer. Every request costs 0.01 USD, so that a report asks each question once.

AWS: GetCostAndUsage: End is exclusive, days are UTC, refreshed at least once in 24 h.
GetCostForecast: Start is today at the latest, only what is to come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from responder.core.context import Context
from responder.core.errors import Rejected
from responder.core.permissions import ANY, Permission

USAGE = Permission("ce:GetCostAndUsage", ANY)
FORECAST = Permission("ce:GetCostForecast", ANY)
TOO_YOUNG = "DataUnavailableException"
NOT_USD = "NotInUSD"
_MOST_PAGES = 5
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
    """USD by UTC day; a day without an entry is not known.

    Attributes:
        days: the amounts.
        estimated: any of it may still change.
        late: settled days that were answered without cost, though they had sessions: they are not in `days`.
    """

    days: Mapping[date, float]
    estimated: bool = False
    late: tuple[date, ...] = ()

    @property
    def nothing(self) -> bool:
        """Not one cent: no use, or Cost Explorer knows the service by another name (it raises no error)."""
        return not any(self.days.values())


def ask(context: Context, start: date, end: date) -> Costs:
    """The cost of each day in [start, end), without credits. Raises errors of `responder.core.errors`."""
    found, estimated = {}, False
    for each in _results(context, start, end):
        amount = _usd("GetCostAndUsage", each.get("Total", {}).get("UnblendedCost", {}))
        if amount is not None:
            found[date.fromisoformat(each["TimePeriod"]["Start"])] = amount
            estimated = estimated or bool(each.get("Estimated"))
    return Costs(found, estimated)


def _results(context: Context, start: date, end: date) -> Iterator[Mapping[str, Any]]:
    """The days of all pages: one for months of days, so that more than a few are not paid for."""
    more: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        answer = context.aws.call(
            "ce",
            "get_cost_and_usage",
            TimePeriod={"Start": start.isoformat(), "End": end.isoformat()},
            Granularity="DAILY",
            Metrics=["UnblendedCost"],
            Filter=FILTER,
            **more,
        )
        yield from answer.get("ResultsByTime", ())
        if not answer.get("NextPageToken"):
            return
        more = {"NextPageToken": answer["NextPageToken"]}
    raise Rejected("ce", "GetCostAndUsage", "TooManyPages")


def forecast(context: Context, start: date, end: date) -> float:
    """What [start, end) will cost, in USD. By the day: a month's figure would be one of the whole month.

    Raises errors of `responder.core.errors`; `DataUnavailableException` where the account is too young.
    """
    answer = context.aws.call(
        "ce",
        "get_cost_forecast",
        TimePeriod={"Start": start.isoformat(), "End": end.isoformat()},
        Granularity="DAILY",
        Metric="UNBLENDED_COST",
        Filter=FILTER,
    )
    amount = _usd("GetCostForecast", answer.get("Total", {}))
    if amount is None:
        raise Rejected("ce", "GetCostForecast", TOO_YOUNG)
    return amount


def _usd(operation: str, money: Mapping[str, str]) -> float | None:
    """The target is in USD; another currency beside it would be a number that means nothing."""
    if "Amount" not in money:
        return None
    amount = float(money["Amount"])
    if amount and money.get("Unit", "USD") != "USD":
        raise Rejected("ce", operation, NOT_USD)
    return amount
