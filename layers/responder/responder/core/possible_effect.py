"""A change that failed, and is, or may be, set all the same."""

from responder.core.change import Change, Lease, Status
from responder.core.failure_kind import FailureKind


def in_doubt(change: Change) -> bool:
    """It failed, and may be in force all the same."""
    kind = _failure(change)
    return kind is not None and kind.in_doubt


def unanswered(change: Change) -> bool:
    """No answer came to the write, or to the look after it."""
    return _failure(change) is FailureKind.OUTCOME_UNKNOWN


def unreleased(change: Change) -> bool:
    """It is set in $LATEST, and something keeps the aliases from it."""
    kind = _failure(change)
    return kind is not None and kind.unreleased


def half_released(lease: Lease) -> bool:
    """Some target has the value in $LATEST, and aliases of it do not serve it."""
    return any(map(unreleased, lease.changes))


def may_stand(change: Change) -> bool:
    """Something of it is there, or may be: it is not given up, and can be taken back."""
    kind = _failure(change)
    return kind is not None and kind.may_stand


def old_value_stands(change: Change) -> bool:
    """It was never set, or AWS gave up by itself, whatever became of it since."""
    kind = change.note.kind if change.note is not None else None
    return isinstance(kind, FailureKind) and kind.old_value_stands


def _failure(change: Change) -> FailureKind | None:
    kind = change.note.kind if change.status is Status.FAILED and change.note is not None else None
    return kind if isinstance(kind, FailureKind) else None
