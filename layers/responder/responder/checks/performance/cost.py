"""What the month cost, against the target and the month before, and what the running one will."""

from dataclasses import replace
from datetime import date

from responder.checks import days
from responder.checks.cost.checks import chart
from responder.checks.cost.costs import Outlook, last_complete, outlook
from responder.checks.cost.judged import against_expected, coming, money, read
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Checked, CheckItem, Harm, Items
from responder.checks.model import Better, CheckSection, KeyFigure, Since
from responder.core.context import Context
from responder.core.settings import Settings
from responder.core.text import Text, text

CHAPTER = "コスト管理"
# USD: what a session cost in February 2026. Twice as much needs a reason, five times as much does today.
PRICE, DEAR, FAR_TOO_DEAR = 0.04, 2.0, 5.0


def costs_of(context: Context, month: date, created: float | None) -> CheckSection:
    """Lines, chart, key figure. `month` is Cost Explorer's, in UTC; `created` its sessions (None: unread)."""
    name = "cost"
    costs = read(context, days.month_before(month), CHAPTER)
    if isinstance(costs, CheckItem):
        return CheckSection(name, (costs,))
    now, earlier = (outlook(costs, context.now, each) for each in (month, days.month_before(month)))
    whole = total(now, earlier, context.settings)
    found = (whole, *each_session(now, created), coming(context, costs))
    items = tuple(replace(item, harm=Harm.COST) for item in found)
    settled = last_complete(context.now)
    # The zero of a day that is not settled would be drawn as no cost.
    known = {day: amount for day, amount in costs.days.items() if day <= settled}
    drawn = chart(replace(costs, days=known), days.month_of(month), context.settings)
    called = replace(drawn, title=text("checks.cost.glance.month"), ceiling=context.settings.cost_target)
    glance = KeyFigure(called, now.total, whole.light, {Since.MONTH: earlier.total}, Better.LOWER)
    return CheckSection(name, items, (drawn,), key_figures=(glance,))


def total(now: Outlook, earlier: Outlook, settings: Settings) -> CheckItem:
    """The month against the target. Days that have not settled count as usual ones, which is reported.
    Pure."""
    this = Checked.COST_MONTH.of()
    if now.total is None:
        said = text("checks.cost.no_outlook", month=f"{now.first:%Y-%m}")
        return CheckItem(this, UNKNOWN, said, (), CHAPTER)
    said = text(
        "checks.cost.month",
        month=f"{now.first:%Y-%m}",
        total=money(now.total),
        a_day=money(_a_day(now) or 0.0),
        before=_or_none(earlier.total),
        before_a_day=_or_none(_a_day(earlier)),
        floor=money(settings.cost_floor),
        target=money(settings.cost_target),
    )
    missing = len(days.month_of(now.first)) - now.complete
    details = (text("checks.cost.unsettled", count=missing),) if missing else ()
    status = RED if now.total > settings.cost_target else GREEN
    numbers = {"cost": now.total, "target": settings.cost_target}
    numbers |= {} if earlier.total is None else {"cost_before": earlier.total}
    return CheckItem(
        this, status, said, (*details, *against_expected(now.total, settings)), CHAPTER, numbers=numbers
    )


def each_session(of: Outlook, created: float | None) -> Items:
    """The price of a session, all included that Rekognition bills, against the usual price. Pure."""
    if not created or of.total is None:
        return ()
    price = of.total / created
    times = price / PRICE
    status = RED if times > FAR_TOO_DEAR else AMBER if times > DEAR else GREEN
    usual = f"{PRICE:.2f} USD"
    said = text("checks.cost.session", price=f"{price:.4f} USD", sessions=round(created), usual=usual)
    details = () if status is GREEN else (text("checks.cost.session.dear", times=round(times, 1)),)
    numbers = {"cost_a_session": price}
    return (CheckItem(Checked.COST_SESSION.of(), status, said, details, CHAPTER, numbers=numbers),)


def _a_day(of: Outlook) -> float | None:
    return None if of.total is None else of.total / len(days.month_of(of.first))


def _or_none(amount: float | None) -> str | Text:
    return text("checks.none") if amount is None else money(amount)
