"""FaceAuth-Liveness-LowConfidence (no procedure in the manual; design, section 8)."""

from responder.alarm_function import handler_of
from responder.causes import CHANGED, FAILURES, HEALTH, PRESSURE, TABLE
from responder.causes.failed_requests import unknown
from responder.causes.scores import SCORES, lower_threshold, near_or_low, unfinished
from responder.causes.steps import USERS_BY_HAND, ruled_out, steps, with_throttled_table
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Definition, of_service
from responder.core.manual import Manual
from responder.core.metric_ranges import BELOW
from responder.core.modes import Severity
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.service import ServiceMetrics
from responder.remedies.lower_threshold import LowerThreshold
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.respond.playbook import Playbook

ALARM_LINE = 92.0
NORMAL_LINE = 90.0
ENOUGH = 20


def decide(facts: Facts) -> Verdict:
    """What the scores say, and besides whether the table is throttled."""
    return with_throttled_table(facts, _by_scores(facts))


def _by_scores(facts: Facts) -> Verdict:
    """Separate abandoned sessions (score 0), near misses and really low scores; amber covers all of them."""
    scores = facts.of(SCORES)
    if scores is None or scores.average is None:
        return unknown(facts, text("why.metrics_unread" if scores is None else "why.no_scores"))
    if scores.samples < ENOUGH:
        return unknown(facts, text("why.few_checks", count=scores.samples, enough=ENOUGH))
    zero = scores.bands.get("zero", 0)
    # The average of those who finished.
    rest = scores.samples - zero
    finished = scores.average * scores.samples / rest if rest > 0 else 0.0
    if scores.average >= ALARM_LINE:
        cause = Cause.PASSED_BY()
    elif rest <= 0 or finished >= ALARM_LINE:
        cause = unfinished(scores)
    else:
        cause = Cause.AMBER() if scores.average >= NORMAL_LINE else near_or_low(scores)
    why = {"average": scores.average, "finished": finished, "samples": scores.samples}
    said = text("why.scores", **why)
    if scores.last_week is not None:
        week = {"week": scores.last_week, "week_samples": scores.last_week_samples}
        said = text("why.scores_trend", **why, **week)
    return Verdict(cause, said, ruled_out(facts), lower_threshold(facts, cause), steps(cause.kind))


playbook = Playbook(
    alarm="FaceAuth-Liveness-LowConfidence",
    slug="low-confidence",
    severity=Severity.MEDIUM,
    evidence=(SCORES, ServiceMetrics(), FAILURES, TABLE, PRESSURE, CHANGED, HEALTH),
    decide=decide,
    manual=Manual(("step.confidence", "step.failure_reasons", *USERS_BY_HAND)),
    definition=Definition(AlarmOwner.TABLE, of_service("ConfidenceScore", "Average", 92, 2, BELOW)),
    remedies=(OnDemandBilling(), LowerThreshold()),
)
handler = handler_of(playbook)
