"""The first line of an incident's message."""

from responder.core.text import Text, text
from responder.messages.language import say
from responder.messages.report_message import ReportMessage
from responder.slack.status import IncidentStatus, ReportedState

_GREEN = (ReportedState.RECOVERED, ReportedState.CLOSED)
_RED = (ReportedState.UNSOLVED, ReportedState.ESCALATED)


def mark(standing: IncidentStatus) -> str:
    """Red is unsolved and green is over; lowered security is never green."""
    if standing.state in (ReportedState.SUPERSEDED, ReportedState.BY_HAND):
        return "⚪"
    if standing.state in _GREEN:
        return "🟡" if standing.lowered else "🟢"
    return "🔴" if standing.state in _RED and not _in_hand(standing) else "🟡"


def title(standing: IncidentStatus, language: str) -> str:
    """Lowered security first, then how it stands, then which alarm."""
    newest = standing.newest
    state = text("slack.title", state=_state(standing), severity=severity(newest), alarm=newest.alarm)
    warning = say(text("remedy.security.lowered"), language) if standing.lowered else ""
    return f"{warning} {mark(standing)} {say(state, language)}".strip()


def _in_hand(standing: IncidentStatus) -> bool:
    """Somebody works on it, or is asked for the first time."""
    return bool(standing.taken_by or (standing.waiting and standing.state is ReportedState.UNSOLVED))


def _state(standing: IncidentStatus) -> Text:
    if standing.unsolved and standing.taken_by:
        return text("slack.taken", person=standing.taken_by)
    if standing.state is ReportedState.UNSOLVED and standing.waiting:
        return text("slack.asked")
    return Text(f"slack.{standing.state}")


def severity(newest: ReportMessage) -> Text:
    """In words."""
    return Text(f"severity.{newest.severity}")
