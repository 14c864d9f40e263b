"""FaceAuth-Liveness-LowConfidence (no procedure in the manual; design, section 8)."""

from responder.alarm_function import handler_of
from responder.causes.failed_requests import unknown
from responder.causes.looks import CHANGED, FAILURES, HEALTH, PRESSURE, TABLE
from responder.causes.scores import SCORES, Judged, lower_threshold, near_or_low, unfinished
from responder.causes.steps import USERS_BY_HAND, ruled_out, steps, with_throttled_table
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Definition, of_service
from responder.core.manual import Manual
from responder.core.metric_ranges import BELOW
from responder.core.modes import Severity
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.service import ServiceMetrics
from responder.evidence.traffic import Scores
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
    """Tell abandoned sessions (score 0) from near misses and real low scores, and amber from all of them."""
    functions = facts.settings.functions
    scores = facts.of(SCORES)
    if scores is None or scores.average is None:
        return unknown(facts, functions, text("why.metrics_unread" if scores is None else "why.no_scores"))
    if scores.samples < ENOUGH:
        return unknown(facts, functions, text("why.few_checks", count=scores.samples, enough=ENOUGH))
    cause = _judge(scores, scores.average)
    return Verdict(
        cause,
        _why(scores, scores.average),
        ruled_out(facts),
        lower_threshold(facts, cause),
        steps(cause.kind),
    )


def _judge(scores: Scores, average: float) -> Judged:
    failed = sum(count for band, count in scores.bands.items() if band != "pass")
    if average >= ALARM_LINE:
        return Cause.PASSED_BY()
    if scores.bands.get("zero", 0) >= scores.samples or _without_zero(scores, average) >= ALARM_LINE:
        return unfinished(scores, failed)
    if average >= NORMAL_LINE:
        return Cause.AMBER()
    return near_or_low(scores, failed)


def _without_zero(scores: Scores, average: float) -> float:
    finished = scores.samples - scores.bands.get("zero", 0)
    return average * scores.samples / finished if finished > 0 else 0.0


def _why(scores: Scores, average: float) -> Text:
    finished = _without_zero(scores, average)
    if scores.last_week is None:
        return text("why.scores", average=average, finished=finished, samples=scores.samples)
    return text(
        "why.scores_trend",
        average=average,
        finished=finished,
        samples=scores.samples,
        week=scores.last_week,
        week_samples=scores.last_week_samples,
    )


playbook = Playbook(
    alarm="FaceAuth-Liveness-LowConfidence",
    slug="low-confidence",
    severity=Severity.MEDIUM,
    broken=text("broken.low_confidence"),
    evidence=(SCORES, ServiceMetrics(), FAILURES, TABLE, PRESSURE, CHANGED, HEALTH),
    decide=decide,
    manual=Manual(("step.confidence", "step.failure_reasons", *USERS_BY_HAND)),
    definition=Definition(AlarmOwner.TABLE, of_service("ConfidenceScore", "Average", 92, 2, BELOW)),
    remedies=(OnDemandBilling(), LowerThreshold()),
)
handler = handler_of(playbook)
