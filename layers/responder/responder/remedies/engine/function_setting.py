"""The kind of remedy that sets one value of one or more Lambda functions and releases it to their aliases."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from responder.core.change import Change, Changes, Lease, Obstacles, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, Refused
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, Obstacle
from responder.core.text import Value
from responder.remedies import DELETED, Presence, TargetState
from responder.remedies.engine.functions import (
    LATEST,
    Alias,
    FunctionNow,
    ManagedSetting,
    cautions,
    in_flight,
    number,
    obstacles,
    old_value,
    read_all,
    serving_ours,
    snapshot_of,
    tried,
    unreleased_settings,
    variables_of,
)
from responder.remedies.engine.write import FunctionChange, finish, put, undo, unfinished, unreadable


class FunctionSetting(ABC):
    """Base of such a remedy; its `prepare` returns a plan made by `planned`."""

    @abstractmethod
    def managed(self, change: Change) -> ManagedSetting:
        """The setting that a change is about: the one of then, whatever the parameters name since."""

    def is_back(self, change: Change, old: str) -> bool:
        """The change sets the old value again."""
        return change.after == old

    def spares(self, lease: Lease, change: Change, alias: Alias) -> bool:
        """`confirm` leaves this alias as it is."""
        return False

    def step_obstacle(
        self, change: Change, wanted: str, now: FunctionNow | AwsError
    ) -> ExplainedReason[Obstacle] | None:
        """Why a step of the revert must not be taken."""
        return None

    def apply(self, context: Context, plan: Plan) -> Changes:
        """Set all functions in parallel; what is set already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        current = plan.current or {}

        def one(change: Change) -> Change:
            if not unfinished(change):
                return change
            job = FunctionChange(context, self.managed(change), change, Status.APPLIED, plan.snapshot)
            return put(job, current.get(change.target))

        return _side_by_side(one, plan.changes)

    def confirm(self, context: Context, lease: Lease) -> Changes:
        """Publish and move aliases where there are any."""

        def one(change: Change) -> Change:
            back = self.is_back(change, old_value(lease.snapshot, change.target))
            done = Status.REVERTED if back else Status.APPLIED
            spares = partial(self.spares, lease, change)
            return finish(FunctionChange(context, self.managed(change), change, done, lease.snapshot, spares))

        return _side_by_side(one, lease.changes)

    def look(self, context: Context, lease: Lease) -> tuple[TargetState | AwsError, ...]:
        """The value in $LATEST and in the versions that the aliases serve, of every function."""
        found = read_all(context.aws, {change.target for change in lease.changes})
        return tuple(
            _state(self.managed(change), change, found[change.target], lease.snapshot)
            for change in lease.changes
        )

    def restored(self, lease: Lease, wanted: Data) -> dict[str, str]:
        """The old value of each function, as it was written there."""
        return {change.target: old_value(lease.snapshot, change.target) for change in lease.changes}

    def revert(self, context: Context, lease: Lease, wanted: Data) -> Changes:
        """To what `restored` says. A step of the revert is still our value (`applied`); the old one is
        `reverted`. Raises Refused, before anything is written, where a step must not be taken."""
        values = self.restored(lease, wanted)
        found = read_all(context.aws, values)
        old = {change.target: old_value(lease.snapshot, change.target) for change in lease.changes}
        for change in lease.changes:
            value, now = values[change.target], found[change.target]
            step = value != old[change.target]
            if step and (reason := self.step_obstacle(change, value, now)) is not None:
                raise Refused(reason)

        def one(change: Change) -> Change:
            value = values[change.target]
            done = Status.REVERTED if value == old[change.target] else Status.APPLIED
            job = FunctionChange(context, self.managed(change), change, done, lease.snapshot)
            return undo(job, value, found[change.target])

        return _side_by_side(one, lease.changes)


