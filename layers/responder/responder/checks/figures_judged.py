"""The five figures as lines of the report. Pure."""

from dataclasses import dataclass
from datetime import date

from responder.check import Item, Light
from responder.checks import days, error_rates, lights, saying
from responder.checks.counts import Counts
from responder.text import Text, Value, text

DASHBOARD = "1. CloudWatchダッシュボード確認"
SUCCESS_CHAPTER = "アラート1: 成功率低下"
ERRORS_CHAPTER = "アラート2: エラー率上昇"
TIME_CHAPTER = "アラート3: 検証時間超過"
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Compared:
    """`now` is what was counted on `day`; beside it the day before and the same weekday a week before."""

    day: date
    now: Counts
    day_before: Counts
    week_before: Counts


def judged(of: Compared, link: str) -> tuple[Item, ...]:
    """Sessions, success, confidence, time, errors."""
    return (
        _sessions(of, link),
        _success(of, link),
        _confidence(of, link),
        _time(of, link),
        _errors(of, link),
    )


def _sessions(of: Compared, link: str) -> Item:
    now, day, week = (round(each.created) for each in (of.now, of.day_before, of.week_before))
    light = lights.sessions(now, week)
    numbers: dict[str, float] = {"sessions": now, "day_before": day, "week_before": week}
    return _item(of, "sessions", light, (now, day, week), DASHBOARD, (), numbers, link)


def _success(of: Compared, link: str) -> Item:
    rates = [each.success_rate for each in (of.now, of.day_before, of.week_before)]
    light = lights.success(rates[0])
    details = [*_doubt(light), *zeros(of.now)]
    shown = tuple(saying.share(rate) for rate in rates)
    numbers = _numbers("success_percent", rates[0].percent, rates[0].of)
    return _item(of, "success", light, shown, SUCCESS_CHAPTER, tuple(details), numbers, link)


def _confidence(of: Compared, link: str) -> Item:
    scores = [each.confidence for each in (of.now, of.day_before, of.week_before)]
    light = lights.confidence(scores[0])
    details = zeros(of.now)
    if light is Light.AMBER:
        details = (text("checks.figure.both"), *details)
    shown = tuple(saying.mean(score, "points") for score in scores)
    numbers = _numbers("confidence", scores[0].value, scores[0].samples)
    return _item(of, "confidence", light, shown, SUCCESS_CHAPTER, details, numbers, link)


def _time(of: Compared, link: str) -> Item:
    times = [each.time for each in (of.now, of.day_before, of.week_before)]
    shown = tuple(saying.mean(time, "seconds") for time in times)
    details = (text("checks.figure.time_blind"),)
    numbers = _numbers("seconds", times[0].value, times[0].samples)
    return _item(of, "time", lights.seconds(times[0]), shown, TIME_CHAPTER, details, numbers, link)


def _errors(of: Compared, link: str) -> Item:
    figure = error_rates.leading(of.now)
    rates = [error_rates.RATES[figure](each) for each in (of.now, of.day_before, of.week_before)]
    light = lights.errors(rates[0])
    shown = tuple(saying.share(rate) for rate in rates)
    details = (*_doubt(light), error_rates.beside(figure, of.now))
    numbers = _numbers("error_percent", of.now.error_rate.percent, of.now.error_rate.of)
    numbers |= _number("creation_error_percent", of.now.creation_error_rate.percent)
    return _item(of, figure, light, shown, ERRORS_CHAPTER, details, numbers, link)


def zeros(of: Counts) -> tuple[Text, ...]:
    """How many results were none, and the average of the others."""
    if not of.zeros:
        return ()
    real = saying.mean(of.real_confidence, "points")
    return (text("checks.figure.zeros", zeros=round(of.zeros), real=real),)


def _doubt(light: Light) -> tuple[Text, ...]:
    return (text("checks.figure.chance"),) if light is Light.AMBER else ()


def _numbers(key: str, value: float | None, samples: float) -> dict[str, float]:
    return {**_number(key, value), "samples": samples}


def _number(key: str, value: float | None) -> dict[str, float]:
    return {} if value is None else {key: value}


def _item(  # noqa: PLR0913 - one line of the report in its order
    of: Compared,
    figure: str,
    light: Light,
    shown: tuple[Value, ...],
    chapter: str,
    details: tuple[Text, ...],
    numbers: dict[str, float],
    link: str,
) -> Item:
    value, day, week = shown
    said = text(
        "checks.figure",
        figure=text(f"checks.figure.{figure}"),
        day=saying.day(of.day),
        value=value,
        range=text(f"checks.range.{figure}"),
    )
    compared = text(
        "checks.figure.compared",
        day=saying.day(days.before(of.day)),
        before=day,
        week_day=saying.day(days.before(of.day, A_WEEK)),
        week=week,
    )
    where = DASHBOARD if light in (Light.GREEN, Light.UNKNOWN) else chapter
    return Item(light, said, (compared, *details), where, numbers=numbers, link=link)
