"""The incident store: the manual's incident register, and the ledger of the whole stack."""

from responder.store.head_row import IncidentHead
from responder.store.incident import SOAK, Incident
from responder.store.incidents import Incidents
from responder.store.reading import TimelineStep

__all__ = ["SOAK", "Incident", "IncidentHead", "Incidents", "TimelineStep"]
