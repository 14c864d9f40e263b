"""What weighs how much of that which stands in a remedy's way, and what mends it. Pure."""

from collections.abc import Iterable

from responder.check import Light
from responder.settings import Settings
from responder.text import Text

CHAPTERS = {
    "rollout_to_zero": "アラート2: エラー率上昇",
    "provisioned_concurrency": "アラート3: 検証時間超過",
    "memory_increase": "アラート3: 検証時間超過",
    "on_demand_billing": "問題: DynamoDB書き込みエラー",
    "alias_rollback": "アラート4: Lambda エラー",
    "repair_environment": "アラート4: Lambda エラー",
    "lower_threshold": "アラート1: 成功率低下",
}
# Something is broken, not only left undone.
_RED = frozenset(
    f"obstacle.{name}"
    for name in (
        "no_targets",
        "last_update_failed",
        "runtime_refused",
        "variables_unreadable",
        "table_not_active",
    )
)
_UNREAD = frozenset(
    ("obstacle.unreadable", "caution.load_unread", "caution.scaling_unread", "guard.store_unreadable")
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
    "obstacle.not_active": _STATE,
    "obstacle.last_update_failed": _STATE,
    "obstacle.table_not_active": _TABLE,
}
NEEDS_ALIAS = frozenset(("obstacle.no_alias", "obstacle.no_alias_to_move"))


def weight(reason: Text) -> Light:
    """Of one obstacle, caution or hold. A function that waits or sleeps passes by itself, or by a call."""
    broken = reason.key == "obstacle.not_active" and reason.values.get("state") == "Failed"
    if reason.key in _RED or broken:
        return Light.RED
    return Light.UNKNOWN if reason.key in _UNREAD else Light.AMBER


def worst(lights: Iterable[Light]) -> Light:
    """Green without any."""
    return min(lights, key=lambda each: each.rank, default=Light.GREEN)


def command(reasons: Iterable[Text], settings: Settings) -> str:
    """One line for the first reason that has one."""
    for reason in reasons:
        if reason.key in _COMMANDS:
            return _COMMANDS[reason.key].format(region=settings.region, target=reason.values["target"])
    return ""
