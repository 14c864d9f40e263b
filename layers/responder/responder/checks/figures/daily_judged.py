"""The five figures as lines of the report. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from responder.checks import days, formatting, thresholds
from responder.checks.figures import error_rates
from responder.checks.figures.counts import Counts
from responder.checks.figures.shares import Share
from responder.checks.figures.usual import Usual
from responder.checks.identity import Checked, magnitude
from responder.checks.model import CheckItem, CheckStatus, RootCause, worst
from responder.core.text import Text, Value, text

DASHBOARD = "1. CloudWatchダッシュボード確認"
SUCCESS_CHAPTER = "アラート1: 成功率低下"
ERRORS_CHAPTER = "アラート2: エラー率上昇"
TIME_CHAPTER = "アラート3: 検証時間超過"
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """`now` is what was counted on `day`; beside it the day before and the same weekday a week before, and
    how many sessions such a day usually has."""

    day: date
    now: Counts
    day_before: Counts
    week_before: Counts
    usual: Usual


def judged(of: FigureComparison, link: str) -> tuple[CheckItem, ...]:
    """Sessions, success, confidence, time, errors. Without sessions the last four have no value: that is one
    finding, not five."""
    others = (_success(of, link), _confidence(of, link), _time(of, link), _errors(of, link))
    empty = not of.now.created and all(each.light is CheckStatus.UNKNOWN for each in others)
    return _sessions(of, link, empty=empty), *_unanswered(of, link), *(() if empty else others)


def _sessions(of: FigureComparison, link: str, *, empty: bool) -> CheckItem:
    now, day, week = (round(each.created) for each in (of.now, of.day_before, of.week_before))
    usual = of.usual
    light = thresholds.sessions(now, max(week, usual.best), usual.least)
    numbers: dict[str, float] = {"sessions": now, "day_before": day, "week_before": week}
    details = [text("checks.figure.no_values")] if empty else []
    if usual.last is not None and usual.days:
        numbers["days_without"] = usual.days
        since: dict[str, Value] = {
            "last": formatting.day(usual.last),
            "days": usual.days,
            "best": round(usual.best),
        }
        details.insert(0, text("checks.figure.none_since", **since))
    elif usual.last is not None and light is not CheckStatus.GREEN:
        details.append(text("checks.figure.usual", best=round(usual.best)))
    item = _item(of, "sessions", light, (now, day, week), DASHBOARD, tuple(details), numbers, link)
    if now > thresholds.SESSIONS[1]:
        return replace(item, facts=("many", magnitude(now)))
    lost = now < thresholds.FEW * usual.least
    return replace(item, root=RootCause.TRAFFIC, facts=("fewer than usual" if lost else "few",))


def _unanswered(of: FigureComparison, link: str) -> tuple[CheckItem, ...]:
    light, rate = thresholds.answered(of.now.answered), of.now.answered
    if light is CheckStatus.GREEN:
        return ()
    said = text(
        "checks.figure.unanswered",
        day=formatting.day(of.day),
        created=round(rate.of),
        answered=round(rate.count),
    )
    details = (text("checks.figure.unanswered.why"),)
    numbers = {"answered": rate.count}
    # What has no value for that reason is no second finding.
    which = Checked.FIGURE.of("answered")
    return (
        CheckItem(
            which, light, said, details, SUCCESS_CHAPTER, numbers=numbers, link=link, root=RootCause.TRAFFIC
        ),
    )


def success(of: Counts) -> CheckStatus:
    """By the results with a score; results without one are judged by how many there are."""
    return worst(thresholds.success(of.finished_rate), thresholds.unfinished(of.unfinished))


def _success(of: FigureComparison, link: str) -> CheckItem:
    every = (of.now, of.day_before, of.week_before)
    light = success(of.now)
    details = [*_doubt(light, of.now.finished_rate), *zeros(of.now)]
    shown = tuple(formatting.finished(each.finished_rate, each.success_rate, each.zeros) for each in every)
    numbers = _numbers("success_percent", of.now.success_rate.percent, of.now.success_rate.of)
    numbers |= _number("finished_success_percent", of.now.finished_rate.percent)
    item = _item(of, "success", light, shown, SUCCESS_CHAPTER, tuple(details), numbers, link)
    return replace(item, facts=why(of.now))


def why(of: Counts) -> tuple[str, ...]:
    """What of `success` is outside of its range; a person accepts that and no more."""
    found = {
        "success": thresholds.success(of.finished_rate),
        "unfinished": thresholds.unfinished(of.unfinished),
    }
    return tuple(name for name, light in found.items() if light in (CheckStatus.RED, CheckStatus.AMBER))


def _confidence(of: FigureComparison, link: str) -> CheckItem:
    every = (of.now, of.day_before, of.week_before)
    light = thresholds.confidence(of.now.real_confidence)
    details = zeros(of.now)
    if light is CheckStatus.AMBER:
        details = (text("checks.figure.both"), *details)
    shown = tuple(formatting.scored(each.real_confidence, each.confidence, each.zeros) for each in every)
    numbers = _numbers("confidence", of.now.confidence.value, of.now.confidence.samples)
    numbers |= _number("finished_confidence", of.now.real_confidence.value)
    return _item(of, "confidence", light, shown, SUCCESS_CHAPTER, details, numbers, link)


def _time(of: FigureComparison, link: str) -> CheckItem:
    times = [each.time for each in (of.now, of.day_before, of.week_before)]
    shown = tuple(formatting.mean(time, "seconds") for time in times)
    details = (text("checks.figure.time_blind"),)
    numbers = _numbers("seconds", times[0].value, times[0].samples)
    return _item(of, "time", thresholds.seconds(times[0]), shown, TIME_CHAPTER, details, numbers, link)


def _errors(of: FigureComparison, link: str) -> CheckItem:
    figure = error_rates.leading(of.now)
    rates = [error_rates.RATES[figure](each) for each in (of.now, of.day_before, of.week_before)]
    light = thresholds.errors(rates[0])
    shown = tuple(formatting.share(rate) for rate in rates)
    details = (*_doubt(light, rates[0]), error_rates.beside(figure, of.now))
    numbers = _numbers("error_percent", of.now.error_rate.percent, of.now.error_rate.of)
    numbers |= _number("creation_error_percent", of.now.creation_error_rate.percent)
    return _item(of, figure, light, shown, ERRORS_CHAPTER, details, numbers, link)


def zeros(of: Counts) -> tuple[Text, ...]:
    """What a result without a score is, and when their number is worth a look."""
    if not of.zeros:
        return ()
    share = formatting.share(of.unfinished)
    return (text("checks.figure.zeros", share=share, most=formatting.percent(thresholds.UNFINISHED)),)


def _doubt(light: CheckStatus, rate: Share) -> tuple[Text, ...]:
    """An amber rate may be chance; how far is said in numbers."""
    if light is not CheckStatus.AMBER or rate.percent is None:
        return ()
    low, high = (formatting.percent(each) for each in rate.bounds())
    return (text("checks.figure.chance", samples=round(rate.of), low=low, high=high),)


def _numbers(key: str, value: float | None, samples: float) -> dict[str, float]:
    return {**_number(key, value), "samples": samples}


def _number(key: str, value: float | None) -> dict[str, float]:
    return {} if value is None else {key: value}


def _item(  # noqa: PLR0913 - one line of the report in its order
    of: FigureComparison,
    figure: str,
    light: CheckStatus,
    shown: tuple[Value, ...],
    chapter: str,
    details: tuple[Text, ...],
    numbers: dict[str, float],
    link: str,
) -> CheckItem:
    value, day, week = shown
    said = text(
        "checks.figure",
        figure=text(f"checks.figure.{figure}"),
        day=formatting.day(of.day),
        value=value,
        range=text(f"checks.range.{figure}"),
    )
    compared = text(
        "checks.figure.compared",
        day=formatting.day(days.before(of.day)),
        before=day,
        week_day=formatting.day(days.before(of.day, A_WEEK)),
        week=week,
    )
    where = DASHBOARD if light in (CheckStatus.GREEN, CheckStatus.UNKNOWN) else chapter
    # Nothing, or too little, to judge by.
    root = RootCause.TRAFFIC if light is CheckStatus.UNKNOWN else None
    return CheckItem(
        Checked.FIGURE.of(error_rates.subject(figure)),
        light,
        said,
        (compared, *details),
        where,
        numbers=numbers,
        link=link,
        root=root,
    )
