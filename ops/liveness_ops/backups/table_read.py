"""A backup of the sessions table, the table it was made of, and the one that is to be made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from liveness_ops.backups.belongings import Belongings, Described, belongings, on
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.core.deployed_alarm import describe_all
from responder.core.errors import Missing, Rejected
from responder.core.text import text

ON_DEMAND = "PAY_PER_REQUEST"
# A table that is gone cannot say; losing rows again is worse than what it costs.
_PITR_DAYS = 35


@dataclass(frozen=True, slots=True)
class Backup:
    """As DescribeBackup tells it: what the table was at that time. `made` is UTC."""

    arn: str
    name: str
    status: str
    made: datetime
    table: str
    ttl: str
    on_demand: bool
    indexes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Source:
    """`gone`: there is no such table any more. `on_demand`: the new table is, `was_on_demand`: the old one
    is today. `there`: what the new table has already, None where it has yet to be made; `waits`: AWS is
    still at it. `alarms`: every metric alarm."""

    backup: Backup
    gone: bool
    on_demand: bool
    was_on_demand: bool
    has: Belongings
    there: Belongings | None
    waits: bool
    alarms: tuple[Described, ...]
    also: tuple[str, ...]


def read_backup(desk: Desk, arn: str) -> Backup:
    """Raises Stop where there is no such backup."""
    try:
        found = desk.aws.call("dynamodb", "describe_backup", BackupArn=arn)["BackupDescription"]
    except (Missing, Rejected):
        raise Stop(Exit.USAGE, text("ops.backup_unknown"), {"backup": arn}) from None
    details, source = found["BackupDetails"], found["SourceTableDetails"]
    features = found.get("SourceTableFeatureDetails", {})
    return Backup(
        arn=str(details["BackupArn"]),
        name=str(details["BackupName"]),
        status=str(details["BackupStatus"]),
        made=details["BackupCreationDateTime"].astimezone(UTC),
        table=str(source["TableName"]),
        ttl=on(features.get("TimeToLiveDescription", {})),
        on_demand=source.get("BillingMode") == ON_DEMAND,
        indexes=frozenset(str(each["IndexName"]) for each in features.get("GlobalSecondaryIndexes", [])),
    )


def read_source(desk: Desk, backup: Backup, to: str, standing: Described | None) -> Source:
    """`standing`: the new table, where an earlier run has made it."""
    # A table that takes the old one's own name cannot tell what that had.
    described = None if to == backup.table else describe(desk, backup.table)
    has = belongings(desk, backup.table, described)
    if described is None:
        has = replace(has, ttl=backup.ttl, pitr_days=_PITR_DAYS)
    now = described is not None and _on_demand(described)
    return Source(
        backup=backup,
        gone=described is None,
        on_demand=_on_demand(standing) if standing is not None else backup.on_demand or now,
        was_on_demand=now,
        has=has,
        there=None if standing is None else belongings(desk, to, standing),
        waits=standing is not None and standing["TableStatus"] != "ACTIVE",
        # Only an alarm on a metric watches a table.
        alarms=tuple(describe_all(desk.aws, ("MetricAlarm",))),
        also=() if described is None else tuple(_also(described)),
    )


def describe(desk: Desk, table: str) -> Described | None:
    """None where there is no such table."""
    try:
        found: Described = desk.aws.call("dynamodb", "describe_table", TableName=table)["Table"]
    except Missing:
        return None
    return found


def _on_demand(described: Described) -> bool:
    mode: Mapping[str, Any] = described.get("BillingModeSummary", {})
    return mode.get("BillingMode") == ON_DEMAND


def _also(described: Described) -> Iterator[str]:
    if described.get("StreamSpecification", {}).get("StreamEnabled"):
        yield "StreamSpecification"
    if described.get("DeletionProtectionEnabled"):
        yield "DeletionProtectionEnabled"
