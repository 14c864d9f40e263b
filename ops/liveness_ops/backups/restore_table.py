"""restore-table: a backup becomes a new table, with all that a restore leaves behind."""

import re
from dataclasses import replace
from datetime import UTC
from functools import partial

from liveness_ops.backups import steps
from liveness_ops.backups.backup_table import listed
from liveness_ops.backups.steps import Step
from liveness_ops.backups.table_plan import (
    ON_DEMAND,
    SCALING,
    Backup,
    Belongings,
    Described,
    Source,
    by_hand,
    left_alarms,
    plan,
)
from liveness_ops.listing import listed as rows
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from responder.checks.backups.names import AVAILABLE
from responder.core.deployed_alarm import describe as describe_alarm
from responder.core.deployed_alarm import describe_all
from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Data, Json
from responder.core.text import text
from responder.core.timestamps import stamp

NEWEST = "newest"
_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
# A deleted table does not show how many days of point-in-time recovery it had; losing rows again is worse
# than the cost of the most.
_PITR_DAYS = 35
# Settings of a table that neither a restore nor a later step brings back.
_ALSO = (("StreamSpecification", "StreamEnabled"), ("DeletionProtectionEnabled", ""))


def restore(session: OperatorSession, backup: str, to: str, do: bool, wait_seconds: float) -> Json:
    """Show; with `do` carry it out. Nothing that exists is written over: a table that was begun from a
    backup of the sessions table only gets what it lacks.

    Raises:
        EarlyExit: no such backup, one of another table, a name that cannot be used or is used already.
    """
    begun = _begun(session, to, backup)
    source = _source(session, backup, to, begun)
    said = "ops.restoring" if begun is None else "ops.resuming"
    session.screen.say(text(said, backup=source.backup.name, made=stamp(source.backup.made), table=to))
    planned = plan(source, to, session.clock())
    shown = steps.show(session, planned)
    if not planned:
        session.screen.say(text("ops.nothing_missing", table=to), style="green")
    hand = by_hand(source, to, session.settings)
    if do and planned:
        _carry_out(session, planned, source, to, wait_seconds)
    session.screen.say(text("ops.by_hand"), style="bold")
    session.screen.say(*hand)
    if planned and not do:
        steps.rehearsed(session)
    return {
        "backup": source.backup.arn,
        "to": to,
        "begun": begun is not None,
        "dry_run": not do,
        "steps": shown,
        "alarms": left_alarms(source, to),
    }


def _exists(to: str) -> EarlyExit:
    return EarlyExit(Exit.NOT_DONE, text("ops.table_exists", table=to), {"to": to})


def _carry_out(
    session: OperatorSession, planned: tuple[Step, ...], source: Source, to: str, wait_seconds: float
) -> None:
    # A person may have made it meanwhile; AWS would refuse that, too.
    if source.there is None and _describe(session, to) is not None:
        raise _exists(to)
    try:
        steps.carry_out(session, planned, wait_seconds, guard=partial(_guard, session))
    except EarlyExit:
        session.screen.say(text("ops.run_again"))
        raise
    session.screen.say(text("ops.restored", table=to), style="green")


def _guard(session: OperatorSession, step: Step) -> None:
    name = step.arguments.get("AlarmName", "")
    if step.operation == "put_metric_alarm" and describe_alarm(session.aws, name) is not None:
        raise EarlyExit(Exit.NOT_DONE, text("ops.alarm_exists", alarm=name), {"alarm": name})


# --- what there is: the backup, the table it was made of, and the one that is to be made of it


def _begun(session: OperatorSession, to: str, backup: str) -> Described | None:
    if not _NAME.fullmatch(to):
        raise EarlyExit(Exit.USAGE, text("ops.table_name"))
    found = _describe(session, to)
    made_of = found and found.get("RestoreSummary", {}).get("SourceBackupArn")
    if found is not None and (not made_of or backup not in (NEWEST, made_of)):
        raise _exists(to)
    return found


