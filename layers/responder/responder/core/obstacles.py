"""What stands in the way of a remedy: preconditions that do not hold, and reasons to ask a person first.

To add one:

1. Add the member here; its value is its message key.
2. Add its sentence in both languages under that key in `messages/locale/obstacle.po`.
3. Put it into `Plan.obstacles` or `Plan.cautions`: `Obstacle.NO_ALIAS(target=function)`.
"""

from responder.core.reasons import ReasonKind


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
        """It could not be looked at whether there is reason for caution."""
        return self in (Caution.LOAD_UNREAD, Caution.SCALING_UNREAD)
