"""A change to the monitored system: planned, made, taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.core.failure_kind import FailureKind
from responder.core.modes import Effect
from responder.core.obstacles import Caution, Obstacle
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, because_of
from responder.core.remedy import RemedySpec, spec_of
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text

type ChangeNote = Because


def note_of(stored: Mapping[str, Any]) -> ChangeNote:
    """A note from its stored JSON. Raises ValueError for what is none."""
    return because_of(stored)


class Status(StrEnum):
    """Where one change of one target stands."""

    PLANNED = "planned"
    APPLIED = "applied"  # set, and confirmed by the answer or a later read
    ALREADY = "already"  # found as wanted; nothing was written
    IN_PROGRESS = "in_progress"  # accepted by AWS, not in effect yet: `continue` finishes it
    FAILED = "failed"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"  # a person changed it since; left alone

    @property
    def made(self) -> bool:
        """It was set by us, in effect or not yet."""
        return self in (Status.APPLIED, Status.IN_PROGRESS)

    @property
    def in_effect(self) -> bool:
        """The target is as wanted, whoever set it."""
        return self in (Status.APPLIED, Status.ALREADY)

    @property
    def done(self) -> bool:
        """Nothing is left to write: it is in effect, or on its way."""
        return self.made or self.in_effect

    @property
    def not_ours(self) -> bool:
        """Our value does not stand there: it could not be set, or a person chose otherwise."""
        return self in (Status.FAILED, Status.KEPT)


@dataclass(frozen=True, slots=True)
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
    status: Status = Status.PLANNED
    note: ChangeNote | None = None
    written: tuple[datetime, ...] = ()

    @property
    def overtaken(self) -> bool:
        """A look at the lease found that others have changed it since."""
        kind = self.note.kind if self.note is not None else None
        return isinstance(kind, FailureKind) and kind.overtaken


@dataclass(frozen=True, slots=True)
class Plan:
    """What a remedy read, and what it would do: the precondition and the snapshot in one.

    Attributes:
        scope: what is leased as one (`liveness-rollout`, a function's or a table's name).
        changes: one per target, all `planned` or `already`.
        snapshot: JSON values that taking back needs; names of other settings, never their values.
        obstacles: preconditions that do not hold; any one refuses.
        in_flight: a change of the target that is under way right now.
        quota: the action's own quota is used up.
        cautions: reasons to ask a person instead of acting (hot key, others already gone).
        modified: when each target was changed last (UTC), by target, where AWS tells it.
        moves: (target, setting) of what would change beside `changes`, because a version holds it too.
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
    possible: tuple[str, ...] = ()
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
        """The plan narrowed to some targets; what stands in the way of the others no longer counts.

        With a target that is not possible by itself, everything stays in the way."""
        wanted = frozenset(targets)
        if not wanted or not wanted <= frozenset(self.possible):
            return self
        kept = tuple(change for change in self.changes if change.target in wanted)
        return replace(self, changes=kept, obstacles=(), in_flight=None)


# No run of a function of ours lasts longer, and AWS may date a change in whole seconds.
_WRITING, _ROUNDING = timedelta(minutes=1), timedelta(seconds=1)


class LeaseState(StrEnum):
    """A lease is on record before the first write and after the last."""

    APPLYING = "applying"
    IN_FORCE = "in_force"
    PARTIAL = "partial"
    TAKING_BACK = "taking_back"
    ENDED = "ended"
    FAILED = "failed"

    @property
    def open(self) -> bool:
        """Something of it may still be in force."""
        return self not in (LeaseState.ENDED, LeaseState.FAILED)

    @property
    def half_done(self) -> bool:
        """It was begun, and not all of it is set."""
        return self in (LeaseState.APPLYING, LeaseState.PARTIAL)

    @property
    def going_back(self) -> bool:
        """Taking it back has begun, or is over."""
        return self in (LeaseState.TAKING_BACK, LeaseState.ENDED)


@dataclass(frozen=True, slots=True)
class Lease:
    """An applied remedy: its snapshot, its owner (the incident) and its end.

    Attributes:
        until: its own end (UTC), None where only a person ends it.
        by: who approved it, or the automation.
        ended: when it was taken back, or no later than this changed by others (UTC).
        looked: when AWS was last asked whether it still stands; `seen` when all of it was read last, and
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
    looked: datetime | None = None
    seen: datetime | None = None
    unread: ChangeNote | None = None

    @property
    def id(self) -> str:
        """`<remedy>#<scope>`: one lease per remedy and scope can be in force."""
        return f"{self.remedy}#{self.scope}"

    @property
    def known(self) -> datetime:
        """Of when it is what is said of it (UTC): its beginning, or the last time that it was read."""
        return self.seen or self.at

    @property
    def overtaken(self) -> tuple[Change, ...]:
        """What others have changed since we set it."""
        return tuple(each for each in self.changes if each.overtaken)

    def wrote(self, target: str, at: datetime) -> bool:
        """AWS dated one of its writes so."""
        return any(change.target == target and at in change.written for change in self.changes)

    def writing(self, at: datetime) -> bool:
        """It was begun shortly before, and what AWS answered to its writes is not on record yet."""
        return self.state is LeaseState.APPLYING and -_ROUNDING <= at - self.at <= _WRITING

    @property
    def effect(self) -> Effect:
        """Its class: whoever may approve that may take it back."""
        return self.spec.effect

    @property
    def spec(self) -> RemedySpec:
        """What is true of its remedy."""
        return spec_of(self.remedy)

    @property
    def lowers_security(self) -> bool:
        """While it is in force, messages say so first, and again every hour."""
        return self.spec.lowers_security

    @property
    def stays(self) -> bool:
        """It never ends by itself, and no incident waits for it."""
        return self.spec.stays

    @property
    def plan(self) -> Plan:
        """The plan it came from, to finish it after a crash: what is done already stays as it is."""
        return Plan(self.scope, self.changes, self.snapshot)

    @property
    def open(self) -> bool:
        """Something of it may still be in force."""
        return self.state.open

    @property
    def automatic(self) -> bool:
        """No person approved it."""
        return self.by == AUTOMATION


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of the stack's ledger: one remedy applied (or failed) once, for the counting guards."""

    at: datetime
    remedy: str
    scope: str
    incident: str
    ok: bool
    effective: bool = True
