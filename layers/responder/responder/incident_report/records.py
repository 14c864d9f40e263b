"""What was done during an incident, by whom, and what is left to do after it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.core.change import Change, LeaseState
from responder.core.remedy import spec_of
from responder.core.text import Text


@dataclass(frozen=True, slots=True)
class MeanLevel:
    """The mean of the metric over [start, end), out of how many datapoints; None of none."""

    start: datetime
    end: datetime
    mean: float | None
    points: int


@dataclass(frozen=True, slots=True)
class RemedyRecord:
    """A remedy that was begun.

    Attributes:
        changes: as they were applied, `before` the value that was found.
        left: what became of the same targets in the end.
        applied: since when it was in force; None where it never was.
        back: when taking it back began; `ended` when nothing of it was left.
        back_by: who approved taking it back, or steps of it.
        judged: `helped`, `ineffective`, or nothing.
    """

    remedy: str
    scope: str
    by: str
    at: datetime
    state: LeaseState
    changes: tuple[Change, ...]
    left: tuple[Change, ...]
    applied: datetime | None = None
    back: datetime | None = None
    ended: datetime | None = None
    until: datetime | None = None
    back_by: tuple[str, ...] = ()
    judged: str = ""
    before: MeanLevel | None = None
    after: MeanLevel | None = None

    @property
    def open(self) -> bool:
        """Something of it may still be in force."""
        return self.state.open

    @property
    def lowers_security(self) -> bool:
        """It is one of those that messages name first while they are in force."""
        return spec_of(self.remedy).lowers_security


class OpenItemReason(StrEnum):
    """Why somebody still has to look after a change."""

    LOWERED = "lowered"  # security is still lowered
    IN_FORCE = "in_force"  # it should have been taken back
    STAYS = "stays"  # it stays until a person decides
    DRIFT = "drift"  # the definition of the service does not know of it
    KEPT = "kept"  # a person changed the value, so it was left alone
    DOUBT = "doubt"  # whether it is in force is not known


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is left to do after the end."""

    kind: OpenItemReason
    remedy: str
    said: Text


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """What a person did: `what` is the console's word, `said` the same for people, `more` what was put
    down with it."""

    at: datetime
    person: str
    what: str
    said: Text
    more: tuple[tuple[str, str], ...] = ()
