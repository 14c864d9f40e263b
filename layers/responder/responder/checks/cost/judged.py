"""Costs, and what Cost Explorer does not return, as lines of the report."""

from dataclasses import replace
from datetime import date

from responder.checks import days
from responder.checks.cost import costs as known
from responder.checks.cost.costs import A_WEEK, NOT_USD, TOO_YOUNG, Costs, Outlook
from responder.checks.days import Days
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Checked, CheckItem, digest, magnitude
from responder.core.context import Context
from responder.core.errors import AwsError, Denied
from responder.core.settings import Settings
from responder.core.text import Text, Texts, text

DAILY = "日次コスト確認"
FORECAST = "月次コスト予測"
REDUCE = "1. セッション数削減"
# A day stands out if it costs this many times its share of the target, or a usual day.
_STANDS_OUT = 2.0
# A forecast errs by some percent: up to this far above it, the target may still be met, so it need not be
# handled today.
_MARGIN = 1.1
# Amounts below this are no finding; fewer days than a week do not show what is usual.
_LEAST_RISE, _LEAST_DAYS = 2.0, 7
_WHY = {TOO_YOUNG: "checks.cost.too_young", NOT_USD: "checks.cost.not_usd"}


def money(amount: float) -> str:
    """`1,234.50 USD`."""
    return f"{amount:,.2f} USD"


def share_of_day(settings: Settings, day: date) -> float:
    """What a day may cost, in USD, for its month to meet the target."""
    return settings.cost_target / len(days.month_of(day))


def by_day(costs: Costs, span: Days, settings: Settings) -> CheckItem:
    """The cost of single days. A complete day that Cost Explorer does not know is no day without cost.

    A day stands out against its share of the target, or against the usual days before the span. Pure.
    """
    usual = usual_day(costs, span[0])
    shown = {day: _day(day, costs.days.get(day), usual, settings) for day in span}
    high = [day for day, (_, stands_out) in shown.items() if stands_out]
    unknown = any(day not in costs.days for day in span)
    details = [text("checks.cost.late", day=day.isoformat()) for day in span if day in costs.late]
    if costs.estimated:
        details.append(text("checks.cost.estimated"))
    numbers = {day.isoformat(): costs.days[day] for day in span if day in costs.days}
    said = text("checks.cost.days", days=tuple(sentence for sentence, _ in shown.values()))
    dearest = max((costs.days[day] for day in high), default=0.0)
    return Checked.COST_DAYS.of(chapter=DAILY).item(
        AMBER if high else UNKNOWN if unknown else GREEN,
        said,
        *details,
        numbers=numbers if usual is None else {**numbers, "usual": usual},
        facts=(digest(Checked.COST_DAYS, (), (said,)), magnitude(dearest)),
    )


