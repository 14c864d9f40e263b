"""The data for a message of the follow-up."""

from dataclasses import replace
from datetime import datetime

from responder.core.change import Changes, Lease, Leases, half_released
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.settings import Settings
from responder.core.text import Text, Texts
from responder.followup_rules import (
    ApprovalAnswer,
    Duty,
    DutyKind,
    FollowUpMemory,
    Observation,
    OpenRequest,
)
from responder.messages.requests import RequestedChange, asked_for, called, name
from responder.store import IncidentHead


@frozen
class MessageExtra:
    """What the caller knows besides.

    Attributes:
        links: in addition to the alarm's own (the incident report).
        first_message: when on-call was notified first (UTC).
        problems: what went wrong while this was prepared.
    """

    links: tuple[tuple[Text, str], ...] = ()
    first_message: datetime | None = None
    problems: Texts = ()


@frozen
class MessageContext:
    """One duty to be reported, with everything that was seen. `leases`: all that is in force in the stack."""

    duty: Duty
    seen: Observation
    memory: FollowUpMemory
    head: IncidentHead
    leases: Leases
    settings: Settings
    extra: MessageExtra

    @property
    def lease(self) -> Lease | None:
        """The lease that the duty is about."""
        if self.duty.task is DutyKind.ASSESS:
            acts = (*self.seen.leases, *self.seen.ended)
            return next((each for each in acts if each.act == self.duty.data["act"]), None)
        known = self.seen.changed_by_others if self.duty.task is DutyKind.CHANGED else self.seen.leases
        return next((each for each in known if each.id == self.duty.lease), None)

    @property
    def undone(self) -> Leases:
        """What was in force for this incident and no longer is: the last act of each remedy."""
        newest = {each.id: each for each in sorted(self.seen.ended, key=lambda one: one.at)}
        return tuple(newest.values())

    @property
    def differing(self) -> Changes:
        """What others have left at another value than before the incident: `before` that value, `after` the
        one that was read last."""
        changes = (change for lease in self.undone for change in lease.changed_by_others if change.note)
        found = ((each, str(each.note.values.get("now", ""))) for each in changes if each.note is not None)
        return tuple(replace(each, after=now) for each, now in found if now not in ("", each.before))

    @property
    def asking(self) -> OpenRequest | None:
        """The proposal that the duty is about."""
        found = (each for each in self.seen.askings if self.duty.key.startswith(each.asked.id))
        return next(found, None)

    @property
    def answered(self) -> bool:
        """People's answers are accepted: not while the settings document cannot be used."""
        return self.seen.settings is None

    @property
    def open(self) -> tuple[OpenRequest, ...]:
        """The proposals that a person can approve now, in the order in which they end."""
        return self.pending if self.answered else ()

    @property
    def pending(self) -> tuple[OpenRequest, ...]:
        """The proposals that have no answer yet and have not expired, in the order in which they end."""
        waits = (
            each
            for each in self.seen.askings
            if each.answer is ApprovalAnswer.OPEN and each.asked.expires > self.seen.now
        )
        return tuple(sorted(waits, key=lambda each: each.asked.expires))

    @property
    def level(self) -> int:
        """The level that is escalated to; of any other duty the highest that was notified."""
        return int(self.duty.key) if self.duty.task is DutyKind.ESCALATE else self.memory.level

    @property
    def began(self) -> datetime:
        """The first ALARM of the unresolved fault, which may be that of an earlier incident."""
        return self.memory.clock(self.seen.opened).first

    @property
    def again(self) -> bool:
        """The last level was notified, and an hour later the incident is still unresolved."""
        return bool(self.duty.data.get("again"))

    @property
    def acknowledged(self) -> bool:
        """A person works on it, and the escalation waits."""
        return self.memory.held is not None and self.memory.held > self.seen.now

    @property
    def asked_later(self) -> Text:
        """Who requests the revert next: a person, where the alarm does not exist."""
        return Text("must.ask_back" if self.seen.gone else "must.asked_again")

    @property
    def remedy(self) -> Text:
        """The name of what the duty is about."""
        if self.asking is not None:
            return asked_for(self.asking.asked)
        return self.named(self.lease) if self.lease is not None else Text(self.duty.key)

    @property
    def unproven(self) -> str:
        """What keeps a recovery from being proven: the check is off for all or some users, a
        weaker check, unread figures, too many faults, no traffic."""
        off = [each for each in (*self.leases, *self.seen.leases) if each.spec.in_steps]
        if off:
            return "unreleased" if any(map(half_released, off)) else "off"
        if self.seen.lowered:
            return "lowered"
        if self.seen.unread:
            return "unread"
        return "faulty" if self.memory.quiet else "quiet"

    def request(self, *, whole: bool = True) -> Text | None:
        """The name of the order that the duty is about; None where it is about none. `whole`: with its
        instance where the remedy has several."""
        if self.asking is not None:
            return asked_for(self.asking.asked, whole=whole)
        if self.lease is None:
            return None
        on = self.duty.data.get("order") == DutyKind.FINISH and not self.lease.state.going_back
        scope = scope_of(self.lease.scope, self.settings) if whole else ""
        return called(RequestedChange(self.lease.remedy, scope, back=not on))

    def named(self, lease: Lease) -> Text:
        """A lease by its remedy, with its instance where there are several."""
        return name(lease.remedy, scope_of(lease.scope, self.settings))

    def names(self, leases: Leases) -> Texts:
        """The names of several leases, for one sentence."""
        return tuple(map(self.named, leases))
