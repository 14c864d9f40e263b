"""A reason as data: which of the known ones it is, and the values that its sentence names.

`Cause`, `Refusal`, `Obstacle` and `FailureKind` are the enums of reasons. Logic compares their members
(`because.kind is Refusal.LEASED`); a sentence is made from them only where it is shown (`because.text`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

from responder.core.text import Text, Value


class ReasonKind(Enum):
    """Base of the enums of reasons. The value of a member is its key in the message catalogue.

    A member is called with the values of its sentence: `Cause.NETWORK(function="liveness-create")`.
    It is no `StrEnum`, so that comparing a member with a string is a type error.
    """

    def __call__(self, /, **values: Value) -> "ExplainedReason[Self]":
        """This reason, explained by what its sentence names."""
        return ExplainedReason(self, values)

    @property
    def word(self) -> str:
        """Its name without the group, for logs and metrics: `leased` of `guard.leased`."""
        return str(self.value).partition(".")[2]

    @classmethod
    def named(cls, stored: object) -> Self | None:
        """The member that a stored reason or text names; None of anything else."""
        key = stored.get("key") if isinstance(stored, Mapping) else None
        return next((kind for kind in cls if kind.value == key), None)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "ExplainedReason[Self]":
        """The inverse of `ExplainedReason.to_json`. Raises ValueError for a key that is no member."""
        said = Text.from_json(stored)
        return ExplainedReason(cls(said.key), said.values)


@dataclass(frozen=True, slots=True)
class ExplainedReason[K: ReasonKind]:
    """A reason of any of the enums: `kind` decides, `values` fill the `{placeholders}` of its sentence."""

    kind: K
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        """Its sentence."""
        return Text(self.kind.value, self.values)

    def to_json(self) -> dict[str, Any]:
        """The stored shape: the same as that of its text."""
        return self.text.to_json()
