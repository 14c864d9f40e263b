"""An hour in which others have changed something already."""

from datetime import UTC, datetime, timedelta

from responder.core.change import Applied, Change, Lease, LeaseState, Status
from tests.proof.deployed_stack import DeployedStack
from tests.proof.local_gateway import incidents_of


def record_changes(stack: DeployedStack, number: int) -> None:
    """So many changes of the last hour are on record."""
    incidents, now = incidents_of(stack.aws), datetime.now(UTC)
    change = Change("FaceAuth-Status", "MemorySize", "256", "512", Status.APPLIED)
    for each in range(number):
        at = now - timedelta(minutes=20 + each)
        lease = Lease(
            "memory_increase", f"earlier-{each}", "earlier", LeaseState.ENDED, at, None, {}, (change,)
        )
        incidents.settle(lease, Applied(at, lease.remedy, lease.scope, lease.incident, ok=True), at)
