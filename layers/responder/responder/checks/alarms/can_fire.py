"""Whether an alarm can fire at all, and how likely; one that hardly ever fires is useless. Pure."""

import math

from responder.checks import commands
from responder.checks.alarms.drift import condition, same_math
from responder.checks.commands import FixCommand
from responder.checks.finding import AMBER, RED, Checked, CheckItem
from responder.core import metric_ranges as ranges
from responder.core.deployed_alarm import WatchedMetric
from responder.core.expected_alarms import AlarmOwner, ExpectedAlarm
from responder.core.metric_ranges import ABOVE, COUNTS, FROM, ONES, KnownLimits, Yields, function_of
from responder.core.modes import Severity
from responder.core.settings import Settings
from responder.core.text import Text, Texts, Values, text
from responder.detection.rules import AlarmRule, rule_of

# If it is this many times less likely to fire than the expected one, a change has made it useless.
_FAR = 100
# Failures of which there is at most one for each session.
_A_SESSION = {*COUNTS, *ONES, "Errors"}
# The manual's 100-1000 sessions a day.
QUIET, BUSY = 100, 1000
# Below this chance within an hour of a total outage, an alarm counts as hardly ever firing.
CHANCE = 0.5
# What runs that are not ended by the time-out take of it, generously.
USUAL = 0.2
# Share of all runs that would have to end at the time-out.
SHARE = 0.5
# An alarm has to fire when this share of a busy day's requests fails within one period.
FAILING = 0.3
# So far above what is expected that nothing but 0 comes out, after any number of terms.
_BEYOND = 100


def cannot_fire(  # noqa: PLR0913  one value per fact
    expected: ExpectedAlarm,
    found: WatchedMetric,
    known: KnownLimits,
    settings: Settings,
    corrected: bool,
    mend: FixCommand,
) -> CheckItem | None:
    """The finding that it cannot fire; None where it can, or nothing proves that it cannot.

    `corrected`: its corrected version is deployed, so that nothing is left to do.
    """
    cannot = never(expected, found, known)
    proof = _impossible(expected, found, known) if cannot else _unlikely(found, known)
    if not proof:
        return _ignoring(expected, found, settings) if ignores_outages(found, settings) else None
    this = Checked.ALARM_FIRES.of(expected.name, chapter=expected.chapter)
    key = "check.alarms.never" if cannot else "check.alarms.hardly"
    said = text(key, alarm=expected.name, condition=condition(found))
    if corrected:
        beside = text("check.alarms.corrected", alarm=expected.name, corrected=expected.corrected)
        return this.green(beside, said, *proof)
    should, is_now = (chance(each, known, BUSY) for each in (expected.watch, found))
    made_dead = should is not None and is_now is not None and is_now < should / _FAR
    red = (cannot or made_dead) and expected.severity is Severity.HIGH
    return this.item(RED if red else AMBER, said, *proof).with_fix(mend)


def ignores_outages(watch: WatchedMetric, settings: Settings) -> bool:
    """Whether it fires only when more requests fail than any outage has to reach: a larger share, or more
    than fail when all of a busy day come within one period."""
    rule = rule_of(watch, settings)
    if not isinstance(rule, AlarmRule):
        return False
    asked = BUSY * rule.requests.calls
    return not rule.breaches(asked, int(FAILING * asked))


def _ignoring(expected: ExpectedAlarm, found: WatchedMetric, settings: Settings) -> CheckItem:
    this = Checked.ALARM_FIRES.of(expected.name, chapter=expected.chapter)
    said = text(
        "check.alarms.ignores",
        alarm=expected.name,
        percent=_percent(FAILING),
        sessions=BUSY,
        condition=condition(found),
    )
    parameter = text("check.alarms.parameter", parameter=expected.parameter) if expected.parameter else None
    red = expected.severity is Severity.HIGH
    ours = expected.kind in (AlarmOwner.OURS, AlarmOwner.CORRECTED)
    command = commands.detect_drift(settings) if ours else ""
    return this.item(RED if red else AMBER, said, *filter(None, [parameter]), command=command)


