"""What a follow-up sees, remembers, and has to do next. Pure: no AWS, no clock of its own."""

from responder.followup_rules.duties import due
from responder.followup_rules.duty import Duty, DutyKind
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.observe import observe
from responder.followup_rules.polling_interval import pause
from responder.followup_rules.seen import (
    Acknowledgement,
    ClosingRequest,
    Observation,
    OpenRequest,
    TrafficSince,
)

__all__ = [
    "Acknowledgement",
    "ClosingRequest",
    "Duty",
    "DutyKind",
    "FollowUpMemory",
    "Observation",
    "OpenRequest",
    "TrafficSince",
    "due",
    "observe",
    "pause",
]
