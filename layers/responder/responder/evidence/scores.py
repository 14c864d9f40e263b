"""How the confidence scores are spread: low scores, zeros, and the week before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.core.context import Context
from responder.core.finding import Finding
from responder.core.permissions import Permission
from responder.core.series import Series
from responder.evidence import metrics, tell_scores
from responder.evidence.facts import Scores
from responder.evidence.metrics import Metric

METRIC = "ConfidenceScore"
STATISTICS = {"average": "Average", "p10": "p10", "p50": "p50", "p90": "p90", "samples": "SampleCount"}
# TC(low:high) counts values above low up to and with high. A score at the threshold passes, and a
# missing score is a plain 0: so both borders are drawn a little below.
BELOW = 0.0001
ZERO = 0.5


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """ConfidenceScore of the last hour against the same hour a week ago."""

    @property
    def name(self) -> str:
        """Its key."""
        return "scores"

    def needs(self) -> tuple[Permission, ...]:
        """Metrics."""
        return metrics.NEEDS

    def look(self, context: Context) -> Scores:
        """This hour with its bands, then the hour a week ago."""
        start, end = metrics.window(context.now, hours=1)
        threshold = context.settings.confidence_threshold
        asked = _asked(context, {**STATISTICS, **bands(threshold)}) | _by_minute(context)
        found = metrics.read(context, asked, start, end)
        recent = found["minutes"].since(context.ago(minutes=15))
        before = _read_before(context, start, end)
        samples = found["samples"]
        return Scores(
            samples=round(samples.total),
            average=metrics.weighted(found["average"], samples),
            p10=metrics.weighted(found["p10"], samples),
            p50=metrics.weighted(found["p50"], samples),
            p90=metrics.weighted(found["p90"], samples),
            bands={band: round(found[band].total) for band in bands(threshold)},
            last_week=metrics.weighted(before["average"], before["samples"]),
            last_week_samples=round(before["samples"].total),
            threshold=threshold,
            recent=metrics.weighted(found["minute_average"].since(context.ago(minutes=15)), recent),
            recent_samples=round(recent.total),
        )

    def tell(self, fact: Scores, context: Context) -> tuple[Finding, ...]:
        """The spread, and what drags it down."""
        return tell_scores.tell(self.name, fact, context)


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


def _by_minute(context: Context) -> dict[str, Metric]:
    namespace = context.settings.namespace
    return {
        "minute_average": Metric(namespace, METRIC, "Average"),
        "minutes": Metric(namespace, METRIC, "SampleCount"),
    }


def _read_before(context: Context, start: datetime, end: datetime) -> Mapping[str, Series]:
    week = timedelta(days=7)
    asked = _asked(context, {"average": "Average", "samples": "SampleCount"})
    return metrics.read(context, asked, start - week, end - week)


def _asked(context: Context, statistics: Mapping[str, str]) -> dict[str, Metric]:
    namespace = context.settings.namespace
    return {key: Metric(namespace, METRIC, stat, period=metrics.HOUR) for key, stat in statistics.items()}