def planned(
    context: Context,
    scope: str,
    managed: ManagedSetting,
    wanted: str,
    targets: Mapping[str, Obstacles],
) -> Plan:
    """Read every function side by side. `targets` names further obstacles of each."""
    found = read_all(context.aws, targets)
    read = {name: now for name, now in found.items() if isinstance(now, FunctionNow)}
    changes = {name: _change(now, managed, wanted) for name, now in read.items()}
    open_ = [now for name, now in read.items() if changes[name].status is Status.PLANNED]
    today = context.now.date()
    against = {now.name: (*obstacles(now, managed, today), *targets[now.name]) for now in open_}
    waiting = {now.name: waits for now in open_ if (waits := in_flight(now)) is not None}
    unread = [unreadable(name, now) for name, now in found.items() if isinstance(now, AwsError)]
    return Plan(
        scope,
        tuple(
            change for name, change in changes.items() if managed.value(read[name].configuration) is not None
        ),
        {"functions": {name: snapshot_of(now, managed, changes[name].before) for name, now in read.items()}},
        (*unread, *(reason for reasons in against.values() for reason in reasons)),
        next(iter(waiting.values()), None),
        cautions=tuple(reason for now in open_ for reason in cautions(now, managed, wanted)),
        modified={name: now.modified for name, now in read.items() if now.modified is not None},
        moves=frozenset[tuple[str, str]]().union(*(unreleased_settings(now, managed) for now in open_)),
        possible=tuple(name for name, reasons in against.items() if not reasons and name not in waiting),
        current=read,
    )


def _change(now: FunctionNow, managed: ManagedSetting, wanted: str) -> Change:
    latest = managed.value(now.configuration)
    values = [latest, *(managed.value(alias.served) for alias in now.released)]
    unmet = [value for value in values if value is None or not managed.meets(value, wanted)]
    # Where only an alias differs, what it serves is what users have.
    before = next((value for value in unmet if value), latest) or ""
    after = latest if latest is not None and managed.meets(latest, wanted) else wanted
    return Change(now.name, managed.label, before, after, Status.PLANNED if unmet else Status.ALREADY)


def _side_by_side(one: Callable[[Change], Change], changes: Changes) -> Changes:
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(one, changes))


def unread_state(now: FunctionNow | AwsError) -> TargetState | AwsError | None:
    """What is reported of a function that is gone, or of which the variables could not be read."""
    if isinstance(now, AwsError):
        return DELETED if isinstance(now, Missing) else now
    if variables_of(now.configuration) is None:
        # Not decrypted is not removed.
        return AwsError("lambda", "GetFunctionConfiguration", "EnvironmentError")
    return None


def _state(
    managed: ManagedSetting, change: Change, now: FunctionNow | AwsError, snapshot: Data
) -> TargetState | AwsError:
    latest = None if isinstance(now, AwsError) else managed.value(now.configuration)
    unread = unread_state(now) if latest is None else None
    if isinstance(now, AwsError) or unread is not None:
        return unread or DELETED
    served = {alias.name: managed.value(alias.served) for alias in now.released}
    if managed.same(latest, change.after):
        others = any(value is not None and not managed.same(value, change.after) for value in served.values())
        presence = Presence.LATEST_ONLY if others else Presence.EVERYWHERE
    else:
        ours = serving_ours(managed, change.target, change.after, now, snapshot)
        presence = Presence.ALIAS_ONLY if ours else Presence.NOWHERE
    # Where AWS gave up, `finish` finds it out: the old configuration is no change by others.
    gave_up = now.update_status == "Failed" and change.status is Status.IN_PROGRESS
    in_progress = now.update_status == "InProgress" or gave_up
    return TargetState(
        presence,
        _shown({LATEST: latest, **served}),
        # What a run may have set is none either; the next revert continues from it.
        pending=in_progress or latest in tried(snapshot, change.target),
        # Moving an alias does not change the date of the function.
        at=None if now.released else now.modified,
    )


def _shown(values: Mapping[str, str | None]) -> Value:
    """The value to show, one if all are the same. What is no number is not shown, because it may contain
    anything."""
    shown = {
        name: "-" if value is None else value if number(value) is not None else "?"
        for name, value in values.items()
    }
    if len(set(shown.values())) == 1:
        return shown[LATEST]
    return ", ".join(f"{name} {value}" for name, value in shown.items())
