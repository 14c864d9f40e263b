"""The five figures of the manual's daily list, of the last whole day of the owner's zone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, tzinfo

from responder.checks import days, thresholds
from responder.checks.figures import counts, figures
from responder.checks.figures.counts import Counts, Share, decimals
from responder.checks.finding import (
    AMBER,
    GREEN,
    UNKNOWN,
    Checked,
    CheckItem,
    CheckStatus,
    Identity,
    Items,
    RootCause,
    magnitude,
)
from responder.checks.model import CheckSection, KeyFigure, Since
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.series import Series
from responder.core.text import Text, Texts, Value, text
from responder.evidence import metrics

DASHBOARD = "1. CloudWatchダッシュボード確認"
SUCCESS_CHAPTER = "アラート1: 成功率低下"
ERRORS_CHAPTER = "アラート2: エラー率上昇"
TIME_CHAPTER = "アラート3: 検証時間超過"
A_WEEK = 7


@frozen
class Figures:
    """Yesterday against the day before it and the same weekday a week before (manual, 毎日の確認事項)."""

    name: str = "figures"

    def needs(self) -> Permissions:
        """Metrics."""
        return metrics.NEEDS

    def run(self, context: Context) -> CheckSection:
        """One request for the last eight days by the hour, one for the sessions of the year before them."""
        where = days.zone(context.settings.check_zone)
        today = days.day_of(context.now, where)
        day = days.before(today)
        since, began = days.before(day, A_WEEK), days.before(day, figures.HISTORY_DAYS)
        span = days.start_of(since, where), days.start_of(today, where)
        try:
            found = counts.read(context, *span)
            history = counts.created(context, days.start_of(began, where), span[1])
        except AwsError as error:
            item = Checked.FIGURES.of(chapter=DASHBOARD).unread(text("checks.figures"), error)
            return CheckSection(self.name, (item,))
        by_day = {each: counts.on(found, each, where) for each in days.between(since, today)}
        series = [(context.settings.namespace, name) for name in ("SessionCreated", "SuccessCount")]
        compared = FigureComparison(
            day,
            by_day[day],
            by_day[days.before(day)],
            by_day[since],
            figures.usual(_by_day(history, where), day),
            console_links.metrics(context.settings.region, series, span, "Sum", metrics.HOUR),
        )
        items = judged(compared)
        glance = tuple(_key_figures(compared, items, by_day, where))
        drawn = figures.charts(by_day, where, "sessions", "success")
        return CheckSection(self.name, items, drawn, key_figures=glance)


def _key_figures(
    of: "FigureComparison", items: Items, by_day: Mapping[date, Counts], where: tzinfo
) -> Iterator[KeyFigure]:
    lights = {each.identity: each.light for each in items}
    compared = of.now, {Since.DAY: of.day_before, Since.WEEK: of.week_before}
    for name in ("sessions", "success", "confidence", "time", figures.leading_errors(of.now)):
        light = lights.get(_subject(name), UNKNOWN)
        yield figures.key_figure(name, light, by_day, where, compared)


def _subject(figure: str, chapter: str = "") -> Identity:
    """The two error rates are one subject."""
    return Checked.FIGURE.of("errors" if figure in figures.ERRORS else figure, chapter=chapter)


def _by_day(created: Series, where: tzinfo) -> dict[date, float]:
    by_day: dict[date, float] = {}
    for at, count in created.points:
        by_day[days.day_of(at, where)] = by_day.get(days.day_of(at, where), 0.0) + count
    return by_day


@frozen
class FigureComparison:
    """`now` is what was counted on `day`; then the day before and the same weekday a week before, how
    many sessions such a day usually has, and the console page of the metrics."""

    day: date
    now: Counts
    day_before: Counts
    week_before: Counts
    usual: figures.Usual
    link: str = ""

    @property
    def all(self) -> tuple[Counts, Counts, Counts]:
        """What is compared."""
        return self.now, self.day_before, self.week_before


def judged(of: FigureComparison) -> Items:
    """Sessions, success, confidence, time, errors. Without sessions the last four have no value: that is one
    finding, not five. Pure."""
    now, errors = of.now, figures.leading_errors(of.now)
    both = (text("checks.figure.both"),) if figures.FIGURES["confidence"].status(now) is AMBER else ()
    rates = {
        "error_percent": now.error_rate.value,
        "samples": now.error_rate.samples,
        "creation_error_percent": now.creation_error_rate.value,
    }
    success = _figure(of, "success", "success_percent", SUCCESS_CHAPTER, *figures.zeros(now))
    failed = _figure(of, errors, "error_percent", ERRORS_CHAPTER, figures.other_errors(errors, now))
    others = (
        replace(success, facts=figures.causes_of_success(now)),
        _figure(of, "confidence", "confidence", SUCCESS_CHAPTER, *both, *figures.zeros(now)),
        _figure(of, "time", "seconds", TIME_CHAPTER, text("checks.figure.time_blind")),
        replace(failed, numbers=figures.known(rates)),
    )
    empty = not now.created and all(each.light is UNKNOWN for each in others)
    return _sessions(of, empty=empty), *_unanswered(of), *(() if empty else others)


def _sessions(of: FigureComparison, *, empty: bool) -> CheckItem:
    now, day, week = (round(each.created) for each in of.all)
    usual = of.usual
    status = thresholds.sessions(now, max(week, usual.best), usual.least)
    numbers: dict[str, float] = {"sessions": now, "day_before": day, "week_before": week}
    details = [text("checks.figure.no_values")] if empty else []
    if usual.last is not None and usual.days:
        numbers["days_without"] = usual.days
        last, best = usual.last.isoformat(), round(usual.best)
        details.insert(0, text("checks.figure.none_since", last=last, days=usual.days, best=best))
    elif usual.last is not None and status is not GREEN:
        details.append(text("checks.figure.usual", best=round(usual.best)))
    item = _item(of, "sessions", status, (now, day, week), numbers, DASHBOARD, *details)
    if now > thresholds.SESSIONS[1]:
        return replace(item, facts=("many", magnitude(now)))
    lost = now < thresholds.FEW * usual.least
    return replace(item, root=RootCause.TRAFFIC, facts=("fewer than usual" if lost else "few",))


def _unanswered(of: FigureComparison) -> Iterator[CheckItem]:
    rate = of.now.answered
    status = thresholds.answered(rate)
    if status is not GREEN:
        counted = {"created": round(rate.samples), "answered": round(rate.count)}
        yield Checked.FIGURE.of("answered", chapter=SUCCESS_CHAPTER).item(
            status,
            text("checks.figure.unanswered", day=of.day.isoformat(), **counted),
            text("checks.figure.unanswered.why"),
            numbers={"answered": rate.count},
            link=of.link,
            root=RootCause.TRAFFIC,  # what has no value for that reason is no second finding
        )


def _figure(of: FigureComparison, name: str, number: str, chapter: str, *details: Text) -> CheckItem:
    """`number`: its name for machines."""
    figure = figures.FIGURES[name]
    status, shown = figure.status(of.now), tuple(figure.shown(each) for each in of.all)
    real = figure.measured(of.now)
    whole = figure.whole(of.now) if figure.whole else real
    numbers = {number: whole.value, "samples": whole.samples}
    if figure.whole:
        numbers[f"finished_{number}"] = real.value
    chance: Texts = ()
    if status is AMBER and isinstance(real, Share) and real.value is not None:
        # It may be chance; the numbers show how likely.
        low, high = (decimals(each) for each in real.bounds())
        chance = (text("checks.figure.chance", samples=round(real.samples), low=low, high=high),)
    return _item(of, name, status, shown, figures.known(numbers), chapter, *chance, *details)


def _item(  # noqa: PLR0913 - one line of the report in its order
    of: FigureComparison,
    figure: str,
    status: CheckStatus,
    shown: tuple[Value, ...],
    numbers: dict[str, float],
    chapter: str,
    *details: Text,
) -> CheckItem:
    value, day, week = shown
    said = text(
        "checks.figure",
        figure=text(f"checks.figure.{figure}"),
        day=of.day.isoformat(),
        value=value,
        range=figures.range_of(figure, of.now),
    )
    compared = text(
        "checks.figure.compared",
        day=days.before(of.day).isoformat(),
        before=day,
        week_day=days.before(of.day, A_WEEK).isoformat(),
        week=week,
    )
    where = DASHBOARD if status in (GREEN, UNKNOWN) else chapter
    return _subject(figure, where).item(
        status,
        said,
        compared,
        *details,
        numbers=numbers,
        link=of.link,
        root=RootCause.TRAFFIC if status is UNKNOWN else None,  # nothing, or too little, to judge by
    )
