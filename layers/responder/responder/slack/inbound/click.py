"""What somebody pressed."""

from dataclasses import dataclass, field
from enum import StrEnum

REASON = "reason"
MODAL = "reject_reason"
# No part of a job that Lambda keeps: what opens a form, and what a person wrote.
_NOT_KEPT = {"stored": None}


class ButtonKind(StrEnum):
    """The buttons, and the form in which a rejection says why."""

    ACKNOWLEDGE = "acknowledge"
    APPROVE = "approve"
    REJECT = "reject"
    TAKE_BACK = "take_back"
    PAUSE = "pause"
    REJECTED = "reject_reason"


@dataclass(frozen=True, slots=True)
class Click:
    """`thread` is where the answer belongs, empty for the channel itself; `trigger` opens a form."""

    kind: ButtonKind
    user: str
    channel: str
    incident: str
    proposal: str = ""
    remedy: str = ""
    scope: str = ""
    thread: str = ""
    trigger: str = field(default="", metadata=_NOT_KEPT)
    reason: str = field(default="", metadata=_NOT_KEPT)
