"""Which of our functions may use which remedy, by the end of the function's name."""

from responder.remedies import Remedy
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.lower_threshold import LowerThreshold
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.provisioned_concurrency import ProvisionedConcurrency
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.which import Which

_CREATE, _RESULT = Which.CREATE, Which.RESULT


def _faster(which: Which) -> tuple[Remedy, ...]:
    faster = (ProvisionedConcurrency(which), OnDemandBilling(), MemoryIncrease(which))
    return (*faster, RepairEnvironment(which), ProposeChange())


def _errors(which: Which) -> tuple[Remedy, ...]:
    mends = (RepairEnvironment(which), AliasRollback(which), ProposeChange())
    return (RolloutToZero(), OnDemandBilling(), *mends)


def _requests(*whichs: Which) -> tuple[Remedy, ...]:
    mends: tuple[Remedy, ...] = (
        *map(RepairEnvironment, whichs),
        *map(AliasRollback, whichs),
        ProposeChange(),
    )
    return (RolloutToZero(), OnDemandBilling(), *mends)


# Playbooks are above this room. A test holds the two equal.
USERS: dict[str, tuple[Remedy, ...]] = {
    "low-success-rate": (*_requests(_CREATE, _RESULT), LowerThreshold()),
    "low-confidence": (OnDemandBilling(), LowerThreshold()),
    "slow-verification": _faster(_RESULT),
    "high-error-rate": _requests(_CREATE, _RESULT),
    "create-session-errors": _errors(_CREATE),
    "get-result-errors": _errors(_RESULT),
    "create-session-timeouts": _faster(_CREATE),
    "get-result-timeouts": _faster(_RESULT),
    "session-creation-errors": _requests(_CREATE),
    "slow-session-creation": _faster(_CREATE),
    "sessions-table-throttles": (OnDemandBilling(),),
    "create-session-throttles": (OnDemandBilling(), ProposeChange()),
    "get-result-throttles": (OnDemandBilling(), ProposeChange()),
    "images-access-denied": (OnDemandBilling(), ProposeChange()),
}
INSTANCES: tuple[Remedy, ...] = tuple(dict.fromkeys(one for each in USERS.values() for one in each))
