"""The incident store: the manual's incident register, and the ledger of the whole stack."""

from responder.incidents.incident import SOAK, Incident
from responder.incidents.store import Incidents

__all__ = ["SOAK", "Incident", "Incidents"]
