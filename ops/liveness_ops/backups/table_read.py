"""What belongs to the sessions table and is not in its backup. The table itself may be gone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.errors import Missing, Rejected
from responder.text import text

_SCALING = "application-autoscaling"
# Auto scaling makes its own alarms for a new table.
_OF_SCALING = "TargetTracking-"


@dataclass(frozen=True, slots=True)
class Source:
    """A backup, and what AWS says of its table; `gone`: there is no such table any more."""

    backup: str
    name: str
    status: str
    made: datetime
    table: str
    gone: bool
    ttl: str
    pitr_days: int | None
    tags: tuple[Mapping[str, str], ...]
    targets: tuple[Mapping[str, Any], ...]
    policies: tuple[Mapping[str, Any], ...]
    alarms: tuple[str, ...]
    also: tuple[str, ...]


def read_source(desk: Desk, backup: str) -> Source:
    """Raises Stop where there is no such backup."""
    try:
        found = desk.aws.call("dynamodb", "describe_backup", BackupArn=backup)["BackupDescription"]
    except (Missing, Rejected):
        raise Stop(Exit.USAGE, text("ops.backup_unknown"), {"backup": backup}) from None
    details, table = found["BackupDetails"], str(found["SourceTableDetails"]["TableName"])
    kept = found.get("SourceTableFeatureDetails", {}).get("TimeToLiveDescription", {})
    described = _table(desk, table)
    return Source(
        backup=str(details["BackupArn"]),
        name=str(details["BackupName"]),
        status=str(details["BackupStatus"]),
        made=details["BackupCreationDateTime"].astimezone(UTC),
        table=table,
        gone=described is None,
        ttl=_on(kept if described is None else _ttl(desk, table)),
        # A table that is gone cannot say; losing rows again is worse than what it costs.
        pitr_days=35 if described is None else _pitr(desk, table),
        tags=() if described is None else tuple(_tags(desk, described)),
        targets=_targets(desk, table),
        policies=_policies(desk, table),
        alarms=tuple(_alarms(desk, table)),
        also=() if described is None else tuple(_also(described)),
    )


def _table(desk: Desk, table: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = desk.aws.call("dynamodb", "describe_table", TableName=table)["Table"]
    except Missing:
        return None
    return found


def _ttl(desk: Desk, table: str) -> Mapping[str, Any]:
    answer = desk.aws.call("dynamodb", "describe_time_to_live", TableName=table)
    found: Mapping[str, Any] = answer.get("TimeToLiveDescription", {})
    return found


def _on(ttl: Mapping[str, Any]) -> str:
    return str(ttl.get("AttributeName", "")) if ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING") else ""


def _pitr(desk: Desk, table: str) -> int | None:
    answer = desk.aws.call("dynamodb", "describe_continuous_backups", TableName=table)
    found = answer.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    on = found.get("PointInTimeRecoveryStatus") == "ENABLED"
    return int(found.get("RecoveryPeriodInDays", 35)) if on else None


def _tags(desk: Desk, described: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for page in desk.aws.pages("dynamodb", "list_tags_of_resource", ResourceArn=described["TableArn"]):
        # AWS alone sets its own.
        yield from (each for each in page.get("Tags", []) if not each["Key"].startswith("aws:"))


def _targets(desk: Desk, table: str) -> tuple[Mapping[str, Any], ...]:
    return _scaling(desk, table, "describe_scalable_targets", "ScalableTargets")


def _policies(desk: Desk, table: str) -> tuple[Mapping[str, Any], ...]:
    return _scaling(desk, table, "describe_scaling_policies", "ScalingPolicies")


def _scaling(desk: Desk, table: str, operation: str, key: str) -> tuple[Mapping[str, Any], ...]:
    own, of_index = f"table/{table}", f"table/{table}/index/"
    pages = desk.aws.pages(_SCALING, operation, ServiceNamespace="dynamodb")
    found = (each for page in pages for each in page.get(key, []))
    return tuple(e for e in found if e["ResourceId"] == own or e["ResourceId"].startswith(of_index))


def _alarms(desk: Desk, table: str) -> Iterator[str]:
    for page in desk.aws.pages("cloudwatch", "describe_alarms", AlarmTypes=["MetricAlarm"]):
        for alarm in page.get("MetricAlarms", []):
            parts = [
                alarm,
                *(each.get("MetricStat", {}).get("Metric", {}) for each in alarm.get("Metrics", [])),
            ]
            dimensions = [each for part in parts for each in part.get("Dimensions", [])]
            about = any(each["Name"] == "TableName" and each["Value"] == table for each in dimensions)
            if about and not alarm["AlarmName"].startswith(_OF_SCALING):
                yield str(alarm["AlarmName"])


def _also(described: Mapping[str, Any]) -> Iterator[str]:
    if described.get("StreamSpecification", {}).get("StreamEnabled"):
        yield "StreamSpecification"
    if described.get("DeletionProtectionEnabled"):
        yield "DeletionProtectionEnabled"
