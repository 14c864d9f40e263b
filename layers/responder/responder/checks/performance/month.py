"""The last whole month against the one before (manual, パフォーマンスレポート作成)."""

from dataclasses import dataclass
from datetime import date, tzinfo

from responder.checks import days
from responder.checks.cost import cost_explorer
from responder.checks.figures import counts
from responder.checks.identity import Checked
from responder.checks.model import Chart, CheckItem, CheckSection
from responder.checks.performance.bad_days import bad_days
from responder.checks.performance.charts import charts
from responder.checks.performance.cost import costs_of
from responder.checks.performance.judged import REPORT, CountedMonth, judged
from responder.checks.unread import unread
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.text import text
from responder.evidence import metrics


@dataclass(frozen=True, slots=True)
class Performance:
    """Sessions, those without a result, success, confidence, time, errors, cost."""

    @property
    def name(self) -> str:
        """Its section."""
        return "performance"

    def needs(self) -> tuple[Permission, ...]:
        """Metrics and Cost Explorer."""
        return (*metrics.NEEDS, cost_explorer.USAGE, cost_explorer.FORECAST)

    def run(self, context: Context) -> CheckSection:
        """One request for the figures of two months, one for their cost, one for the forecast."""
        where = days.zone(context.settings.check_zone)
        month = days.month_before(days.day_of(context.now, where))
        items, drawn, created = _figures(context, month, where)
        cost_items, cost_charts = costs_of(context, month, created)
        return CheckSection(self.name, (*items, *cost_items), (*drawn, *cost_charts))


def _figures(
    context: Context, month: date, where: tzinfo
) -> tuple[tuple[CheckItem, ...], tuple[Chart, ...], float | None]:
    """The lines, the charts, and how many sessions were made (None: could not be read)."""
    start, middle, end = (
        days.start_of(day, where) for day in (days.month_before(month), month, days.month_after(month))
    )
    try:
        found = counts.read(context, start, end)
    except AwsError as error:
        return (unread(Checked.FIGURES.of(), text("checks.figures"), error, REPORT),), (), None
    now = CountedMonth(month, counts.of(found, middle, end))
    earlier = CountedMonth(days.month_before(month), counts.of(found, start, middle))
    series = [(context.settings.namespace, name) for name in ("SessionCreated", "SuccessCount")]
    link = console_links.metrics(context.settings.region, series, (start, end), "Sum", metrics.HOUR)
    by_day = {day: counts.on(found, day, where) for day in days.month_of(month)}
    created = {
        day: counts.on(found, day, where).created
        for day in days.between(days.month_before(month), days.month_after(month))
    }
    items = (*judged(now, earlier, link), *bad_days(by_day, created, month, REPORT))
    return items, charts(by_day, where), now.counts.created