def usual_day(costs: Costs, before: date) -> float | None:
    """USD of a usual busy day of the two weeks before: three of four days cost less. None of too few days.

    A mean would make every weekday stand out after days without use, and one spike would hide the next.
    """
    span = days.between(days.before(before, 14), before)
    earlier = sorted(costs.days[day] for day in span if day in costs.days)
    return earlier[len(earlier) * 3 // 4] or None if len(earlier) >= _LEAST_DAYS else None


def _day(day: date, amount: float | None, usual: float | None, settings: Settings) -> tuple[Text, bool]:
    """How a day is shown, and whether it stands out."""
    if amount is None:
        return text("checks.cost.day.unknown", day=day.isoformat()), False
    given = {"day": day.isoformat(), "amount": money(amount)}
    if usual is not None and amount > _STANDS_OUT * usual and amount - usual >= _LEAST_RISE:
        return text("checks.cost.day.unusual", usual=money(usual), **given), True
    if amount > _STANDS_OUT * share_of_day(settings, day):
        return text("checks.cost.day.high", **given), True
    return text("checks.cost.day", **given), False


def to_date(of: Outlook, settings: Settings) -> CheckItem:
    """What the running month has cost so far; above the target it is missed already. Pure."""
    said = text(
        "checks.cost.to_date" if of.complete else "checks.cost.to_date.first",
        month=f"{of.first:%Y-%m}",
        spent=money(of.spent),
        complete=of.complete,
        days=len(days.month_of(of.first)),
        target=money(settings.cost_target),
    )
    status = RED if of.spent > settings.cost_target else GREEN
    numbers = {"spent": of.spent, "target": settings.cost_target, "complete_days": of.complete}
    return CheckItem(Checked.COST_TO_DATE.of(), status, said, (), DAILY, numbers=numbers)


def ahead(of: Outlook, settings: Settings, ours: bool = False) -> CheckItem:
    """What the month will come to; amber above the target, red where it is clearly missed. Pure.

    `ours`: at the pace of the last week, without AWS's forecast.
    """
    total, target, this = of.total, settings.cost_target, Checked.COST_FORECAST.of()
    if total is None:
        said = text("checks.cost.no_outlook", month=f"{of.first:%Y-%m}")
        return CheckItem(this, UNKNOWN, said, (), FORECAST)
    said = text(
        "checks.cost.pace" if ours else "checks.cost.forecast",
        month=f"{of.first:%Y-%m}",
        total=money(total),
        floor=money(settings.cost_floor),
        target=money(target),
    )
    status = RED if total > target * _MARGIN else AMBER if total > target else GREEN
    numbers = {"forecast": total, "target": target}
    chapter = FORECAST if status is GREEN else REDUCE
    return CheckItem(this, status, said, against_expected(total, settings), chapter, numbers=numbers)


def against_expected(total: float, settings: Settings) -> Texts:
    """How far a month is above the target, or that it is below the expected cost."""
    if total > settings.cost_target:
        return (text("checks.cost.above", over=money(total - settings.cost_target)),)
    return (text("checks.cost.below"),) if total < settings.cost_floor else ()


def running_month(context: Context, costs: Costs) -> tuple[CheckItem, CheckItem]:
    """The running UTC month: so far, and what it comes to at the pace of the last week."""
    pace = known.outlook(costs, context.now, days.first_of(known.today(context.now)))
    return to_date(pace, context.settings), ahead(pace, context.settings, ours=True)


def coming(context: Context, costs: Costs) -> CheckItem:
    """AWS's forecast of the running month: never an empty span, for it ends with the 1st of the next.

    Without it the pace of the last week, which is never green then.
    """
    now, settings = context.now, context.settings
    first = days.first_of(known.today(now))
    try:
        rest = known.forecast(context, known.today(now), days.month_after(first))
    except AwsError as error:
        own = ahead(known.outlook(costs, now, first), settings, ours=True)
        refusal = Checked.COST_FORECAST.of().unread(text("checks.cost.look.forecast"), error).said
        if own.light in (RED, AMBER):
            # A message holds one sentence: that the target will be missed.
            return replace(own, details=(*own.details, refusal, *_why(error)))
        return replace(own, light=UNKNOWN, said=refusal, details=(own.said, *own.details, *_why(error)))
    return ahead(known.outlook(costs, now, first, rest), settings)


def read(context: Context, start: date, chapter: str) -> Costs | CheckItem:
    """The days from `start` until today, or why there are none: no permission, no Cost
    Explorer, no data yet, or no cost at all."""
    try:
        costs = known.ask(context, start, known.today(context.now))
    except AwsError as error:
        this = Checked.COST.of(chapter=chapter)
        return this.unread(text("checks.cost"), error, *_why(error))
    return _nothing(context, costs, chapter) if costs.nothing else costs


def _nothing(context: Context, costs: Costs, chapter: str) -> CheckItem:
    """No cost at all: right where the service was not used on settled days, else Cost Explorer misses it."""
    this, said = Checked.COST.of(chapter=chapter), text("checks.cost.nothing")
    settled = known.complete(context.now, A_WEEK)
    try:
        sessions = known.created(context, min(costs.days, default=settled[0]), days.before(settled[-1], -1))
    except AwsError as error:
        return this.unread(text("checks.figures"), error, said)
    made = round(sessions.total)
    if not made:
        return this.green(said)
    return this.unknown(text("checks.cost.looks_past", sessions=made), numbers={"sessions": made})


def _why(error: AwsError) -> Texts:
    if error.code in _WHY:
        return (text(_WHY[error.code]),)
    return (text("checks.cost.not_enabled"),) if isinstance(error, Denied) else ()
