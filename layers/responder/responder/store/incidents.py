"""The incidents: opening or joining one, its head, its proposals, and its end."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, partition, to_item
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.change import Ledger
from responder.core.codec import STORED
from responder.core.command import ApprovalRequest
from responder.core.errors import Changed, ResponderError, Unreachable
from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.plain_data import Data, Json
from responder.core.settings import IncidentTimers
from responder.core.verdict import LastDecision
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.memory import EarlierIncident
from responder.store import rows
from responder.store.ledger import LedgerTable
from responder.store.rows import step_row

_SET = (
    "SET incident = :id, slug = :slug, alarm = :alarm, opened = :at, #state = :state, state_at = :at, "
    "closed = :no REMOVE ok_since"
)
_FREE = (
    "attribute_not_exists(incident) OR (closed = :yes AND state_at < :at) OR "
    "(incident = :id AND state_at = :at AND #state = :state)"
)
_STATE = {"#state": "state"}
# Missing data after OK (at night) does not end a calm; only ALARM does.
_SINCE = {
    AlarmState.OK: ", ok_since = if_not_exists(ok_since, :at)",
    AlarmState.ALARM: " REMOVE ok_since",
    AlarmState.INSUFFICIENT_DATA: "",
}
# The same state again is a repeat, whose step may not be stored yet.
_NEWER = "incident = :id AND (state_at < :at OR (state_at = :at AND #state = :state))"
_DECIDED = (
    "SET incident = :incident, alarm = :alarm, slug = :slug, severity = :severity, opened = :opened, "
    "decision = :decision, expires = :expires, generation = if_not_exists(generation, :one), "
    "#first = if_not_exists(#first, :first), notified = if_not_exists(notified, :notified)"
)
_TRIES = 3
SOAK = timedelta(minutes=IncidentTimers().soak)


@frozen
class Incident:
    """An incident as its alarm's pointer row holds it.

    Attributes:
        opened: time of the first ALARM (UTC).
        ok_since: since when the alarm is OK; None while it is not.
        earlier: what the incident before it has left; None where none is known.
    """

    id: str
    slug: str
    alarm: str
    opened: datetime
    state: AlarmState
    state_at: datetime
    ok_since: datetime | None = None
    closed: bool = False
    earlier: EarlierIncident | None = None

    def over(self, at: datetime, leases: int, soak: timedelta = SOAK) -> bool:
        """Whether OK lasted long enough and nothing is in force, so that the next ALARM opens another
        incident."""
        enough = soak if self.earlier is None else self.earlier.at(self.opened, soak).enough(soak)
        soaked = self.ok_since is not None and at - self.ok_since > enough
        return self.closed or (soaked and not leases)


@frozen
class IncidentHead:
    """The head row of an incident.

    Attributes:
        first: time of the first datapoint that led to ALARM, where the event held it (UTC).
        notified: when on-call was notified first (UTC).
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
    notified: datetime | None = None
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


def incident_id(event: AlarmEvent) -> str:
    """`<alarm-slug>-<YYYYMMDDTHHMMSSZ of the first ALARM>`, at most 57 characters."""
    return f"{event.slug}-{event.at:%Y%m%dT%H%M%SZ}"


def slug_of(incident: str) -> str:
    """The alarm slug in an incident id; the id itself where it has another form."""
    return incident.rpartition("-")[0] or incident


def read_incident(row: rows.Row) -> Incident:
    """An alarm's pointer row. Raises Unreadable."""
    return rows.read(Incident, row, lambda row: {**rows.unpacked(row, "earlier"), "id": row["incident"]})


def read_head(row: rows.Row) -> IncidentHead:
    """The head row of an incident. Raises Unreadable."""
    return rows.read(IncidentHead, row, lambda row: rows.unpacked(row, "decision", "watch"))


