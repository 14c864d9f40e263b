"""What a follow-up has to do, and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from responder.core.frozen import frozen
from responder.core.text import Text
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation


class DutyKind(StrEnum):
    """In the order in which they are done where several are due at once."""

    LOOK = "look"  # have it read whether what is in force still stands
    CHANGED = "changed"  # say that others have changed it
    GONE = "gone"  # say that the alarm does not exist
    SETTINGS = "settings"  # say that the settings document cannot be used
    STUCK = "stuck"  # say that an order is not carried out, before it is given again
    CONTINUE = "continue"  # finish what AWS was still working on
    REPEAT = "repeat"  # an approval that nobody carried out
    AGAIN = "decide-again"
    JUDGE = "judge"  # did the remedy help?
    ESCALATE = "escalate"
    REJECTED = "rejected"  # say that a person said no
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    TAKE_BACK = "take-back"
    POSTPONED = "postponed"  # say that a pause keeps a remedy in force
    RESTORE = "restore"  # ask for the next step of the way back
    REMIND = "remind"
    CLOSE = "close"


@frozen
class Duty:
    """`key` tells apart what one task can be about (a level, a lease, a proposal); `lease` is the id of
    the lease it is about, if any."""

    task: DutyKind
    why: Text
    key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    lease: str = ""

    @property
    def id(self) -> str:
        """What it is called between two looks."""
        return f"{self.task} {self.key}".strip()


@frozen
class PlannedDuty:
    """A duty and when it falls due (UTC)."""

    at: datetime
    duty: Duty


type DutyRule = Callable[[Observation, FollowUpMemory], Iterator[PlannedDuty]]
