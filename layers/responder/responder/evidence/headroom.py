"""How close the busiest minute came to the Rekognition quota."""

from dataclasses import dataclass
from datetime import timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.permissions import Permission
from responder.core.text import text
from responder.evidence import metrics
from responder.evidence.facts import Headroom
from responder.evidence.metrics import Metric

CLOSE = 0.8


@dataclass(frozen=True, slots=True)
class QuotaHeadroom:
    """Sessions created per second against the declared quota; AWS publishes no usage of it."""

    @property
    def name(self) -> str:
        """Its key."""
        return "headroom"

    def needs(self) -> tuple[Permission, ...]:
        """Metrics."""
        return metrics.NEEDS

    def look(self, context: Context) -> Headroom:
        """One-minute sums of the last hour; the busiest one counts."""
        asked = {"created": Metric(context.settings.namespace, "SessionCreated", "Sum")}
        found = metrics.read(context, asked, *metrics.window(context.now, hours=1))
        peak = (found["created"].peak or 0.0) / metrics.MINUTE
        return Headroom(peak, context.settings.quota_per_second)

    def tell(self, fact: Headroom, context: Context) -> tuple[Finding, ...]:
        """The peak as an average of its minute: a burst within it cannot be seen."""
        said = text("evidence.headroom", peak=fact.peak_per_second, quota=fact.quota_per_second)
        close = fact.peak_per_second >= CLOSE * fact.quota_per_second
        start, end = metrics.window(context.now, hours=1)
        series = [(context.settings.namespace, "SessionCreated")]
        link = console_links.metrics(context.settings.region, series, (start, end))
        tone = Tone.AMBER if close else Tone.NORMAL
        return (
            Finding(
                self.name,
                tone,
                said,
                None,
                numbers={"peak": fact.peak_per_second},
                link=link,
                subject=Subject.QUOTA,
                over=timedelta(hours=1),
            ),
        )
