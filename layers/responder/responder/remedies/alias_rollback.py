"""Let the alias that takes the traffic serve the previous version of the code again.

Nothing is published and no configuration is changed: a published version brings its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from responder.change import Change, Lease, Plan, Status
from responder.context import Context
from responder.errors import AwsError, Refused
from responder.failure import FailureKind
from responder.mode import Effect, Mode
from responder.obstacle import Obstacle
from responder.permissions import ANY, Permission, qualified
from responder.remedies._found import Found
from responder.remedies._moving import moving
from responder.remedies._obstacles import unreadable
from responder.remedies._rollback import Rollback, look, reasons, versions_of
from responder.remedies._rollback_facts import caution, going_along
from responder.remedies._single import finish, put, seen, undo
from responder.remedies._write import unfinished
from responder.settings import Settings
from responder.which import Which


@dataclass(frozen=True, slots=True)
class AliasRollback:
    """Of one of the two liveness functions."""

    which: Which
    name: str = "alias_rollback"
    effect: Effect = Effect.CHANGES_CODE
    ceiling: Mode = Mode.APPROVE
    lease_time: timedelta | None = None

    @property
    def scope(self) -> str:
        """The function's role."""
        return self.which.value

    def needs(self) -> tuple[Permission, ...]:
        """Reads of the function, its aliases and versions; the one write moves an alias."""
        function, versions = self.which.arn, qualified(self.which.arn)
        return (
            Permission("lambda:ListAliases", function),
            Permission("lambda:ListVersionsByFunction", function),
            Permission("lambda:GetFunctionConfiguration", versions),
            Permission("lambda:GetProvisionedConcurrencyConfig", versions),
            Permission("cloudwatch:GetMetricData", ANY),
            Permission("lambda:UpdateAlias", function, "move the alias between versions, once approved"),
        )

    def prepare(self, context: Context) -> Plan:
        """From the newest version to the one before it, and never further."""
        function = self.which.function(context.settings)
        try:
            found = look(context, function)
        except AwsError as error:
            return Plan(function, (), obstacles=(unreadable(function, error),))
        return _plan(found, context.settings)

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """In effect at once; what is done already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        return tuple(
            put(moving(context.aws, change.target, plan.held), change, Status.APPLIED, plan.held)
            if unfinished(change)
            else change
            for change in plan.changes
        )

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """Which version the alias serves."""
        old = str(lease.snapshot["old"])
        return tuple(
            finish(
                moving(context.aws, change.target),
                change,
                Status.TAKEN_BACK if change.after == old else Status.APPLIED,
            )
            for change in lease.changes
        )

    def look(self, context: Context, lease: Lease) -> tuple[Found | AwsError, ...]:
        """The version that the alias serves."""
        return tuple(seen(moving(context.aws, change.target), change) for change in lease.changes)

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """The version it served."""
        return {change.target: str(lease.snapshot["old"]) for change in lease.changes}

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """Forward again to the version it served."""
        old = str(lease.snapshot["old"])
        return tuple(
            undo(moving(context.aws, change.target), change, old, Status.TAKEN_BACK)
            for change in lease.changes
        )


def _plan(found: Rollback, settings: Settings) -> Plan:
    against, alias = reasons(found, settings), found.alias
    # That it was rolled back holds also where nothing could be done now.
    if alias is None or (against and found.previous is None and not found.back):
        return Plan(found.function, (), obstacles=against)
    target, version = f"{found.function}:{alias.name}", alias.version
    # An alias behind the newest version was rolled back, by us or a person: a second alarm asks for no more.
    back = version if found.previous is None else str(found.previous["Version"])
    done = found.previous is None
    note = FailureKind.ROLLED_BACK_ALREADY(target=target, **versions_of(found)) if done else None
    change = Change(target, "version", version, back, Status.ALREADY if done else Status.PLANNED, note)
    return Plan(
        found.function,
        (change,),
        {"alias": alias.name, "old": version},
        against,
        Obstacle.IN_FLIGHT(target=target) if found.allocation.pending and not done else None,
        cautions=caution(found),
        moves=going_along(found),
        held=replace(alias, served={}),
    )
