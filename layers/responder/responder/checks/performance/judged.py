"""A month as lines of the report. Months differ in length: numbers are compared by the day. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from responder.checks import days, formatting, thresholds
from responder.checks.figures import error_rates
from responder.checks.figures.counts import Counts
from responder.checks.figures.daily_judged import success, why, zeros
from responder.checks.identity import Checked, magnitude
from responder.checks.model import CheckItem, CheckStatus, RootCause
from responder.core.text import Text, text

REPORT = "1. パフォーマンスレポート作成"
REDUCE = "1. セッション数削減"
# The manual names no limit; every fifth session paid for nothing is worth a look.
UNVERIFIED = 20.0


@dataclass(frozen=True, slots=True)
class CountedMonth:
    """What was counted in the month that begins with `first`."""

    first: date
    counts: Counts

    @property
    def a_day(self) -> float:
        """Sessions a day."""
        return self.counts.created / len(days.month_of(self.first))


def judged(now: CountedMonth, earlier: CountedMonth, link: str) -> tuple[CheckItem, ...]:
    """Sessions, unverified ones, success, confidence, time, errors."""
    return (
        _sessions(now, earlier, link),
        _unverified(now, earlier, link),
        _figure(now, earlier, "success", _success, link),
        _figure(now, earlier, "confidence", _confidence, link),
        _figure(now, earlier, "time", _time, link),
        _errors(now, earlier, link),
    )


type JudgedFigure = tuple[CheckStatus, Text, float | None, float]


def _success(of: Counts) -> JudgedFigure:
    shown = formatting.finished(of.finished_rate, of.success_rate, of.zeros)
    return success(of), shown, of.finished_rate.percent, of.finished_rate.of


def _errors(now: CountedMonth, earlier: CountedMonth, link: str) -> CheckItem:
    name = error_rates.leading(now.counts)

    def judge(of: Counts) -> JudgedFigure:
        rate = error_rates.RATES[name](of)
        return thresholds.errors(rate), formatting.share(rate), rate.percent, rate.of

    item = _figure(now, earlier, name, judge, link)
    both = {key: rate(now.counts).percent for key, rate in error_rates.RATES.items()}
    numbers = {**item.numbers, **{key: percent for key, percent in both.items() if percent is not None}}
    details = (*item.details, error_rates.beside(name, now.counts))
    return replace(item, details=details, numbers=numbers)


def _confidence(of: Counts) -> JudgedFigure:
    score = of.real_confidence
    return (
        thresholds.confidence(score),
        formatting.scored(score, of.confidence, of.zeros),
        score.value,
        score.samples,
    )


def _time(of: Counts) -> JudgedFigure:
    time = of.time
    return thresholds.seconds(time), formatting.mean(time, "seconds"), time.value, time.samples


def _figure(
    now: CountedMonth, earlier: CountedMonth, name: str, judge: Callable[[Counts], JudgedFigure], link: str
) -> CheckItem:
    light, value, number, samples = judge(now.counts)
    _, before, number_before, samples_before = judge(earlier.counts)
    said = text(
        "checks.month.figure",
        figure=text(f"checks.figure.{name}"),
        month=formatting.month(now.first),
        value=value,
        before=before,
        range=text(f"checks.range.{name}"),
    )
    numbers = {"samples": samples, "samples_before": samples_before}
    numbers |= {
        key: each for key, each in ((name, number), (f"{name}_before", number_before)) if each is not None
    }
    details = zeros(now.counts) if name in ("success", "confidence") else ()
    # Nothing, or too little, to judge by.
    root = RootCause.TRAFFIC if light is CheckStatus.UNKNOWN else None
    return CheckItem(
        Checked.FIGURE.of(error_rates.subject(name)),
        light,
        said,
        (*_blind(name), *details),
        REPORT,
        numbers=numbers,
        link=link,
        root=root,
        facts=why(now.counts) if name == "success" else (),
    )


def _sessions(now: CountedMonth, earlier: CountedMonth, link: str) -> CheckItem:
    said = text(
        "checks.month.sessions",
        month=formatting.month(now.first),
        count=round(now.counts.created),
        a_day=round(now.a_day, 1),
        before=round(earlier.counts.created),
        before_a_day=round(earlier.a_day, 1),
        range=text("checks.range.sessions"),
    )
    numbers = {
        "sessions": now.counts.created,
        "sessions_before": earlier.counts.created,
        "a_day": now.a_day,
        "a_day_before": earlier.a_day,
    }
    light = thresholds.sessions(now.a_day, earlier.a_day)
    many, this = now.a_day > thresholds.SESSIONS[1], Checked.FIGURE.of("sessions")
    root, facts = (None, ("many", magnitude(now.a_day))) if many else (RootCause.TRAFFIC, ("few",))
    return CheckItem(this, light, said, (), REPORT, numbers=numbers, link=link, root=root, facts=facts)


def _unverified(now: CountedMonth, earlier: CountedMonth, link: str) -> CheckItem:
    share, before = now.counts.unverified, earlier.counts.unverified
    said = text(
        "checks.month.unverified",
        month=formatting.month(now.first),
        count=round(share.count),
        share=formatting.share(share),
        most=UNVERIFIED,
        before=formatting.share(before),
    )
    numbers = {"unverified": share.count, "unverified_before": before.count}
    if share.percent is None or not share.enough:
        return CheckItem(
            Checked.FIGURE.of("unverified"),
            CheckStatus.UNKNOWN,
            said,
            (),
            REPORT,
            numbers=numbers,
            link=link,
            root=RootCause.TRAFFIC,
        )
    many = share.percent > UNVERIFIED
    details: tuple[Text, ...] = (text("checks.month.unverified.why"),)
    light, chapter = (CheckStatus.AMBER, REDUCE) if many else (CheckStatus.GREEN, REPORT)
    if thresholds.answered(now.counts.answered) is CheckStatus.RED:
        light, details = CheckStatus.RED, (text("checks.figure.unanswered.why"), *details)
    return CheckItem(
        Checked.FIGURE.of("unverified"), light, said, details, chapter, numbers=numbers, link=link
    )


def _blind(name: str) -> tuple[Text, ...]:
    return (text("checks.figure.time_blind"),) if name == "time" else ()
