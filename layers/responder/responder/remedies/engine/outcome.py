"""What became of one change of one target: its status, and the note that says why."""

from dataclasses import replace

from responder.core.change import Change, ChangeNote, Status
from responder.core.errors import AwsError, Busy, Changed, Stopped, Unreachable
from responder.core.failure_kind import FailureKind
from responder.core.obstacles import Obstacle
from responder.core.possible_effect import unanswered, unreleased
from responder.core.reasons import ExplainedReason


def unfinished(change: Change) -> bool:
    """A run should (again) try to make it. Once settings were lost only a person puts that right."""
    lost = change.note is not None and change.note.kind is FailureKind.VARIABLES_LOST
    return change.status is Status.PLANNED or (change.status is Status.FAILED and not lost)


def unsettled(change: Change) -> bool:
    """Whether it is in effect is not known for good: AWS worked on it, or a run died or got no answer."""
    open_ = change.status in (Status.IN_PROGRESS, Status.PLANNED)
    return open_ or unanswered(change) or unreleased(change)


def failed(change: Change, note: ChangeNote) -> Change:
    """This target could not be changed; the others are reported beside it."""
    return replace(change, status=Status.FAILED, note=note)


def not_released(change: Change, reason: ChangeNote) -> Change:
    """$LATEST has it, what the aliases serve does not; `reason` prevents it."""
    return failed(change, FailureKind.NOT_RELEASED(target=change.target, reason=reason.text))


def kept(change: Change, value: str | None) -> Change:
    """A person's value is not overwritten."""
    note = FailureKind.KEPT(target=change.target, setting=change.setting, now=value or "-")
    return replace(change, status=Status.KEPT, note=note)


def gone(change: Change) -> Change:
    """The target was deleted: nothing is left to finish or to put back."""
    return replace(change, status=Status.KEPT, note=FailureKind.GONE(target=change.target))


def not_made(change: Change, value: str | None) -> Change:
    """A run that died, or got no answer, had not made it: the value is the old one, or a person's."""
    if value != change.before:
        return kept(change, value)
    return failed(change, FailureKind.NOT_MADE(target=change.target))


def still_unread(change: Change, reason: ChangeNote) -> Change:
    """It could not be read what became of it: that is no failure of the change. The note of an unknown
    outcome is kept, because it is what says that it is unknown."""
    return replace(change, note=change.note if change.status is Status.FAILED else reason)


def unreadable(target: str, error: AwsError) -> ExplainedReason[Obstacle]:
    """What cannot be read must not be changed."""
    return Obstacle.UNREADABLE(target=target, action=action_of(error), code=error.code)


def failure_of(target: str, error: AwsError) -> ChangeNote:
    """Why a call about a target failed."""
    match error:
        case Busy():
            return Obstacle.IN_FLIGHT(target=target)
        case Changed():
            return FailureKind.CHANGED_MEANWHILE(target=target)
        case Stopped():
            return error.reason
        case Unreachable():
            return FailureKind.OUTCOME_UNKNOWN(target=target, action=action_of(error))
    return FailureKind.REFUSED(target=target, action=action_of(error), code=error.code)


def action_of(error: AwsError) -> str:
    """The call that failed, named as its right is."""
    return f"{error.service}:{error.operation}"
