"""A change to the monitored system: planned, made, reverted; and what is on record for the whole stack."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.core.codec import STORED
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.refusals import Because
from responder.core.remedy import RemedySpec, spec_of
from responder.core.settings_document import AUTOMATION
from responder.core.text import Strings, Text

type ChangeNote = Because


class Status(StrEnum):
    """The status of one change of one target."""

    PLANNED = "planned"
    APPLIED = "applied"  # set, and confirmed by the answer or a later read
    ALREADY = "already"  # found as wanted; nothing was written
    IN_PROGRESS = "in_progress"  # accepted by AWS, not in effect yet: `finish` finishes it
    FAILED = "failed"
    REVERTED = "reverted"
    KEPT = "kept"  # a person changed it since; left alone

    @property
    def made(self) -> bool:
        """It was set by us, in effect or not yet."""
        return self in (Status.APPLIED, Status.IN_PROGRESS)

    @property
    def in_effect(self) -> bool:
        """The target has the wanted value, set by the responder or a person."""
        return self in (Status.APPLIED, Status.ALREADY)

    @property
    def done(self) -> bool:
        """Nothing is left to write: it is in effect, or on its way."""
        return self.made or self.in_effect

    @property
    def not_ours(self) -> bool:
        """The responder's value is not set: it could not be set, or a person chose otherwise."""
        return self in (Status.FAILED, Status.KEPT)


type Changes = tuple[Change, ...]
type Obstacles = tuple[ExplainedReason[Obstacle], ...]


@frozen
class Change:
    """One setting of one target. `before` and `after` are values that we manage, never others.

    `written` are the times (LastModified, UTC) that AWS gave to our write and to the version we published:
    our own change is recognised by them later. A RevisionId would not do: AWS renews it when an update takes
    effect.
    """

    target: str
    setting: str
    before: str
    after: str
    status: Status = field(default=Status.PLANNED, metadata=STORED)
    note: ChangeNote | None = field(default=None, metadata=STORED)
    written: tuple[datetime, ...] = ()

    @property
    def changed_by_others(self) -> bool:
        """A later reading found that others have changed it since."""
        kind = self.note.kind if self.note is not None else None
        return isinstance(kind, FailureKind) and kind.changed_by_others


@frozen
class Plan:
    """What a remedy read, and what it would do: the precondition and the snapshot in one.

    Attributes:
        scope: what is leased as one (`liveness-rollout`, a function's or a table's name).
        changes: one per target, all `planned` or `already`.
        snapshot: JSON values that reverting needs; names of other settings, never their values.
        obstacles: preconditions that do not hold; any one refuses.
        in_flight: a change of the target that is under way right now.
        quota: the action's own quota is used up.
        cautions: reasons to ask a person instead of acting (hot key, others already gone).
        modified: when each target was changed last (UTC), by target, where AWS states it.
        moves: (target, setting) of what would change in addition to `changes`, because it is part of the same
            version.
        possible: targets that could be changed although another one has an obstacle, see `only`.
        current: what was read, for `apply`. May hold secrets of others: no repr, never stored or compared.
    """

    scope: str
    changes: tuple[Change, ...]
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    obstacles: tuple[ExplainedReason[Obstacle], ...] = ()
    in_flight: ExplainedReason[Obstacle] | None = None
    quota: Text | None = None
    cautions: tuple[ExplainedReason[Caution], ...] = ()
    modified: Mapping[str, datetime] = field(default_factory=dict)
    moves: frozenset[tuple[str, str]] = frozenset()
    possible: Strings = ()
    current: Any = field(default=None, repr=False, compare=False)

    @property
    def changed_at(self) -> datetime | None:
        """The latest change of any target (UTC)."""
        return max(self.modified.values(), default=None)

    @property
    def already(self) -> bool:
        """Every target is as wanted: there is nothing to do."""
        unasked = self.obstacles or not self.changes
        return not unasked and all(change.status is Status.ALREADY for change in self.changes)

    def only(self, targets: Iterable[str]) -> "Plan":
        """The plan narrowed to some targets; obstacles of the others do not count.

        With a target that cannot be changed alone, all obstacles count."""
        wanted = frozenset(targets)
        if not wanted or not wanted <= frozenset(self.possible):
            return self
        kept = tuple(change for change in self.changes if change.target in wanted)
        return replace(self, changes=kept, obstacles=(), in_flight=None)


# No run of the responder's functions lasts longer, and AWS may date a change in whole seconds.
_WRITING, _ROUNDING = timedelta(minutes=1), timedelta(seconds=1)


