"""The door to the incidents table."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, to_item
from responder.core.alarm_event import AlarmEvent
from responder.core.approval_request import ApprovalRequest
from responder.core.change import Applied, Lease, Ledger
from responder.core.context import Gateway
from responder.core.errors import Changed, ResponderError
from responder.core.frozen import frozen
from responder.core.last_decision import LastDecision
from responder.core.modes import Severity
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.memory import EarlierIncident
from responder.store import closing, head, ledger, opening, reading, rows
from responder.store import ledger as acting
from responder.store.head_row import IncidentHead
from responder.store.incident import SOAK, Incident, slug_of
from responder.store.reading import TimelineStep
from responder.store.steps import step, step_put

# The store as the follow-up and the console see it: heads, timelines, ends.


@frozen
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

    def remember(self, seen: IncidentHead, watch: FollowUpMemory, next_look: datetime) -> bool:
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


_KEPT_AFTER_EXPIRY = timedelta(days=90)
_TRIES = 3


@frozen
class Incidents(Followed):
    """Every method raises our errors when the table cannot be reached."""

    def open(self, event: AlarmEvent, look: Callable[[Ledger], Ledger] = lambda ledger: ledger) -> Incident:
        """The incident this ALARM belongs to: a new one, or the one that is not over yet.

        `look` reads what is in force: a change that others have undone keeps no incident open."""
        started = opening.start(self.aws, self.table, event)
        if started is not None:
            return started
        for _ in range(_TRIES):
            present = self.present(event)
            if present is None:
                break
            if present.opened_by(event):
                return present
            if present.over(event.at, self._holding(present, event, look), self.soak):
                try:
                    return opening.replace(self.aws, self.table, event, present, self._left(present))
                except Changed:
                    # Another response was first; this ALARM belongs to what that one has opened.
                    continue
            if self.rejoin(event, present):
                return present
        raise Changed("dynamodb", "UpdateItem", "ConditionalCheckFailedException")

    def _left(self, ended: Incident) -> EarlierIncident | None:
        """What one leaves that was over before it was closed. What cannot be read is no reason not to open
        the next one: its levels then count from its own ALARM."""
        if ended.closed or ended.ok_since is None:
            return None
        try:
            before = self.head(ended.id)
        except ResponderError:
            return None
        return before.remembered.left(ended.opened, ended.ok_since) if before else None

    def _holding(self, present: Incident, event: AlarmEvent, look: Callable[[Ledger], Ledger]) -> int:
        """How many changes in force keep it open; read only where they alone do."""
        ledger = self.ledger()
        if ledger.holding(present.id) and present.over(event.at, 0, self.soak):
            ledger = look(ledger)
        return len(ledger.holding(present.id))

    def present(self, event: AlarmEvent) -> Incident | None:
        """The newest incident of the event's alarm, over or not."""
        return opening.current(self.aws, self.table, event.slug)

    def rejoin(self, event: AlarmEvent, present: Incident) -> bool:
        """Note an ALARM on the incident that it belongs to; False where that has ended meanwhile."""
        return opening.rejoin(self.aws, self.table, event, present)

    def mark(self, event: AlarmEvent) -> Incident | None:
        """Note OK or INSUFFICIENT_DATA on the open incident; None where there is none, or a later state."""
        present = self.present(event)
        if present is None:
            return None
        if not opening.mark(self.aws, self.table, event, present.id) or present.closed:
            return None
        self.note(present.id, "state", {"state": event.state, "at": event.at}, event.at)
        return present

    def join(self, event: AlarmEvent, now: datetime) -> Incident | None:
        """The incident of an event that must not open one: its own, or the one that is not over yet."""
        present = self.present(event)
        if present is None or present.opened_by(event):
            return present
        return None if present.over(now, len(self.ledger().holding(present.id)), self.soak) else present

    def find(self, incident: str) -> Incident | None:
        """The incident of this id, if its alarm still points to it (later ones replace it)."""
        present = opening.current(self.aws, self.table, slug_of(incident))
        return present if present is not None and present.id == incident else None

    def note(self, incident: str, kind: str, data: Any, at: datetime) -> None:
        """Add a step to the timeline."""
        self.aws.call("dynamodb", "put_item", TableName=self.table, Item=step(incident, kind, data, at))

    def record(
        self, incident: str, kind: str, data: Any, at: datetime, asked: Sequence[ApprovalRequest] = ()
    ) -> None:
        """A step and the proposals it asked for, all or nothing."""
        if not asked:
            self.note(incident, kind, data, at)
            return
        writes = [step_put(self.table, incident, kind, data, at), *(self._proposal(one) for one in asked)]
        self.aws.call("dynamodb", "transact_write_items", TransactItems=writes)

    def _proposal(self, asked: ApprovalRequest) -> dict[str, Any]:
        values = {
            ":data": rows.pack(asked),
            ":expires": int((asked.expires + _KEPT_AFTER_EXPIRY).timestamp()),
            ":at": rows.stamp(asked.at),
        }
        update = {
            "TableName": self.table,
            "Key": _proposal_key(asked.incident, asked.id),
            # Asking again must not undo an approval that was given a moment ago.
            "UpdateExpression": "SET #data = :data, expires = :expires, since = if_not_exists(since, :at)",
            "ExpressionAttributeNames": {"#data": "data"},
            "ExpressionAttributeValues": to_item(values),
        }
        return {"Update": update}

    def spend(self, incident: str, proposal: str, at: datetime, by: str = "") -> None:
        """From now on older approvals of this proposal count no more. `by`: who had approved it, where it was
        carried out; empty where it can never be carried out as it was approved."""
        self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=_proposal_key(incident, proposal),
            UpdateExpression="SET since = :at, carried_by = :by",
            ExpressionAttributeValues=to_item({":at": rows.stamp(at), ":by": by}),
        )

    def asked(self, incident: str, proposal: str) -> ApprovalRequest | None:
        """A proposal as it was shown."""
        key = _proposal_key(incident, proposal)
        answer = self.aws.call("dynamodb", "get_item", TableName=self.table, Key=key, ConsistentRead=True)
        return rows.asked(from_item(answer["Item"])) if answer.get("Item") else None

    def ledger(self) -> Ledger:
        """Leases and recent acts of the whole stack."""
        return acting.ledger(self.aws, self.table)

    def begin(self, lease: Lease, version: int, at: datetime) -> None:
        """Put a lease on record before the first write; raises Changed where somebody was first."""
        acting.begin(self.aws, self.table, lease, version, at)

    def overtaken(self, lease: Lease, at: datetime, seen: int) -> None:
        """Record what others have changed of a lease; raises Changed where another run acted since then."""
        acting.overtaken(self.aws, self.table, lease, at, seen)

    def looked(self, before: Lease, after: Lease) -> None:
        """Record when a lease was looked at; raises Changed where it is not as it was read."""
        acting.looked(self.aws, self.table, before, after)

    def settle(self, lease: Lease, row: Applied | None, at: datetime, seen: int | None = None) -> None:
        """Put down what became of it; with `seen`, Changed where somebody acted since that version."""
        acting.settle(self.aws, self.table, lease, row, at, seen)


def _proposal_key(incident: str, proposal: str) -> dict[str, Any]:
    return to_item({"pk": f"INCIDENT#{incident}", "sk": f"PROPOSAL#{proposal}"})
