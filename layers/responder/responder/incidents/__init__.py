"""The incident store: the manual's incident register, and the ledger of the whole stack."""

from responder.incidents.head_row import Head
from responder.incidents.incident import SOAK, Incident
from responder.incidents.reading import Step
from responder.incidents.store import Incidents

__all__ = ["SOAK", "Head", "Incident", "Incidents", "Step"]
