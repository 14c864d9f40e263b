"""Which UTC days are complete, and what a month comes to. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from responder.checks import days
from responder.checks.cost.cost_explorer import Costs

# Cost Explorer may take a whole day to know the one before.
SETTLES = timedelta(hours=24)
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Outlook:
    """A month in USD.

    Attributes:
        first: its first day.
        spent: what is known of it, also of days that are not complete.
        complete: how many of its days are.
        total: what the whole month comes to; None where nothing is known to go by.
    """

    first: date
    spent: float
    complete: int
    total: float | None


def today(now: datetime) -> date:
    """Cost Explorer's day."""
    return days.day_of(now, UTC)


def last_complete(now: datetime) -> date:
    """The last UTC day that ended a day ago: at 09:00 in Tokyo yesterday's cost is still empty."""
    return days.before(days.day_of(now - SETTLES, UTC))


def complete(now: datetime, count: int) -> tuple[date, ...]:
    """The last `count` complete days, oldest first."""
    end = days.before(last_complete(now), -1)
    return days.between(days.before(end, count), end)


def asked_from(now: datetime, back: int) -> date:
    """From the first of the month, and so many complete days at least: on the 1st the month is empty."""
    return min(days.first_of(today(now)), complete(now, back)[0])


def mean(costs: Costs, now: datetime) -> float | None:
    """USD a day over the last complete week: each weekday counts once."""
    known = [costs.days[day] for day in complete(now, A_WEEK) if day in costs.days]
    return sum(known) / len(known) if known else None


def outlook(costs: Costs, now: datetime, first: date, ahead: float | None = None) -> Outlook:
    """Complete days as they are, unsettled ones at the mean, from today on `ahead` or the mean as well.

    `ahead` is the forecast of [today, end of the month).
    """
    month = days.month_of(first)
    settled = last_complete(now)
    usual = mean(costs, now)
    ours = [day for day in month if ahead is None or day < today(now)]
    parts = [_part(costs, day, day <= settled, usual) for day in ours]
    known = [part for part in parts if part is not None]
    total = sum(known) + (ahead or 0.0)
    done = [day for day in month if day <= settled and day in costs.days]
    spent = sum(costs.days.get(day, 0.0) for day in month)
    return Outlook(first, spent, len(done), total if len(known) == len(parts) else None)


def _part(costs: Costs, day: date, settled: bool, usual: float | None) -> float | None:
    known = costs.days.get(day)
    if settled and known is not None:
        return known
    return None if usual is None else max(usual, known or 0.0)
