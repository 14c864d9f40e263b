"""The five figures of the manual's daily list, of the last whole day of the owner's zone."""

from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from responder.checks import days, thresholds
from responder.checks.base import unread
from responder.checks.figures import counts
from responder.checks.figures.daily_judged import DASHBOARD, FigureComparison, judged
from responder.checks.figures.usual import HISTORY_DAYS, usual
from responder.checks.identity import Checked
from responder.checks.model import Chart, CheckSection
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.series import Series
from responder.core.text import text
from responder.evidence import metrics

A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """Yesterday against the day before it and the same weekday a week before (manual, 毎日の確認事項)."""

    @property
    def name(self) -> str:
        """Its section."""
        return "figures"

    def needs(self) -> tuple[Permission, ...]:
        """Metrics."""
        return metrics.NEEDS

    def run(self, context: Context) -> CheckSection:
        """One request for the last eight days by the hour, one for the sessions of the year before them; the
        rates are worked out here."""
        where = days.zone(context.settings.check_zone)
        today = days.day_of(context.now, where)
        day = days.before(today)
        since, until = days.before(day, A_WEEK), today
        span = days.start_of(since, where), days.start_of(until, where)
        try:
            found = counts.read(context, *span)
            history = counts.created(context, days.start_of(days.before(day, HISTORY_DAYS), where), span[1])
        except AwsError as error:
            return CheckSection(
                self.name, (unread(Checked.FIGURES.of(), text("checks.figures"), error, DASHBOARD),)
            )
        compared = FigureComparison(
            day,
            counts.on(found, day, where),
            counts.on(found, days.before(day), where),
            counts.on(found, since, where),
            usual(_by_day(history, where), day),
        )
        series = [(context.settings.namespace, name) for name in ("SessionCreated", "SuccessCount")]
        link = console_links.metrics(context.settings.region, series, span, "Sum", metrics.HOUR)
        return CheckSection(
            self.name, judged(compared, link), charts(found, days.between(since, until), where)
        )


def _by_day(created: Series, where: tzinfo) -> dict[date, float]:
    by_day: dict[date, float] = {}
    for at, count in created.points:
        by_day[days.day_of(at, where)] = by_day.get(days.day_of(at, where), 0.0) + count
    return by_day


def charts(found: dict[str, Series], which: tuple[date, ...], where: tzinfo) -> tuple[Chart, ...]:
    """Sessions and success of each day."""
    by_day = [(days.start_of(day, where).astimezone(UTC), counts.on(found, day, where)) for day in which]
    floor, ceiling = thresholds.SESSIONS
    return (
        Chart(
            text("checks.figure.sessions"),
            "a_day",
            tuple((at, each.created) for at, each in by_day),
            floor,
            ceiling,
        ),
        Chart(
            text("checks.figure.success"),
            "%",
            tuple((at, each.finished_rate.drawn) for at, each in by_day),
            thresholds.SUCCESS,
            100.0,
        ),
    )
