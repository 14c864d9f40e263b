"""How long one function takes, next to what the service measures itself."""

from dataclasses import replace
from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.text import text
from responder.evidence import metrics
from responder.evidence.metrics import Metric, Spread, of_function, of_spread, spread

# The manual's alarm lines, one second below each function's time-out.
LIMITS = {LivenessFunction.CREATE: 9.0, LivenessFunction.RESULT: 14.0}
# Lambda measures in milliseconds.
_PER_SECOND = 1000
# What the service measures itself, from inside the function.
OWN = {LivenessFunction.CREATE: "SessionCreationTime", LivenessFunction.RESULT: "VerificationTime"}


@frozen
class Durations:
    """Duration of one function over 1 h in seconds, compared with the service's own measurement.

    `verification` is VerificationTime (GetLivenessResult) or SessionCreationTime (CreateLivenessSession).
    It cannot hold requests that were killed: read it together with `duration`.
    """

    function: str
    duration: Spread
    recent: Spread
    verification: Spread


@frozen
class Timing(metrics.MetricLook):
    """Lambda Duration over 1 h and 15 min, and the service's own time over 1 h; in seconds."""

    KEY, SUBJECT = "timing", Subject.DURATION
    function: LivenessFunction

    def look(self, context: Context) -> Durations:
        """The hour with both metrics, then the last quarter of it."""
        name = self.function.deployed_name(context.settings)
        duration = of_function("Duration", "", name, metrics.HOUR)
        own = Metric(context.settings.namespace, OWN[self.function], "", period=metrics.HOUR)
        hour = of_spread("duration", duration, "p99") | of_spread("own", own, "p99")
        quarter = of_spread("recent", replace(duration, period=metrics.HOUR // 4), "p99")
        found = metrics.read(context, hour, *metrics.window(context.now, hours=1))
        found |= metrics.read(context, quarter, *metrics.window(context.now, minutes=15))
        times = (
            spread(found, "duration", _PER_SECOND),
            spread(found, "recent", _PER_SECOND),
            spread(found, "own"),
        )
        return Durations(name, *times)

    def findings(self, fact: Durations, context: Context) -> Findings:
        """The tail first: an average hides time-outs."""
        limit = LIMITS[self.function]
        measured = ("AWS/Lambda", "Duration", "FunctionName", fact.function)
        link = metrics.graph(context, measured, stat="p99", period=300)
        if not fact.duration.samples:
            said = text("evidence.timing.nothing", function=fact.function)
            return (self.finding(Tone.INFO, said, 0, link=link),)
        shown = fact.duration.shown("minimum", "p99")
        said = text("evidence.timing", function=fact.function, limit=limit, **shown)
        recent = text("evidence.timing.nothing_recent")
        if fact.recent.samples:
            recent = text("evidence.timing.recent", **fact.recent.shown("minimum", "p99"))
        metric, verification = OWN[self.function], fact.verification
        own = text("evidence.timing.own_nothing", metric=metric)
        if verification.samples:
            own = text("evidence.timing.own", metric=metric, **verification.shown("minimum"))
        tails = [tail for tail in (fact.duration.p99, fact.recent.p99) if tail is not None]
        tone = Tone.INFO if not tails else Tone.RED if max(tails) >= limit else Tone.NORMAL
        numbers = {} if fact.duration.p99 is None else {"p99": fact.duration.p99}
        samples = fact.duration.samples
        return (self.finding(tone, said, samples, (recent, own), numbers, link, over=timedelta(hours=1)),)
