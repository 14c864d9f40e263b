"""Let the sessions table grow with the load, while its provisioned throughput is too small."""

from datetime import UTC, datetime

from responder.core.change import Change, Changes, Lease, Plan, Status
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import ANY, SESSIONS_TABLE, Permission, Permissions
from responder.core.plain_data import Data, Json
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.core.text import Strings
from responder.evidence import metrics
from responder.remedies.engine.functions import scaled
from responder.remedies.engine.single_target import SingleTarget, TargetAccess, undo
from responder.remedies.engine.write import action_of, failed, failure_of, gone, unreadable

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"
_MINUTE = 60
# Throttled although no minute used more than this share of the provisioned capacity: a hot key.
_WELL_UNDER = 0.5
_UNSTEADY = frozenset({"UPDATING", "CREATING"})


class TableNow:
    """DescribeTable's answer. The table and all its indexes have one billing mode.

    Attributes:
        billing: a table that was never on demand may name no mode.
        statuses: of the table and every index; `pending`: AWS works on it.
        throughput: of the table alone; `indexes`: of each index by its name.
        changed_at: latest change of mode or throughput (UTC).
        replicated: a global table: other Regions are part of it.
    """

    def __init__(self, description: Data) -> None:
        summary = description.get("BillingModeSummary", {})
        units = description.get("ProvisionedThroughput", {})
        indexes = description.get("GlobalSecondaryIndexes", [])
        self.billing = str(summary.get("BillingMode", PROVISIONED))
        self.statuses = {str(description["TableStatus"]), *(str(each["IndexStatus"]) for each in indexes)}
        self.pending = bool(self.statuses & _UNSTEADY)
        self.throughput = _units(description)
        self.indexes = {str(each["IndexName"]): _units(each) for each in indexes}
        times = (
            summary.get("LastUpdateToPayPerRequestDateTime"),
            units.get("LastIncreaseDateTime"),
            units.get("LastDecreaseDateTime"),
        )
        self.changed_at = max((at.astimezone(UTC) for at in times if at), default=None)
        self.replicated = bool(description.get("Replicas"))


def _units(description: Data) -> dict[str, int]:
    found = description.get("ProvisionedThroughput", {})
    return {"read": int(found.get("ReadCapacityUnits", 0)), "write": int(found.get("WriteCapacityUnits", 0))}


def _table(aws: Gateway, name: str) -> TableNow:
    return TableNow(aws.call("dynamodb", "describe_table", TableName=name)["Table"])


@frozen
class OnDemandBilling(SingleTarget[TableNow]):
    """On-demand billing of the sessions table."""

    name: RemedyName = RemedyName.ON_DEMAND_BILLING
    scope: str = ""

    def needs(self) -> Permissions:
        """UpdateTable cannot be limited to the billing mode."""
        return (
            Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
            Permission("dynamodb:UpdateTable", SESSIONS_TABLE, "switch the billing mode, and back"),
            Permission("application-autoscaling:DescribeScalableTargets", ANY),
            Permission("cloudwatch:GetMetricData", ANY),
        )

    def prepare(self, context: Context) -> Plan:
        """Snapshot what the revert will need: every throughput and scaling target."""
        name = context.settings.sessions_table
        try:
            now = _table(context.aws, name)
        except AwsError as error:
            return Plan(name, (), obstacles=(unreadable(name, error),))
        modified: dict[str, datetime] = {} if now.changed_at is None else {name: now.changed_at}
        if now.billing == ON_DEMAND and not now.pending:
            change = Change(name, "BillingMode", ON_DEMAND, ON_DEMAND, Status.ALREADY)
            return Plan(name, (change,), modified=modified)
        scaling, unread = _scaling(context, name)
        odd = ", ".join(sorted(now.statuses - {"ACTIVE", *_UNSTEADY}))
        return Plan(
            name,
            (Change(name, "BillingMode", PROVISIONED, ON_DEMAND),),
            {"throughput": now.throughput, "indexes": now.indexes, "scaling": scaling},
            (Obstacle.TABLE_NOT_ACTIVE(target=name, state=odd),) if odd else (),
            Obstacle.IN_FLIGHT(target=name) if now.pending else None,
            cautions=(*unread, *_cautions(context, name, now)),
            modified=modified,
        )

    def access(self, context: Context, target: str, snapshot: Data) -> TargetAccess[TableNow]:
        """Accepted immediately, ACTIVE with the requested mode after minutes. `snapshot` has the throughput
        of the table and of every index, to go back to."""
        aws = context.aws

        def write(wanted: str, now: TableNow) -> TableNow:
            more = _throughputs(snapshot, now) if wanted == PROVISIONED else {}
            answer = aws.call("dynamodb", "update_table", TableName=target, BillingMode=wanted, **more)
            return TableNow(answer["TableDescription"])

        def remembered(now: TableNow) -> bool:
            # An on-demand table has no throughput that the switch could lose.
            if now.billing != PROVISIONED:
                return True
            return (now.throughput, now.indexes) == (snapshot["throughput"], snapshot["indexes"])

        return TargetAccess(
            lambda: _table(aws, target),
            lambda now: now.billing,
            lambda now: now.pending,
            write,
            remembered=remembered,
        )

    def restored(self, lease: Lease, wanted: Data) -> dict[str, str]:
        """The billing mode that the table had."""
        return {change.target: PROVISIONED for change in lease.changes}

    def revert(self, context: Context, lease: Lease, wanted: Data) -> Changes:
        """Set the old throughput of the table and every index again; only a person orders it."""
        return tuple(self._back(context, lease, change) for change in lease.changes)

    def _back(self, context: Context, lease: Lease, change: Change) -> Change:
        try:
            now = _table(context.aws, change.target)
        except Missing:
            return gone(change)
        except AwsError as error:
            return failed(change, failure_of(change.target, error))
        added = sorted(now.indexes.keys() - lease.snapshot["indexes"].keys())
        if now.billing == ON_DEMAND and added:
            return failed(change, FailureKind.INDEX_ADDED(target=change.target, names=", ".join(added)))
        access = self.access(context, change.target, lease.snapshot)
        return undo(access, change, PROVISIONED, Status.REVERTED)


