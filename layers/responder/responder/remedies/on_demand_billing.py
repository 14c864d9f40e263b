"""Let the sessions table grow with the load, while its provisioned throughput is too small."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from responder.core.change import Change, Lease, Plan, Status
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import ANY, SESSIONS_TABLE, Permission
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.remedies.engine.functions import MinuteSum, scaled, sums
from responder.remedies.engine.single_target import SingleTarget, TargetAccess, undo
from responder.remedies.engine.write import action_of, failed, failure_of, gone, unreadable

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"
_MINUTE = 60
# Throttled though so little of what is provisioned was used in any minute: one key is too hot.
_WELL_UNDER = 0.5
_KINDS = ("Read", "Write")
_UNSTEADY = frozenset({"UPDATING", "CREATING"})


@frozen
class TableNow:
    """DescribeTable's answer."""

    description: Mapping[str, Any]

    @property
    def billing(self) -> str:
        """A table that was never on demand may name no mode."""
        return str(self.description.get("BillingModeSummary", {}).get("BillingMode", PROVISIONED))

    @property
    def statuses(self) -> set[str]:
        """Of the table and every index."""
        return {str(self.description["TableStatus"]), *(str(each["IndexStatus"]) for each in self._indexes)}

    @property
    def pending(self) -> bool:
        """AWS works on it."""
        return bool(self.statuses & _UNSTEADY)

    @property
    def throughput(self) -> dict[str, int]:
        """Of the table alone."""
        return _units(self.description)

    @property
    def indexes(self) -> dict[str, dict[str, int]]:
        """By index name."""
        return {str(each["IndexName"]): _units(each) for each in self._indexes}

    @property
    def changed_at(self) -> datetime | None:
        """Latest change of mode or throughput."""
        summary = self.description.get("BillingModeSummary", {})
        units = self.description.get("ProvisionedThroughput", {})
        times = (summary.get("LastUpdateToPayPerRequestDateTime"), units.get("LastIncreaseDateTime"))
        found = [at.astimezone(UTC) for at in (*times, units.get("LastDecreaseDateTime")) if at]
        return max(found, default=None)

    @property
    def replicated(self) -> bool:
        """A global table: other Regions are part of it."""
        return bool(self.description.get("Replicas"))

    @property
    def _indexes(self) -> list[Mapping[str, Any]]:
        return list(self.description.get("GlobalSecondaryIndexes", []))


def table(aws: Gateway, name: str) -> TableNow:
    """As it is now."""
    return TableNow(aws.call("dynamodb", "describe_table", TableName=name)["Table"])


def hot_keys(context: Context, name: str, now: TableNow) -> tuple[str, ...]:
    """Table ("") or indexes that were throttled in the last 15 min while well under their throughput."""
    units = {"": now.throughput, **now.indexes}
    asked = {
        (where, kind, figure): MinuteSum("AWS/DynamoDB", figure.format(kind), _dimensions(name, where))
        for where in units
        for kind in _KINDS
        for figure in ("{}ThrottleEvents", "Consumed{}CapacityUnits")
    }
    found = sums(context, {"|".join(key): metric for key, metric in asked.items()}, context.ago(minutes=15))

    def hot() -> Iterator[str]:
        for where, provisioned in units.items():
            for kind in _KINDS:
                used = found[f"{where}|{kind}|Consumed{{}}CapacityUnits"].peak or 0.0
                throttled = found[f"{where}|{kind}|{{}}ThrottleEvents"].total
                if throttled and used / _MINUTE < _WELL_UNDER * provisioned[kind.lower()]:
                    yield where

    return tuple(dict.fromkeys(hot()))


def billing(aws: Gateway, name: str, snapshot: Mapping[str, Any]) -> TargetAccess[TableNow]:
    """The billing mode. `snapshot` has the throughput of the table and of every index, to go back to."""

    def write(wanted: str, now: TableNow) -> TableNow:
        more = _throughputs(snapshot, now) if wanted == PROVISIONED else {}
        answer = aws.call("dynamodb", "update_table", TableName=name, BillingMode=wanted, **more)
        return TableNow(answer["TableDescription"])

    def remembered(now: TableNow) -> bool:
        # On demand there is none that the switch could lose.
        if now.billing != PROVISIONED:
            return True
        return (now.throughput, now.indexes) == (snapshot["throughput"], snapshot["indexes"])

    return TargetAccess(
        lambda: table(aws, name),
        lambda now: now.billing,
        lambda now: now.pending,
        write,
        remembered=remembered,
    )


def _dimensions(name: str, index: str) -> dict[str, str]:
    return {"TableName": name, **({"GlobalSecondaryIndexName": index} if index else {})}


def _units(description: Mapping[str, Any]) -> dict[str, int]:
    found = description.get("ProvisionedThroughput", {})
    return {"read": int(found.get("ReadCapacityUnits", 0)), "write": int(found.get("WriteCapacityUnits", 0))}


