"""The incident store: the manual's incident register, and the ledger of the whole stack."""

from responder.store.incidents import SOAK, Incident, IncidentHead, Incidents
from responder.store.rows import TimelineStep

__all__ = ["SOAK", "Incident", "IncidentHead", "Incidents", "TimelineStep"]
