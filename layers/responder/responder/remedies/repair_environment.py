"""Put back the variables that a liveness function cannot do without, and no other. Stays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from responder.change import Change, Lease, LeaseState, Plan, Status
from responder.context import Context
from responder.errors import AwsError, Refused
from responder.failure import FailureKind
from responder.mode import Effect, Mode
from responder.obstacle import Obstacle
from responder.permissions import Permission
from responder.remedies._found import Found
from responder.remedies._functions import read
from responder.remedies._needs import to_configure
from responder.remedies._obstacles import unreadable
from responder.remedies._repair import found, put_back, settle
from responder.remedies._repair_plan import planned
from responder.which import Which

# A wrong value is nowhere on record, and a missing variable is no state to go back to.
_AS_IT_IS = "(kept)"


@dataclass(frozen=True, slots=True)
class RepairEnvironment:
    """On one of the two liveness functions: missing or wrong against the stack's parameters."""

    which: Which
    name: str = "repair_environment"
    effect: Effect = Effect.RESTORES
    ceiling: Mode = Mode.APPROVE
    lease_time: timedelta | None = None

    @property
    def scope(self) -> str:
        """The function's role."""
        return self.which.value

    def needs(self) -> tuple[Permission, ...]:
        """Rights on its function."""
        return to_configure(self.which.arn, "put back variables that are missing or wrong, once approved")

    def prepare(self, context: Context) -> Plan:
        """What stands there now, in $LATEST and behind every alias, against what is expected."""
        function = self.which.function(context.settings)
        try:
            now = read(context.aws, function)
        except AwsError as error:
            return Plan(function, (), obstacles=(unreadable(function, error),))
        return planned(context, now)

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """All of them in one write; what is done already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        return put_back(context, plan.changes, plan.snapshot, plan.held)

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """Publish and move aliases where there are any."""
        return settle(context, lease.changes, lease.snapshot)

    def look(self, context: Context, lease: Lease) -> tuple[Found | AwsError, ...]:
        """Each variable, as expected or not."""
        return found(context, lease.changes)

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """Nothing: refused while it is in force. A lease of which nobody knows what became can be closed.

        Raises:
            Refused: what was wrong before is not on record.
        """
        targets = dict.fromkeys(change.target for change in lease.changes)
        if lease.state is LeaseState.IN_FORCE:
            raise Refused(Obstacle.REPAIR_STAYS(target=", ".join(targets)))
        return dict.fromkeys(targets, _AS_IT_IS)

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """Leaves everything as it is, and says so."""
        return tuple(
            replace(
                change,
                status=Status.KEPT,
                note=FailureKind.NOT_RESTORED(target=change.target, setting=change.setting),
            )
            for change in lease.changes
        )
