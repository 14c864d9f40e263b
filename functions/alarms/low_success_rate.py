"""FaceAuth-Liveness-LowSuccessRate (manual, アラート1: 成功率低下)."""

from responder.alarm_function import handler_of
from responder.causes import ACCESS, BUCKET, CHANGED, FAILURES, HEALTH, HOUR, INVOCATIONS, PRESSURE, TABLE
from responder.causes.absent import lacks
from responder.causes.failed_requests import by_fault, unknown
from responder.causes.leading_fault import rollout
from responder.causes.scores import MOST, SCORES, failed_checks, lower_threshold, near_or_low, unfinished
from responder.causes.steps import USERS_BY_HAND, Step, ruled_out, steps, with_throttled_table
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Correction, Definition, of_service, success_rate
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.metric_ranges import BELOW, Yields
from responder.core.modes import Severity
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.configuration import Config
from responder.evidence.service import ServiceMetrics
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.lower_threshold import LowerThreshold
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.playbook import Playbook

SERVICE = ServiceMetrics()
NEEDED = (Config(), ACCESS, BUCKET)
ENOUGH = 20
NORMAL_RATE = 0.95


def decide(facts: Facts) -> Verdict:
    """Faults of the service first; then what kind of scores the failed checks have."""
    functions = facts.settings.functions
    if rollout(facts, functions) or lacks(facts, functions):
        return by_fault(facts, functions)
    return with_throttled_table(facts, _by_scores(facts))


def _by_scores(facts: Facts) -> Verdict:
    tally, figures, scores = facts.of(FAILURES), facts.of(SERVICE), facts.of(SCORES)
    if tally is None or tally.unread:
        return unknown(facts, text("why.logs_unread"))
    if figures is None or scores is None:
        return unknown(facts, text("why.metrics_unread"))
    start = facts.now - HOUR
    good, bad = int(figures.success.since(start).total), int(figures.failure.since(start).total)
    if good + bad < ENOUGH:
        return unknown(facts, text("why.few_checks", count=good + bad, enough=ENOUGH))
    rate = {"percent": 100 * good / (good + bad), "samples": good + bad}
    if good >= NORMAL_RATE * (good + bad):
        return Verdict(Cause.RATE_NORMAL(), text("why.rate_normal", **rate), steps=steps(Cause.RATE_NORMAL))
    failed = failed_checks(scores)
    if not failed:
        cause = Cause.UNKNOWN()
    else:
        cause = unfinished(scores) if scores.bands.get("zero", 0) > MOST * failed else near_or_low(scores)
    why, left = text("why.success_rate", **rate, failed=bad), steps(cause.kind, without=(Step.CHECK_VPC,))
    return Verdict(cause, why, ruled_out(facts), lower_threshold(facts, cause), left)


playbook = Playbook(
    alarm="FaceAuth-Liveness-LowSuccessRate",
    slug="low-success-rate",
    severity=Severity.HIGH,
    evidence=(FAILURES, INVOCATIONS, SERVICE, SCORES, CHANGED, HEALTH, TABLE, PRESSURE, *NEEDED),
    decide=decide,
    manual=Manual(("step.success_rate", "step.failure_reasons", *USERS_BY_HAND)),
    definition=Definition(
        AlarmOwner.TABLE,
        of_service("SuccessCount", "Sum", 0.95, 2, BELOW),
        correction=Correction(success_rate, "SuccessRatePercent", Yields.PERCENT),
    ),
    remedies=(
        RolloutToZero(),
        OnDemandBilling(),
        *map(RepairEnvironment, LivenessFunction),
        *map(AliasRollback, LivenessFunction),
        LowerThreshold(),
        ProposeChange(),
    ),
)
handler = handler_of(playbook)