def never(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> bool:
    """Whether it is proved that it cannot fire."""
    return ranges.never(found, known, _yields(expected, found))


def quiet(name: str, watch: WatchedMetric, known: KnownLimits) -> Text | None:
    """An alarm on a count that works on a busy day, but cannot fire on a quiet one."""
    least, most = chance(watch, known, QUIET), chance(watch, known, BUSY)
    if least is None or most is None or least >= CHANCE:
        return None
    likely = {"least": _percent(least), "most": _percent(most)}
    return text("check.alarms.quiet", alarm=name, quiet=QUIET, busy=BUSY, **likely)


def unjudged(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> bool:
    """The time-out of one of our functions would have to be known for it."""
    function = function_of(found, known, _yields(expected, found))
    return function in (known.create, known.result) and function not in known.timeouts


def _yields(expected: ExpectedAlarm, found: WatchedMetric) -> Yields | None:
    """Known only of metric math that is as deployed."""
    return expected.yields if found.queries and same_math(expected.watch, found) else None


def _impossible(expected: ExpectedAlarm, found: WatchedMetric, known: KnownLimits) -> Texts:
    gaps = text("check.alarms.gaps", missing=found.missing)
    if ranges.absent(found, known):
        return text("check.alarms.absent", metric=found.metric), gaps
    yields = _yields(expected, found)
    possible = ranges.values(found, known, yields)
    if possible is None:
        return ()
    because: Texts = ()
    if function := function_of(found, known, yields):
        because = (text("check.alarms.cut", function=function, seconds=known.timeouts[function]),)
    elif found.metric in ONES:
        because = (text("check.alarms.ones", metric=found.metric),)
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


def _unlikely(watch: WatchedMetric, known: KnownLimits) -> Texts:
    share = needed_share(watch, known)
    if share is not None and share >= SHARE:
        function = function_of(watch, known)
        limit = known.timeouts[function]
        values: Values = {"percent": _percent(share), "function": function, "seconds": limit}
        return text("check.alarms.share", usual=limit * USUAL, **values), text("check.alarms.tail")
    likely = chance(watch, known, BUSY)
    if likely is None or likely >= CHANCE:
        return ()
    least, most = (a_day * watch.period / 86_400 for a_day in (QUIET, BUSY))
    return (
        text("check.alarms.counts", least=least, most=most, minutes=watch.period / 60),
        text("check.alarms.odds", percent=_percent(likely), sessions=BUSY),
    )


def _percent(share: float) -> float:
    return round(share * 100, 1)


def needed_share(watch: WatchedMetric, known: KnownLimits) -> float | None:
    """Share of all runs (0-1) that must end at the time-out before the average breaches; None: no average."""
    limit = known.timeouts.get(function_of(watch, known))
    upwards = watch.comparison in (ABOVE, FROM)
    if watch.statistic != "Average" or limit is None or not upwards or watch.threshold is None:
        return None
    seconds = watch.threshold / (1000 if watch.metric == "Duration" else 1)
    return max(0.0, (seconds / limit - USUAL) / (1 - USUAL))


def chance(watch: WatchedMetric, known: KnownLimits, a_day: int) -> float | None:
    """Chance (0-1) that it goes off within an hour in which every session fails; None: it counts none."""
    ours = dict(watch.dimensions).get("FunctionName") in (known.create, known.result)
    counted = watch.metric in _A_SESSION and (watch.namespace == known.namespace or ours)
    upwards = watch.comparison in (ABOVE, FROM)
    if not counted or watch.statistic != "Sum" or not upwards or watch.threshold is None:
        return None
    equal = watch.comparison == FROM
    least = math.ceil(watch.threshold) if equal else math.floor(watch.threshold) + 1
    period, datapoints = max(watch.period, 1), max(watch.datapoints, 1)
    breached = _at_least(least, a_day * period / 86_400) ** datapoints
    windows = max(1.0, 3600 / period / datapoints)
    return float(1 - (1 - breached) ** windows)


def _at_least(least: int, mean: float) -> float:
    """Poisson: as many or more, where `mean` are expected."""
    if least > 10 * mean + _BEYOND:
        return 0.0
    fewer = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(max(least, 0)))
    return min(1.0, max(0.0, 1 - fewer))