class LeaseState(StrEnum):
    """A lease is on record before the first write and after the last."""

    APPLYING = "applying"
    IN_FORCE = "in_force"
    PARTIAL = "partial"
    REVERTING = "reverting"
    ENDED = "ended"
    FAILED = "failed"

    @property
    def open(self) -> bool:
        """Something of it may still be in force."""
        return self not in (LeaseState.ENDED, LeaseState.FAILED)

    @property
    def half_done(self) -> bool:
        """It was begun, but not everything is set."""
        return self in (LeaseState.APPLYING, LeaseState.PARTIAL)

    @property
    def going_back(self) -> bool:
        """Its revert has begun or has ended."""
        return self in (LeaseState.REVERTING, LeaseState.ENDED)


type Leases = tuple[Lease, ...]


@frozen
class Lease:
    """An applied remedy: its snapshot, its owner (the incident) and its end.

    Attributes:
        until: its own end (UTC), None where only a person ends it.
        by: who approved it, or the automation.
        ended: when it was reverted, or no later than this changed by others (UTC); `ended_by` who had
            approved its revert, empty where no approval is on record.
        looked: when AWS was last asked whether it is still in force; `seen` when all of it was read last, and
            `unread` why it could not be read since (UTC).
    """

    remedy: str
    scope: str
    incident: str
    state: LeaseState
    at: datetime
    until: datetime | None
    snapshot: Mapping[str, Any]
    changes: tuple[Change, ...]
    by: str = AUTOMATION
    ended: datetime | None = None
    ended_by: str = ""
    looked: datetime | None = None
    seen: datetime | None = None
    unread: ChangeNote | None = None

    @property
    def id(self) -> str:
        """`<remedy>#<scope>`: one lease per remedy and scope can be in force."""
        return f"{self.remedy}#{self.scope}"

    @property
    def act(self) -> str:
        """The lease's id with the time at which it began: the same remedy, applied again, is another act."""
        return f"{self.id}@{self.at.isoformat()}"

    @property
    def known(self) -> datetime:
        """When its state was last confirmed (UTC): its beginning, or the last time that it was read."""
        return self.seen or self.at

    @property
    def changed_by_others(self) -> Changes:
        """What others have changed since we set it."""
        return tuple(each for each in self.changes if each.changed_by_others)

    def wrote(self, target: str, at: datetime) -> bool:
        """Whether this is the time that AWS gave to one of its writes."""
        return any(change.target == target and at in change.written for change in self.changes)

    def writing(self, at: datetime) -> bool:
        """It began a moment ago, and AWS's answers to its writes are not stored yet."""
        return self.state is LeaseState.APPLYING and -_ROUNDING <= at - self.at <= _WRITING

    @property
    def effect(self) -> Effect:
        """The remedy's class: a person who may approve that class may revert the lease."""
        return self.spec.effect

    @property
    def spec(self) -> RemedySpec:
        """The spec of its remedy."""
        return spec_of(self.remedy)

    @property
    def lowers_security(self) -> bool:
        """While it is in force, messages begin with this, and it is repeated every hour."""
        return self.spec.lowers_security

    @property
    def keeps_open(self) -> bool:
        """Its incident lasts as long: it has to be reverted, or it is unknown what an interrupted run set."""
        return not self.spec.stays or self.state is LeaseState.APPLYING

    @property
    def plan(self) -> Plan:
        """The plan it came from, to finish it after a crash: what is done already stays as it is."""
        return Plan(self.scope, self.changes, self.snapshot)

    @property
    def open(self) -> bool:
        """Something of it may still be in force."""
        return self.state.open

    @property
    def whole(self) -> bool:
        """Every target has it: it was not done in part, not changed by others, and is not being reverted."""
        return self.state is LeaseState.IN_FORCE and not self.changed_by_others

    @property
    def step(self) -> str:
        """The rollout that a step of the revert has set; empty while it is off."""
        if not self.open or not self.spec.in_steps:
            return ""
        return next((change.after for change in self.changes if change.after != "0"), "")

    @property
    def automatic(self) -> bool:
        """No person approved it."""
        return self.by == AUTOMATION


@frozen
class Applied:
    """A row of the stack's ledger: one remedy applied (or failed) once, for the counting guards."""

    at: datetime
    remedy: str
    scope: str
    incident: str
    ok: bool
    effective: bool = True


