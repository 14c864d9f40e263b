"""Requests that fail with an answer (manual, アラート2: エラー率上昇): for both functions, or for one."""

from responder.causes.failed_requests import by_fault
from responder.causes.looks import ACCESS, BUCKET, CHANGED, FAILURES, HEALTH, INVOCATIONS, PRESSURE, TABLE
from responder.causes.mending import alias_rollback
from responder.causes.written_changes import written
from responder.core.expected_alarms import Definition
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.modes import Severity
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.configuration import Config
from responder.evidence.service import QuotaHeadroom, ServiceMetrics
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.playbook import Playbook

ASKED = (
    FAILURES,
    INVOCATIONS,
    ServiceMetrics(),
    QuotaHeadroom(),
    ACCESS,
    BUCKET,
    CHANGED,
    HEALTH,
    TABLE,
    PRESSURE,
)


def requests_playbook(
    whichs: tuple[LivenessFunction, ...], alarm: str, slug: str, manual: Manual, definition: Definition
) -> Playbook:
    """The playbook of an alarm about failed requests of these functions; high severity."""
    rollbacks = tuple(AliasRollback(which) for which in whichs)
    repairs = tuple(RepairEnvironment(which) for which in whichs)
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        broken=text(f"broken.{slug.replace('-', '_')}"),
        evidence=(*ASKED, Config(whichs)),
        decide=lambda facts: decide(facts, whichs),
        manual=manual,
        definition=definition,
        remedies=(RolloutToZero(), OnDemandBilling(), *repairs, *rollbacks, ProposeChange()),
    )


def decide(facts: Facts, whichs: tuple[LivenessFunction, ...]) -> Verdict:
    """By the leading fault of these functions."""
    functions = tuple(which.function(facts.settings) for which in whichs)
    return by_fault(facts, functions, alias_rollback, written)
