"""The incident store: the manual's incident register, and the ledger of the whole stack."""

from responder.store.incident import SOAK, Incident, IncidentHead
from responder.store.incidents import Incidents
from responder.store.timeline import TimelineStep

__all__ = ["SOAK", "Incident", "IncidentHead", "Incidents", "TimelineStep"]
