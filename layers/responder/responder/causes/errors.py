"""Errors of one function (manual, アラート4: Lambda エラー)."""

from responder.causes.failed_requests import by_fault
from responder.causes.looks import ACCESS, BUCKET, CHANGED, FAILURES, HEALTH, INVOCATIONS, PRESSURE, TABLE
from responder.causes.mending import alias_rollback
from responder.causes.steps import ENDS_BY_HAND, FAULTS_BY_HAND
from responder.causes.written_changes import written
from responder.core.expected_alarms import AlarmOwner, Definition, of_function
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.modes import Severity
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.configuration import Config
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.playbook import Playbook

BY_HAND = (
    "step.error_logs",
    "step.check_environment",
    *FAULTS_BY_HAND,
    "step.repair_environment_by_hand",
    *ENDS_BY_HAND,
)
AROUND = (ACCESS, BUCKET, CHANGED, HEALTH, TABLE, PRESSURE)


def errors_playbook(which: LivenessFunction, alarm: str, slug: str) -> Playbook:
    """The playbook of an alarm about Lambda errors of one function; high severity."""
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        broken=text(f"broken.{slug.replace('-', '_')}"),
        evidence=(FAILURES, INVOCATIONS, Config((which,)), *AROUND),
        decide=lambda facts: decide(facts, which),
        manual=Manual(BY_HAND, which),
        definition=Definition(AlarmOwner.TABLE, of_function(which, "Errors", "Sum", 5)),
        remedies=(
            RolloutToZero(),
            OnDemandBilling(),
            RepairEnvironment(which),
            AliasRollback(which),
            ProposeChange(),
        ),
    )


def decide(facts: Facts, which: LivenessFunction) -> Verdict:
    """By the leading fault of this function; what its log does not tell, Lambda counts."""
    functions = (which.function(facts.settings),)
    return by_fault(facts, functions, alias_rollback, written)
