"""Let the sessions table grow with the load, while its provisioned throughput is too small."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from responder.core.change import Change, Lease, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import ANY, SESSIONS_TABLE, Permission
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.remedies.engine.reads import scaled
from responder.remedies.engine.single_target import SingleTarget, TargetAccess, undo
from responder.remedies.engine.write import action_of, failed, failure_of, gone, unreadable
from responder.remedies.sessions_table import ON_DEMAND, PROVISIONED, TableNow, billing, hot_keys, table


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