@frozen
class Incidents(LedgerTable):
    """Everything that is on record about incidents.

    An alarm's pointer row has its newest incident; the head row of an incident stays when the next one takes
    over the pointer.

    Attributes:
        soak: how long OK must last until the next ALARM is another incident.
    """

    soak: timedelta = SOAK

    # --- opening and joining: one conditional write where nothing is in the way

    def open(self, event: AlarmEvent, look: Callable[[Ledger], Ledger] = lambda ledger: ledger) -> Incident:
        """The incident this ALARM belongs to: a new one, or the one that has not ended yet.

        `look` reads what is in force: a change that others have undone keeps no incident open."""
        started = self.start(event)
        if started is not None:
            return started
        for _ in range(_TRIES):
            present = self.newest_of(event.slug)
            if present is None:
                break
            if present.opened == event.at:
                return present
            if present.over(event.at, self._holding(present, event, look), self.soak):
                try:
                    return self.replace(event, present, self._left(present))
                except Changed:
                    # Another response was first: this ALARM belongs to the incident that it opened.
                    continue
            if self.rejoin(event, present):
                return present
        raise Changed("dynamodb", "UpdateItem", "ConditionalCheckFailedException")

    def start(self, event: AlarmEvent) -> Incident | None:
        """A new incident for this alarm; None if the current one prevents it.

        The same event again finds its own incident: the write is the same, and harmless. A later state that
        is already known also prevents it, so that a late repeat never changes an incident's state back.
        """
        try:
            try:
                return self._write(event, _FREE, {":yes": True})
            except Unreachable:
                # The write may have taken effect; without repeating it, the incident might have no follow-up.
                return self._write(event, _FREE, {":yes": True})
        except Changed:
            return None

    def replace(self, event: AlarmEvent, old: Incident, left: EarlierIncident | None = None) -> Incident:
        """A new incident after one that has ended. Raises Changed where another response was faster. `left`:
        what the old one leaves, where it was not closed before.

        An OK that overtook this ALARM is on record with the old one; it is this one's end.
        """
        opened = self._write(event, "incident = :old", {":old": old.id}, left)
        if old.state is AlarmState.OK and old.state_at > event.at:
            self._mark(dataclasses.replace(event, state=AlarmState.OK, at=old.state_at), opened.id)
        return opened

    def _left(self, ended: Incident) -> EarlierIncident | None:
        """What the next incident continues with, if this one was over before it was closed. If that cannot be
        read, the next one is opened all the same, and its levels count from its own ALARM."""
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

    def newest_of(self, slug: str) -> Incident | None:
        """The newest incident of an alarm, over or not."""
        row = self.get(rows.ALARMS, slug)
        return read_incident(row) if row else None

    def find(self, incident: str) -> Incident | None:
        """The incident of this id, if its alarm still points to it (later ones replace it)."""
        present = self.newest_of(slug_of(incident))
        return present if present is not None and present.id == incident else None

    def newest(self) -> tuple[Incident, ...]:
        """The newest incident of each alarm that has had one."""
        return tuple(read_incident(row) for row in partition(self.aws, self.table, rows.ALARMS))

    def rejoin(self, event: AlarmEvent, present: Incident) -> bool:
        """Note an ALARM on the open incident; False where it was closed or replaced meanwhile."""
        if self._mark(event, present.id):
            return True
        now = self.newest_of(event.slug)
        # Open still: a later state is known already, and counts.
        return now is not None and now.id == present.id and not now.closed

    def mark(self, event: AlarmEvent) -> Incident | None:
        """Note OK or INSUFFICIENT_DATA on the open incident; None where there is none, or a later state."""
        present = self.newest_of(event.slug)
        if present is None or not self._mark(event, present.id) or present.closed:
            return None
        self.note(present.id, "state", {"state": event.state, "at": event.at}, event.at)
        return present

    def join(self, event: AlarmEvent, now: datetime) -> Incident | None:
        """The incident of an event that must not open one: its own, or the one that has not ended yet."""
        present = self.newest_of(event.slug)
        if present is None or present.opened == event.at:
            return present
        return None if present.over(now, len(self.ledger().holding(present.id)), self.soak) else present

    def close(self, seen: Incident, left: EarlierIncident | None = None) -> bool:
        """End an incident; False where its alarm's state has changed since it was seen. `left`: what the next
        one of this alarm continues with."""
        values = {":yes": True, ":id": seen.id, ":state": seen.state.value, ":at": rows.stamp(seen.state_at)}
        return self.updated(
            rows.ALARMS,
            seen.slug,
            "SET closed = :yes" + (", earlier = :left" if left is not None else ""),
            values | ({":left": rows.pack(left)} if left is not None else {}),
            ConditionExpression="incident = :id AND #state = :state AND state_at = :at",
            ExpressionAttributeNames=_STATE,
        )

    def _mark(self, event: AlarmEvent, incident: str) -> bool:
        """Write the alarm's state on its incident; False where a later state is already there, or where an
        ALARM comes to one that is closed: nothing follows it."""
        raised = event.state is AlarmState.ALARM
        values = {":state": event.state.value, ":at": rows.stamp(event.at), ":id": incident}
        return self.updated(
            rows.ALARMS,
            event.slug,
            "SET #state = :state, state_at = :at" + _SINCE[event.state],
            values | ({":no": False} if raised else {}),
            ConditionExpression=_NEWER + (" AND closed = :no" if raised else ""),
            ExpressionAttributeNames=_STATE,
        )

    def _write(
        self, event: AlarmEvent, condition: str, more: Data, left: EarlierIncident | None = None
    ) -> Incident:
        values = {
            ":id": incident_id(event),
            ":slug": event.slug,
            ":alarm": event.name,
            ":at": rows.stamp(event.at),
            ":state": event.state.value,
            ":no": False,
        }
        leaves = {":left": rows.pack(left)} if left is not None else {}
        answer = self.update(
            rows.ALARMS,
            event.slug,
            _SET.replace(" REMOVE", ", earlier = :left REMOVE") if leaves else _SET,
            {**values, **more, **leaves},
            ConditionExpression=condition,
            ExpressionAttributeNames=_STATE,
            ReturnValues="ALL_NEW",
        )
        return read_incident(from_item(answer["Attributes"]))

    # --- the head: what was reported last, who follows it, and what the follow-up remembers

    def head(self, incident: str) -> IncidentHead | None:
        """The head of an incident; None before its first response."""
        row = self.get(f"INCIDENT#{incident}", "HEAD")
        return read_head(row) if row else None

    def decided(  # noqa: PLR0913  one value per part of the row
        self,
        incident: Incident,
        slug: str,
        severity: Severity,
        made: LastDecision,
        first: datetime | None = None,
        notified: datetime | None = None,
    ) -> IncidentHead:
        """Record what a response concluded, once it is reported (`notified`); the first time it makes the
        row.
        `first` is the first datapoint's time."""
        values = {
            ":incident": incident.id,
            ":alarm": incident.alarm,
            ":slug": slug,
            ":severity": severity.value,
            ":opened": rows.stamp(incident.opened),
            ":decision": rows.pack(made),
            ":one": 1,
            ":first": rows.stamp(first or incident.opened),
            ":notified": rows.stamp(notified or made.at),
            ":expires": int((incident.opened + rows.KEPT).timestamp()),
        }
        answer = self.update(
            f"INCIDENT#{incident.id}",
            "HEAD",
            _DECIDED,
            values,
            ExpressionAttributeNames={"#first": "first"},
            ReturnValues="ALL_NEW",
        )
        return read_head(from_item(answer["Attributes"]))

    def remember(self, seen: IncidentHead, watch: FollowUpMemory, next_look: datetime) -> bool:
        """What the follow-up keeps between its looks; False where a later generation is in charge."""
        values = {":watch": rows.pack(watch), ":next": rows.stamp(next_look)}
        return self._in_charge(seen, "SET watch = :watch, next_look = :next", values)

    def next_generation(self, seen: IncidentHead, until: datetime) -> bool:
        """Put another execution in charge, which has until `until` to look; False where another run was
        first."""
        change = "SET generation = generation + :one, next_look = :next"
        return self._in_charge(seen, change, {":one": 1, ":next": rows.stamp(until)})

    def _in_charge(self, seen: IncidentHead, change: str, values: Data) -> bool:
        pk, known = f"INCIDENT#{seen.incident}", {**values, ":mine": seen.generation}
        return self.updated(pk, "HEAD", change, known, ConditionExpression="generation = :mine")

    # --- proposals

    def record(
        self, incident: str, kind: str, data: Any, at: datetime, asked: Sequence[ApprovalRequest] = ()
    ) -> None:
        """A step and the proposals it asked for, all or nothing."""
        if not asked:
            self.note(incident, kind, data, at)
            return
        self.write(self.put(step_row(incident, kind, data, at)), *map(self._proposal, asked))

    def _proposal(self, asked: ApprovalRequest) -> Json:
        values = {
            ":data": rows.pack(asked),
            ":expires": int((asked.expires + rows.PROPOSAL_KEPT).timestamp()),
            ":at": rows.stamp(asked.at),
        }
        update = {
            "TableName": self.table,
            "Key": to_item({"pk": f"INCIDENT#{asked.incident}", "sk": f"PROPOSAL#{asked.id}"}),
            # Asking again must not undo an approval that was given a moment ago.
            "UpdateExpression": "SET #data = :data, expires = :expires, since = if_not_exists(since, :at)",
            "ExpressionAttributeNames": {"#data": "data"},
            "ExpressionAttributeValues": to_item(values),
        }
        return {"Update": update}

    def spend(self, incident: str, proposal: str, at: datetime, by: str = "") -> None:
        """From now on earlier approvals of this proposal no longer count. `by`: who had approved it, or the
        automation, where it was carried out; empty where it can never be carried out as it was approved."""
        values = {":at": rows.stamp(at), ":by": by}
        change = "SET since = :at, carried_by = :by"
        self.update(f"INCIDENT#{incident}", f"PROPOSAL#{proposal}", change, values)

    def asked(self, incident: str, proposal: str) -> ApprovalRequest | None:
        """A proposal as it was shown."""
        row = self.get(f"INCIDENT#{incident}", f"PROPOSAL#{proposal}")
        return rows.asked(row) if row else None

    def proposals(self, incident: str) -> tuple[ApprovalRequest, ...]:
        """Every proposal that was ever requested, as it was last requested, in no particular order."""
        return tuple(map(rows.asked, partition(self.aws, self.table, f"INCIDENT#{incident}", "PROPOSAL#")))
