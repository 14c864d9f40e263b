"""The steps from a backup to a table that is like the one it was made of. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from liveness_ops.backups.belongings import Belongings
from liveness_ops.backups.steps import Step
from liveness_ops.backups.table_alarms import again
from liveness_ops.backups.table_read import ON_DEMAND, Source
from liveness_ops.backups.table_scaling import Move, scaled
from responder.core.settings import Settings
from responder.core.text import Text, text


def plan(source: Source, to: str, now: datetime) -> tuple[Step, ...]:
    """In the order in which they have to be taken; of a table that was begun, what is missing."""
    there = source.there or Belongings()
    scaling = () if source.on_demand else scaled(source.has, there, _move(source, to), now)
    requests, _ = again(source.alarms, source.backup.table, to)
    alarms = (
        Step(text("ops.step_alarm", alarm=each["AlarmName"]), "cloudwatch", "put_metric_alarm", each)
        for each in requests
    )
    return (*_table(source, to), *_settings(source, there, to), *scaling, *alarms)


def _table(source: Source, to: str) -> Iterator[Step]:
    if source.there is None:
        made = {"TargetTableName": to, "BackupArn": source.backup.arn}
        said = text("ops.step_restore", table=to)
        if source.on_demand and not source.backup.on_demand:
            # The capacity of then would throttle what the table bears today.
            made["BillingModeOverride"] = ON_DEMAND
            said = text("ops.step_restore_on_demand", table=to)
        yield Step(said, "dynamodb", "restore_table_from_backup", made, to)
    elif source.waits:
        yield Step(text("ops.step_wait", table=to), "dynamodb", "describe_table", {"TableName": to}, to)


def _settings(source: Source, there: Belongings, to: str) -> Iterator[Step]:
    has = source.has
    if has.ttl and not there.ttl:
        wanted = {"Enabled": True, "AttributeName": has.ttl}
        asked: dict[str, Any] = {"TableName": to, "TimeToLiveSpecification": wanted}
        yield Step(text("ops.step_ttl", attribute=has.ttl), "dynamodb", "update_time_to_live", asked)
    if has.pitr_days is not None and there.pitr_days is None:
        recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": has.pitr_days}
        asked = {"TableName": to, "PointInTimeRecoverySpecification": recovery}
        yield Step(text("ops.step_pitr", days=has.pitr_days), "dynamodb", "update_continuous_backups", asked)
    known = {each["Key"] for each in there.tags}
    if tags := [each for each in has.tags if each["Key"] not in known]:
        arn = f"{source.backup.arn.partition('/backup/')[0].rpartition('/')[0]}/{to}"
        asked = {"ResourceArn": arn, "Tags": tags}
        yield Step(text("ops.step_tags", count=len(tags)), "dynamodb", "tag_resource", asked)


def by_hand(source: Source, to: str, settings: Settings) -> tuple[Text, ...]:
    """What only a person can decide about the new table."""
    table, has = source.backup.table, source.has
    found = []
    if to != table:
        found.append(text("ops.hand_rights", table=to, role=settings.service_role))
    if left := left_alarms(source, to):
        found.append(text("ops.hand_alarms", alarms=", ".join(left), table=to))
    if source.on_demand and (has.targets or not (source.gone or source.was_on_demand)):
        found.append(text("ops.hand_on_demand", table=to))
    elif left := _no_index(source, to):
        found.append(text("ops.hand_indexes", indexes=", ".join(left), table=to))
    if source.also:
        found.append(text("ops.hand_also", settings=", ".join(source.also)))
    if source.gone:
        found.append(text("ops.hand_gone", table=table))
    return (*found, text("ops.hand_rows"))


def left_alarms(source: Source, to: str) -> list[str]:
    """Names of alarms that are not put again."""
    return again(source.alarms, source.backup.table, to)[1]


def _no_index(source: Source, to: str) -> list[str]:
    unfit = (each for each in source.has.targets if not _move(source, to).fits(each))
    return sorted({str(each["ResourceId"]).partition("/index/")[2] for each in unfit})


def _move(source: Source, to: str) -> Move:
    return Move(source.backup.table, to, source.backup.indexes)
