"""Compare, then set: one target without a revision to hold on to."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from responder.change import Change, Note, Status
from responder.errors import AwsError, Missing, Unreachable
from responder.failure import FailureKind
from responder.obstacle import Obstacle
from responder.remedies._found import DELETED, GONE, Found, Stands
from responder.remedies._obstacles import told, unreadable
from responder.remedies._write import failed, gone, kept, not_made, unsettled


@dataclass(frozen=True, slots=True)
class Target[S]:
    """How one target is read and written.

    `pending`: AWS still works on it, its value may be the old or the new one. `broken`: why AWS gave up.
    `remembered`: what a write would lose of it is on record as it stands.
    """

    read: Callable[[], S]
    value: Callable[[S], str]
    pending: Callable[[S], bool]
    write: Callable[[str], S]
    broken: Callable[[S], Note | None] = lambda _: None
    remembered: Callable[[S], bool] = lambda _: True


def put[S](target: Target[S], change: Change, done: Status, held: S | None = None) -> Change:
    """Set `change.after` where `change.before` still stands.

    `held`: as it was just read, or as it was once, where the write names a revision.
    """
    try:
        now = target.read() if held is None else held
        if target.value(now) != change.after:
            if target.pending(now):
                return failed(change, Obstacle.IN_FLIGHT(target=change.target))
            if target.value(now) != change.before or not target.remembered(now):
                return failed(change, FailureKind.CHANGED_MEANWHILE(target=change.target))
            now = _written(target, change)
        return replace(change, status=_status(target, now, done), note=None)
    except AwsError as error:
        return failed(change, told(change.target, error))


def undo[S](target: Target[S], change: Change, wanted: str, done: Status) -> Change:
    """Set `wanted` where what we set still stands; a person's later value is kept."""
    try:
        now = target.read()
    except Missing:
        return gone(change)
    except AwsError as error:
        return failed(change, unreadable(change.target, error))
    value = target.value(now)
    if value not in (change.after, wanted) and not target.pending(now):
        return kept(change, value)
    back = replace(change, before=change.after, after=wanted, status=Status.PLANNED, note=None)
    return put(target, back, done, now)


def seen[S](target: Target[S], change: Change) -> Found | AwsError:
    """What it has now, beside what we set."""
    try:
        now = target.read()
    except Missing:
        return DELETED
    except AwsError as error:
        return error
    value = target.value(now)
    stands = Stands.EVERYWHERE if value == change.after else Stands.NOWHERE
    return Found(stands, value or GONE, pending=target.pending(now))


def finish[S](target: Target[S], change: Change, done: Status) -> Change:
    """Where a change that is not settled stands now."""
    if not unsettled(change):
        return change
    try:
        now = target.read()
    except Missing:
        return gone(change)
    except AwsError as error:
        # The note of an unknown outcome is what says that it is unknown.
        note = change.note if change.status is Status.FAILED else told(change.target, error)
        return replace(change, note=note)
    value = target.value(now)
    if change.status is not Status.IN_PROGRESS and value != change.after and not target.pending(now):
        return not_made(change, value)
    reason = target.broken(now)
    if reason is not None:
        return failed(change, reason)
    if target.pending(now):
        return replace(change, status=Status.IN_PROGRESS, note=None)
    return replace(change, status=done, note=None) if value == change.after else kept(change, value)


def _written[S](target: Target[S], change: Change) -> S:
    try:
        return target.write(change.after)
    except Unreachable as error:
        now = _after(target, error)
        if target.value(now) == change.after or target.pending(now):
            return now
        raise


def _after[S](target: Target[S], error: AwsError) -> S:
    try:
        return target.read()
    except AwsError:
        # That the look failed too must not make an unknown outcome look like a refusal.
        raise error from None


def _status[S](target: Target[S], now: S, done: Status) -> Status:
    return Status.IN_PROGRESS if target.pending(now) else done
