"""The last whole month against the one before (manual, パフォーマンスレポート作成). Months differ in length:
numbers are compared by the day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, tzinfo
from typing import NamedTuple

from responder.checks import days, thresholds
from responder.checks.cost.costs import FORECAST, USAGE
from responder.checks.figures import counts, figures
from responder.checks.figures.counts import Counts
from responder.checks.finding import (
    AMBER,
    GREEN,
    RED,
    UNKNOWN,
    Checked,
    CheckItem,
    Items,
    RootCause,
    magnitude,
)
from responder.checks.model import CheckSection, KeyFigure, Since
from responder.checks.performance.cost import costs_of
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.text import Strings, Text, Texts, text
from responder.evidence import metrics

REPORT = "1. パフォーマンスレポート作成"
REDUCE = "1. セッション数削減"
# The manual names no limit; if every fifth session is paid for without a result, that needs a look.
UNVERIFIED = 20.0
# What is drawn, and shown at a glance.
SHOWN = ("sessions", "unverified", "success", "confidence", "time", "errors")
# This many bad days are listed; the charts show the others.
_MOST = 10


@frozen
class Performance:
    """Sessions, those without a result, success, confidence, time, errors, cost."""

    name: str = "performance"

    def needs(self) -> Permissions:
        """Metrics and Cost Explorer."""
        return (*metrics.NEEDS, USAGE, FORECAST)

    def run(self, context: Context) -> CheckSection:
        """One request for the figures of two months, one for their cost, one for the forecast."""
        month = days.month_before(days.day_of(context.now, days.zone(context.settings.check_zone)))
        section, created = self._figures(context, month)
        costs = costs_of(context, month, created)
        return replace(
            section,
            items=(*section.items, *costs.items),
            charts=(*section.charts, *costs.charts),
            key_figures=(*section.key_figures, *costs.key_figures),
        )

    def _figures(self, context: Context, month: date) -> tuple[CheckSection, float | None]:
        """Without cost; and how many sessions were made (None: could not be read)."""
        where = days.zone(context.settings.check_zone)
        earlier, after = days.month_before(month), days.month_after(month)
        start, middle, end = (days.start_of(day, where) for day in (earlier, month, after))
        try:
            found = counts.read(context, start, end)
        except AwsError as error:
            item = Checked.FIGURES.of(chapter=REPORT).unread(text("checks.figures"), error)
            return CheckSection(self.name, (item,)), None
        now, before = counts.of(found, middle, end), counts.of(found, start, middle)
        series = [(context.settings.namespace, name) for name in ("SessionCreated", "SuccessCount")]
        link = console_links.metrics(context.settings.region, series, (start, end), "Sum", metrics.HOUR)
        both = {day: counts.on(found, day, where) for day in days.between(earlier, after)}
        by_day = {day: each for day, each in both.items() if day >= month}
        created = {day: each.created for day, each in both.items()}
        compared = MonthComparison(month, now, before, link)
        items = judged(compared)
        glance = tuple(_key_figures(compared, items, by_day, where))
        items = (*items, *bad_days(by_day, created, month, REPORT))
        drawn = figures.charts(by_day, where, *SHOWN)
        return CheckSection(self.name, items, drawn, key_figures=glance), now.created


class MonthComparison(NamedTuple):
    """What was counted in the month that begins on the day `first`, and in the one before it."""

    first: date
    now: Counts
    before: Counts
    link: str


def _key_figures(
    of: MonthComparison, items: Items, by_day: Mapping[date, Counts], where: tzinfo
) -> Iterator[KeyFigure]:
    """What is counted is reported by the day: months differ in length."""
    lights = {each.identity: each.light for each in items}
    now, before = (len(days.month_of(each)) for each in (of.first, days.month_before(of.first)))
    for name in (*SHOWN[:-1], figures.leading_errors(of.now)):
        light = lights[Checked.FIGURE.of("errors" if name in figures.ERRORS else name)]
        found = figures.key_figure(name, light, by_day, where, (of.now, {Since.MONTH: of.before}))
        if found.chart.unit == "a_day" and found.value is not None:
            earlier = {since: value and value / before for since, value in found.earlier.items()}
            found = replace(found, value=found.value / now, earlier=earlier)
        yield found


def judged(of: MonthComparison) -> Items:
    """Sessions, unverified ones, success, confidence, time, errors. Pure."""
    errors = figures.leading_errors(of.now)
    rates = {name: figures.FIGURES[name].measured(of.now).value for name in figures.ERRORS}
    return (
        _sessions(of),
        _unverified(of),
        _figure(of, "success", *figures.zeros(of.now), facts=figures.causes_of_success(of.now)),
        _figure(of, "confidence", *figures.zeros(of.now)),
        _figure(of, "time", text("checks.figure.time_blind")),
        _figure(of, errors, figures.other_errors(errors, of.now), numbers=rates),
    )


def _figure(
    of: MonthComparison,
    name: str,
    *details: Text,
    facts: Strings = (),
    numbers: Mapping[str, float | None] | None = None,
) -> CheckItem:
    figure = figures.FIGURES[name]
    status = figure.status(of.now)
    now, before = figure.measured(of.now), figure.measured(of.before)
    values = {
        "samples": now.samples,
        "samples_before": before.samples,
        name: now.value,
        f"{name}_before": before.value,
        **(numbers or {}),
    }
    said = text(
        "checks.month.figure",
        figure=text(f"checks.figure.{name}"),
        month=f"{of.first:%Y-%m}",
        value=figure.shown(of.now),
        before=figure.shown(of.before),
        range=figures.range_of(name, of.now),
    )
    return Checked.FIGURE.of("errors" if name in figures.ERRORS else name, chapter=REPORT).item(
        status,
        said,
        *details,
        numbers=figures.known(values),
        link=of.link,
        root=RootCause.TRAFFIC if status is UNKNOWN else None,  # nothing, or too little, to judge by
        facts=facts,
    )


def _sessions(of: MonthComparison) -> CheckItem:
    a_day = of.now.created / len(days.month_of(of.first))
    before_a_day = of.before.created / len(days.month_of(days.month_before(of.first)))
    said = text(
        "checks.month.sessions",
        month=f"{of.first:%Y-%m}",
        count=round(of.now.created),
        a_day=round(a_day, 1),
        before=round(of.before.created),
        before_a_day=round(before_a_day, 1),
        range=text("checks.range.sessions"),
    )
    many = a_day > thresholds.SESSIONS[1]
    return Checked.FIGURE.of("sessions", chapter=REPORT).item(
        thresholds.sessions(a_day, before_a_day),
        said,
        numbers={
            "sessions": of.now.created,
            "sessions_before": of.before.created,
            "a_day": a_day,
            "a_day_before": before_a_day,
        },
        link=of.link,
        root=None if many else RootCause.TRAFFIC,
        facts=("many", magnitude(a_day)) if many else ("few",),
    )


def _unverified(of: MonthComparison) -> CheckItem:
    share, before = of.now.unverified, of.before.unverified
    said = text(
        "checks.month.unverified",
        month=f"{of.first:%Y-%m}",
        count=round(share.count),
        share=share.shown,
        most=UNVERIFIED,
        before=before.shown,
    )
    status, root, chapter = GREEN, None, REPORT
    details: Texts = (text("checks.month.unverified.why"),)
    if share.value is None or not share.enough:
        status, root, details = UNKNOWN, RootCause.TRAFFIC, ()
    else:
        if share.value > UNVERIFIED:
            status, chapter = AMBER, REDUCE
        if figures.FIGURES["answered"].status(of.now) is RED:
            status, details = RED, (text("checks.figure.unanswered.why"), *details)
    numbers = {"unverified": share.count, "unverified_before": before.count}
    this = Checked.FIGURE.of("unverified")
    return CheckItem(this, status, said, details, chapter, numbers=numbers, link=of.link, root=root)


def bad_days(
    by_day: Mapping[date, Counts], created: Mapping[date, float], month: date, chapter: str
) -> Items:
    """One line that names the days whose figures are red, which an average hides; none without any. Pure.

    `created`: sessions by day, of the month and the one before it.
    """
    found = {day.isoformat(): tuple(_red(day, each, created)) for day, each in sorted(by_day.items())}
    bad = {day: figures for day, figures in found.items() if figures}
    if not bad:
        return ()
    details = [text("checks.month.bad_day", day=day, figures=figures) for day, figures in bad.items()]
    more = (text("checks.month.bad_days.more", count=len(bad) - _MOST),) if len(bad) > _MOST else ()
    shown = ", ".join(list(bad)[:_MOST])
    said = text("checks.month.bad_days", month=f"{month:%Y-%m}", count=len(bad), days=shown)
    numbers = {"bad_days": float(len(bad))}
    return (
        CheckItem(Checked.BAD_DAYS.of(), AMBER, said, (*details[:_MOST], *more), chapter, numbers=numbers),
    )


def _red(day: date, of: Counts, created: Mapping[date, float]) -> Iterator[Text]:
    """The figures of one day that are surely outside of the normal range."""
    best = figures.usual(created, day).best
    if thresholds.sessions(of.created, best) is RED:
        yield text("checks.month.bad_day.sessions", count=round(of.created), best=round(best))
    for name, figure in figures.FIGURES.items():
        if figure.status(of) is RED:
            shown = figure.shown(of)
            yield text("checks.month.bad_day.figure", figure=text(f"checks.figure.{name}"), value=shown)
