"""Costs as lines of the report. Pure."""

from collections.abc import Iterable
from datetime import date

from responder.check import Item, Light
from responder.checks import days, saying
from responder.checks.cost_asked import Costs
from responder.checks.cost_days import Outlook
from responder.settings import Settings
from responder.text import Text, text

DAILY = "日次コスト確認"
FORECAST = "月次コスト予測"
WEEKLY = "1. コスト分析"
REDUCE = "1. セッション数削減"
# A day that costs so many times its share of the target stands out.
_STANDS_OUT = 2.0


def share_of_day(settings: Settings, day: date) -> float:
    """What a day may cost, in USD, for its month to meet the target."""
    return settings.cost_target / len(days.month_of(day))


def by_day(costs: Costs, which: Iterable[date], settings: Settings) -> Item:
    """The cost of single days. A complete day that Cost Explorer does not know is no day without cost."""
    wanted = tuple(which)
    high = [day for day in wanted if costs.days.get(day, 0.0) > _STANDS_OUT * share_of_day(settings, day)]
    shown = tuple(_day(day, costs.days.get(day), day in high) for day in wanted)
    light = Light.AMBER if high else Light.GREEN
    if any(day not in costs.days for day in wanted):
        light = Light.AMBER if high else Light.UNKNOWN
    details = [text("checks.cost.late", day=saying.day(day)) for day in wanted if day in costs.late]
    if costs.estimated:
        details.append(text("checks.cost.estimated"))
    numbers = {saying.day(day): costs.days[day] for day in wanted if day in costs.days}
    return Item(light, text("checks.cost.days", days=shown), tuple(details), DAILY, numbers=numbers)


def to_date(of: Outlook, settings: Settings) -> Item:
    """What the running month has cost so far; above the target it is missed already."""
    missed = of.spent > settings.cost_target
    numbers = {"spent": of.spent, "target": settings.cost_target, "complete_days": of.complete}
    said = text(
        "checks.cost.to_date" if of.complete else "checks.cost.to_date.first",
        month=saying.month(of.first),
        spent=saying.money(of.spent),
        complete=of.complete,
        days=len(days.month_of(of.first)),
        target=saying.money(settings.cost_target),
    )
    return Item(Light.RED if missed else Light.GREEN, said, (), DAILY, numbers=numbers)


def ahead(of: Outlook, settings: Settings, ours: bool = False) -> Item:
    """What the month will come to; red where it will miss the target.

    `ours`: at the pace of the last week, without AWS's forecast.
    """
    if of.total is None:
        return Item(Light.UNKNOWN, text("checks.cost.no_outlook", month=saying.month(of.first)), (), FORECAST)
    said = text(
        "checks.cost.pace" if ours else "checks.cost.forecast",
        month=saying.month(of.first),
        total=saying.money(of.total),
        floor=saying.money(settings.cost_floor),
        target=saying.money(settings.cost_target),
    )
    light = Light.RED if of.total > settings.cost_target else Light.GREEN
    numbers = {"forecast": of.total, "target": settings.cost_target}
    chapter = FORECAST if light is Light.GREEN else REDUCE
    return Item(light, said, range_of(of.total, settings), chapter, numbers=numbers)


def range_of(total: float, settings: Settings) -> tuple[Text, ...]:
    """How it lies to the expected cost."""
    if total > settings.cost_target:
        return (text("checks.cost.above", over=saying.money(total - settings.cost_target)),)
    return (text("checks.cost.below"),) if total < settings.cost_floor else ()


def _day(day: date, amount: float | None, high: bool) -> Text:
    if amount is None:
        return text("checks.cost.day.unknown", day=saying.day(day))
    key = "checks.cost.day.high" if high else "checks.cost.day"
    return text(key, day=saying.day(day), amount=saying.money(amount))
