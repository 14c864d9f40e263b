"""What one report says of the state of its incident."""

from collections.abc import Set

from responder.core.cause import Cause
from responder.core.report import ReportKind
from responder.core.verdict import Result
from responder.messages.report_message import ReportMessage
from responder.slack.status.data import ReportedState

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


def state_of(report: ReportMessage) -> ReportedState | None:
    """None where it says nothing of that: a reminder, a command that was carried out."""
    if report.topic in _BY_TOPIC:
        return _BY_TOPIC[report.topic]
    results = {one.result for one in report.outcomes}
    acts = report.kind in (ReportKind.RESPONSE, ReportKind.COMMAND)
    if report.kind is ReportKind.FAILURE or (acts and any(each.half_done for each in results)):
        return ReportedState.ESCALATED
    return _answered(report, results) if report.kind is ReportKind.RESPONSE else None


def _answered(report: ReportMessage, results: Set[Result]) -> ReportedState:
    if any(each.in_force for each in results):
        return ReportedState.HELD
    normal = any(report.cause.names(each) for each in Cause if each.normal) and not results
    return ReportedState.NORMAL if normal else ReportedState.UNSOLVED
