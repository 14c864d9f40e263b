"""A change of which nobody knows what became."""

from responder.change import Change, Status

_UNKNOWN = "change.outcome_unknown"
_NOTES = frozenset({_UNKNOWN, "change.variables_lost"})


def in_doubt(change: Change) -> bool:
    """It failed, and may be in force all the same."""
    noted = change.note is not None and change.note.key in _NOTES
    return change.status is Status.FAILED and noted


def unanswered(change: Change) -> bool:
    """No answer came to the write, or to the look after it."""
    return in_doubt(change) and change.note is not None and change.note.key == _UNKNOWN
