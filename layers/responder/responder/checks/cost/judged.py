"""Costs as lines of the report. Pure."""

from collections.abc import Iterable
from datetime import date

from responder.checks import days, formatting
from responder.checks.cost.cost_explorer import Costs
from responder.checks.cost.days import Outlook
from responder.checks.identity import Checked, digest, magnitude
from responder.checks.model import CheckItem, CheckStatus
from responder.core.settings import Settings
from responder.core.text import Text, text

DAILY = "日次コスト確認"
FORECAST = "月次コスト予測"
WEEKLY = "1. コスト分析"
REDUCE = "1. セッション数削減"
# A day that costs so many times its share of the target, or a usual day, stands out.
_STANDS_OUT = 2.0
# A forecast errs by some percent: so far above the target it may still be met, and is no matter of today.
_MARGIN = 1.1
# Cents that double are no finding; and fewer days than a week tell nothing of what is usual.
_LEAST_RISE, _LEAST_DAYS = 2.0, 7


def share_of_day(settings: Settings, day: date) -> float:
    """What a day may cost, in USD, for its month to meet the target."""
    return settings.cost_target / len(days.month_of(day))


def by_day(costs: Costs, which: Iterable[date], settings: Settings) -> CheckItem:
    """The cost of single days. A complete day that Cost Explorer does not know is no day without cost.

    A day stands out against its share of the target, or against the usual days before `which`.
    """
    wanted = tuple(which)
    usual = usual_day(costs, wanted[0])
    high = [_high(day, costs.days.get(day), usual, settings) for day in wanted]
    shown = tuple(one or _day(day, costs.days.get(day)) for day, one in zip(wanted, high, strict=True))
    light = CheckStatus.AMBER if any(high) else CheckStatus.GREEN
    if any(day not in costs.days for day in wanted):
        light = CheckStatus.AMBER if any(high) else CheckStatus.UNKNOWN
    details = [text("checks.cost.late", day=formatting.day(day)) for day in wanted if day in costs.late]
    if costs.estimated:
        details.append(text("checks.cost.estimated"))
    numbers = {formatting.day(day): costs.days[day] for day in wanted if day in costs.days}
    dearest = max((costs.days[day] for day, one in zip(wanted, high, strict=True) if one), default=0.0)
    said = text("checks.cost.days", days=shown)
    numbers |= {} if usual is None else {"usual": usual}
    return CheckItem(
        Checked.COST_DAYS.of(),
        light,
        said,
        tuple(details),
        DAILY,
        numbers=numbers,
        facts=(digest(Checked.COST_DAYS, (), (said,)), magnitude(dearest)),
    )


def usual_day(costs: Costs, before: date) -> float | None:
    """USD of a usual busy day of the two weeks before: three of four days cost less. None of too few days.

    A mean would make every weekday stand out after days without use, and one spike would hide the next.
    """
    span = days.between(days.before(before, 14), before)
    known = sorted(costs.days[day] for day in span if day in costs.days)
    return known[len(known) * 3 // 4] or None if len(known) >= _LEAST_DAYS else None


def _high(day: date, amount: float | None, usual: float | None, settings: Settings) -> Text | None:
    """How a day stands out; None where it does not."""
    if amount is None:
        return None
    given = {"day": formatting.day(day), "amount": formatting.money(amount)}
    if usual is not None and amount > _STANDS_OUT * usual and amount - usual >= _LEAST_RISE:
        return text("checks.cost.day.unusual", usual=formatting.money(usual), **given)
    if amount > _STANDS_OUT * share_of_day(settings, day):
        return text("checks.cost.day.high", **given)
    return None


def to_date(of: Outlook, settings: Settings) -> CheckItem:
    """What the running month has cost so far; above the target it is missed already."""
    missed = of.spent > settings.cost_target
    numbers = {"spent": of.spent, "target": settings.cost_target, "complete_days": of.complete}
    said = text(
        "checks.cost.to_date" if of.complete else "checks.cost.to_date.first",
        month=formatting.month(of.first),
        spent=formatting.money(of.spent),
        complete=of.complete,
        days=len(days.month_of(of.first)),
        target=formatting.money(settings.cost_target),
    )
    return CheckItem(
        Checked.COST_TO_DATE.of(),
        CheckStatus.RED if missed else CheckStatus.GREEN,
        said,
        (),
        DAILY,
        numbers=numbers,
    )


def ahead(of: Outlook, settings: Settings, ours: bool = False) -> CheckItem:
    """What the month will come to; amber above the target, red where it is clearly missed.

    `ours`: at the pace of the last week, without AWS's forecast.
    """
    if of.total is None:
        return CheckItem(
            Checked.COST_FORECAST.of(),
            CheckStatus.UNKNOWN,
            text("checks.cost.no_outlook", month=formatting.month(of.first)),
            (),
            FORECAST,
        )
    said = text(
        "checks.cost.pace" if ours else "checks.cost.forecast",
        month=formatting.month(of.first),
        total=formatting.money(of.total),
        floor=formatting.money(settings.cost_floor),
        target=formatting.money(settings.cost_target),
    )
    clearly = of.total > settings.cost_target * _MARGIN
    light = (
        CheckStatus.RED
        if clearly
        else CheckStatus.AMBER
        if of.total > settings.cost_target
        else CheckStatus.GREEN
    )
    numbers = {"forecast": of.total, "target": settings.cost_target}
    chapter = FORECAST if light is CheckStatus.GREEN else REDUCE
    return CheckItem(
        Checked.COST_FORECAST.of(), light, said, range_of(of.total, settings), chapter, numbers=numbers
    )


def range_of(total: float, settings: Settings) -> tuple[Text, ...]:
    """How it lies to the expected cost."""
    if total > settings.cost_target:
        return (text("checks.cost.above", over=formatting.money(total - settings.cost_target)),)
    return (text("checks.cost.below"),) if total < settings.cost_floor else ()


def _day(day: date, amount: float | None) -> Text:
    if amount is None:
        return text("checks.cost.day.unknown", day=formatting.day(day))
    return text("checks.cost.day", day=formatting.day(day), amount=formatting.money(amount))
