"""How long it takes to create a session (manual, セッション作成が遅い: 5 秒以上)."""

from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.evidence import metrics
from responder.evidence.base import or_none
from responder.evidence.metrics import Metric


@frozen
class Waits:
    """SessionCreationTime over one window, in seconds; None where there was no datapoint."""

    samples: int
    average: float | None
    p90: float | None
    maximum: float | None


@frozen
class CreationTimes:
    """Over the last `hours` and over the last 15 min; `hours` is 3 where one hour holds too few sessions.

    Measured inside the function: it holds no session whose request was killed, and no cold start's init.
    """

    whole: Waits
    recent: Waits
    hours: int = 1


METRIC = "SessionCreationTime"
STATISTICS = {"average": "Average", "p90": "p90", "maximum": "Maximum", "samples": "SampleCount"}


@frozen
class CreationTime(metrics.MetricLook):
    """SessionCreationTime of the last hour (or three of them) and the last quarter of it, in seconds."""

    KEY, SUBJECT = "creation_time", Subject.DURATION

    def look(self, context: Context) -> CreationTimes:
        """One request for each window: CloudWatch joins no percentiles of several periods."""
        recent, hour = _over(context, 15), _over(context, 60)
        # The owner of little traffic has the alarm look at three hours (docs/alarms.md).
        if hour.samples >= context.settings.minimum_samples:
            return CreationTimes(hour, recent)
        return CreationTimes(_over(context, 180), recent, 3)

    def tell(self, fact: CreationTimes, context: Context) -> tuple[Finding, ...]:
        """The p90 against the manual's 5 s, with how many sessions it counts."""
        link = metrics.graph(context, (context.settings.namespace, METRIC), stat="p90", period=300)
        if not fact.whole.samples:
            return (self.finding(Tone.INFO, text("evidence.creation_time.nothing"), 0, link=link),)
        said = text(
            "evidence.creation_time",
            limit=context.settings.slow_session_creation_seconds,
            hours=fact.hours,
            **_shown(fact.whole),
        )
        numbers = {} if fact.whole.p90 is None else {"p90": fact.whole.p90}
        tone, details = _tone(fact, context.settings), _details(fact, context.settings)
        over = timedelta(hours=fact.hours)
        return (self.finding(tone, said, fact.whole.samples, details, numbers, link, over=over),)


def slow(waits: Waits, settings: Settings) -> bool | None:
    """The p90 is above the limit; None where too few sessions were created to say so: the slowest of ten is
    one user's bad luck."""
    if waits.samples < settings.minimum_samples or waits.p90 is None:
        return None
    return waits.p90 > settings.slow_session_creation_seconds


def _tone(fact: CreationTimes, settings: Settings) -> Tone:
    whole, recent = (slow(each, settings) for each in (fact.whole, fact.recent))
    if recent is None and whole is None:
        return Tone.INFO
    if recent or (recent is None and whole):
        return Tone.RED
    return Tone.AMBER if whole else Tone.NORMAL


def _details(fact: CreationTimes, settings: Settings) -> tuple[Text, ...]:
    if fact.recent.samples:
        recent = text("evidence.creation_time.recent", **_shown(fact.recent))
    else:
        recent = text("evidence.creation_time.nothing_recent")
    few = text("evidence.creation_time.few", count=fact.whole.samples, enough=settings.minimum_samples)
    killed = text("evidence.creation_time.killed")
    return (recent, killed) if slow(fact.whole, settings) is not None else (few, recent, killed)


def _over(context: Context, minutes: int) -> Waits:
    namespace, period = context.settings.namespace, minutes * metrics.MINUTE
    asked = {key: Metric(namespace, METRIC, stat, period=period) for key, stat in STATISTICS.items()}
    found = metrics.read(context, asked, *metrics.window(context.now, minutes=minutes))
    samples = found["samples"]
    average, p90 = (metrics.weighted(found[key], samples) for key in ("average", "p90"))
    return Waits(round(samples.total), average, p90, found["maximum"].peak)


def _shown(waits: Waits) -> dict[str, Value]:
    return {
        "average": or_none(waits.average),
        "p90": or_none(waits.p90),
        "maximum": or_none(waits.maximum),
        "samples": waits.samples,
    }
