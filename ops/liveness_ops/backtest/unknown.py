"""What is not on record of a past moment, and why: never guessed, always named."""

from responder.core.errors import AwsError
from responder.core.reasons import ExplainedReason, ReasonKind


class Unknown(ReasonKind):
    """Why something that a response reads cannot be known as of then.

    To add one: the member here, its sentence in both languages in `messages/locale/backtest.po`.
    """

    CHANGED_SINCE = "backtest.unknown.changed_since"
    TRAIL_UNREAD = "backtest.unknown.trail_unread"
    LOGS_EXPIRED = "backtest.unknown.logs_expired"
    LOGS_GONE = "backtest.unknown.logs_gone"
    LOGS_NEWER = "backtest.unknown.logs_newer"
    MUTE_RULES = "backtest.unknown.mute_rules"
    STOP_REMOVED = "backtest.unknown.stop_removed"
    PARAMETER = "backtest.unknown.parameter"
    ALARM_GONE = "backtest.unknown.alarm_gone"
    ALARM_CHANGED = "backtest.unknown.alarm_changed"
    UNREAD = "backtest.unknown.unread"
    LATE = "backtest.unknown.late"
    LEASE = "backtest.unknown.lease"
    SUPPRESSOR = "backtest.unknown.suppressor"
    BESIDE = "backtest.unknown.beside"


# The error code of a read whose answer as of then is not on record.
NOT_RECORDED = "NotRecorded"


class NotRecordedError(Exception):
    """What a response read then is not on record, for this reason."""

    def __init__(self, reason: ExplainedReason[Unknown]) -> None:
        super().__init__(reason.kind.value)
        self.reason = reason


def not_recorded(service: str, operation: str) -> AwsError:
    """The error that a look or a plan gets in place of an answer. `operation`: the client's method."""
    return AwsError(service, "".join(part.title() for part in operation.split("_")), NOT_RECORDED)
