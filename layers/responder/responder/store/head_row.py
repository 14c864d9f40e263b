"""What stands in the head row of an incident, as data."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from responder.core.codec import STORED
from responder.core.frozen import frozen
from responder.core.last_decision import LastDecision
from responder.core.modes import Severity
from responder.followup_rules import FollowUpMemory
from responder.store import rows


@frozen
class IncidentHead:
    """As stored.

    Attributes:
        first: time of the first datapoint that led to ALARM, where the event told it (UTC).
        told: when on-call was told first (UTC).
        slug: the playbook's short name; `<stack>-<slug>` is the function that takes commands.
        generation: which execution of the follow-up is in charge; an older one ends itself.
        next_look: by when it looks again (UTC); None before its first look.
        watch: what it remembers; None before its first look.
    """

    incident: str
    alarm: str
    slug: str
    severity: Severity
    opened: datetime
    decision: LastDecision | None = None
    first: datetime | None = None
    told: datetime | None = None
    generation: int = field(default=1, metadata=STORED)
    next_look: datetime | None = None
    watch: FollowUpMemory | None = None

    @property
    def execution(self) -> str:
        """The name of its follow-up: at most 57 + 7 characters of letters, digits, - and _."""
        return f"{self.incident}-g{self.generation}"

    @property
    def remembered(self) -> FollowUpMemory:
        """What the follow-up remembers; before its first look, nothing."""
        return self.watch or FollowUpMemory()


def head_of(row: Mapping[str, Any]) -> IncidentHead:
    """Raises Unreadable."""
    return rows.read(IncidentHead, row, lambda row: rows.unpacked(row, "decision", "watch"))
