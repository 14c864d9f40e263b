"""A change of which nobody knows what became."""

from responder.change import Change, Status

_NOTES = frozenset({"change.outcome_unknown", "change.variables_lost"})


def in_doubt(change: Change) -> bool:
    """It failed, and may be in force all the same."""
    noted = change.note is not None and change.note.key in _NOTES
    return change.status is Status.FAILED and noted
