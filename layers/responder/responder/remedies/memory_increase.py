"""More memory, and with it more CPU. Stays; the next deployment may undo it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from responder.change import Change, Lease, Plan, Status
from responder.context import Context
from responder.errors import AwsError, Refused
from responder.mode import Effect, Mode
from responder.permissions import Permission
from responder.remedies._found import Found, in_functions
from responder.remedies._managed import Memory
from responder.remedies._needs import to_configure
from responder.remedies._plan import old_value, planned
from responder.remedies._release import finish
from responder.remedies._task import Task
from responder.remedies._write import put, undo, unfinished
from responder.which import Which

_MEMORY = Memory()


@dataclass(frozen=True, slots=True)
class MemoryIncrease:
    """On one of the two liveness functions."""

    which: Which
    name: str = "memory_increase"
    effect: Effect = Effect.COSTS_MONEY
    ceiling: Mode = Mode.APPROVE
    lease_time: timedelta | None = None

    @property
    def scope(self) -> str:
        """The function's role."""
        return self.which.value

    def needs(self) -> tuple[Permission, ...]:
        """Rights on its function."""
        return to_configure(self.which.arn, "raise the memory, once approved")

    def prepare(self, context: Context) -> Plan:
        """The same reads and obstacles as for a variable."""
        function = self.which.function(context.settings)
        return planned(context, function, _MEMORY, str(context.settings.memory_size), {function: ()})

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """What is done already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        held = plan.held or {}
        return tuple(
            put(Task.of(context, _MEMORY, change, Status.APPLIED, plan.snapshot), held.get(change.target))
            if unfinished(change)
            else change
            for change in plan.changes
        )

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """Publish and move aliases where there are any."""
        snapshot = lease.snapshot
        return tuple(
            finish(Task.of(context, _MEMORY, change, _done(lease, change), snapshot))
            for change in lease.changes
        )

    def look(self, context: Context, lease: Lease) -> tuple[Found | AwsError, ...]:
        """The size that the function has."""
        return in_functions(context.aws, lease, lambda _: _MEMORY)

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """The old size."""
        return {change.target: old_value(lease.snapshot, change.target) for change in lease.changes}

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """To the old size."""
        return tuple(
            undo(
                Task.of(context, _MEMORY, change, Status.TAKEN_BACK, lease.snapshot),
                old_value(lease.snapshot, change.target),
            )
            for change in lease.changes
        )


def _done(lease: Lease, change: Change) -> Status:
    return Status.TAKEN_BACK if change.after == old_value(lease.snapshot, change.target) else Status.APPLIED
