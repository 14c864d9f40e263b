"""What guards are asked, and what they answer."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from responder.core.change import Ledger, Plan
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.switches import Switches
from responder.core.text import Text


class Purpose(StrEnum):
    """Why a change is about to be made. `RESUME` makes what is missing of a half-done act, `FINISH` releases
    what is set already."""

    RESPOND = "respond"
    APPLY = "apply"
    REVERT = "revert"
    RESUME = "resume"
    FINISH = "finish"


class Ends(StrEnum):
    """What a hold turns the act into; `ACT`, only on record, is the absence of one."""

    ACT = "act"
    ASK = "ask"
    OBSERVE = "observe"
    REFUSE = "refuse"


@frozen
class Hold:
    """Why something may not be done now, and until when: one guard's objection; of several guards, the one
    that decides, with further reasons (`also`)."""

    ends: Ends
    reason: Because
    until: datetime | None = None
    also: tuple[Because, ...] = ()


@frozen
class Question:
    """Everything that the guards read.

    Attributes:
        doubts: why this response may only observe (stale, replayed, not re-read, …).
        plan: what the remedy read; None where reading failed, with `plan_problem` saying why.
        at_most: what evidence and ceiling allow, `at_most_reason` why.
        approved: a person approved what is resumed.
        ledger, switches: None where they could not be read.
    """

    purpose: Purpose
    now: datetime
    remedy: str
    incident: str
    switches: Switches | None
    ledger: Ledger | None
    plan: Plan | None
    plan_problem: Because | None = None
    doubts: Doubts = ()
    samples_short: Text | None = None
    at_most: Mode = Mode.AUTO
    at_most_reason: ExplainedReason[Refusal] | None = None
    approved: bool = False


type Guard = Callable[[Question], Hold | None]
