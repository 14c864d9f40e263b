"""How long one function takes, next to what the service measures itself."""

from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.series import Series
from responder.core.text import Text, Value, text
from responder.evidence import metrics
from responder.evidence.base import or_none
from responder.evidence.metrics import Metric, seconds
from responder.evidence.traffic import Durations, Spread

STATISTICS = {
    "average": "Average",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "p99": "p99",
    "samples": "SampleCount",
}
# The manual's alarm lines, one second below each function's time-out.
LIMITS = {LivenessFunction.CREATE: 9.0, LivenessFunction.RESULT: 14.0}


# What the service measures itself, from inside the function.
OWN = {LivenessFunction.CREATE: "SessionCreationTime", LivenessFunction.RESULT: "VerificationTime"}


@frozen
class Timing(metrics.MetricLook):
    """Lambda Duration over 1 h and 15 min, and the service's own time over 1 h; in seconds."""

    KEY, SUBJECT = "timing", Subject.DURATION
    which: LivenessFunction

    def look(self, context: Context) -> Durations:
        """The hour with both metrics, then the last quarter of it."""
        function = self.which.function(context.settings)
        hour = {
            **_statistics("duration", "AWS/Lambda", "Duration", metrics.HOUR, function),
            **_statistics("verification", context.settings.namespace, OWN[self.which], metrics.HOUR),
        }
        quarter = _statistics("recent", "AWS/Lambda", "Duration", metrics.HOUR // 4, function)
        found = metrics.read(context, hour, *metrics.window(context.now, hours=1))
        found |= metrics.read(context, quarter, *metrics.window(context.now, minutes=15))
        return Durations(
            function=function,
            duration=_spread(found, "duration", milliseconds=True),
            recent=_spread(found, "recent", milliseconds=True),
            verification=_spread(found, "verification"),
        )

    def tell(self, fact: Durations, context: Context) -> tuple[Finding, ...]:
        """The tail first: an average hides time-outs."""
        limit = LIMITS[self.which]
        measured = ("AWS/Lambda", "Duration", "FunctionName", fact.function)
        link = metrics.graph(context, measured, stat="p99", period=300)
        if not fact.duration.samples:
            said = text("evidence.timing.nothing", function=fact.function)
            return (self.finding(Tone.INFO, said, 0, link=link),)
        said = text(
            "evidence.timing",
            function=fact.function,
            p99=or_none(fact.duration.p99),
            limit=limit,
            **_shown(fact.duration),
        )
        details = [_recent(fact.recent), _own(OWN[self.which], fact.verification)]
        tails = [tail for tail in (fact.duration.p99, fact.recent.p99) if tail is not None]
        tone = Tone.INFO if not tails else Tone.RED if max(tails) >= limit else Tone.NORMAL
        numbers = {} if fact.duration.p99 is None else {"p99": fact.duration.p99}
        samples = fact.duration.samples
        return (self.finding(tone, said, samples, details, numbers, link, over=timedelta(hours=1)),)


def _recent(spread: Spread) -> Text:
    if not spread.samples:
        return text("evidence.timing.nothing_recent")
    return text("evidence.timing.recent", p99=or_none(spread.p99), **_shown(spread))


def _own(metric: str, spread: Spread) -> Text:
    if not spread.samples:
        return text("evidence.timing.own_nothing", metric=metric)
    return text("evidence.timing.own", metric=metric, **_shown(spread))


def _statistics(key: str, namespace: str, name: str, period: int, function: str = "") -> dict[str, Metric]:
    dimensions = (("FunctionName", function),) if function else ()
    return {
        f"{key} {each}": Metric(namespace, name, stat, dimensions, period)
        for each, stat in STATISTICS.items()
    }


def _spread(found: dict[str, Series], key: str, milliseconds: bool = False) -> Spread:
    samples = found[f"{key} samples"]
    values = (
        metrics.weighted(found[f"{key} average"], samples),
        metrics.lowest(found[f"{key} minimum"]),
        found[f"{key} maximum"].peak,
        found[f"{key} p99"].peak,
    )
    return Spread(round(samples.total), *(seconds(value) if milliseconds else value for value in values))


def _shown(spread: Spread) -> dict[str, Value]:
    return {
        "average": or_none(spread.average),
        "minimum": or_none(spread.minimum),
        "maximum": or_none(spread.maximum),
        "samples": spread.samples,
    }
