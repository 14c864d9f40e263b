"""FaceAuth-Liveness-HighErrorRate (manual, アラート2: エラー率上昇)."""

from alarms._causes import by_fault
from alarms._common import CHANGED, HEALTH, PRESSURE, TABLE
from alarms._faults import FAILURES, INVOCATIONS
from responder.evidence import Facts
from responder.evidence.access import Access
from responder.evidence.headroom import QuotaHeadroom
from responder.evidence.service import Service
from responder.mode import Severity
from responder.playbook import Playbook
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.text import text
from responder.verdict import Verdict


def decide(facts: Facts) -> Verdict:
    """By the leading fault of both liveness functions."""
    return by_fault(facts, facts.settings.functions)


playbook = Playbook(
    alarm="FaceAuth-Liveness-HighErrorRate",
    slug="high-error-rate",
    severity=Severity.HIGH,
    broken=text("broken.high_error_rate"),
    evidence=(FAILURES, INVOCATIONS, Service(), QuotaHeadroom(), Access(), CHANGED, HEALTH, TABLE, PRESSURE),
    decide=decide,
    remedies=(RolloutToZero(), OnDemandBilling()),
)
handler = playbook.handler
