"""The service's own metrics: successes, failures, errors, sessions."""

from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Finding, Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.series import Series
from responder.core.text import Text, text
from responder.evidence import metrics
from responder.evidence.metrics import Metric

CLOSE = 0.8
_HOUR = timedelta(hours=1)


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
class Headroom:
    """Busiest second we can see against a declared quota (requests per second, per operation)."""

    peak_per_second: float
    quota_per_second: float
    throttled: int = 0


@frozen
class QuotaHeadroom(metrics.MetricLook):
    """Sessions created per second against the declared quota; AWS publishes no usage of it."""

    KEY, SUBJECT = "headroom", Subject.QUOTA

    def look(self, context: Context) -> Headroom:
        """One-minute sums of the last hour; the busiest one counts."""
        asked = {"created": Metric(context.settings.namespace, "SessionCreated", "Sum")}
        found = metrics.read(context, asked, *metrics.window(context.now, hours=1))
        peak = (found["created"].peak or 0.0) / metrics.MINUTE
        return Headroom(peak, context.settings.quota_per_second)

    def findings(self, fact: Headroom, context: Context) -> Findings:
        """The peak as an average of its minute: a burst within it cannot be seen."""
        said = text("evidence.headroom", peak=fact.peak_per_second, quota=fact.quota_per_second)
        close = fact.peak_per_second >= CLOSE * fact.quota_per_second
        link = metrics.graph(context, (context.settings.namespace, "SessionCreated"), hours=1)
        tone = Tone.AMBER if close else Tone.NORMAL
        return (self.finding(tone, said, numbers={"peak": fact.peak_per_second}, link=link, over=_HOUR),)


METRICS = {
    "success": "SuccessCount",
    "failure": "FailureCount",
    "errors": "VerificationError",
    "created": "SessionCreated",
    "creation_errors": "SessionCreationError",
    "not_found": "SessionNotFound",
    "expired": "SessionExpired",
}
FEW = 5
TARGET = 95.0
MANY_ENDED = 0.1


@frozen
class ServiceMetrics(metrics.MetricLook):
    """The manual's custom metrics as one-minute sums over 3 h."""

    KEY, SUBJECT = "service", Subject.REQUESTS

    def look(self, context: Context) -> ServiceFigures:
        """One request for all of them; none has a dimension."""
        namespace = context.settings.namespace
        asked = {field: metrics.Metric(namespace, metric, "Sum") for field, metric in METRICS.items()}
        return ServiceFigures(**metrics.read(context, asked, *metrics.window(context.now, hours=3)))

    def findings(self, fact: ServiceFigures, context: Context) -> Findings:
        """Success rate, errors, and the sessions that ended as they should."""
        return (self._rate(fact, context), self._errors(fact, context), *self._ended(fact, context))

    def _rate(self, fact: ServiceFigures, context: Context) -> Finding:
        (recent, recent_samples), (hour, samples) = (rate(fact, context, minutes) for minutes in (15, 60))
        said = text(
            "evidence.service.rate", recent=_share(recent, recent_samples), hour=_share(hour, samples)
        )
        low = hour is not None and hour < TARGET
        tone = Tone.INFO if samples < FEW else Tone.RED if low else Tone.NORMAL
        numbers = {} if hour is None else {"success_percent_1h": hour}
        link = _link(context, "SuccessCount", "FailureCount")
        return self.finding(tone, said, samples, (), numbers, link, over=_HOUR, subject=Subject.SUCCESS_RATE)

    def _errors(self, fact: ServiceFigures, context: Context) -> Finding:
        recent, hour = context.ago(minutes=15), context.ago(hours=1)
        counts = {
            "errors": _sum(fact.errors.since(recent)),
            "hour_errors": _sum(fact.errors.since(hour)),
            "creation_errors": _sum(fact.creation_errors.since(recent)),
            "hour_creation_errors": _sum(fact.creation_errors.since(hour)),
            "created": _sum(fact.created.since(recent)),
            "hour_created": _sum(fact.created.since(hour)),
        }
        bad = counts["hour_errors"] + counts["hour_creation_errors"]
        tone = Tone.AMBER if bad else Tone.NORMAL
        link = _link(context, "VerificationError", "SessionCreationError", "SessionCreated")
        said = text("evidence.service.errors", **counts)
        return self.finding(tone, said, bad, (), {**counts}, link, over=_HOUR)

    def _ended(self, fact: ServiceFigures, context: Context) -> Findings:
        hour = context.ago(hours=1)
        counts = {"not_found": _sum(fact.not_found.since(hour)), "expired": _sum(fact.expired.since(hour))}
        ended, created = sum(counts.values()), _sum(fact.created.since(hour))
        if not ended:
            return ()
        many = ended >= FEW and ended > created * MANY_ENDED
        details = (text("evidence.service.three_minutes"),) if many else ()
        said = text("evidence.service.ended", **counts)
        link = _link(context, "SessionNotFound", "SessionExpired")
        found = self.finding(
            Tone.NORMAL, said, ended, details, {**counts}, link, over=_HOUR, subject=Subject.SESSIONS
        )
        return (found,)


def rate(fact: ServiceFigures, context: Context, minutes: int) -> tuple[float | None, int]:
    """Success rate in percent and its sample; None without one."""
    start = context.ago(minutes=minutes)
    success = fact.success.since(start).total
    samples = success + fact.failure.since(start).total
    return (100 * success / samples if samples else None), round(samples)


def _share(percent: float | None, samples: int) -> Text:
    if percent is None:
        return text("evidence.share.none")
    return text("evidence.share.few" if samples < FEW else "evidence.share", percent=percent, samples=samples)


def _sum(series: Series) -> int:
    return round(series.total)


def _link(context: Context, *names: str) -> str:
    return metrics.graph(context, *((context.settings.namespace, name) for name in names))
