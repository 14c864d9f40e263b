"""How long it takes to create a session (manual, セッション作成が遅い: 5 秒以上)."""

from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Texts, text
from responder.evidence import metrics
from responder.evidence.metrics import Metric, Spread, of_spread, spread


@frozen
class CreationTimes:
    """Over the last `hours` and over the last 15 min; `hours` is 3 where one hour holds too few sessions.

    Measured inside the function: it holds no session whose request was killed, and no cold start's init.
    """

    whole: Spread
    recent: Spread
    hours: int = 1


METRIC = "SessionCreationTime"
# Sessions below which nothing is said of the slowest tenth, as in our alarm of that name.
FEWEST = 20


@frozen
class CreationTime(metrics.MetricLook):
    """SessionCreationTime of the last hour (or three of them) and the last quarter of it, in seconds."""

    KEY, SUBJECT = "creation_time", Subject.DURATION

    def look(self, context: Context) -> CreationTimes:
        """One request for each window: CloudWatch joins no percentiles of several periods."""
        recent, hour = _over(context, 15), _over(context, 60)
        # With little traffic the alarm can be set to evaluate three hours (docs/alarms.md).
        if hour.samples >= FEWEST:
            return CreationTimes(hour, recent)
        return CreationTimes(_over(context, 180), recent, 3)

    def findings(self, fact: CreationTimes, context: Context) -> Findings:
        """The p90 against the manual's 5 s, with how many sessions it counts."""
        link = metrics.graph(context, (context.settings.namespace, METRIC), stat="p90", period=300)
        if not fact.whole.samples:
            return (self.finding(Tone.INFO, text("evidence.creation_time.nothing"), 0, link=link),)
        said = text(
            "evidence.creation_time",
            limit=context.settings.slow_session_creation_seconds,
            hours=fact.hours,
            **fact.whole.shown("p90"),
        )
        numbers = {} if fact.whole.p90 is None else {"p90": fact.whole.p90}
        tone, details = _tone(fact, context.settings), _details(fact, context.settings)
        over = timedelta(hours=fact.hours)
        return (self.finding(tone, said, fact.whole.samples, details, numbers, link, over=over),)


def slow(waits: Spread, settings: Settings) -> bool | None:
    """The p90 is above the limit; None where too few sessions were created: the slowest of ten is
    one user's bad luck."""
    if waits.samples < FEWEST or waits.p90 is None:
        return None
    return waits.p90 > settings.slow_session_creation_seconds


def _tone(fact: CreationTimes, settings: Settings) -> Tone:
    whole, recent = (slow(each, settings) for each in (fact.whole, fact.recent))
    if recent is None and whole is None:
        return Tone.INFO
    if recent or (recent is None and whole):
        return Tone.RED
    return Tone.AMBER if whole else Tone.NORMAL


def _details(fact: CreationTimes, settings: Settings) -> Texts:
    if fact.recent.samples:
        recent = text("evidence.creation_time.recent", **fact.recent.shown("p90"))
    else:
        recent = text("evidence.creation_time.nothing_recent")
    few = text("evidence.creation_time.few", count=fact.whole.samples, enough=FEWEST)
    killed = text("evidence.creation_time.killed")
    return (recent, killed) if slow(fact.whole, settings) is not None else (few, recent, killed)


def _over(context: Context, minutes: int) -> Spread:
    metric = Metric(context.settings.namespace, METRIC, "", period=minutes * metrics.MINUTE)
    asked = of_spread("time", metric, "p90")
    return spread(metrics.read(context, asked, *metrics.window(context.now, minutes=minutes)), "time")
