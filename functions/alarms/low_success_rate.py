"""FaceAuth-Liveness-LowSuccessRate (manual, アラート1: 成功率低下)."""

from datetime import timedelta

from responder.alarm_function import handler_of
from responder.causes.absent import lacks
from responder.causes.failed_requests import by_fault, unknown
from responder.causes.leading_fault import rollout
from responder.causes.looks import ACCESS, BUCKET, CHANGED, FAILURES, HEALTH, INVOCATIONS, PRESSURE, TABLE
from responder.causes.mending import alias_rollback
from responder.causes.scores import SCORES, lower_threshold, shape_of_failures
from responder.causes.steps import USERS_BY_HAND, Step, ruled_out, steps, with_throttled_table
from responder.causes.written_changes import written
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Correction, Definition, of_service
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.metric_ranges import BELOW, Yields
from responder.core.modes import Severity
from responder.core.stack_alarms import success_rate
from responder.core.text import Text, text
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
        return by_fault(facts, functions, alias_rollback, written)
    return with_throttled_table(facts, _by_scores(facts, functions))


def _by_scores(facts: Facts, functions: tuple[str, ...]) -> Verdict:
    short = _short_of_evidence(facts)
    if short is not None:
        return unknown(facts, functions, short)
    good, bad = _last_hour(facts)
    if good >= NORMAL_RATE * (good + bad):
        why = text("why.rate_normal", percent=100 * good / (good + bad), samples=good + bad)
        return Verdict(Cause.RATE_NORMAL(), why, steps=steps(Cause.RATE_NORMAL))
    cause = shape_of_failures(facts)
    proposals = lower_threshold(facts, cause)
    left = steps(cause.kind, without=(Step.CHECK_VPC,))
    return Verdict(cause, _why(facts), ruled_out(facts), proposals, left)


def _short_of_evidence(facts: Facts) -> Text | None:
    tally = facts.of(FAILURES)
    if tally is None or tally.unread:
        return text("why.logs_unread")
    if facts.of(SERVICE) is None or facts.of(SCORES) is None:
        return text("why.metrics_unread")
    good, bad = _last_hour(facts)
    if good + bad < ENOUGH:
        return text("why.few_checks", count=good + bad, enough=ENOUGH)
    return None


def _why(facts: Facts) -> Text:
    good, bad = _last_hour(facts)
    return text("why.success_rate", percent=100 * good / (good + bad), failed=bad, samples=good + bad)


def _last_hour(facts: Facts) -> tuple[int, int]:
    figures = facts.of(SERVICE)
    if figures is None:
        return 0, 0
    start = facts.now - timedelta(hours=1)
    return int(figures.success.since(start).total), int(figures.failure.since(start).total)


playbook = Playbook(
    alarm="FaceAuth-Liveness-LowSuccessRate",
    slug="low-success-rate",
    severity=Severity.HIGH,
    broken=text("broken.low_success_rate"),
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
        *(RepairEnvironment(which) for which in LivenessFunction),
        *(AliasRollback(which) for which in LivenessFunction),
        LowerThreshold(),
        ProposeChange(),
    ),
)
handler = handler_of(playbook)
