"""Can it go off at all? The finding with its proof. Pure."""

import math

from responder.check import Item, Light
from responder.checks import alarms_range as ranges
from responder.checks.alarms_deployed import Watch
from responder.checks.alarms_drift import condition
from responder.checks.alarms_expected import Expected
from responder.checks.alarms_range import Known
from responder.mode import Severity
from responder.text import Text, Value, text


def firing(expected: Expected, found: Watch, known: Known, corrected: bool, command: str) -> Item | None:
    """None where it can go off, or nothing proves that it cannot.

    `corrected`: its corrected version stands, so that nothing is left to do.
    """
    cannot = ranges.never(found, known)
    proof = _impossible(found, known) if cannot else _unlikely(found, known)
    if not proof:
        return None
    key = "check.alarms.never" if cannot else "check.alarms.hardly"
    said = text(key, alarm=expected.name, condition=condition(found))
    if corrected:
        beside = text("check.alarms.corrected", alarm=expected.name, corrected=expected.corrected)
        return Item(Light.GREEN, beside, (said, *proof), expected.chapter)
    red = cannot and expected.severity is Severity.HIGH
    return Item(Light.RED if red else Light.AMBER, said, proof, expected.chapter, command)


def quiet(name: str, watch: Watch, known: Known) -> Text | None:
    """An alarm on a count that is fine on a busy day and blind on a quiet one."""
    least = ranges.chance(watch, known, ranges.QUIET)
    most = ranges.chance(watch, known, ranges.BUSY)
    if least is None or most is None or least >= ranges.CHANCE:
        return None
    return text(
        "check.alarms.quiet",
        alarm=name,
        least=_percent(least),
        most=_percent(most),
        quiet=ranges.QUIET,
        busy=ranges.BUSY,
    )


def unjudged(watch: Watch, known: Known) -> str:
    """The function whose time-out would have to be known; "" where nothing is in the way."""
    function = ranges.function_of(watch, known)
    ours = function in (known.create, known.result)
    return function if ours and function not in known.timeouts else ""


def _impossible(watch: Watch, known: Known) -> tuple[Text, ...]:
    gaps = text("check.alarms.gaps", missing=watch.missing)
    if ranges.absent(watch, known):
        return text("check.alarms.absent", metric=watch.metric), gaps
    possible = ranges.values(watch, known)
    if possible is None:
        return ()
    return (*_because(watch, known), _bounds(watch, possible), gaps)


def _bounds(watch: Watch, possible: ranges.Range) -> Text:
    named = {"metric": watch.metric, "statistic": watch.statistic, "low": f"{possible.low:g}"}
    if math.isinf(possible.high):
        return text("check.alarms.at_least", **named)
    return text("check.alarms.between", high=f"{possible.high:g}", **named)


def _because(watch: Watch, known: Known) -> tuple[Text, ...]:
    function = ranges.function_of(watch, known)
    if function:
        return (text("check.alarms.cut", function=function, seconds=known.timeouts[function]),)
    ones = watch.metric in ("SuccessCount", "FailureCount")
    return (text("check.alarms.ones", metric=watch.metric),) if ones else ()


def _unlikely(watch: Watch, known: Known) -> tuple[Text, ...]:
    share = ranges.needed_share(watch, known)
    if share is not None and share >= ranges.SHARE:
        function = ranges.function_of(watch, known)
        limit = known.timeouts[function]
        told: dict[str, Value] = {"percent": _percent(share), "function": function, "seconds": limit}
        return (
            text("check.alarms.share", usual=limit * ranges.USUAL, **told),
            text("check.alarms.tail"),
        )
    odds = ranges.chance(watch, known, ranges.BUSY)
    if odds is None or odds >= ranges.CHANCE:
        return ()
    a_period = ranges.BUSY * watch.period / 86_400
    least = ranges.QUIET * watch.period / 86_400
    minutes = watch.period / 60
    return (
        text("check.alarms.counts", least=least, most=a_period, minutes=minutes),
        text("check.alarms.odds", percent=_percent(odds), sessions=ranges.BUSY),
    )


def _percent(share: float) -> float:
    return round(share * 100, 1)
