"""What to do about a failure for which there is nothing to decide."""

from liveness_ops.console.letters import Failure
from responder.core.text import Text, text

_CHECK, _BACKUP, _REHEARSAL = "-check", "-sessions-backup", "-rehearsal-check"
_NOT_MAILED = "unmailed"


def never_again(number: int, failure: Failure) -> Text | None:
    """Why it is never decided again, and what helps instead; None where it may be."""
    match failure.what:
        case "message":
            by_mail = failure.letter.queue != _NOT_MAILED
            return Text("ops.went_by_mail" if by_mail else "ops.not_mailed", {"n": number})
        case "check":
            return _by_hand(number, failure.function)
        case "round":
            return text("ops.next_round", n=number)
        case "unknown":
            return text("ops.letter_unreadable", n=number, queue=failure.letter.queue, id=failure.letter.id)
    return None


def _by_hand(number: int, function: str) -> Text:
    if function.endswith(_BACKUP):
        return text("ops.run_by_hand", n=number, command="liveness-ops backup-table --yes")
    if function.endswith(_REHEARSAL):
        command = f"aws lambda invoke --function-name {function} /dev/stdout"
        return text("ops.run_by_hand", n=number, command=command)
    if function.endswith(_CHECK):
        rhythm = function.removesuffix(_CHECK).rsplit("-", 1)[-1]
        return text("ops.run_by_hand", n=number, command=f"liveness-ops check {rhythm}")
    return text("ops.next_run", n=number)
