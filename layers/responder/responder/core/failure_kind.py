"""Every way in which a call or a change fails, or ends otherwise than it was meant to.

To add one:

1. Add the member here; its value is its message key.
2. Add its sentence in both languages under that key in `messages/locale/change.po`.
3. Put it where it happens: `failed(change, FailureKind.NOT_MADE(target=name))`.
"""

from responder.core.reasons import ReasonKind


class FailureKind(ReasonKind):
    """What became of a call, or of the change of one target."""

    # A call that did not do what was asked (`evidence.failed.failure`).
    DENIED = "evidence.failed.denied"
    NOT_SUBSCRIBED = "evidence.failed.not_subscribed"
    MISSING = "evidence.failed.missing"
    THROTTLED = "evidence.failed.throttled"
    UNREACHABLE = "evidence.failed.unreachable"
    LATE = "evidence.failed.late"
    UNREADABLE = "evidence.failed.unreadable"
    OTHER = "evidence.failed.other"
    OURS = "evidence.failed.ours"

    # The change of one target (`Change.note`).
    CHANGED_MEANWHILE = "change.changed_meanwhile"
    OUTCOME_UNKNOWN = "change.outcome_unknown"
    REFUSED = "change.refused"
    NOT_RELEASED = "change.not_released"
    VARIABLES_LOST = "change.variables_lost"
    UPDATE_FAILED = "change.update_failed"
    NOT_ALLOCATED = "change.not_allocated"
    INDEX_ADDED = "change.index_added"
    NOT_MADE = "change.not_made"
    NOT_RESTORED = "change.not_restored"
    BEGUN = "change.begun"
    KEPT = "change.kept"
    GONE = "change.gone"
    CHANGED_BY = "change.changed_by"
    CHANGED_UNTRACED = "change.changed_untraced"
    ALIAS_MOVED = "change.alias_moved"
    STILL_SERVED = "change.still_served"
    ROLLED_BACK_ALREADY = "change.rolled_back_already"

    @property
    def in_doubt(self) -> bool:
        """The change failed, and may be in force all the same."""
        return self in (FailureKind.OUTCOME_UNKNOWN, FailureKind.VARIABLES_LOST)

    @property
    def may_stand(self) -> bool:
        """Something of the change is there, or may be."""
        return self.in_doubt or self.unreleased or self is FailureKind.STILL_SERVED

    @property
    def unreleased(self) -> bool:
        """It is set in $LATEST, and not what the aliases serve."""
        return self in (FailureKind.NOT_RELEASED, FailureKind.ALIAS_MOVED)

    @property
    def overtaken(self) -> bool:
        """Others have changed it since we set it."""
        changed = (FailureKind.CHANGED_BY, FailureKind.CHANGED_UNTRACED, FailureKind.ALIAS_MOVED)
        return self in changed

    @property
    def old_value_stands(self) -> bool:
        """The new value was never set, or AWS gave up by itself."""
        return self in (FailureKind.UPDATE_FAILED, FailureKind.NOT_ALLOCATED, FailureKind.NOT_MADE)
