"""Errors and throttles of each function (manual, Lambda関数ヘルスチェック), yesterday and since midnight."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from responder.checks import days
from responder.checks.base import unread
from responder.checks.figures import counts
from responder.checks.figures.functions_judged import (
    HEALTH,
    CountedSpan,
    FunctionHealth,
    invocations,
    judged,
    uncalled,
)
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import metrics
from responder.evidence.timing import LIMITS

COUNTED = ("Invocations", "Errors", "Throttles")


@dataclass(frozen=True, slots=True)
class Functions:
    """The liveness functions and those that read the rollout switch."""

    @property
    def name(self) -> str:
        """Its section."""
        return "functions"

    def needs(self) -> tuple[Permission, ...]:
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
        try:
            found = metrics.read(context, _asked(names, period), start, end)
        except AwsError as error:
            return CheckSection(
                self.name, (unread(Checked.FUNCTIONS.of(), text("checks.functions"), error, HEALTH),)
            )
        spans = ((start, midnight), (midnight, end))
        return CheckSection(self.name, tuple(_items(names, found, spans, settings)))


def _items(
    names: tuple[str, ...],
    found: Mapping[str, Series],
    spans: tuple[tuple[datetime, datetime], ...],
    settings: Settings,
) -> Iterator[CheckItem]:
    limits = {which.function(settings): limit for which, limit in LIMITS.items()}
    yesterday, today = spans
    every = [
        FunctionHealth(name, _span(name, found, *yesterday), _span(name, found, *today), limits.get(name))
        for name in names
    ]

    def link(*of: str) -> str:
        series = [("AWS/Lambda", metric, "FunctionName", name) for name in of for metric in COUNTED]
        return console_links.metrics(settings.region, series, (spans[0][0], spans[-1][1]), "Sum", 300)

    yield from (judged(each, link(each.function)) for each in every if each.called)
    idle = tuple(each.function for each in every if not each.called)
    if idle:
        yield uncalled(idle, all_of_them=len(idle) == len(every))
    liveness = tuple(each for each in every if each.limit is not None)
    if any(each.called for each in liveness):
        yield invocations(liveness, link(*(each.function for each in liveness)))


def _asked(names: tuple[str, ...], period: int) -> dict[str, metrics.Metric]:
    statistics = {**dict.fromkeys(COUNTED, "Sum"), "Duration": "Maximum"}
    return {
        f"{name} {metric}": metrics.of_function(metric, stat, name, period)
        for name in names
        for metric, stat in statistics.items()
    }


def _span(name: str, found: Mapping[str, Series], start: datetime, end: datetime) -> CountedSpan:
    invocations, errors, throttles = (
        found[f"{name} {metric}"].between(start, end).total for metric in COUNTED
    )
    longest = found[f"{name} Duration"].between(start, end).peak
    return CountedSpan(invocations, errors, throttles, metrics.seconds(longest))
