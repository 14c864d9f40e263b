"""The steps from a backup to a table that is like the one it was made of. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from liveness_ops.backups.steps import Step
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings, Texts, text

type Described = Data

ON_DEMAND = "PAY_PER_REQUEST"
SCALING = "application-autoscaling"
_LONGEST_SCALING_NAME, _LONGEST_ALARM_NAME = 256, 255
# Of a target, a policy and a scheduled action: what is asked for again, its name, and how.
_WHICH = ("ServiceNamespace", "ResourceId", "ScalableDimension")
_TARGET = (*_WHICH, "MinCapacity", "MaxCapacity", "SuspendedState")
_POLICY = (
    "PolicyName", *_WHICH, "PolicyType", "TargetTrackingScalingPolicyConfiguration",
    "StepScalingPolicyConfiguration",
)  # fmt: skip
_ACTION = (
    "ScheduledActionName", *_WHICH, "Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction",
)  # fmt: skip
# Auto scaling makes its own alarms for a new table.
_OF_SCALING = "TargetTracking-"
# What DescribeAlarms returns and PutMetricAlarm takes.
_ALARM = (
    "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions", "InsufficientDataActions",
    "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit",
    "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData",
    "EvaluateLowSampleCountPercentile", "Metrics", "ThresholdMetricId",
)  # fmt: skip


@frozen
class Belongings:
    """What belongs to a table and is in no backup of it. `ttl`: its attribute, empty where it is
    off; `pitr_days`: None where it is off. Targets, policies and scheduled actions are those of Application
    Auto Scaling, of the table and of its indexes."""

    ttl: str = ""
    pitr_days: int | None = None
    tags: tuple[Mapping[str, str], ...] = ()
    targets: tuple[Described, ...] = ()
    policies: tuple[Described, ...] = ()
    actions: tuple[Described, ...] = ()


@frozen
class Backup:
    """A backup as DescribeBackup returns it: what the table was at that time. `made` is UTC."""

    arn: str
    name: str
    made: datetime
    table: str
    ttl: str
    on_demand: bool
    indexes: frozenset[str]


@frozen
class Source:
    """`gone`: the table does not exist. `on_demand`: the new table is, `was_on_demand`: the old one
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
    also: Strings

    def fits(self, found: Described) -> bool:
        """Whether it concerns the table itself, or an index that the new table has."""
        index = _index(found)
        return not index or index in self.backup.indexes


def plan(source: Source, to: str, now: datetime) -> tuple[Step, ...]:
    """The steps in their order; for a table that was begun, only the missing ones."""
    there = source.there or Belongings()
    scaling = () if source.on_demand else _scaled(source, there, to, now)
    requests, _ = _alarms(source, to)
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
            # The old capacity would throttle today's requests.
            made["BillingModeOverride"] = ON_DEMAND
            said = text("ops.step_restore_on_demand", table=to)
        yield Step(said, "dynamodb", "restore_table_from_backup", made, to)
    elif source.waits:
        yield Step(text("ops.step_wait", table=to), "dynamodb", "describe_table", {"TableName": to}, to)


def _settings(source: Source, there: Belongings, to: str) -> Iterator[Step]:
    has = source.has
    if has.ttl and not there.ttl:
        wanted = {"Enabled": True, "AttributeName": has.ttl}
        asked: Json = {"TableName": to, "TimeToLiveSpecification": wanted}
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


def by_hand(source: Source, to: str, settings: Settings) -> Texts:
    """What only a person can decide about the new table."""
    table, has = source.backup.table, source.has
    found = []
    if to != table:
        found.append(text("ops.hand_rights", table=to, role=settings.service_role))
    if left := left_alarms(source, to):
        found.append(text("ops.hand_alarms", alarms=", ".join(left), table=to))
    if source.on_demand and (has.targets or not (source.gone or source.was_on_demand)):
        found.append(text("ops.hand_on_demand", table=to))
    elif left := sorted({_index(each) for each in has.targets if not source.fits(each)}):
        found.append(text("ops.hand_indexes", indexes=", ".join(left), table=to))
    if source.also:
        found.append(text("ops.hand_also", settings=", ".join(source.also)))
    if source.gone:
        found.append(text("ops.hand_gone", table=table))
    return (*found, text("ops.hand_rows"))


# --- auto scaling of the table and its indexes, put again for the new one


