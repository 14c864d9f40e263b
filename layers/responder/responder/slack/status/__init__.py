"""How an incident stands: put together from its reports for machines, in whatever order they arrive."""

from responder.slack.status.data import IncidentStatus, ReportedState, ReportJson, moment
from responder.slack.status.reading import acknowledged, add

__all__ = ["IncidentStatus", "ReportJson", "ReportedState", "acknowledged", "add", "moment"]
