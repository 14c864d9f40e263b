"""What the service counted, by the hour: days of any zone and months add up from it. Its rates and means."""

from datetime import date, datetime, timedelta, tzinfo
from math import gcd

from responder.checks import days
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.proportion import bounds
from responder.core.series import Series, SeriesByName
from responder.core.text import Text, text
from responder.evidence import metrics
from responder.evidence.metrics import Metric
from responder.evidence.scores import ZERO

# Below this a rate says nothing (design, remedy rollout_to_zero, takes the same number).
ENOUGH = 20
ENOUGH_FOR_A_MEAN = 5


def decimals(number: float) -> str:
    """Digits after the point, at most two: 94.96 must not be shown as the 95 that it misses."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


@frozen
class Share:
    """`count` of `samples`. Metrics that lag behind each other never make more than all."""

    count: float
    samples: float

    @property
    def value(self) -> float | None:
        """Percent, 0 to 100; None of nothing."""
        return min(100.0, 100 * self.count / self.samples) if self.samples > 0 else None

    @property
    def enough(self) -> bool:
        """There are enough samples to judge by."""
        return self.samples >= ENOUGH

    @property
    def drawn(self) -> float | None:
        """The percentage for a chart; None if there are too few samples."""
        return self.value if self.samples >= ENOUGH_FOR_A_MEAN else None

    @property
    def shown(self) -> Text:
        """`96.7 % (of 300)`."""
        if self.value is None:
            return text("checks.none")
        key = "checks.share" if self.enough else "checks.share.few"
        return text(key, percent=decimals(self.value), samples=round(self.samples))

    def bounds(self) -> tuple[float, float]:
        """Between which percentages the true rate is with 95 % confidence (Wilson); 0 to 100 without
        samples."""
        low, high = bounds(self.count, self.samples)
        return 100 * low, 100 * high


@frozen
class Mean:
    """The mean of `samples` values that add up to `total`; `unit` is a key: `points` or `seconds`."""

    total: float
    samples: float
    unit: str

    @property
    def value(self) -> float | None:
        """The mean; None without samples."""
        return self.total / self.samples if self.samples > 0 else None

    @property
    def enough(self) -> bool:
        """There are enough samples to judge by."""
        return self.samples >= ENOUGH_FOR_A_MEAN

    @property
    def shown(self) -> Text:
        """`97.1 (300 values)`."""
        if self.value is None:
            return text("checks.none")
        key = f"checks.mean.{self.unit}" if self.enough else f"checks.mean.{self.unit}.few"
        return text(key, value=decimals(self.value), samples=round(self.samples))


# Statistics that add up; none of these metrics has a dimension. TC(:x) counts the values up to x.
METRICS = {
    "created": ("SessionCreated", "Sum"),
    "creation_errors": ("SessionCreationError", "Sum"),
    "success": ("SuccessCount", "Sum"),
    "failure": ("FailureCount", "Sum"),
    "errors": ("VerificationError", "Sum"),
    "scores": ("ConfidenceScore", "SampleCount"),
    "score_sum": ("ConfidenceScore", "Sum"),
    "zeros": ("ConfidenceScore", f"TC(:{ZERO})"),
    "times": ("VerificationTime", "SampleCount"),
    "time_sum": ("VerificationTime", "Sum"),
}
# AWS: GetMetricData: what began longer ago gives no datapoint for a period that is no whole hour.
_FINE = timedelta(days=63)


@frozen
class Counts:
    """Sums over one span. `zeros` are results with the score 0: asked too early, or given up."""

    created: float = 0.0
    creation_errors: float = 0.0
    success: float = 0.0
    failure: float = 0.0
    errors: float = 0.0
    scores: float = 0.0
    score_sum: float = 0.0
    zeros: float = 0.0
    times: float = 0.0
    time_sum: float = 0.0

    @property
    def success_rate(self) -> Share:
        """Successes of all results."""
        return Share(self.success, self.success + self.failure)

    @property
    def finished_rate(self) -> Share:
        """Successes of the results with a score: without those that were asked too early or given up."""
        return Share(self.success, self.success + max(0.0, self.failure - self.zeros))

    @property
    def unfinished(self) -> Share:
        """Results with the score 0 of all results."""
        return Share(self.zeros, self.success + self.failure)

    @property
    def error_rate(self) -> Share:
        """Faults of the service of all requests for a result; a refused face is no fault."""
        return Share(self.errors, self.success + self.failure + self.errors)

    @property
    def creation_error_rate(self) -> Share:
        """Sessions that could not be made, of those that were asked for."""
        return Share(self.creation_errors, self.created + self.creation_errors)

    @property
    def confidence(self) -> Mean:
        """The average score, 0 to 100."""
        return Mean(self.score_sum, self.scores, "points")

    @property
    def real_confidence(self) -> Mean:
        """The average of the scores that are results: without zeros."""
        return Mean(self.score_sum, max(0.0, self.scores - self.zeros), "points")

    @property
    def answered(self) -> Share:
        """Results and errors, of the sessions made: a function that is stopped puts no metric at all."""
        return Share(self.success + self.failure + self.errors, self.created)

    @property
    def time(self) -> Mean:
        """The duration of a request for a result, in seconds."""
        return Mean(self.time_sum, self.times, "seconds")

    @property
    def unverified(self) -> Share:
        """Sessions without a result, approximately: a result that is requested twice counts twice."""
        finished = max(0.0, self.success + self.failure - self.zeros)
        return Share(max(0.0, self.created - finished), self.created)


def read(context: Context, start: datetime, end: datetime, *names: str) -> dict[str, Series]:
    """The named ones, or all, in one request; raises errors of `responder.core.errors`."""
    period, namespace = step(start, end, context.now), context.settings.namespace
    asked = {key: Metric(namespace, *METRICS[key], (), period) for key in names or METRICS}
    return metrics.read(context, asked, start, end)


def created(context: Context, start: datetime, end: datetime) -> Series:
    """Sessions alone, for a longer time back."""
    return read(context, start, end, "created")["created"]


def of(found: SeriesByName, start: datetime, end: datetime) -> Counts:
    """The sums over [start, end)."""
    return Counts(**{key: found[key].between(start, end).total for key in METRICS if key in found})


def on(found: SeriesByName, day: date, where: tzinfo) -> Counts:
    """The sums of one day of the zone."""
    return of(found, days.start_of(day, where), days.start_of(days.before(day, -1), where))


def step(start: datetime, end: datetime, now: datetime) -> int:
    """Seconds of a period: an hour, or what fits days that begin within one. Old data is kept by the hour."""
    if now - start > _FINE:
        return metrics.HOUR
    return gcd(metrics.HOUR, 60 * start.minute, 60 * end.minute)
