"""How an incident stands: put together from its reports for machines, in whatever order they arrive."""

from responder.slack.status.data import AskedMark, HeldLease, IncidentStatus, ReportedState
from responder.slack.status.reading import acknowledged, add

__all__ = ["AskedMark", "HeldLease", "IncidentStatus", "ReportedState", "acknowledged", "add"]
