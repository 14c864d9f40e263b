"""Whether a revert is in progress, so that there is nothing to ask for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.core.change import Lease, LeaseState, Status
from responder.remedies.rollout_to_zero import RolloutToZero

# AWS takes seconds to minutes. Later, a person can ask again, even where nothing follows the change.
_LONGEST = timedelta(minutes=15)
_SENT = frozenset({Status.IN_PROGRESS, Status.REVERTED, Status.KEPT})


def going_back(lease: Lease, wanted: Mapping[str, Any], now: datetime) -> bool:
    """AWS has accepted this revert of all targets and is still setting the values. `wanted`: the step, as a
    command has it."""
    moving = [each for each in lease.changes if each.status is Status.IN_PROGRESS]
    sent = moving and all(each.status in _SENT for each in lease.changes)
    if not sent or lease.state is not LeaseState.REVERTING:
        return False
    aims = RolloutToZero().restored(lease, wanted) if lease.spec.in_steps else {}
    here = all(aims.get(each.target, each.after) == each.after for each in moving)
    # Where no time is known, a person can ask again.
    return here and all(each.written and now - each.written[-1] < _LONGEST for each in moving)
