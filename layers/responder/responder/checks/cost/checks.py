"""What Rekognition costs, and will cost (manual, 日次コスト確認, 月次コスト予測, 週次: コスト分析)."""

from dataclasses import replace
from datetime import UTC

from responder.checks import days
from responder.checks.cost.costs import A_WEEK, USAGE, Costs, asked_from, complete
from responder.checks.cost.judged import DAILY, by_day, money, read, running_month, share_of_day
from responder.checks.days import Days
from responder.checks.finding import GREEN, UNKNOWN, Checked, CheckItem
from responder.checks.model import Better, Chart, CheckSection, KeyFigure, Since
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import metrics

WEEKLY = "1. コスト分析"
# Metrics are asked where Cost Explorer says that there was no cost.
NEEDS = (USAGE, *metrics.NEEDS)
LAST = 2
# Days before them that say what a day usually costs.
USUAL = 14
WEEKS = 2 * A_WEEK


@frozen
class CostToday:
    """The last two complete UTC days, the month to date, and what it comes to at the pace of last week."""

    name: str = "cost"

    def needs(self) -> Permissions:
        """Cost Explorer, without its forecast, and metrics."""
        return NEEDS

    def run(self, context: Context) -> CheckSection:
        """One request, for the days. The monthly report asks for AWS's forecast."""
        costs = read(context, asked_from(context.now, LAST + USUAL), DAILY)
        if isinstance(costs, CheckItem):
            return CheckSection(self.name, (costs,))
        last = by_day(costs, complete(context.now, LAST), context.settings)
        so_far, ahead = running_month(context, costs)
        drawn = chart(costs, complete(context.now, WEEKS), context.settings)
        called = replace(
            drawn, title=text("checks.cost.glance.pace"), floor=None, ceiling=context.settings.cost_target
        )
        pace = KeyFigure(called, ahead.numbers.get("forecast"), ahead.light, better=Better.LOWER)
        return CheckSection(self.name, (last, so_far, ahead), key_figures=(pace,))


@frozen
class CostWeek:
    """Seven complete UTC days against the seven before, and where the month goes at this pace."""

    name: str = "cost"

    def needs(self) -> Permissions:
        """Cost Explorer, without its forecast, and metrics."""
        return NEEDS

    def run(self, context: Context) -> CheckSection:
        """One request."""
        costs = read(context, asked_from(context.now, WEEKS + A_WEEK), WEEKLY)
        if isinstance(costs, CheckItem):
            return CheckSection(self.name, (costs,))
        both = complete(context.now, WEEKS)
        last = by_day(costs, both[A_WEEK:], context.settings)
        whole = week(costs, both)
        items = (whole, last, *running_month(context, costs))
        drawn = chart(costs, both, context.settings)
        called = replace(drawn, title=text("checks.cost.glance.week"), floor=None, ceiling=None)
        known = {} if whole.light is UNKNOWN else whole.numbers
        before = {Since.WEEK: known.get("week_before")}
        glance = KeyFigure(called, known.get("week"), last.light, before, Better.LOWER)
        return CheckSection(self.name, items, (drawn,), key_figures=(glance,))


def week(costs: Costs, both: Days) -> CheckItem:
    """The sum, and that of the week before. Where a day is missing the sum is none. Pure."""
    now, earlier = both[A_WEEK:], both[:A_WEEK]
    total, previous = (sum(costs.days.get(day, 0.0) for day in span) for span in (now, earlier))
    missing = [day for day in both if day not in costs.days]
    said = text(
        "checks.cost.week",
        start=now[0].isoformat(),
        end=now[-1].isoformat(),
        total=money(total),
        before=money(previous),
    )
    status = UNKNOWN if missing else GREEN
    details = (text("checks.cost.missing_days", count=len(missing)),) if missing else ()
    numbers = {"week": total, "week_before": previous}
    return CheckItem(Checked.COST_WEEK.of(), status, said, details, WEEKLY, numbers=numbers)


def chart(costs: Costs, span: Days, settings: Settings) -> Chart:
    """USD by day; the ceiling is what the last of them may cost for its month to meet the target."""
    points = tuple((days.start_of(day, UTC), costs.days.get(day)) for day in span)
    return Chart(
        text("checks.cost.chart"),
        "USD",
        points,
        0.0,
        round(share_of_day(settings, span[-1]), 2),
        of_mean=True,
    )
