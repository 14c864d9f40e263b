"""Lower the score a check must reach, for some hours: more people pass, and spoofing passes more easily.

AWS wants a human review of audit images beside a lower threshold (developer guide, recommendations for Face
Liveness); a low success rate is also what an attack looks like. So two people decide, and it goes back by
itself.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from responder.change import Change, Lease, Plan, Status
from responder.context import Context
from responder.errors import AwsError, Refused
from responder.explained import Explained
from responder.mode import Effect, Mode
from responder.obstacle import Obstacle
from responder.permissions import CREATE_FUNCTION, RESULT_FUNCTION, Permission
from responder.remedies._found import Found, in_functions
from responder.remedies._needs import to_configure
from responder.remedies._plan import old_value, planned
from responder.remedies._release import finish
from responder.remedies._task import Task
from responder.remedies._threshold import Threshold, against, as_written, number
from responder.remedies._write import put, undo, unfinished
from responder.settings import Settings

_FOUR_HOURS = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class LowerThreshold:
    """The manual's 90 -> 85, on those of the two liveness functions that are known to read the variable."""

    name: str = "lower_threshold"
    scope: str = ""
    effect: Effect = Effect.LOWERS_SECURITY
    ceiling: Mode = Mode.APPROVE
    lease_time: timedelta | None = _FOUR_HOURS

    def needs(self) -> tuple[Permission, ...]:
        """Rights on the two liveness functions."""
        arns = (CREATE_FUNCTION, RESULT_FUNCTION)
        purpose = "lower the confidence threshold, once two people approved"
        return tuple(right for arn in arns for right in to_configure(arn, purpose))

    def prepare(self, context: Context) -> Plan:
        """All readers or none; without the function that judges among them it would change nothing."""
        settings = context.settings
        managed, wanted = Threshold(settings.threshold_variable), settings.lowered_threshold
        readers: dict[str, tuple[Explained[Obstacle], ...]] = {
            name: () for name in settings.functions if name in settings.threshold_readers
        }
        plan = planned(context, "liveness-threshold", managed, str(wanted), readers)
        changes = as_written(plan.changes, plan.held, managed, wanted)
        reasons = (*_unread(settings), *plan.obstacles, *against(changes, wanted))
        # What is no number may be anything, a secret too; and a check that asks for 85 here and for 90 there
        # is nothing that anybody decided: never on some of them.
        shown = tuple(change for change in changes if number(change.before) is not None)
        return replace(plan, changes=shown, obstacles=reasons, possible=())

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """What is done already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        held = plan.held or {}

        def one(change: Change) -> Change:
            if not unfinished(change):
                return change
            task = _task(context, change, Status.APPLIED, plan.snapshot)
            return put(task, held.get(change.target))

        return _side_by_side(one, plan.changes)

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """Publish and move aliases where there are any."""

        def one(change: Change) -> Change:
            back = change.after == old_value(lease.snapshot, change.target)
            done = Status.TAKEN_BACK if back else Status.APPLIED
            return finish(_task(context, change, done, lease.snapshot))

        return _side_by_side(one, lease.changes)

    def look(self, context: Context, lease: Lease) -> tuple[Found | AwsError, ...]:
        """The threshold in every function."""
        return in_functions(context.aws, lease, lambda change: Threshold(change.setting))

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """The old threshold, as the function had it."""
        return {change.target: old_value(lease.snapshot, change.target) for change in lease.changes}

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """To the old threshold, at once."""
        values = self.restored(lease, wanted)

        def one(change: Change) -> Change:
            task = _task(context, change, Status.TAKEN_BACK, lease.snapshot)
            return undo(task, values[change.target])

        return _side_by_side(one, lease.changes)


def _task(context: Context, change: Change, done: Status, snapshot: Mapping[str, Any]) -> Task:
    # What was set then, whatever the parameter names since.
    return Task.of(context, Threshold(change.setting), change, done, snapshot)


def _unread(settings: Settings) -> tuple[Explained[Obstacle], ...]:
    """Facts that no API tells are declared; as FaceAuth is deployed nobody can declare this one."""
    judge = settings.result_function
    if judge in settings.threshold_readers:
        return ()
    return (Obstacle.THRESHOLD_NOT_READ(target=judge, setting=settings.threshold_variable),)


def _side_by_side(one: Callable[[Change], Change], changes: tuple[Change, ...]) -> tuple[Change, ...]:
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(one, changes))
