"""What one report says of the state of its incident."""

from responder.core.cause import Cause
from responder.core.verdict import Result
from responder.slack.status.data import State, Told

# Members of a `StrEnum` equal the words of the report.
IN_FORCE = frozenset(each for each in Result if each.in_force)
_HALF = frozenset(each for each in Result if each.half_done)
_BY_TOPIC = {
    "gone": State.UNSOLVED,
    "escalate": State.ESCALATED,
    "ineffective": State.ESCALATED,
    "restore_failing": State.ESCALATED,
    "broken": State.ESCALATED,
    "mitigated": State.MITIGATED,
    "recovered": State.RECOVERED,
    "close": State.CLOSED,
    "closed_by_hand": State.BY_HAND,
    "superseded": State.SUPERSEDED,
}


def state_of(report: Told) -> State | None:
    """None where it says nothing of that: a reminder, a command that was carried out."""
    if report.get("topic") in _BY_TOPIC:
        return _BY_TOPIC[report["topic"]]
    kind = report.get("kind")
    results = {one["result"] for one in report.get("outcomes", ())}
    if kind == "failure" or (kind in ("response", "command") and results & _HALF):
        return State.ESCALATED
    return _answered(report, results) if kind == "response" else None


def _answered(report: Told, results: set[str]) -> State:
    if results.intersection(IN_FORCE):
        return State.HELD
    cause = Cause.named(report.get("cause"))
    normal = cause is not None and cause.normal and not results
    return State.NORMAL if normal else State.UNSOLVED