def _source(session: OperatorSession, backup: str, to: str, begun: Described | None) -> Source:
    arn = begun["RestoreSummary"]["SourceBackupArn"] if begun else _chosen(session, backup)
    try:
        found = _backup(session, arn)
    except EarlyExit:
        # Then it was not made for this, and is a table like any other.
        if begun:
            raise _exists(to) from None
        raise
    # With the old table's own name, what that table had cannot be read.
    described = None if to == found.table else _describe(session, found.table)
    has = _belongings(session, found.table, described)
    if described is None:
        has = replace(has, ttl=found.ttl, pitr_days=_PITR_DAYS)
    table = described or {}
    now = _on_demand(table)
    return Source(
        backup=found,
        gone=described is None,
        on_demand=_on_demand(begun) if begun is not None else found.on_demand or now,
        was_on_demand=now,
        has=has,
        there=None if begun is None else _belongings(session, to, begun),
        waits=begun is not None and begun["TableStatus"] != "ACTIVE",
        # Only an alarm on a metric watches a table.
        alarms=tuple(describe_all(session.aws, ("MetricAlarm",))),
        also=tuple(name for name, key in _ALSO if (table.get(name, {}).get(key) if key else table.get(name))),
    )


def _chosen(session: OperatorSession, backup: str) -> str:
    """The backup to restore. One that AWS made when the table was deleted counts, too: it has the last
    rows."""
    if backup != NEWEST:
        return backup
    whole = next((each for each in listed(session) if each.whole), None)
    if whole is None:
        raise EarlyExit(Exit.NOTHING_OPEN, text("ops.no_backup", table=session.settings.sessions_table))
    return whole.arn


def _backup(session: OperatorSession, arn: str) -> Backup:
    """Raises EarlyExit where there is no such backup of the sessions table that can be restored."""
    try:
        found = session.aws.call("dynamodb", "describe_backup", BackupArn=arn)["BackupDescription"]
    except (Missing, Rejected):
        raise EarlyExit(Exit.USAGE, text("ops.backup_unknown"), {"backup": arn}) from None
    details, source = found["BackupDetails"], found["SourceTableDetails"]
    features = found.get("SourceTableFeatureDetails", {})
    table = source["TableName"]
    if table != session.settings.sessions_table or details["BackupStatus"] != AVAILABLE:
        said = text("ops.backup_unfit", table=session.settings.sessions_table)
        raise EarlyExit(Exit.USAGE, said, {"backup": arn})
    return Backup(
        arn=details["BackupArn"],
        name=details["BackupName"],
        made=details["BackupCreationDateTime"].astimezone(UTC),
        table=table,
        ttl=_ttl(features.get("TimeToLiveDescription", {})),
        on_demand=source.get("BillingMode") == ON_DEMAND,
        indexes=frozenset(each["IndexName"] for each in features.get("GlobalSecondaryIndexes", [])),
    )


def _describe(session: OperatorSession, table: str) -> Described | None:
    try:
        found: Described = session.aws.call("dynamodb", "describe_table", TableName=table)["Table"]
    except Missing:
        return None
    return found


def _on_demand(described: Described) -> bool:
    mode: Data = described.get("BillingModeSummary", {})
    return mode.get("BillingMode") == ON_DEMAND


def _belongings(session: OperatorSession, table: str, described: Described | None) -> Belongings:
    """What belongs to the table; of a deleted one (None) only its auto scaling is left."""
    own, of_index = f"table/{table}", f"table/{table}/index/"

    def scaling(operation: str, key: str) -> tuple[Described, ...]:
        found = rows(session.aws, SCALING, operation, key, ServiceNamespace="dynamodb")
        return tuple(e for e in found if e["ResourceId"] == own or e["ResourceId"].startswith(of_index))

    has = Belongings(
        targets=scaling("describe_scalable_targets", "ScalableTargets"),
        policies=scaling("describe_scaling_policies", "ScalingPolicies"),
        actions=scaling("describe_scheduled_actions", "ScheduledActions"),
    )
    if described is None:
        return has
    ttl = session.aws.call("dynamodb", "describe_time_to_live", TableName=table)
    backups = session.aws.call("dynamodb", "describe_continuous_backups", TableName=table)
    pitr = backups.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    on = pitr.get("PointInTimeRecoveryStatus") == "ENABLED"
    arn = described["TableArn"]
    tags = rows(session.aws, "dynamodb", "list_tags_of_resource", "Tags", ResourceArn=arn)
    return replace(
        has,
        ttl=_ttl(ttl.get("TimeToLiveDescription", {})),
        pitr_days=int(pitr.get("RecoveryPeriodInDays", _PITR_DAYS)) if on else None,
        # AWS alone sets its own.
        tags=tuple(each for each in tags if not each["Key"].startswith("aws:")),
    )


def _ttl(found: Data) -> str:
    """The attribute of a TimeToLiveDescription that is in force."""
    on = found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
    return str(found.get("AttributeName", "")) if on else ""
