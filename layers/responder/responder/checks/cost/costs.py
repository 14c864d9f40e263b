"""What Cost Explorer knows of Rekognition, by UTC day, and the cost of a month.

Every request costs 0.01 USD, so a report asks each question once. AWS, GetCostAndUsage: End is exclusive,
days are UTC, refreshed at least once in 24 h. GetCostForecast: Start is today at the latest, only what is to
come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from responder.checks import days
from responder.checks.days import Days
from responder.checks.figures import counts
from responder.core.context import Context
from responder.core.errors import AwsError, Rejected
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission
from responder.core.plain_data import Data
from responder.core.series import Series

USAGE = Permission("ce:GetCostAndUsage", ANY)
FORECAST = Permission("ce:GetCostForecast", ANY)
TOO_YOUNG = "DataUnavailableException"
NOT_USD = "NotInUSD"
_MOST_PAGES = 5
SERVICE = "Amazon Rekognition"
# Credits and refunds would hide what the service costs.
FILTER: Data = {
    "And": [
        {"Dimensions": {"Key": "SERVICE", "Values": [SERVICE]}},
        {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}},
    ]
}
# Cost Explorer may take a whole day to know the one before.
SETTLES = timedelta(hours=24)
A_WEEK = 7


@frozen
class Costs:
    """USD by UTC day; a day without an entry is unknown.

    Attributes:
        days: the amounts.
        estimated: any of it may still change.
        late: settled days that were answered without cost, though they had sessions: they are not in `days`.
    """

    days: Mapping[date, float]
    estimated: bool = False
    late: Days = ()

    @property
    def nothing(self) -> bool:
        """No cost at all: no use, or Cost Explorer has another name for the service (it raises no error)."""
        return not any(self.days.values())

    def without(self, left_out: Days) -> dict[date, float]:
        """The amounts of the other days."""
        return {day: amount for day, amount in self.days.items() if day not in left_out}


@frozen
class Outlook:
    """A month in USD.

    Attributes:
        first: its first day.
        spent: the known cost, also of incomplete days.
        complete: how many of its days are.
        total: what the whole month comes to; None where nothing is known to go by.
    """

    first: date
    spent: float
    complete: int
    total: float | None


def ask(context: Context, start: date, end: date) -> Costs:
    """The cost of each day in [start, end), without credits. Raises errors of `responder.core.errors`.

    Cost Explorer may be later than it says: of the last settled days, a zero is trusted only where there was
    no session. Metrics are asked only where there are such days; what they do not say is unknown.
    """
    found, estimated = {}, False
    for each in _results(context, start, end):
        amount = _usd("GetCostAndUsage", each.get("Total", {}).get("UnblendedCost", {}))
        if amount is not None:
            found[date.fromisoformat(each["TimePeriod"]["Start"])] = amount
            estimated = estimated or bool(each.get("Estimated"))
    costs = Costs(found, estimated)
    last = max((day for day, amount in found.items() if amount), default=None)
    week = complete(context.now, A_WEEK)
    # If all days are without cost, that is no delay.
    silent = tuple(day for day in week if last is not None and day > last and day in found)
    if not silent:
        return costs
    try:
        made = created(context, silent[0], days.before(silent[-1], -1))
    except AwsError:
        return replace(costs, days=costs.without(silent))
    late = tuple(day for day in silent if made.between(_start(day), _start(days.before(day, -1))).total)
    return replace(costs, days=costs.without(late), late=late)


def created(context: Context, start: date, end: date) -> Series:
    """Sessions made in the UTC days [start, end), by the hour. Raises errors of `responder.core.errors`."""
    return counts.created(context, _start(start), _start(end))


def _start(day: date) -> datetime:
    return days.start_of(day, UTC)


def _results(context: Context, start: date, end: date) -> Iterator[Data]:
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
    """The target is in USD; a number in another currency could not be compared."""
    if "Amount" not in money:
        return None
    amount = float(money["Amount"])
    if amount and money.get("Unit", "USD") != "USD":
        raise Rejected("ce", operation, NOT_USD)
    return amount


def today(now: datetime) -> date:
    """Cost Explorer's day."""
    return days.day_of(now, UTC)


def last_complete(now: datetime) -> date:
    """The last UTC day that ended a day ago: at 09:00 in Tokyo yesterday's cost is still empty."""
    return days.before(days.day_of(now - SETTLES, UTC))


def complete(now: datetime, count: int) -> Days:
    """The last `count` complete days, oldest first."""
    end = days.before(last_complete(now), -1)
    return days.between(days.before(end, count), end)


def asked_from(now: datetime, back: int) -> date:
    """The first day to ask for: the first of the month, or earlier, so that there are enough complete days
    (on the 1st the month is empty)."""
    return min(days.first_of(today(now)), complete(now, back)[0])


def outlook(costs: Costs, now: datetime, first: date, ahead: float | None = None) -> Outlook:
    """Complete days as they are, unsettled ones at the mean of the last complete week (in which each weekday
    counts once), from today on `ahead` or the mean as well. Pure.

    `ahead` is the forecast of [today, end of the month).
    """
    month, settled = days.month_of(first), last_complete(now)
    week = [costs.days[day] for day in complete(now, A_WEEK) if day in costs.days]
    mean = sum(week) / len(week) if week else None

    def usd(day: date) -> float | None:
        amount = costs.days.get(day)
        if day <= settled and amount is not None:
            return amount
        return None if mean is None else max(mean, amount or 0.0)

    parts = [usd(day) for day in month if ahead is None or day < today(now)]
    known = [part for part in parts if part is not None]
    return Outlook(
        first,
        spent=sum(costs.days.get(day, 0.0) for day in month),
        complete=sum(day <= settled and day in costs.days for day in month),
        total=sum(known) + (ahead or 0.0) if len(known) == len(parts) else None,
    )
