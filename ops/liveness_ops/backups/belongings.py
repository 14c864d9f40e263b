"""What belongs to a table and is in no backup of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liveness_ops.people.desk import Desk

_SCALING = "application-autoscaling"
_MOST_PITR_DAYS = 35

type Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Belongings:
    """`ttl`: the attribute it goes by, empty where it is off; `pitr_days`: None where it is off. Targets,
    policies and scheduled actions are those of Application Auto Scaling, of the table and of its indexes."""

    ttl: str = ""
    pitr_days: int | None = None
    tags: tuple[Mapping[str, str], ...] = ()
    targets: tuple[Described, ...] = ()
    policies: tuple[Described, ...] = ()
    actions: tuple[Described, ...] = ()


def belongings(desk: Desk, table: str, described: Described | None) -> Belongings:
    """Of a table that is gone (None) only its auto scaling is left."""
    found = described is not None
    return Belongings(
        ttl=on(_ttl(desk, table)) if found else "",
        pitr_days=_pitr(desk, table) if found else None,
        tags=tuple(_tags(desk, described)) if described is not None else (),
        targets=_scaling(desk, table, "describe_scalable_targets", "ScalableTargets"),
        policies=_scaling(desk, table, "describe_scaling_policies", "ScalingPolicies"),
        actions=_scaling(desk, table, "describe_scheduled_actions", "ScheduledActions"),
    )


def on(ttl: Mapping[str, Any]) -> str:
    """The attribute of a TimeToLiveDescription that is in force."""
    return str(ttl.get("AttributeName", "")) if ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING") else ""


def _ttl(desk: Desk, table: str) -> Mapping[str, Any]:
    answer = desk.aws.call("dynamodb", "describe_time_to_live", TableName=table)
    found: Mapping[str, Any] = answer.get("TimeToLiveDescription", {})
    return found


def _pitr(desk: Desk, table: str) -> int | None:
    answer = desk.aws.call("dynamodb", "describe_continuous_backups", TableName=table)
    found = answer.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    enabled = found.get("PointInTimeRecoveryStatus") == "ENABLED"
    return int(found.get("RecoveryPeriodInDays", _MOST_PITR_DAYS)) if enabled else None


def _tags(desk: Desk, described: Described) -> Iterator[Mapping[str, str]]:
    for page in desk.aws.pages("dynamodb", "list_tags_of_resource", ResourceArn=described["TableArn"]):
        # AWS alone sets its own.
        yield from (each for each in page.get("Tags", []) if not each["Key"].startswith("aws:"))


def _scaling(desk: Desk, table: str, operation: str, key: str) -> tuple[Described, ...]:
    own, of_index = f"table/{table}", f"table/{table}/index/"
    pages = desk.aws.pages(_SCALING, operation, ServiceNamespace="dynamodb")
    found = (each for page in pages for each in page.get(key, []))
    return tuple(e for e in found if e["ResourceId"] == own or e["ResourceId"].startswith(of_index))