def _throughputs(snapshot: Data, now: TableNow) -> Json:
    """The throughput of the table, and of its indexes that still exist."""

    def request(units: Data) -> dict[str, int]:
        return {"ReadCapacityUnits": int(units["read"]), "WriteCapacityUnits": int(units["write"])}

    updates = [
        {"Update": {"IndexName": name, "ProvisionedThroughput": request(units)}}
        for name, units in snapshot["indexes"].items()
        if name in now.indexes
    ]
    table: Json = {"ProvisionedThroughput": request(snapshot["throughput"])}
    return {**table, "GlobalSecondaryIndexUpdates": updates} if updates else table


def _cautions(context: Context, name: str, now: TableNow) -> tuple[ExplainedReason[Caution], ...]:
    found = (Caution.GLOBAL_TABLE(target=name),) if now.replicated else ()
    try:
        hot = _hot_keys(context, name, now)
    except AwsError as error:
        return (*found, Caution.LOAD_UNREAD(target=name, action=action_of(error), code=error.code))
    return (*found, *(Caution.HOT_KEY(target=f"{name}/{where}" if where else name) for where in hot))


def _hot_keys(context: Context, name: str, now: TableNow) -> Strings:
    """Table ("") or indexes that were throttled in the last 15 min while well under their throughput."""
    units = {"": now.throughput, **now.indexes}
    asked = {
        f"{where}|{figure}": metrics.Metric(
            "AWS/DynamoDB",
            figure,
            "Sum",
            (("TableName", name), *((("GlobalSecondaryIndexName", where),) if where else ())),
        )
        for where in units
        for kind in ("Read", "Write")
        for figure in (f"{kind}ThrottleEvents", f"Consumed{kind}CapacityUnits")
    }
    start = context.ago(minutes=15).replace(second=0, microsecond=0)
    found = metrics.read(context, asked, start, context.now)

    def hot(where: str, kind: str) -> bool:
        used = found[f"{where}|Consumed{kind}CapacityUnits"].peak or 0.0
        throttled = found[f"{where}|{kind}ThrottleEvents"].total
        return throttled > 0 and used / _MINUTE < _WELL_UNDER * units[where][kind.lower()]

    return tuple(where for where in units if hot(where, "Read") or hot(where, "Write"))


def _scaling(context: Context, name: str) -> tuple[list[Json], tuple[ExplainedReason[Caution], ...]]:
    """AWS keeps them through the switch, and they act again after it."""
    try:
        found = scaled(context, "dynamodb")
    except AwsError as error:
        return [], (Caution.SCALING_UNREAD(target=name, action=action_of(error), code=error.code),)
    return [each for each in found if f"{each['ResourceId']}/".startswith(f"table/{name}/")], ()
