"""What one report says of the state of its incident."""

from responder.core.cause import Cause
from responder.core.verdict import Result
from responder.slack.status.data import ReportedState, ReportJson

# Members of a `StrEnum` equal the words of the report.
IN_FORCE = frozenset(each for each in Result if each.in_force)
_HALF = frozenset(each for each in Result if each.half_done)
_BY_TOPIC = {
    "gone": ReportedState.UNSOLVED,
    "escalate": ReportedState.ESCALATED,
    "ineffective": ReportedState.ESCALATED,
    "restore_failing": ReportedState.ESCALATED,
    "broken": ReportedState.ESCALATED,
    "mitigated": ReportedState.MITIGATED,
    "recovered": ReportedState.RECOVERED,
    "close": ReportedState.CLOSED,
    "closed_by_hand": ReportedState.BY_HAND,
    "superseded": ReportedState.SUPERSEDED,
}


def state_of(report: ReportJson) -> ReportedState | None:
    """None where it says nothing of that: a reminder, a command that was carried out."""
    if report.get("topic") in _BY_TOPIC:
        return _BY_TOPIC[report["topic"]]
    kind = report.get("kind")
    results = {one["result"] for one in report.get("outcomes", ())}
    if kind == "failure" or (kind in ("response", "command") and results & _HALF):
        return ReportedState.ESCALATED
    return _answered(report, results) if kind == "response" else None


def _answered(report: ReportJson, results: set[str]) -> ReportedState:
    if results.intersection(IN_FORCE):
        return ReportedState.HELD
    cause = Cause.named(report.get("cause"))
    normal = cause is not None and cause.normal and not results
    return ReportedState.NORMAL if normal else ReportedState.UNSOLVED
