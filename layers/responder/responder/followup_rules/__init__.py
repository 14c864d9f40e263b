"""What a follow-up sees, remembers, and has to do next. Pure: no AWS, no clock."""

from responder.followup_rules.duties import due, pause, planned
from responder.followup_rules.duty import Duty, DutyKind
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.observe import done, observe
from responder.followup_rules.seen import (
    Acknowledgement,
    ApprovalAnswer,
    ClosingRequest,
    HarmReport,
    Observation,
    OpenRequest,
    TrafficSince,
)

__all__ = [
    "Acknowledgement",
    "ApprovalAnswer",
    "ClosingRequest",
    "Duty",
    "DutyKind",
    "FollowUpMemory",
    "HarmReport",
    "Observation",
    "OpenRequest",
    "TrafficSince",
    "done",
    "due",
    "observe",
    "pause",
    "planned",
]
