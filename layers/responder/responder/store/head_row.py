"""What stands in the head row of an incident, as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from responder.core.last_decision import LastDecision, read
from responder.core.modes import Severity
from responder.followup_rules import FollowUpMemory
from responder.store.validation import readable, whole


@dataclass(frozen=True, slots=True)
class IncidentHead:
    """As stored.

    Attributes:
        first: time of the first datapoint that led to ALARM, where the event told it (UTC).
        told: when on-call was told first (UTC).
        slug: the playbook's short name; `<stack>-<slug>` is the function that takes commands.
        generation: which execution of the follow-up is in charge; an older one ends itself.
        next_look: by when it looks again (UTC); None before its first look.
        watch: what it remembers, as `responder.followup_rules.memory` writes it.
    """

    incident: str
    alarm: str
    slug: str
    severity: Severity
    opened: datetime
    decision: LastDecision | None = None
    first: datetime | None = None
    told: datetime | None = None
    generation: int = 1
    next_look: datetime | None = None
    watch: Mapping[str, Any] = field(default_factory=dict)

    @property
    def execution(self) -> str:
        """The name of its follow-up: at most 57 + 7 characters of letters, digits, - and _."""
        return f"{self.incident}-g{self.generation}"


@readable
def head_of(row: Mapping[str, Any]) -> IncidentHead:
    """Raises Unreadable."""
    return IncidentHead(
        incident=row["incident"],
        alarm=row["alarm"],
        slug=row["slug"],
        severity=Severity(row["severity"]),
        opened=datetime.fromisoformat(row["opened"]),
        decision=read(json.loads(row["decision"])) if row.get("decision") else None,
        first=_time(row.get("first")),
        told=_time(row.get("told")),
        generation=row["generation"],
        next_look=_time(row.get("next_look")),
        watch=_watch(row),
    )


def _watch(row: Mapping[str, Any]) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(row["watch"]) if row.get("watch") else {}
    whole(FollowUpMemory.from_json(stored))
    return stored


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
