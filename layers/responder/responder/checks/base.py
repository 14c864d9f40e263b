"""The contract of a check."""

from typing import Protocol, runtime_checkable

from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.permissions import Permission


@runtime_checkable
class Check(Protocol):
    """A frozen dataclass. What it reads is judged by pure functions beside it.

    A refusal of AWS for a part of it (no support plan, no Cost Explorer) is an item with the light
    `unknown`, never an exception; what is raised all the same costs this check alone.
    """

    @property
    def name(self) -> str:
        """Key of its section, unique in a report."""
        ...

    def needs(self) -> tuple[Permission, ...]:
        """Every IAM action that `run` may use: reads, and what changes nothing."""
        ...

    def run(self, context: Context) -> CheckSection:
        """Ask AWS and judge."""
        ...
