"""A change that failed, and is, or may be, set all the same."""

from responder.change import Change, Status

UNKNOWN, LOST, UNRELEASED = "change.outcome_unknown", "change.variables_lost", "change.not_released"


def in_doubt(change: Change) -> bool:
    """It failed, and may be in force all the same."""
    return _failed(change, UNKNOWN, LOST)


def unanswered(change: Change) -> bool:
    """No answer came to the write, or to the look after it."""
    return _failed(change, UNKNOWN)


def unreleased(change: Change) -> bool:
    """It is set in $LATEST, and something keeps the aliases from it."""
    return _failed(change, UNRELEASED)


def may_stand(change: Change) -> bool:
    """Something of it is there, or may be: it is not given up, and can be taken back."""
    return in_doubt(change) or unreleased(change)


def _failed(change: Change, *notes: str) -> bool:
    return change.status is Status.FAILED and change.note is not None and change.note.key in notes
