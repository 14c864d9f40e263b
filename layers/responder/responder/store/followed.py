"""The store as the follow-up and the console see it: heads, timelines, ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Lease
from responder.core.gateway import Gateway
from responder.core.last_decision import LastDecision
from responder.core.modes import Severity
from responder.followup_rules.clock import EarlierIncident
from responder.store import closing, head, ledger, reading
from responder.store.head_row import IncidentHead
from responder.store.incident import SOAK, Incident
from responder.store.reading import TimelineStep


@dataclass(frozen=True, slots=True)
class Followed:
    """`soak`: how long OK must last until the next ALARM is another incident."""

    aws: Gateway
    table: str
    soak: timedelta = SOAK

    def head(self, incident: str) -> IncidentHead | None:
        """What was last told of an incident, and who follows it; None before its first response."""
        return head.load(self.aws, self.table, incident)

    def decided(  # noqa: PLR0913  one value per part of the row
        self,
        incident: Incident,
        slug: str,
        severity: Severity,
        made: LastDecision,
        first: datetime | None = None,
        told: datetime | None = None,
    ) -> IncidentHead:
        """Put down what a response concluded, once it is `told`; `first` is the first datapoint's time."""
        began = first or incident.opened, told or made.at
        return head.decided(self.aws, self.table, incident, slug, severity, made, began)

    def remember(self, seen: IncidentHead, watch: Mapping[str, Any], next_look: datetime) -> bool:
        """What the follow-up keeps; False where a later generation is in charge."""
        return head.remember(self.aws, self.table, seen, watch, next_look)

    def next_generation(self, seen: IncidentHead, until: datetime) -> bool:
        """Put another execution in charge; False where somebody was first."""
        return head.next_generation(self.aws, self.table, seen, until)

    def newest(self) -> tuple[Incident, ...]:
        """The newest incident of every alarm, open or closed."""
        return closing.everything(self.aws, self.table)

    def close(self, seen: Incident, left: EarlierIncident | None = None) -> bool:
        """End an incident; False where its alarm's state has changed since it was seen. `left`: what the next
        one of this alarm goes on with."""
        return closing.close(self.aws, self.table, seen, left)

    def steps(self, incident: str) -> tuple[TimelineStep, ...]:
        """The whole timeline, oldest first."""
        return reading.steps(self.aws, self.table, incident)

    def proposals(self, incident: str) -> tuple[ApprovalRequest, ...]:
        """Every proposal that was ever asked for, in no order."""
        return reading.proposals(self.aws, self.table, incident)

    def ineffective(self, lease: Lease, at: datetime) -> None:
        """A remedy that did not help counts like one that failed; raises Changed where somebody acted."""
        ledger.ineffective(self.aws, self.table, lease, ledger.ledger(self.aws, self.table), at)
