"""What Rekognition costs, and will cost (manual, 日次コスト確認, 月次コスト予測)."""

from dataclasses import dataclass

from responder.check import Item, Section
from responder.checks import cost_asked, cost_days, cost_judged, cost_late, days
from responder.checks.cost_asked import Costs
from responder.checks.cost_refused import nothing, refused, without_forecast
from responder.context import Context
from responder.errors import AwsError
from responder.evidence import metrics
from responder.permissions import Permission

LAST = 2
# Days before them that say what a day usually costs.
USUAL = 14


@dataclass(frozen=True, slots=True)
class CostToday:
    """The last two complete UTC days, the month to date, and what it comes to at the pace of last week."""

    @property
    def name(self) -> str:
        """Its section."""
        return "cost"

    def needs(self) -> tuple[Permission, ...]:
        """Cost Explorer; metrics where it says that there was no cost."""
        return (cost_asked.USAGE, *metrics.NEEDS)

    def run(self, context: Context) -> Section:
        """One request, for the days: each costs 0.01 USD. The monthly report asks for AWS's forecast."""
        now = context.now
        start = cost_days.asked_from(now, LAST + USUAL)
        try:
            costs = cost_late.ask(context, start, cost_days.today(now))
        except AwsError as error:
            return Section(self.name, (refused(error, cost_judged.DAILY),))
        if costs.nothing:
            return Section(self.name, (nothing(context, costs, cost_judged.DAILY),))
        return Section(
            self.name,
            (
                cost_judged.by_day(costs, cost_days.complete(now, LAST), context.settings),
                *month(context, costs),
            ),
        )


def month(context: Context, costs: Costs) -> tuple[Item, Item]:
    """The running UTC month: so far, and what it comes to at the pace of the last week."""
    today = cost_days.today(context.now)
    first = days.first_of(today)
    pace = cost_days.outlook(costs, context.now, first)
    return cost_judged.to_date(pace, context.settings), cost_judged.ahead(pace, context.settings, ours=True)


def coming(context: Context, costs: Costs) -> Item:
    """The forecast of the running month: never an empty span, for it ends with the 1st of the next."""
    today = cost_days.today(context.now)
    first = days.first_of(today)
    try:
        ahead = cost_asked.forecast(context, today, days.month_after(today))
    except AwsError as error:
        return without_forecast(error, cost_days.outlook(costs, context.now, first), context)
    return cost_judged.ahead(cost_days.outlook(costs, context.now, first, ahead), context.settings)
