"""How the confidence scores are spread: low scores, zeros, and the week before."""

from collections.abc import Mapping
from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.text import Text, Texts, text
from responder.evidence import metrics
from responder.evidence.base import or_none
from responder.evidence.metrics import Metric

NORMAL_ABOVE = 90.0
ALARM_BELOW = 92.0
FEW = 5
MANY_ZEROS = 0.1
DROP = 3.0
_SHOWN_BANDS = {"zero": "zero", "low": "low", "middle": "middle", "near": "near", "pass": "passed"}


@frozen
class Scores:
    """ConfidenceScore over the last hour, and the same hour a week ago; `recent` is the average of 15 min.

    `bands` counts scores: `zero` (0: no result, usually unfinished), `low` (0 to 50], `middle` (50 to 80],
    `near` (80 to threshold), `pass` (threshold and above). None where there was no datapoint.
    """

    samples: int
    average: float | None
    p10: float | None
    p50: float | None
    p90: float | None
    bands: Mapping[str, int]
    last_week: float | None
    last_week_samples: int
    threshold: float
    recent: float | None = None
    recent_samples: int = 0


def tone(fact: Scores) -> Tone:
    """Between 90 and 92 the manual says both: amber."""
    if fact.average is None or fact.samples < FEW:
        return Tone.INFO
    if fact.average >= ALARM_BELOW:
        return Tone.NORMAL
    return Tone.AMBER if fact.average > NORMAL_ABOVE else Tone.RED


def zero_share(fact: Scores) -> float:
    """Scores of 0 ÷ all scores: results asked for before the user finished, or abandoned."""
    return fact.bands.get("zero", 0) / fact.samples if fact.samples else 0.0


def _remarks(fact: Scores) -> Texts:
    remarks: list[Text] = []
    if fact.samples < FEW:
        remarks.append(text("evidence.few", count=fact.samples))
    if fact.average is not None and NORMAL_ABOVE < fact.average < ALARM_BELOW:
        remarks.append(text("evidence.scores.both"))
    if zero_share(fact) > MANY_ZEROS:
        remarks.append(
            text("evidence.scores.zeros", percent=100 * zero_share(fact), count=fact.bands["zero"])
        )
    return tuple(remarks)


def _week(fact: Scores) -> Text:
    if fact.last_week is None or fact.average is None:
        return text("evidence.scores.no_week")
    change = fact.average - fact.last_week
    key = "evidence.scores.week_fell" if change <= -DROP else "evidence.scores.week"
    return text(key, before=fact.last_week, samples=fact.last_week_samples, change=change)


METRIC = "ConfidenceScore"
STATISTICS = {"average": "Average", "p10": "p10", "p50": "p50", "p90": "p90", "samples": "SampleCount"}
# TC(low:high) counts values above low up to and with high. A score at the threshold passes, and a
# missing score is a plain 0: so both borders are drawn a little below.
BELOW = 0.0001
ZERO = 0.5
_WEEK = timedelta(days=7)


@frozen
class ScoreSpread(metrics.MetricLook):
    """ConfidenceScore of the last hour against the same hour a week ago."""

    KEY, SUBJECT = "scores", Subject.SCORES

    def look(self, context: Context) -> Scores:
        """This hour with its bands, then the hour a week ago."""
        start, end = metrics.window(context.now, hours=1)
        threshold, namespace = context.settings.confidence_threshold, context.settings.namespace
        asked = _asked(context, {**STATISTICS, **bands(threshold)})
        asked["minute_average"] = Metric(namespace, METRIC, "Average")
        asked["minutes"] = Metric(namespace, METRIC, "SampleCount")
        found = metrics.read(context, asked, start, end)
        recent = found["minutes"].since(context.ago(minutes=15))
        before = _asked(context, {"average": "Average", "samples": "SampleCount"})
        week_ago = metrics.read(context, before, start - _WEEK, end - _WEEK)
        samples = found["samples"]
        return Scores(
            samples=round(samples.total),
            average=metrics.weighted(found["average"], samples),
            p10=metrics.weighted(found["p10"], samples),
            p50=metrics.weighted(found["p50"], samples),
            p90=metrics.weighted(found["p90"], samples),
            bands={band: round(found[band].total) for band in bands(threshold)},
            last_week=metrics.weighted(week_ago["average"], week_ago["samples"]),
            last_week_samples=round(week_ago["samples"].total),
            threshold=threshold,
            recent=metrics.weighted(found["minute_average"].since(context.ago(minutes=15)), recent),
            recent_samples=round(recent.total),
        )

    def findings(self, fact: Scores, context: Context) -> Findings:
        """One finding: the average first, then what explains it."""
        link = metrics.graph(context, (context.settings.namespace, METRIC), stat="Average", period=300)
        if not fact.samples:
            return (self.finding(Tone.INFO, text("evidence.scores.nothing"), 0, link=link),)
        said = text("evidence.scores", average=or_none(fact.average), samples=fact.samples)
        percentiles = {"p10": or_none(fact.p10), "p50": or_none(fact.p50), "p90": or_none(fact.p90)}
        bands = {shown: fact.bands.get(band, 0) for band, shown in _SHOWN_BANDS.items()}
        details = [*_remarks(fact)]
        if fact.recent is not None:
            recent = {"average": fact.recent, "samples": fact.recent_samples}
            details.append(text("evidence.scores.recent", **recent))
        details.append(text("evidence.scores.percentiles", **percentiles))
        details.append(text("evidence.scores.bands", threshold=fact.threshold, **bands))
        details.append(_week(fact))
        numbers = {name: float(count) for name, count in fact.bands.items()}
        if fact.average is not None:
            numbers["average"] = fact.average
        return (
            self.finding(tone(fact), said, fact.samples, details, numbers, link, over=timedelta(hours=1)),
        )


def bands(threshold: float) -> Mapping[str, str]:
    """The statistic that counts each band."""
    edge = f"{threshold - BELOW:.4f}"
    return {
        "zero": f"TC(:{ZERO})",
        "low": f"TC({ZERO}:50)",
        "middle": "TC(50:80)",
        "near": f"TC(80:{edge})",
        "pass": f"TC({edge}:)",
    }


def _asked(context: Context, statistics: Mapping[str, str]) -> dict[str, Metric]:
    namespace = context.settings.namespace
    return {key: Metric(namespace, METRIC, stat, period=metrics.HOUR) for key, stat in statistics.items()}
