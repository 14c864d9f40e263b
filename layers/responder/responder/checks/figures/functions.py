"""Errors and throttles of each function (manual, Lambda関数ヘルスチェック), yesterday and since midnight."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from responder.checks import days, thresholds
from responder.checks.figures import counts
from responder.checks.figures.counts import Share
from responder.checks.finding import (
    AMBER,
    GREEN,
    RED,
    UNKNOWN,
    Checked,
    CheckItem,
    CheckStatus,
    RootCause,
    magnitude,
    worst,
)
from responder.checks.model import CheckSection
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.series import SeriesByName
from responder.core.text import Text, Values, text
from responder.evidence import metrics
from responder.evidence.timing import LIMITS

HEALTH = "3. Lambda関数ヘルスチェック"
METRICS = "CloudWatchメトリクス"
ERRORS_CHAPTER = "アラート4: Lambda エラー"
COUNTED = ("Invocations", "Errors", "Throttles")


class CountedSpan(NamedTuple):
    """What AWS/Lambda counted; `longest` in seconds, None without an invocation."""

    invocations: float = 0.0
    errors: float = 0.0
    throttles: float = 0.0
    longest: float | None = None

    @property
    def error_rate(self) -> Share:
        """Errors that escaped the handler."""
        return Share(self.errors, self.invocations)

    def numbers(self, prefix: str = "") -> dict[str, float]:
        """The counts for machines."""
        return {
            f"{prefix}invocations": self.invocations,
            f"{prefix}errors": self.errors,
            f"{prefix}throttles": self.throttles,
        }


class FunctionHealth(NamedTuple):
    """`limit`: the manual's line for the duration in seconds, where it has one."""

    function: str
    yesterday: CountedSpan
    today: CountedSpan
    limit: float | None = None

    @property
    def both(self) -> tuple[CountedSpan, CountedSpan]:
        """Yesterday and today."""
        return self.yesterday, self.today

    @property
    def called(self) -> bool:
        """It was invoked. A caller that is turned away calls it, though AWS counts no invocation."""
        return any(span.invocations or span.throttles for span in self.both)

    def slow(self, *spans: CountedSpan) -> bool:
        """An invocation took as long as the limit, or longer."""
        return self.limit is not None and any((span.longest or 0.0) >= self.limit for span in spans)


@frozen
class Functions:
    """The liveness functions and those that read the rollout switch."""

    name: str = "functions"

    def needs(self) -> Permissions:
        """Metrics."""
        return metrics.NEEDS

    def run(self, context: Context) -> CheckSection:
        """One request for all of them, by the hour."""
        settings = context.settings
        where = days.zone(settings.check_zone)
        today = days.day_of(context.now, where)
        start, midnight = days.start_of(days.before(today), where), days.start_of(today, where)
        end = max(midnight, metrics.window(context.now)[1])
        names = (*settings.functions, *settings.rollout_functions)
        period = counts.step(start, midnight, context.now)
        statistics = {**dict.fromkeys(COUNTED, "Sum"), "Duration": "Maximum"}
        asked = {
            f"{name} {metric}": metrics.of_function(metric, stat, name, period)
            for name in names
            for metric, stat in statistics.items()
        }
        try:
            found = metrics.read(context, asked, start, end)
        except AwsError as error:
            item = Checked.FUNCTIONS.of(chapter=HEALTH).unread(text("checks.functions"), error)
            return CheckSection(self.name, (item,))
        limits = {function.deployed_name(settings): limit for function, limit in LIMITS.items()}
        every = [
            FunctionHealth(
                name, _span(name, found, start, midnight), _span(name, found, midnight, end), limits.get(name)
            )
            for name in names
        ]

        def link(*functions: str) -> str:
            series = [("AWS/Lambda", each, "FunctionName", name) for name in functions for each in COUNTED]
            return console_links.metrics(settings.region, series, (start, end), "Sum", 300)

        return CheckSection(self.name, tuple(_items(every, link)))


def _items(every: list[FunctionHealth], link: Callable[..., str]) -> Iterator[CheckItem]:
    yield from (judged(each, link(each.function)) for each in every if each.called)
    idle = [each.function for each in every if not each.called]
    if idle:
        # Two days without a call are not green; they are one finding, for one cause.
        said = text("checks.function.uncalled", count=len(idle), functions=", ".join(idle))
        root = RootCause.TRAFFIC if len(idle) == len(every) else None
        this = Checked.FUNCTIONS_UNCALLED.of(chapter=HEALTH)
        yield this.unknown(said, text("checks.function.uncalled.why"), root=root)
    liveness = tuple(each for each in every if each.limit is not None)
    if any(each.called for each in liveness):
        yield invocations(liveness, link(*(each.function for each in liveness)))


def _span(name: str, found: SeriesByName, start: datetime, end: datetime) -> CountedSpan:
    invocations, errors, throttles = (
        found[f"{name} {metric}"].between(start, end).total for metric in COUNTED
    )
    longest = found[f"{name} Duration"].between(start, end).peak
    return CountedSpan(invocations, errors, throttles, None if longest is None else longest / 1000)


def invocations(of: tuple[FunctionHealth, ...], link: str) -> CheckItem:
    """Yesterday's calls of the liveness functions against the manual's range for each. Pure."""
    low, high = thresholds.SESSIONS
    counted = {each.function: each.yesterday.invocations for each in of}
    few = [f"few {name}" for name, each in counted.items() if each < low]
    many = [f"many {name} {magnitude(each)}" for name, each in counted.items() if each > high]
    shown = tuple(
        text("checks.function.invocations.of", function=name, count=round(each))
        for name, each in counted.items()
    )
    return Checked.FUNCTIONS_CALLED.of(chapter=METRICS).item(
        AMBER if few or many else GREEN,
        text("checks.function.invocations", functions=shown),
        *([text("checks.function.invocations.many")] if many else []),
        link=link,
        root=RootCause.TRAFFIC if few and not many else None,
        facts=(*few, *many),
    )


def judged(of: FunctionHealth, link: str) -> CheckItem:
    """The worse of yesterday and today. Pure."""
    # The first minutes of a day may well be without a call; two days without one are not.
    seen = [status for status in (_status(of, span) for span in of.both) if status is not UNKNOWN]
    status = worst(*seen) if seen else UNKNOWN
    slow = of.slow(*of.both)
    wrong = {
        "errors": any(thresholds.errors(span.error_rate) in (RED, AMBER) for span in of.both),
        "throttles": any(span.throttles for span in of.both),
        "slow": slow,
    }
    values: Values = {
        "function": of.function,
        "yesterday": of.yesterday.error_rate.shown,
        "today": of.today.error_rate.shown,
        "throttles": round(of.yesterday.throttles + of.today.throttles),
    }
    if slow:
        values |= {"longest": max(span.longest or 0.0 for span in of.both), "limit": of.limit or 0.0}
    chapter = HEALTH if status in (GREEN, UNKNOWN) else ERRORS_CHAPTER
    return Checked.FUNCTION_HEALTH.of(of.function, chapter=chapter).item(
        status,
        Text("checks.function.slow" if slow else "checks.function", values),
        numbers={**of.yesterday.numbers(), **of.today.numbers("today_")},
        link=link,
        facts=tuple(name for name, found in wrong.items() if found),
    )


def _status(of: FunctionHealth, span: CountedSpan) -> CheckStatus:
    found = thresholds.errors(span.error_rate)
    if span.throttles:
        turned_away = Share(span.throttles, span.throttles + span.invocations)
        found = worst(found, AMBER, thresholds.errors(turned_away))
    return worst(found, AMBER) if of.slow(span) else found
