"""The contract of a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from responder.core.context import Context
from responder.core.finding import Finding
from responder.core.permissions import Permission
from responder.core.settings import Settings


@runtime_checkable
class Evidence[T](Protocol):
    """Data that says what to ask. Frozen and hashable: a playbook's `decide` uses it as a key.

    `look` is the only part that calls AWS; it raises an error of `responder.core.errors` when there is
    nothing to show, and puts what failed in part into the fact. `tell` is pure.
    """

    @property
    def name(self) -> str:
        """Key of the look, unique in a playbook (`failures`, `durations.result`)."""
        ...

    def needs(self) -> tuple[Permission, ...]:
        """Every IAM action that `look` may use."""
        ...

    def look(self, context: Context) -> T:
        """Ask AWS."""
        ...

    def tell(self, fact: T, context: Context) -> tuple[Finding, ...]:
        """Say what came back."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What `decide` gets: facts by evidence name, the time, the settings, when the alarm began (UTC)."""

    found: Mapping[str, Any]
    now: datetime
    settings: Settings
    since: datetime

    def of[T](self, evidence: Evidence[T]) -> T | None:
        """The fact of one look; None where the look failed."""
        fact: T | None = self.found.get(evidence.name)
        return fact
