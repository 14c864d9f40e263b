"""What Rekognition costs, and will cost (manual, 日次コスト確認, 月次コスト予測)."""

from dataclasses import dataclass

from responder.checks import days
from responder.checks.cost import cost_explorer, judged, late_data
from responder.checks.cost import days as cost_days
from responder.checks.cost.cost_explorer import Costs
from responder.checks.cost.refused import nothing, refused, without_forecast
from responder.checks.model import CheckItem, CheckSection
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.evidence import metrics

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
        return (cost_explorer.USAGE, *metrics.NEEDS)

    def run(self, context: Context) -> CheckSection:
        """One request, for the days: each costs 0.01 USD. The monthly report asks for AWS's forecast."""
        now = context.now
        start = cost_days.asked_from(now, LAST + USUAL)
        try:
            costs = late_data.ask(context, start, cost_days.today(now))
        except AwsError as error:
            return CheckSection(self.name, (refused(error, judged.DAILY),))
        if costs.nothing:
            return CheckSection(self.name, (nothing(context, costs, judged.DAILY),))
        return CheckSection(
            self.name,
            (
                judged.by_day(costs, cost_days.complete(now, LAST), context.settings),
                *month(context, costs),
            ),
        )


def month(context: Context, costs: Costs) -> tuple[CheckItem, CheckItem]:
    """The running UTC month: so far, and what it comes to at the pace of the last week."""
    today = cost_days.today(context.now)
    first = days.first_of(today)
    pace = cost_days.outlook(costs, context.now, first)
    return judged.to_date(pace, context.settings), judged.ahead(pace, context.settings, ours=True)


def coming(context: Context, costs: Costs) -> CheckItem:
    """The forecast of the running month: never an empty span, for it ends with the 1st of the next."""
    today = cost_days.today(context.now)
    first = days.first_of(today)
    try:
        ahead = cost_explorer.forecast(context, today, days.month_after(today))
    except AwsError as error:
        return without_forecast(error, cost_days.outlook(costs, context.now, first), context)
    return judged.ahead(cost_days.outlook(costs, context.now, first, ahead), context.settings)
