"""The kind of remedy that compares, then sets one target: an alias, a table."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace

from responder.core.change import Change, ChangeNote, Changes, Lease, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, Refused, Unreachable
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.reasons import FailureKind, Obstacle
from responder.remedies import DELETED, GONE, Presence, TargetState
from responder.remedies.engine.write import (
    after_write,
    failed,
    failure_of,
    gone,
    kept,
    not_made,
    still_unread,
    unfinished,
    unreadable,
    unsettled,
)


@frozen
class TargetAccess[S]:
    """How one target is read and written; `S` is its state as it is read.

    Attributes:
        pending: AWS still works on it, its value may be the old or the new one.
        write: set a value, given the state that was read before; returns the state after it.
        broken: why AWS gave up.
        remembered: what a write would lose of it is on record as it is.
    """

    read: Callable[[], S]
    value: Callable[[S], str]
    pending: Callable[[S], bool]
    write: Callable[[str, S], S]
    broken: Callable[[S], ChangeNote | None] = lambda _: None
    remembered: Callable[[S], bool] = lambda _: True


class SingleTarget[S](ABC):
    """Base of such a remedy."""

    @abstractmethod
    def access(self, context: Context, target: str, snapshot: Data) -> TargetAccess[S]:
        """Access to a target of a plan or of a lease, which has the snapshot."""

    def apply(self, context: Context, plan: Plan) -> Changes:
        """Set the target; what is set already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        return tuple(
            put(self.access(context, change.target, plan.snapshot), change, Status.APPLIED, plan.current)
            if unfinished(change)
            else change
            for change in plan.changes
        )

    def confirm(self, context: Context, lease: Lease) -> Changes:
        """Whether the target has the value, and AWS has finished."""
        old = self.restored(lease, {})

        def one(change: Change) -> Change:
            done = Status.REVERTED if change.after == old[change.target] else Status.APPLIED
            return finish(self.access(context, change.target, lease.snapshot), change, done)

        return tuple(map(one, lease.changes))

    def look(self, context: Context, lease: Lease) -> tuple[TargetState | AwsError, ...]:
        """The value that each target has, compared with what we set."""

        def one(change: Change) -> TargetState | AwsError:
            access = self.access(context, change.target, lease.snapshot)
            try:
                now = access.read()
            except Missing:
                return DELETED
            except AwsError as error:
                return error
            value = access.value(now)
            presence = Presence.EVERYWHERE if value == change.after else Presence.NOWHERE
            return TargetState(presence, value or GONE, pending=access.pending(now))

        return tuple(map(one, lease.changes))

    def restored(self, lease: Lease, wanted: Data) -> dict[str, str]:
        """The old value, of each target."""
        return {change.target: str(lease.snapshot["old"]) for change in lease.changes}

    def revert(self, context: Context, lease: Lease, wanted: Data) -> Changes:
        """Set the old value again."""
        old = self.restored(lease, wanted)

        def one(change: Change) -> Change:
            access = self.access(context, change.target, lease.snapshot)
            return undo(access, change, old[change.target], Status.REVERTED)

        return tuple(map(one, lease.changes))


def put[S](access: TargetAccess[S], change: Change, done: Status, current: S | None = None) -> Change:
    """Set `change.after` where `change.before` is still the value.

    `current`: the state as it was just read, or as it was once, where the write names a revision.
    """
    try:
        now = access.read() if current is None else current
        if access.value(now) != change.after:
            if access.pending(now):
                return failed(change, Obstacle.IN_FLIGHT(target=change.target))
            if access.value(now) != change.before or not access.remembered(now):
                return failed(change, FailureKind.CHANGED_MEANWHILE(target=change.target))
            now = _written(access, change, now)
        status = Status.IN_PROGRESS if access.pending(now) else done
        return replace(change, status=status, note=None)
    except AwsError as error:
        return failed(change, failure_of(change.target, error))


def _written[S](access: TargetAccess[S], change: Change, now: S) -> S:
    try:
        return access.write(change.after, now)
    except Unreachable as error:
        after = after_write(access.read, error)
        if access.value(after) == change.after or access.pending(after):
            return after
        raise


def undo[S](access: TargetAccess[S], change: Change, wanted: str, done: Status) -> Change:
    """Set `wanted` where the value is still the one we set; a person's later value is kept."""
    try:
        now = access.read()
    except Missing:
        return gone(change)
    except AwsError as error:
        return failed(change, unreadable(change.target, error))
    value = access.value(now)
    if value not in (change.after, wanted) and not access.pending(now):
        return kept(change, value)
    back = replace(change, before=change.after, after=wanted, status=Status.PLANNED, note=None)
    return put(access, back, done, now)


def finish[S](access: TargetAccess[S], change: Change, done: Status) -> Change:
    """The present status of a change that is not settled."""
    if not unsettled(change):
        return change
    try:
        now = access.read()
    except Missing:
        return gone(change)
    except AwsError as error:
        return still_unread(change, failure_of(change.target, error))
    value = access.value(now)
    if change.status is not Status.IN_PROGRESS and value != change.after and not access.pending(now):
        return not_made(change, value)
    reason = access.broken(now)
    if reason is not None:
        return failed(change, reason)
    if access.pending(now):
        return replace(change, status=Status.IN_PROGRESS, note=None)
    return replace(change, status=done, note=None) if value == change.after else kept(change, value)
