"""The steps from a backup to a table that is like the one it was made of. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from liveness_ops.backups.steps import Step
from liveness_ops.backups.table_read import Source
from responder.settings import Settings
from responder.text import Text, text

_SCALING = "application-autoscaling"
_TARGET = ("ServiceNamespace", "ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity")
_POLICY = (
    "PolicyName",
    "ServiceNamespace",
    "ResourceId",
    "ScalableDimension",
    "PolicyType",
    "TargetTrackingScalingPolicyConfiguration",
    "StepScalingPolicyConfiguration",
)


def plan(source: Source, to: str) -> tuple[Step, ...]:
    """In the order in which they have to be taken."""
    made = {"TargetTableName": to, "BackupArn": source.backup}
    first = Step(text("ops.step_restore", table=to), "dynamodb", "restore_table_from_backup", made, to)
    return (first, *_settings(source, to), *_scaled(source, to))


def _settings(source: Source, to: str) -> Iterator[Step]:
    if source.ttl:
        wanted = {"Enabled": True, "AttributeName": source.ttl}
        asked: dict[str, Any] = {"TableName": to, "TimeToLiveSpecification": wanted}
        said = text("ops.step_ttl", attribute=source.ttl)
        yield Step(said, "dynamodb", "update_time_to_live", asked)
    if source.pitr_days is not None:
        recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": source.pitr_days}
        asked = {"TableName": to, "PointInTimeRecoverySpecification": recovery}
        said = text("ops.step_pitr", days=source.pitr_days)
        yield Step(said, "dynamodb", "update_continuous_backups", asked)
    if source.tags:
        asked = {"ResourceArn": f"{source.backup.partition('/backup/')[0].rpartition('/')[0]}/{to}"}
        said = text("ops.step_tags", count=len(source.tags))
        yield Step(said, "dynamodb", "tag_resource", {**asked, "Tags": list(source.tags)})


def _scaled(source: Source, to: str) -> Iterator[Step]:
    for each in source.targets:
        asked = _moved(each, _TARGET, source.table, to)
        said = text("ops.step_target", dimension=str(each["ScalableDimension"]))
        yield Step(said, _SCALING, "register_scalable_target", asked)
    for each in source.policies:
        asked = _moved(each, _POLICY, source.table, to)
        # A policy that tells its table by name would otherwise have the old one's.
        asked["PolicyName"] = str(asked["PolicyName"]).replace(source.table, to)
        said = text("ops.step_policy", dimension=str(each["ScalableDimension"]))
        yield Step(said, _SCALING, "put_scaling_policy", asked)


def _moved(found: Mapping[str, Any], names: tuple[str, ...], table: str, to: str) -> dict[str, Any]:
    kept = {name: found[name] for name in names if found.get(name) is not None}
    return {**kept, "ResourceId": str(found["ResourceId"]).replace(f"table/{table}", f"table/{to}", 1)}


def by_hand(source: Source, to: str, settings: Settings) -> tuple[Text, ...]:
    """What only a person can decide about the new table."""
    found = [text("ops.hand_rights", table=to, role=settings.service_role)]
    if source.alarms:
        found.append(text("ops.hand_alarms", alarms=", ".join(source.alarms), table=to))
    if source.also:
        found.append(text("ops.hand_also", settings=", ".join(source.also)))
    if source.gone:
        found.append(text("ops.hand_gone", table=source.table))
    return (*found, text("ops.hand_rows"))
