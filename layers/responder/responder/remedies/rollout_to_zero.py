"""Take users off the liveness check: the rollout percentage of all four functions to 0.

Logins fall back to DetectFaces: available again, but open to photo and video spoofing.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from responder.change import Change, Lease, LeaseState, Plan, Status
from responder.context import Context
from responder.doubt import unreleased
from responder.errors import AwsError, Refused
from responder.explained import Explained
from responder.mode import Effect, Mode
from responder.obstacle import Obstacle
from responder.permissions import ROLLOUT_FUNCTIONS, Permission
from responder.remedies._found import Found, in_functions
from responder.remedies._functions import Alias, FunctionNow, read_all
from responder.remedies._managed import Variable
from responder.remedies._needs import to_configure
from responder.remedies._plan import old_value, planned
from responder.remedies._release import finish
from responder.remedies._task import Task
from responder.remedies._write import put, undo, unfinished
from responder.settings import Settings

_OFF = "0"
_ALL = 100


@dataclass(frozen=True, slots=True)
class RolloutToZero:
    """The migration guide's emergency rollback: all functions that read the switch, or none."""

    name: str = "rollout_to_zero"
    scope: str = ""
    effect: Effect = Effect.LOWERS_SECURITY
    ceiling: Mode = Mode.AUTO
    lease_time: timedelta | None = None

    def needs(self) -> tuple[Permission, ...]:
        """Rights on the four functions."""
        return tuple(
            right for arn in ROLLOUT_FUNCTIONS for right in to_configure(arn, "set the rollout to 0")
        )

    def prepare(self, context: Context) -> Plan:
        """One function with an obstacle stops all: a rollback of three leaves a mixed system."""
        settings = context.settings
        targets = {name: _unread(settings, name) for name in settings.rollout_functions}
        found = planned(context, "liveness-rollout", Variable(settings.rollout_variable), _OFF, targets)
        return found if targets else replace(found, obstacles=(Obstacle.NO_TARGETS(),))

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """All side by side; what is done already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        held = plan.held or {}

        def one(change: Change) -> Change:
            if not unfinished(change):
                return change
            return put(_task(context, change, Status.APPLIED, plan.snapshot), held.get(change.target))

        return _side_by_side(one, plan.changes)

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """Publish and move aliases where there are any."""

        def one(change: Change) -> Change:
            old = old_value(lease.snapshot, change.target)
            back = change.after == old != _OFF
            done = Status.TAKEN_BACK if back else Status.APPLIED
            task = _task(context, change, done, lease.snapshot)
            if lease.state is LeaseState.TAKING_BACK:
                task = replace(task, spares=lambda alias: _serves_more(change, change.after, alias))
            return finish(task)

        return _side_by_side(one, lease.changes)

    def look(self, context: Context, lease: Lease) -> tuple[Found | AwsError, ...]:
        """The switch in every function."""
        return in_functions(context.aws, lease, lambda change: Variable(change.setting))

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """The old value, or the step towards it."""
        percent = _percent(wanted)
        targets = (change.target for change in lease.changes)
        return {target: _restored(old_value(lease.snapshot, target), percent) for target in targets}

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """To `{"percent": N}`, or to the old value; never above the old value.

        A step on the way back is still our value (`applied`); the old one is `taken_back`. Raises Refused,
        before anything is written, for a step that would be less than an alias serves."""
        values = self.restored(lease, wanted)
        found = read_all(context.aws, values)
        for change in lease.changes:
            if values[change.target] != old_value(lease.snapshot, change.target):
                _no_less(change, values[change.target], found[change.target])

        def one(change: Change) -> Change:
            old, value = old_value(lease.snapshot, change.target), values[change.target]
            done = Status.TAKEN_BACK if value == old else Status.APPLIED
            return undo(_task(context, change, done, lease.snapshot), value, found[change.target])

        return _side_by_side(one, lease.changes)


def _no_less(change: Change, wanted: str, now: FunctionNow | AwsError) -> None:
    """An alias that never got our value, or that a person has moved, may serve more than the step."""
    for alias in () if isinstance(now, AwsError) else now.released:
        if _serves_more(change, wanted, alias):
            served = Variable(change.setting).value(alias.served) or ""
            about = {"target": change.target, "alias": alias.name, "setting": change.setting}
            raise Refused(Obstacle.ALIAS_SERVES_MORE(**about, now=served, wanted=wanted))


def _serves_more(change: Change, wanted: str, alias: Alias) -> bool:
    """Than `wanted`, and what is neither the change's value nor, on its way back, the one before."""
    served = Variable(change.setting).value(alias.served) or ""
    moving = wanted == change.after and not unreleased(change)
    ours = (change.after, change.before) if moving else (change.after,)
    return served.isdecimal() and wanted.isdecimal() and served not in ours and int(served) > int(wanted)


def _task(context: Context, change: Change, done: Status, snapshot: Mapping[str, Any]) -> Task:
    return Task.of(context, Variable(change.setting), change, done, snapshot)


def _side_by_side(one: Callable[[Change], Change], changes: tuple[Change, ...]) -> tuple[Change, ...]:
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(one, changes))


def _unread(settings: Settings, name: str) -> tuple[Explained[Obstacle], ...]:
    if name in settings.rollout_readers:
        return ()
    return (Obstacle.NOT_A_READER(target=name, setting=settings.rollout_variable),)


def _percent(wanted: Mapping[str, Any]) -> int | None:
    given = wanted.get("percent")
    if given is None:
        return None
    if not str(given).isdecimal() or int(given) > _ALL:
        raise Refused(Obstacle.NO_PERCENTAGE())
    return int(given)


def _restored(old: str, percent: int | None) -> str:
    if percent is None:
        return old
    return str(min(percent, int(old))) if old.isdecimal() else str(percent)
