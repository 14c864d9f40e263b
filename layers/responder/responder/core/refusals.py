"""Why something is not done, only observed, or asked of a person first.

To add one:

1. Add the member here; its value is its message key.
2. Add its sentence in both languages under that key in `messages/locale/guard.po`.
3. Return it from a guard or a command: `Hold(Ends.REFUSE, Refusal.LEASED(incident=name))`.
"""

from responder.core.declined import DeclineReason
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle, ReasonKind


class Refusal(ReasonKind):
    """Why a guard or a command does not do something."""

    # What people said.
    PAUSED = "guard.paused"
    WINDOW = "guard.window"
    MUTED = "guard.muted"
    MUTED_BY_SEVERAL = "guard.muted_by_several"
    MUTED_EVENT = "guard.muted_event"
    ACTIONS_DISABLED = "guard.actions_disabled"
    SUPPRESSED = "guard.suppressed"
    PAUSES_UNREADABLE = "guard.pauses_unreadable"
    MODE_OBSERVE = "guard.mode_observe"
    MODE_APPROVE = "guard.mode_approve"
    DEMOTED = "guard.demoted"
    MODE_UNREADABLE = "guard.mode_unreadable"
    SETTINGS_UNUSABLE = "guard.settings_unusable"
    SETTINGS_UNUSABLE_BECAUSE = "guard.settings_unusable_because"
    # What the remedy and the evidence allow at most.
    CAPPED_BY_EVIDENCE = "guard.capped_by_evidence"
    SURE_TOO_FEW = "guard.sure_too_few"
    PROVOKABLE = "guard.provokable"
    THROTTLED = "guard.throttled"
    THROTTLING_UNREAD = "guard.throttling_unread"
    EVIDENCE_UNREAD = "guard.evidence_unread"
    CEILING = "guard.ceiling"
    NEVER_APPLIED = "guard.never_applied"
    TOO_FEW_SAMPLES = "guard.too_few_samples"
    # The event, the alarm and the record cannot be relied on.
    STALE = "guard.stale"
    REPLAYED = "guard.replayed"
    REDRIVEN = "guard.redriven"
    MAY_REPEAT = "guard.may_repeat"
    NOT_LOOPBACK = "guard.not_loopback"
    ALREADY_OK = "guard.already_ok"
    NO_DATA_NOW = "guard.no_data_now"
    ALARM_UNREADABLE = "guard.alarm_unreadable"
    ALARM_GONE = "guard.alarm_gone"
    EVALUATION = "guard.evaluation"
    STORE_UNREADABLE = "guard.store_unreadable"
    LEASES_UNREAD = "guard.leases_unread"
    # The target as it was read.
    PRECONDITION = "guard.precondition"
    NOT_READABLE = "guard.not_readable"
    IN_FLIGHT = "guard.in_flight"
    RECENT_CHANGE = "guard.recent_change"
    OTHERS_POSSIBLE = "guard.others_possible"
    # What is in force, and what was done before.
    LEASED = "guard.leased"
    LEASED_VALUE = "guard.leased_value"
    LINKED = "guard.linked"
    LEFT_BEFORE = "guard.left_before"
    REVERTED_BEFORE = "guard.reverted_before"
    BEING_REVERTED = "guard.being_reverted"
    UNDONE_SINCE = "guard.undone_since"
    COOLDOWN = "guard.cooldown"
    FAILED_TWICE = "guard.failed_twice"
    TOO_MANY_CHANGES = "guard.too_many_changes"
    QUOTA_USED = "guard.quota_used"
    OTHERS_ACTING = "guard.others_acting"
    RECORD_FAILED = "guard.record_failed"
    TOO_LATE = "guard.too_late"
    # Approvals.
    NEEDS_APPROVAL = "guard.needs_approval"
    NOT_APPROVED = "guard.not_approved"
    ONE_MORE = "guard.one_more"
    REJECTED = "guard.rejected"
    REJECTED_BEFORE = "guard.rejected_before"
    REJECTED_ELSEWHERE = "guard.rejected_elsewhere"
    EXPIRED = "guard.expired"
    PROPOSAL_CHANGED = "guard.proposal_changed"
    NO_RIGHT = "guard.no_right"
    # Commands.
    UNKNOWN_INCIDENT = "guard.unknown_incident"
    FOREIGN_INCIDENT = "guard.foreign_incident"
    INCIDENT_CLOSED = "guard.incident_closed"
    UNKNOWN_REMEDY = "guard.unknown_remedy"
    LEASE_ENDED = "guard.lease_ended"
    NOTHING_IN_FORCE = "guard.nothing_in_force"
    REVERT_INTERRUPTED = "guard.revert_interrupted"

    @property
    def for_good(self) -> bool:
        """What was approved can never be carried out as it was approved."""
        return self in (Refusal.PROPOSAL_CHANGED, Refusal.ALREADY_OK)

    @property
    def stops(self) -> bool:
        """A person stopped the automation, or silenced the alarm in CloudWatch."""
        return self in (
            Refusal.PAUSED,
            Refusal.WINDOW,
            Refusal.MUTED,
            Refusal.MUTED_BY_SEVERAL,
            Refusal.MUTED_EVENT,
            Refusal.ACTIONS_DISABLED,
            Refusal.SUPPRESSED,
        )

    @property
    def unread(self) -> bool:
        """Something that decides about it could not be read; a later read may succeed."""
        return self in (
            Refusal.PAUSES_UNREADABLE,
            Refusal.MODE_UNREADABLE,
            Refusal.ALARM_UNREADABLE,
            Refusal.STORE_UNREADABLE,
            Refusal.THROTTLING_UNREAD,
            Refusal.EVIDENCE_UNREAD,
        )

    @property
    def leases_unread(self) -> bool:
        """What is in force could not be read, so its absence says nothing."""
        return self in (Refusal.LEASES_UNREAD, Refusal.STORE_UNREADABLE)


class SettingsProblem(ReasonKind):
    """What is wrong with the settings document (`responder.core.settings_document`)."""

    MISSING = "settings.missing"
    DELETED = "settings.deleted"  # people had set it
    NOT_JSON = "settings.not_json"
    TOO_LARGE = "settings.too_large"
    UNKNOWN_KEY = "settings.unknown_key"
    WRONG_TYPE = "settings.wrong_type"
    NOT_WHOLE = "settings.not_whole"
    BAD_VALUE = "settings.bad_value"
    OUT_OF_RANGE = "settings.out_of_range"
    BAD_COUNT = "settings.bad_count"
    NOT_ASCENDING = "settings.not_ascending"
    CONTRADICTION = "settings.contradiction"
    BAD_NAME = "settings.bad_name"
    RESERVED = "settings.reserved"
    NO_IDENTITY = "settings.no_identity"
    UNKNOWN_ROLE = "settings.unknown_role"
    TWICE = "settings.twice"  # a key or an entry of a list
    SAME_NAME = "settings.same_name"  # of two people
    SHARED = "settings.shared"  # an identity of two people


type Doubts = tuple[ExplainedReason[Refusal], ...]  # why a response may only observe
type Reasons = Refusal | DeclineReason | SettingsProblem | Caution | Obstacle | FailureKind
type Because = ExplainedReason[Reasons]
