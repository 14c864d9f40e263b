"""Keep environments warm on the alias that really receives the traffic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from responder.change import Change, Lease, Plan, Status
from responder.context import Context
from responder.errors import AwsError, Refused
from responder.mode import Effect, Mode
from responder.obstacle import Obstacle
from responder.permissions import ANY, Permission, qualified
from responder.remedies._allocation import allocated
from responder.remedies._found import Found
from responder.remedies._obstacles import unreadable
from responder.remedies._single import finish, put, seen, undo
from responder.remedies._warm import Warm, look, reasons
from responder.remedies._write import unfinished
from responder.which import Which

_WHY = "the remedy itself; costs money until it is taken back"
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ProvisionedConcurrency:
    """On one of the two liveness functions."""

    which: Which
    name: str = "provisioned_concurrency"
    effect: Effect = Effect.COSTS_MONEY
    ceiling: Mode = Mode.AUTO
    lease_time: timedelta | None = _DAY

    @property
    def scope(self) -> str:
        """The function's role."""
        return self.which.value

    def needs(self) -> tuple[Permission, ...]:
        """Reads of the function and the account; the write only on its aliases and versions."""
        function, aliases = self.which.arn, qualified(self.which.arn)
        return (
            Permission("lambda:GetFunctionConfiguration", function),
            Permission("lambda:ListAliases", function),
            Permission("lambda:GetFunctionConcurrency", function),
            Permission("lambda:GetAccountSettings", ANY),
            Permission("application-autoscaling:DescribeScalableTargets", ANY),
            Permission("cloudwatch:GetMetricData", ANY),
            Permission("lambda:GetProvisionedConcurrencyConfig", aliases),
            Permission("lambda:PutProvisionedConcurrencyConfig", aliases, _WHY),
            Permission("lambda:DeleteProvisionedConcurrencyConfig", aliases, "take the remedy back"),
        )

    def prepare(self, context: Context) -> Plan:
        """Without an alias that is used it would only cost money."""
        function = self.which.function(context.settings)
        try:
            warm = look(context, function)
        except AwsError as error:
            return Plan(function, (), obstacles=(unreadable(function, error),))
        against = reasons(warm, context.settings.provisioned_concurrency)
        return _plan(warm, context.settings.provisioned_concurrency, against)

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """Accepted at once, ready after minutes."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        return tuple(
            put(allocated(context.aws, change.target), change, Status.APPLIED)
            if unfinished(change)
            else change
            for change in plan.changes
        )

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """READY, FAILED or still IN_PROGRESS."""
        old = str(lease.snapshot["old"])
        return tuple(
            finish(
                allocated(context.aws, change.target),
                change,
                Status.TAKEN_BACK if change.after == old else Status.APPLIED,
            )
            for change in lease.changes
        )

    def look(self, context: Context, lease: Lease) -> tuple[Found | AwsError, ...]:
        """What the alias has."""
        return tuple(seen(allocated(context.aws, change.target), change) for change in lease.changes)

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """What was there before."""
        return {change.target: str(lease.snapshot["old"]) for change in lease.changes}

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """To what was there before, which is mostly nothing."""
        old = str(lease.snapshot["old"])
        return tuple(
            undo(allocated(context.aws, change.target), change, old, Status.TAKEN_BACK)
            for change in lease.changes
        )


def _plan(warm: Warm, wanted: int, against: tuple[Any, ...]) -> Plan:
    if warm.alias is None:
        return Plan(warm.function, (), obstacles=against)
    now = warm.allocation
    met = now.requested >= wanted
    change = Change(
        f"{warm.function}:{warm.alias.name}",
        "ProvisionedConcurrency",
        str(now.requested),
        str(now.requested if met else wanted),
        Status.ALREADY if met else Status.PLANNED,
    )
    return Plan(
        warm.function,
        (change,),
        {"alias": warm.alias.name, "old": now.requested},
        () if met else against,
        Obstacle.IN_FLIGHT(target=change.target) if now.pending and not met else None,
        modified={} if now.modified is None else {change.target: now.modified},
    )
