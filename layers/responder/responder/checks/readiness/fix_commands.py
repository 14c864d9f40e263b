"""What weighs how much of that which stands in a remedy's way, and what mends it. Pure."""

from collections.abc import Iterable

from responder.checks.model import CheckStatus
from responder.core.reasons import Caution, ExplainedReason, Obstacle, ReasonKind
from responder.core.refusals import Because, Refusal
from responder.core.settings import Settings

# Something is broken, not only left undone.
_RED: frozenset[ReasonKind] = frozenset(
    {
        Obstacle.NO_TARGETS,
        Obstacle.LAST_UPDATE_FAILED,
        Obstacle.RUNTIME_REFUSED,
        Obstacle.VARIABLES_UNREADABLE,
        Obstacle.TABLE_NOT_ACTIVE,
    }
)
_UNREAD: frozenset[ReasonKind] = frozenset(
    {Obstacle.UNREADABLE, Caution.LOAD_UNREAD, Caution.SCALING_UNREAD, Refusal.STORE_UNREADABLE}
)
_STATE = (
    "aws lambda get-function-configuration --region {region} --function-name {target} "
    "--query '[State,StateReasonCode,LastUpdateStatus,LastUpdateStatusReasonCode]'"
)
_TABLE = (
    "aws dynamodb describe-table --region {region} --table-name {target} "
    "--query 'Table.[TableStatus,GlobalSecondaryIndexes[].[IndexName,IndexStatus]]'"
)
# None for a declaration: whoever makes it has read the code, which no command can. None for an alias: made by
# hand it falls behind the next deployment, and then every change of the function's configuration is refused.
_COMMANDS = {
    Obstacle.NOT_ACTIVE: _STATE,
    Obstacle.LAST_UPDATE_FAILED: _STATE,
    Obstacle.TABLE_NOT_ACTIVE: _TABLE,
}


def weight(reason: Because) -> CheckStatus:
    """Of one obstacle, caution or hold. A function that waits or sleeps passes by itself, or by a call."""
    broken = reason.kind is Obstacle.NOT_ACTIVE and reason.values.get("state") == "Failed"
    if reason.kind in _RED or broken:
        return CheckStatus.RED
    return CheckStatus.UNKNOWN if reason.kind in _UNREAD else CheckStatus.AMBER


def command(reasons: Iterable[ExplainedReason[Obstacle]], settings: Settings) -> str:
    """One line for the first reason that has one."""
    for reason in reasons:
        if reason.kind in _COMMANDS:
            return _COMMANDS[reason.kind].format(region=settings.region, target=reason.values["target"])
    return ""
