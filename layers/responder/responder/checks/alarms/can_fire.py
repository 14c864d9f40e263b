"""Can it go off at all? The finding with its proof. Pure."""

import math

from responder.checks.alarms import firing_probability as odds
from responder.checks.alarms.drift import condition, same_math
from responder.checks.commands import FixCommand
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core import metric_ranges as ranges
from responder.core.deployed_alarm import WatchedMetric
from responder.core.expected_alarms import ExpectedAlarm
from responder.core.metric_ranges import KnownLimits, Yields
from responder.core.modes import Severity
from responder.core.text import Text, Value, text

_FAR = 100


def firing(
    expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits, corrected: bool, mend: FixCommand
) -> CheckItem | None:
    """None where it can go off, or nothing proves that it cannot.

    `corrected`: its corrected version stands, so that nothing is left to do.
    """
    cannot = never(expected, found, known)
    proof = _impossible(expected, found, known) if cannot else _unlikely(found, known)
    if not proof:
        return None
    key = "check.alarms.never" if cannot else "check.alarms.hardly"
    said = text(key, alarm=expected.name, condition=condition(found))
    if corrected:
        beside = text("check.alarms.corrected", alarm=expected.name, corrected=expected.corrected)
        return CheckItem(
            Checked.ALARM_FIRES.of(expected.name), CheckStatus.GREEN, beside, (said, *proof), expected.chapter
        )
    red = (cannot or _made_dead(expected, found, known)) and expected.severity is Severity.HIGH
    light, details = CheckStatus.RED if red else CheckStatus.AMBER, (*proof, *mend.details)
    return CheckItem(
        Checked.ALARM_FIRES.of(expected.name),
        light,
        said,
        details,
        expected.chapter,
        mend.command,
        caution=mend.caution,
    )


def _made_dead(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> bool:
    """By a change: as it should be it goes off far more often."""
    should, is_now = (odds.chance(each, known, odds.BUSY) for each in (expected.watch, found))
    return should is not None and is_now is not None and is_now < should / _FAR


def never(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> bool:
    """It is proved that it cannot go off."""
    return ranges.never(found, known, _yields(expected, found))


def quiet(name: str, watch: WatchedMetric, known: KnownLimits) -> Text | None:
    """An alarm on a count that is fine on a busy day and blind on a quiet one."""
    least = odds.chance(watch, known, odds.QUIET)
    most = odds.chance(watch, known, odds.BUSY)
    if least is None or most is None or least >= odds.CHANCE:
        return None
    return text(
        "check.alarms.quiet",
        alarm=name,
        least=_percent(least),
        most=_percent(most),
        quiet=odds.QUIET,
        busy=odds.BUSY,
    )


def unjudged(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> str:
    """The function whose time-out would have to be known; "" where nothing is in the way."""
    function = ranges.function_of(found, known, _yields(expected, found))
    ours = function in (known.create, known.result)
    return function if ours and function not in known.timeouts else ""


def _yields(expected: ExpectedAlarm, found: WatchedMetric) -> Yields | None:
    """Only of metric math that nobody changed is it known what it comes to."""
    return expected.yields if found.queries and same_math(expected.watch, found) else None


def _impossible(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> tuple[Text, ...]:
    gaps = text("check.alarms.gaps", missing=found.missing)
    if ranges.absent(found, known):
        return text("check.alarms.absent", metric=found.metric), gaps
    yields = _yields(expected, found)
    possible = ranges.values(found, known, yields)
    if possible is None:
        return ()
    because = _because(found, known, ranges.function_of(found, known, yields))
    threshold = (text("check.alarms.parameter", parameter=expected.parameter),) if yields else ()
    return (*because, _bounds(found, possible), gaps, *threshold)


def _bounds(watch: WatchedMetric, possible: ranges.Range) -> Text:
    low, high = f"{possible.low:g}", f"{possible.high:g}"
    if watch.queries:
        return text("check.alarms.math_between", expression=watch.watched, low=low, high=high)
    named = {"metric": watch.metric, "statistic": watch.statistic, "low": low}
    if math.isinf(possible.high):
        return text("check.alarms.at_least", **named)
    return text("check.alarms.between", high=high, **named)


def _because(watch: WatchedMetric, known: KnownLimits, function: str) -> tuple[Text, ...]:
    if function:
        return (text("check.alarms.cut", function=function, seconds=known.timeouts[function]),)
    return (text("check.alarms.ones", metric=watch.metric),) if watch.metric in ranges.ONES else ()


def _unlikely(watch: WatchedMetric, known: KnownLimits) -> tuple[Text, ...]:
    share = odds.needed_share(watch, known)
    if share is not None and share >= odds.SHARE:
        function = ranges.function_of(watch, known)
        limit = known.timeouts[function]
        told: dict[str, Value] = {"percent": _percent(share), "function": function, "seconds": limit}
        return (
            text("check.alarms.share", usual=limit * odds.USUAL, **told),
            text("check.alarms.tail"),
        )
    chance = odds.chance(watch, known, odds.BUSY)
    if chance is None or chance >= odds.CHANCE:
        return ()
    a_period = odds.BUSY * watch.period / 86_400
    least = odds.QUIET * watch.period / 86_400
    minutes = watch.period / 60
    return (
        text("check.alarms.counts", least=least, most=a_period, minutes=minutes),
        text("check.alarms.odds", percent=_percent(chance), sessions=odds.BUSY),
    )


def _percent(share: float) -> float:
    return round(share * 100, 1)