def _throughputs(snapshot: Mapping[str, Any], now: TableNow) -> dict[str, Any]:
    """Of the table, and of those of its indexes that are still there."""
    updates = [
        {"Update": {"IndexName": name, "ProvisionedThroughput": _request(units)}}
        for name, units in snapshot["indexes"].items()
        if name in now.indexes
    ]
    request: dict[str, Any] = {"ProvisionedThroughput": _request(snapshot["throughput"])}
    return {**request, "GlobalSecondaryIndexUpdates": updates} if updates else request


def _request(units: Mapping[str, Any]) -> dict[str, int]:
    return {"ReadCapacityUnits": int(units["read"]), "WriteCapacityUnits": int(units["write"])}


@frozen
class OnDemandBilling(SingleTarget[TableNow]):
    """The table and all its indexes have one billing mode."""

    name: RemedyName = RemedyName.ON_DEMAND_BILLING
    scope: str = ""

    def needs(self) -> tuple[Permission, ...]:
        """UpdateTable cannot be limited to the billing mode."""
        return (
            Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
            Permission("dynamodb:UpdateTable", SESSIONS_TABLE, "switch the billing mode, and back"),
            Permission("application-autoscaling:DescribeScalableTargets", ANY),
            Permission("cloudwatch:GetMetricData", ANY),
        )

    def prepare(self, context: Context) -> Plan:
        """Snapshot what going back will need: every throughput and scaling target."""
        name = context.settings.sessions_table
        try:
            now = table(context.aws, name)
        except AwsError as error:
            return Plan(name, (), obstacles=(unreadable(name, error),))
        if now.billing == ON_DEMAND and not now.pending:
            change = Change(name, "BillingMode", ON_DEMAND, ON_DEMAND, Status.ALREADY)
            return Plan(name, (change,), modified=_modified(name, now))
        scaling, unread = _scaling(context, name)
        return Plan(
            name,
            (Change(name, "BillingMode", PROVISIONED, ON_DEMAND),),
            {"throughput": now.throughput, "indexes": now.indexes, "scaling": scaling},
            _obstacles(name, now),
            Obstacle.IN_FLIGHT(target=name) if now.pending else None,
            cautions=(*unread, *_cautions(context, name, now)),
            modified=_modified(name, now),
        )

    def access(self, context: Context, target: str, snapshot: Mapping[str, Any]) -> TargetAccess[TableNow]:
        """Accepted at once, ACTIVE with the wanted mode after minutes."""
        return billing(context.aws, target, snapshot)

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """The mode it had."""
        return {change.target: PROVISIONED for change in lease.changes}

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """To the old throughput of the table and every index; only a person asks for it."""
        return tuple(self._back(context, lease, change) for change in lease.changes)

    def _back(self, context: Context, lease: Lease, change: Change) -> Change:
        try:
            now = table(context.aws, change.target)
        except Missing:
            return gone(change)
        except AwsError as error:
            return failed(change, failure_of(change.target, error))
        added = sorted(now.indexes.keys() - lease.snapshot["indexes"].keys())
        if now.billing == ON_DEMAND and added:
            return failed(change, FailureKind.INDEX_ADDED(target=change.target, names=", ".join(added)))
        access = self.access(context, change.target, lease.snapshot)
        return undo(access, change, PROVISIONED, Status.TAKEN_BACK)


def _modified(name: str, now: TableNow) -> dict[str, datetime]:
    return {} if now.changed_at is None else {name: now.changed_at}


def _obstacles(name: str, now: TableNow) -> tuple[ExplainedReason[Obstacle], ...]:
    odd = sorted(now.statuses - {"ACTIVE", "UPDATING", "CREATING"})
    return (Obstacle.TABLE_NOT_ACTIVE(target=name, state=", ".join(odd)),) if odd else ()


def _cautions(context: Context, name: str, now: TableNow) -> tuple[ExplainedReason[Caution], ...]:
    found = (Caution.GLOBAL_TABLE(target=name),) if now.replicated else ()
    try:
        hot = hot_keys(context, name, now)
    except AwsError as error:
        return (*found, Caution.LOAD_UNREAD(target=name, action=action_of(error), code=error.code))
    return (*found, *(Caution.HOT_KEY(target=f"{name}/{where}" if where else name) for where in hot))


def _scaling(
    context: Context, name: str
) -> tuple[list[dict[str, Any]], tuple[ExplainedReason[Caution], ...]]:
    """AWS keeps them through the switch, and they act again after it."""
    try:
        found = scaled(context, "dynamodb")
    except AwsError as error:
        return [], (Caution.SCALING_UNREAD(target=name, action=action_of(error), code=error.code),)
    return [each for each in found if f"{each['ResourceId']}/".startswith(f"table/{name}/")], ()