def _scaled(source: Source, there: Belongings, to: str, now: datetime) -> Iterator[Step]:
    """The steps for auto scaling; what exists is left as it is. Policies and actions need their target
    first."""
    has = source.has
    for asked in _missing(source, to, has.targets, there.targets, _TARGET, ""):
        said = text("ops.step_target", dimension=_where(asked))
        yield Step(said, SCALING, "register_scalable_target", asked)
    for asked in _missing(source, to, has.policies, there.policies, _POLICY, "PolicyName"):
        said = text("ops.step_policy", dimension=_where(asked))
        yield Step(said, SCALING, "put_scaling_policy", asked)
    for asked in _missing(source, to, has.actions, there.actions, _ACTION, "ScheduledActionName"):
        if _ended(asked, now):
            continue
        if asked.get("StartTime", now) <= now:
            # It has begun; AWS accepts none that has ended.
            asked.pop("StartTime", None)
        said = text("ops.step_action", name=asked["ScheduledActionName"], dimension=_where(asked))
        yield Step(said, SCALING, "put_scheduled_action", asked)


def _missing(  # noqa: PLR0913  from one table's to another's
    source: Source,
    to: str,
    found: Iterable[Described],
    there: Iterable[Described],
    names: Iterable[str],
    name: str,
) -> Iterator[Json]:
    """The requests of what the new table lacks; a name with the old table in it names the new one."""

    def identity(asked: Data) -> Strings:
        return tuple(str(asked.get(each)) for each in ("ResourceId", "ScalableDimension", name))

    known, table = {identity(each) for each in there}, source.backup.table
    for each in found:
        asked = {key: each[key] for key in names if each.get(key) is not None}
        asked["ResourceId"] = each["ResourceId"].replace(f"table/{table}", f"table/{to}", 1)
        if name:
            asked[name] = each[name].replace(table, to)[:_LONGEST_SCALING_NAME]
        if source.fits(each) and identity(asked) not in known:
            yield asked


def _index(found: Data) -> str:
    return str(found["ResourceId"]).partition("/index/")[2]


def _where(asked: Data) -> str:
    return f"{asked['ScalableDimension']} {_index(asked)}".strip()


def _ended(action: Data, now: datetime) -> bool:
    """Whether it has ended: it has no effect then, and AWS would refuse it."""
    if "EndTime" in action and action["EndTime"] <= now:
        return True
    schedule = action.get("Schedule", "")
    if not schedule.startswith("at("):
        return False
    try:
        at = datetime.fromisoformat(schedule[3:-1])
        zone = ZoneInfo(action.get("Timezone") or "UTC")
    except (ValueError, OSError):
        # A time zone that only AWS knows: leave the decision to AWS.
        return False
    return at.replace(tzinfo=zone).astimezone(UTC) <= now


# --- the alarms of the table, created for the new one under other names
#
# PutMetricAlarm writes over an alarm of the same name (CloudWatch API reference): none that exists is named.


def left_alarms(source: Source, to: str) -> list[str]:
    """Names of alarms that only a person can put again."""
    return _alarms(source, to)[1]


def _alarms(source: Source, to: str) -> tuple[list[Json], list[str]]:
    table, requests, left = source.backup.table, list[Json](), list[str]()
    if to == table:
        return requests, left
    taken = {each["AlarmName"]: _about(each, to) for each in source.alarms}
    for alarm in source.alarms:
        old = alarm["AlarmName"]
        # An expression that names the table (SEARCH, SELECT) is left to a person.
        expressed = any(table in each.get("Expression", "") for each in alarm.get("Metrics", []))
        if old.startswith(_OF_SCALING) or not (_about(alarm, table) or expressed):
            continue
        new = old.replace(table, to) if table in old else f"{old}-{to}"
        if taken.get(new):
            continue
        if new in taken or len(new) > _LONGEST_ALARM_NAME or expressed:
            left.append(old)
            continue
        taken[new] = False
        request = deepcopy({name: alarm[name] for name in _ALARM if alarm.get(name) not in (None, "", [])})
        for each in _dimensions(request):
            if each["Name"] == "TableName" and each["Value"] == table:
                each["Value"] = to
        requests.append({"AlarmName": new, **request})
    return requests, left


def _about(alarm: Described, table: str) -> bool:
    return any(each["Name"] == "TableName" and each["Value"] == table for each in _dimensions(alarm))


def _dimensions(alarm: Described) -> Iterator[Any]:
    yield from alarm.get("Dimensions", [])
    for each in alarm.get("Metrics", []):
        yield from each.get("MetricStat", {}).get("Metric", {}).get("Dimensions", [])