@frozen
class Rejection:
    """A row of the stack's ledger: a person has rejected to apply a remedy. `scope`: the remedy's own, as in
    the request."""

    incident: str
    proposal: str
    remedy: str
    scope: str


def in_doubt(change: Change) -> bool:
    """It failed, but may be in force nevertheless."""
    kind = _failure(change)
    return kind is not None and kind.in_doubt


def unanswered(change: Change) -> bool:
    """Neither the write nor the read after it was answered."""
    return _failure(change) is FailureKind.OUTCOME_UNKNOWN


def unreleased(change: Change) -> bool:
    """It is set in $LATEST, but could not be released to the aliases."""
    kind = _failure(change)
    return kind is not None and kind.unreleased


def half_released(lease: Lease) -> bool:
    """A target has the value in $LATEST, but its aliases do not serve it."""
    return any(map(unreleased, lease.changes))


def may_be_in_force(change: Change) -> bool:
    """Part of it is set, or may be: the lease is kept, and can be reverted."""
    kind = _failure(change)
    return kind is not None and kind.may_be_in_force


def old_value_is_set(change: Change) -> bool:
    """The change was never set, or AWS gave up setting it; what happened to the target since does not
    matter."""
    kind = change.note.kind if change.note is not None else None
    return isinstance(kind, FailureKind) and kind.old_value_is_set


def _failure(change: Change) -> FailureKind | None:
    kind = change.note.kind if change.status is Status.FAILED and change.note is not None else None
    return kind if isinstance(kind, FailureKind) else None


@frozen
class Ledger:
    """Read in one go; `version` changes with every act, so that two responses cannot both act on
    the same reading. `changed_by_others`: leases of which others have changed something, as each was found
    last; kept for their incidents also once another one has the remedy. `replaced`: ended leases whose row
    another act has now, kept for some days: that a person reverted one counts also where the new act failed.
    `rejected`: by people, for some days; whether that still counts is not on record here."""

    leases: Leases = ()
    changed_by_others: Leases = ()
    applied: tuple[Applied, ...] = ()
    version: int = 0
    replaced: Leases = ()
    rejected: tuple[Rejection, ...] = ()

    def lease(self, remedy: str, scope: str) -> Lease | None:
        """The open lease of a remedy on a scope, if any."""
        return next(
            (one for one in self.leases if one.open and (one.remedy, one.scope) == (remedy, scope)), None
        )

    def of_incident(self, incident: str) -> Leases:
        """The open leases an incident owns."""
        return tuple(one for one in self.leases if one.open and one.incident == incident)

    @property
    def ended(self) -> Leases:
        """What was in force and is no longer."""
        return tuple(one for one in (*self.leases, *self.replaced) if one.state is LeaseState.ENDED)

    def ended_of(self, incident: str) -> Leases:
        """The ended leases that an incident owns or owned."""
        return tuple(one for one in self.ended if one.incident == incident)

    def changed_by_others_in(self, incident: str) -> Leases:
        """The leases that others have changed, of those that an incident owns or owned."""
        return tuple(one for one in self.changed_by_others if one.incident == incident)

    def holding(self, incident: str) -> Leases:
        """The leases that keep the incident open."""
        return tuple(one for one in self.of_incident(incident) if one.keeps_open)

    @property
    def lowering(self) -> bool:
        """A lease that lowers security is in force."""
        return any(one.open and one.lowers_security for one in self.leases)

    def within(self, now: datetime, span: timedelta, **want: object) -> tuple[Applied, ...]:
        """Rows younger than `span` whose attributes equal `want`, oldest first."""
        young = (row for row in self.applied if now - row.at < span)
        return tuple(row for row in young if all(getattr(row, name) == value for name, value in want.items()))

    def under_way(self, now: datetime, span: timedelta) -> Leases:
        """Acts that began within `span` and whose outcome is not stored yet."""
        known = {(row.at, row.remedy, row.scope, row.incident) for row in self.applied}
        begun = (one for one in self.leases if one.state is LeaseState.APPLYING and now - one.at < span)
        return tuple(one for one in begun if (one.at, one.remedy, one.scope, one.incident) not in known)

    def wrote(self, target: str, at: datetime) -> bool:
        """Whether the change that AWS dates `at` (UTC) is the responder's: stored, or being written right
        now."""
        known = (*self.leases, *self.replaced)
        leases = (lease for lease in known if any(change.target == target for change in lease.changes))
        return any(lease.writing(at) or lease.wrote(target, at) for lease in leases)
