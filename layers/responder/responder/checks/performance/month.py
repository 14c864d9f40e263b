"""The last whole month against the one before (manual, パフォーマンスレポート作成)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from responder.checks import days, formatting, thresholds
from responder.checks.base import unread
from responder.checks.cost import cost_explorer
from responder.checks.figures import counts
from responder.checks.figures.counts import Counts
from responder.checks.figures.daily_judged import success
from responder.checks.figures.usual import usual
from responder.checks.identity import Checked
from responder.checks.model import Chart, CheckItem, CheckSection, CheckStatus
from responder.checks.performance.cost import costs_of
from responder.checks.performance.judged import REPORT, CountedMonth, judged
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.text import Text, text
from responder.evidence import metrics

# The days of a month that were surely outside the normal range: an average hides them. Pure.

# So many are written out; the charts show the others.
_MOST = 10

type _Figure = tuple[str, Callable[[Counts], CheckStatus], Callable[[Counts], Text]]
_FIGURES: tuple[_Figure, ...] = (
    ("success", success, lambda of: formatting.finished(of.finished_rate, of.success_rate, of.zeros)),
    (
        "confidence",
        lambda of: thresholds.confidence(of.real_confidence),
        lambda of: formatting.scored(of.real_confidence, of.confidence, of.zeros),
    ),
    ("answered", lambda of: thresholds.answered(of.answered), lambda of: formatting.share(of.answered)),
    ("time", lambda of: thresholds.seconds(of.time), lambda of: formatting.mean(of.time, "seconds")),
    ("errors", lambda of: thresholds.errors(of.error_rate), lambda of: formatting.share(of.error_rate)),
    (
        "creation",
        lambda of: thresholds.errors(of.creation_error_rate),
        lambda of: formatting.share(of.creation_error_rate),
    ),
)


def bad_days(
    by_day: Mapping[date, Counts], created: Mapping[date, float], month: date, chapter: str
) -> tuple[CheckItem, ...]:
    """One line that names the days whose figures are red, the worst part first; none without any.

    `created`: sessions by day, of the month and the one before it.
    """
    found = {day: tuple(_odd(day, each, created)) for day, each in sorted(by_day.items())}
    bad = {day: parts for day, parts in found.items() if parts}
    if not bad:
        return ()
    details = [
        text("checks.month.bad_day", day=formatting.day(day), figures=parts) for day, parts in bad.items()
    ]
    more = (text("checks.month.bad_days.more", count=len(bad) - _MOST),) if len(bad) > _MOST else ()
    shown = ", ".join(formatting.day(day) for day in list(bad)[:_MOST])
    said = text("checks.month.bad_days", month=formatting.month(month), count=len(bad), days=shown)
    numbers = {"bad_days": float(len(bad))}
    return (
        CheckItem(
            Checked.BAD_DAYS.of(),
            CheckStatus.AMBER,
            said,
            (*details[:_MOST], *more),
            chapter,
            numbers=numbers,
        ),
    )


def _odd(day: date, of: Counts, created: Mapping[date, float]) -> Iterator[Text]:
    best = usual(created, day).best
    if thresholds.sessions(of.created, best) is CheckStatus.RED:
        yield text("checks.month.bad_day.sessions", count=round(of.created), best=round(best))
    for name, judge, value in _FIGURES:
        if judge(of) is CheckStatus.RED:
            yield text("checks.month.bad_day.figure", figure=text(f"checks.figure.{name}"), value=value(of))


# The month by its days. A day with too few samples for a rate is a gap. Pure.


def charts(by_day: Mapping[date, Counts], where: tzinfo) -> tuple[Chart, ...]:
    """One for each figure of the manual's list."""
    low, high = thresholds.SESSIONS

    def drawn(
        name: str,
        unit: str,
        value: Callable[[Counts], float | None],
        floor: float | None = None,
        ceiling: float | None = None,
    ) -> Chart:
        points = tuple((days.start_of(day, where), value(each)) for day, each in sorted(by_day.items()))
        return Chart(text(f"checks.figure.{name}"), unit, points, floor, ceiling)

    return (
        drawn("sessions", "a_day", lambda each: each.created, low, high),
        drawn("unverified", "a_day", lambda each: each.unverified.count),
        drawn("success", "%", lambda each: each.finished_rate.drawn, thresholds.SUCCESS, 100.0),
        drawn("confidence", "points", _confidence, thresholds.CONFIDENCE, 100.0),
        drawn("time", "s", lambda each: each.time.value, 0.0, thresholds.SECONDS),
        drawn("errors", "%", lambda each: each.error_rate.drawn, 0.0, thresholds.ERRORS),
    )


def _confidence(of: Counts) -> float | None:
    return of.real_confidence.value if of.real_confidence.enough else None


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
