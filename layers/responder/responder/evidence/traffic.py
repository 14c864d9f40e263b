"""Figures from CloudWatch: requests, scores, times."""

from collections.abc import Mapping

from responder.core.frozen import frozen
from responder.core.series import Series


@frozen
class FunctionTraffic:
    """AWS/Lambda figures of one function, one-minute sums over the last 3 h."""

    invocations: Series
    errors: Series
    throttles: Series


@frozen
class Traffic:
    """By function name."""

    functions: Mapping[str, FunctionTraffic]


@frozen
class ServiceFigures:
    """FaceAuth/Liveness metrics, one-minute sums over the last 3 h (manual, カスタムメトリクス)."""

    success: Series
    failure: Series
    errors: Series
    created: Series
    creation_errors: Series
    not_found: Series
    expired: Series


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


@frozen
class Spread:
    """One statistic set over a window; None where there was no datapoint."""

    samples: int
    average: float | None
    minimum: float | None
    maximum: float | None
    p99: float | None


@frozen
class Durations:
    """Duration of one function over 1 h in seconds, beside the service's own measurement.

    `verification` is VerificationTime (GetLivenessResult) or SessionCreationTime (CreateLivenessSession).
    It cannot hold requests that were killed: read it together with `duration`.
    """

    function: str
    duration: Spread
    recent: Spread
    verification: Spread


@frozen
class Headroom:
    """Busiest second we can see against a declared quota (requests per second, per operation)."""

    peak_per_second: float
    quota_per_second: float
    throttled: int = 0
