"""Cost by day of the last complete week (manual, 週次: コスト分析)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date

from responder.checks import days, formatting
from responder.checks.cost import cost_explorer, judged, late_data
from responder.checks.cost import days as cost_days
from responder.checks.cost.cost_explorer import Costs
from responder.checks.cost.refused import nothing, refused
from responder.checks.identity import Checked
from responder.checks.model import Chart, CheckItem, CheckSection, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import metrics

WEEKS = 2 * cost_days.A_WEEK


@dataclass(frozen=True, slots=True)
class CostWeek:
    """Seven complete UTC days against the seven before, and where the month goes at this pace."""

    @property
    def name(self) -> str:
        """Its section."""
        return "cost"

    def needs(self) -> tuple[Permission, ...]:
        """Cost Explorer, without its forecast; metrics where it says that there was no cost."""
        return (cost_explorer.USAGE, *metrics.NEEDS)

    def run(self, context: Context) -> CheckSection:
        """One request."""
        now, settings = context.now, context.settings
        today = cost_days.today(now)
        try:
            costs = late_data.ask(context, cost_days.asked_from(now, WEEKS + cost_days.A_WEEK), today)
        except AwsError as error:
            return CheckSection(self.name, (refused(error, judged.WEEKLY),))
        if costs.nothing:
            return CheckSection(self.name, (nothing(context, costs, judged.WEEKLY),))
        pace = cost_days.outlook(costs, now, days.first_of(today))
        both = cost_days.complete(now, WEEKS)
        items = (
            week(costs, both),
            judged.by_day(costs, both[cost_days.A_WEEK :], settings),
            judged.to_date(pace, settings),
            judged.ahead(pace, settings, ours=True),
        )
        return CheckSection(self.name, items, (chart(costs, both, settings),))


def week(costs: Costs, both: tuple[date, ...]) -> CheckItem:
    """The sum, and that of the week before. Where a day is missing the sum is none."""
    now, earlier = both[cost_days.A_WEEK :], both[: cost_days.A_WEEK]
    total, previous = (sum(costs.days.get(day, 0.0) for day in which) for which in (now, earlier))
    missing = [day for day in both if day not in costs.days]
    said = text(
        "checks.cost.week",
        start=formatting.day(now[0]),
        end=formatting.day(now[-1]),
        total=formatting.money(total),
        before=formatting.money(previous),
    )
    light = CheckStatus.UNKNOWN if missing else CheckStatus.GREEN
    details = (text("checks.cost.missing_days", count=len(missing)),) if missing else ()
    return CheckItem(
        Checked.COST_WEEK.of(),
        light,
        said,
        details,
        judged.WEEKLY,
        numbers={"week": total, "week_before": previous},
    )


def chart(costs: Costs, which: Iterable[date], settings: Settings) -> Chart:
    """USD by day; the ceiling is what the last of them may cost for its month to meet the target."""
    wanted = tuple(which)
    points = tuple((days.start_of(day, UTC), costs.days.get(day)) for day in wanted)
    ceiling = judged.share_of_day(settings, wanted[-1])
    return Chart(text("checks.cost.chart"), "USD", points, 0.0, round(ceiling, 2))
