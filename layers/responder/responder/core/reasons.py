"""Reasons as data: which of the known ones it is, and the values that its sentence names.

`Cause`, `Refusal`, `Obstacle` and `FailureKind` are the enums of reasons. Logic compares their members
(`because.kind is Refusal.LEASED`); a sentence is made from them only where it is shown (`because.text`).

Here are the ways in which a call or a change fails, and what prevents a remedy. To add one:

1. Add the member here; its value is its message key.
2. Add its sentence in both languages under that key, in `messages/locale/change.po` or `obstacle.po`.
3. Return it where it happens: `failed(change, FailureKind.NOT_MADE(target=name))`, or `Obstacle.X(…)` from a
   remedy's `plan`.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Self

from responder.core.frozen import frozen
from responder.core.text import Text, Value


class ReasonKind(Enum):
    """Base of the enums of reasons. The value of a member is its key in the message catalogue.

    A member is called with the values of its sentence: `Cause.NETWORK(function="liveness-create")`.
    It is no `StrEnum`, so that comparing a member with a string is a type error.
    """

    def __call__(self, /, **values: Value) -> "ExplainedReason[Self]":
        """This reason, explained by what its sentence names."""
        return ExplainedReason(self, values)

    @property
    def word(self) -> str:
        """Its name without the group, for logs and metrics: `leased` of `guard.leased`."""
        return str(self.value).partition(".")[2]

    @classmethod
    def named(cls, stored: object) -> Self | None:
        """The member that a stored reason or text names; None of anything else."""
        key = stored.get("key") if isinstance(stored, Mapping) else None
        return next((kind for kind in cls if kind.value == key), None)


@frozen
class ExplainedReason[K: ReasonKind]:
    """A reason of any of the enums: `kind` decides, `values` fill the `{placeholders}` of its sentence. It is
    stored like its text."""

    kind: K = field(metadata={"stored": "key"})
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        """The sentence of the reason."""
        return Text(self.kind.value, self.values)


class Obstacle(ReasonKind):
    """A precondition of a remedy that does not hold: any one refuses."""

    # Of any function or table.
    UNREADABLE = "obstacle.unreadable"
    IN_FLIGHT = "obstacle.in_flight"
    NO_TARGETS = "obstacle.no_targets"
    NOT_ACTIVE = "obstacle.not_active"
    LAST_UPDATE_FAILED = "obstacle.last_update_failed"
    RUNTIME_REFUSED = "obstacle.runtime_refused"
    TABLE_NOT_ACTIVE = "obstacle.table_not_active"
    # Of the variable or the setting that would be changed.
    VARIABLES_UNREADABLE = "obstacle.variables_unreadable"
    SETTING_MISSING = "obstacle.setting_missing"
    NOT_A_READER = "obstacle.not_a_reader"
    NO_PERCENTAGE = "obstacle.no_percentage"
    NO_EXPECTED_VALUE = "obstacle.no_expected_value"
    REPAIR_STAYS = "obstacle.repair_stays"
    THRESHOLD_NOT_READ = "obstacle.threshold_not_read"
    THRESHOLD_NOT_LOWER = "obstacle.threshold_not_lower"
    THRESHOLD_UNREADABLE = "obstacle.threshold_unreadable"
    UNANNOUNCED = "obstacle.unannounced"
    # Of the alias that serves users.
    NO_ALIAS = "obstacle.no_alias"
    NO_ALIAS_TO_MOVE = "obstacle.no_alias_to_move"
    ALIAS_WEIGHTED = "obstacle.alias_weighted"
    ALIAS_OTHER_CODE = "obstacle.alias_other_code"
    ALIAS_UNPUBLISHED = "obstacle.alias_unpublished"
    ALIAS_UNUSED = "obstacle.alias_unused"
    ALIAS_SERVES_LATEST = "obstacle.alias_serves_latest"
    ALIAS_TAKES_NO_TRAFFIC = "obstacle.alias_takes_no_traffic"
    ALIAS_SERVES_MORE = "obstacle.alias_serves_more"
    # Of the version before.
    NEWER_NOT_RELEASED = "obstacle.newer_not_released"
    NO_PREVIOUS_VERSION = "obstacle.no_previous_version"
    PREVIOUS_BROKEN = "obstacle.previous_broken"
    PREVIOUS_LOWERS_THRESHOLD = "obstacle.previous_lowers_threshold"
    # Of concurrency.
    SCALED_BY_POLICY = "obstacle.scaled_by_policy"
    SNAP_START = "obstacle.snap_start"
    ACCOUNT_FULL = "obstacle.account_full"
    RESERVED_TOO_LOW = "obstacle.reserved_too_low"

    @property
    def unread(self) -> bool:
        """The target could not be read, so nothing is known of it."""
        return self in (Obstacle.UNREADABLE, Obstacle.VARIABLES_UNREADABLE)

    @property
    def needs_alias(self) -> bool:
        """An alias has to be made first, by the definition of the service."""
        return self in (Obstacle.NO_ALIAS, Obstacle.NO_ALIAS_TO_MOVE)


class Caution(ReasonKind):
    """A reason to ask a person, although every precondition holds."""

    ROLLBACK = "caution.rollback"
    UNRELEASED_SETTINGS = "caution.unreleased_settings"
    GLOBAL_TABLE = "caution.global_table"
    HOT_KEY = "caution.hot_key"
    LOAD_UNREAD = "caution.load_unread"
    SCALING_UNREAD = "caution.scaling_unread"

    @property
    def unread(self) -> bool:
        """Whether the caution is that something could not be read."""
        return self in (Caution.LOAD_UNREAD, Caution.SCALING_UNREAD)


class FailureKind(ReasonKind):
    """The outcome of a call, or of the change of one target."""

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
    def may_be_in_force(self) -> bool:
        """Something of the change is there, or may be."""
        return self.in_doubt or self.unreleased or self is FailureKind.STILL_SERVED

    @property
    def unreleased(self) -> bool:
        """Whether it is set in $LATEST, but not served by the aliases."""
        return self in (FailureKind.NOT_RELEASED, FailureKind.ALIAS_MOVED)

    @property
    def changed_by_others(self) -> bool:
        """Others have changed it since we set it."""
        changed = (FailureKind.CHANGED_BY, FailureKind.CHANGED_UNTRACED, FailureKind.ALIAS_MOVED)
        return self in changed

    @property
    def old_value_is_set(self) -> bool:
        """The new value was never set, or AWS gave up."""
        return self in (FailureKind.UPDATE_FAILED, FailureKind.NOT_ALLOCATED, FailureKind.NOT_MADE)
