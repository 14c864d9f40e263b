"""Cost Explorer may be later than it says: a settled day without cost is believed where nobody was there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from responder.checks import days
from responder.checks.cost import cost_explorer
from responder.checks.cost import days as cost_days
from responder.checks.cost.cost_explorer import Costs
from responder.checks.figures import counts
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.series import Series


def ask(context: Context, start: date, end: date) -> Costs:
    """As `cost_asked.ask`, without the last settled days whose zero is not to be believed.

    Metrics are asked only where there are such days; what they do not tell is not known.
    """
    costs = cost_explorer.ask(context, start, end)
    silent = _silent(costs, context.now)
    if not silent:
        return costs
    try:
        late = _busy(context, silent)
    except AwsError:
        return replace(costs, days=_without(costs, silent))
    return replace(costs, days=_without(costs, late), late=late)


def created(context: Context, start: date, end: date) -> Series:
    """Sessions made in the UTC days [start, end), by the hour. Raises errors of `responder.core.errors`."""
    return counts.created(context, _edge(start), _edge(end))


def _silent(costs: Costs, now: datetime) -> tuple[date, ...]:
    """Of the last complete week, the days after the last that cost anything; all without cost is no delay."""
    last = max((day for day, amount in costs.days.items() if amount), default=None)
    week = cost_days.complete(now, cost_days.A_WEEK)
    return tuple(day for day in week if last is not None and day > last and day in costs.days)


def _busy(context: Context, which: tuple[date, ...]) -> tuple[date, ...]:
    found = created(context, which[0], days.before(which[-1], -1))
    return tuple(day for day in which if found.between(_edge(day), _edge(days.before(day, -1))).total)


def _without(costs: Costs, which: Iterable[date]) -> dict[date, float]:
    left_out = set(which)
    return {day: amount for day, amount in costs.days.items() if day not in left_out}


def _edge(day: date) -> datetime:
    return days.start_of(day, UTC)
