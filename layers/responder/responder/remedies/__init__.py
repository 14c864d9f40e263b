"""The changes we know how to make, confirm and revert, one module per remedy; here their contract, and
what a remedy finds when it looks at what it changed.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Protocol, runtime_checkable

from responder.core.change import Changes, Lease, Plan
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permissions
from responder.core.plain_data import Data
from responder.core.remedy import RemedyName
from responder.core.text import Value, text


class Presence(Enum):
    """Where the value that we set is in force."""

    EVERYWHERE = "everywhere"
    LATEST_ONLY = "latest_only"  # in $LATEST; an alias serves another value
    ALIAS_ONLY = "alias_only"  # an alias still serves it, $LATEST has another value
    NOWHERE = "nowhere"


@frozen
class TargetState:
    """A changed target as it was read.

    Attributes:
        now: what the setting is now, as it may be shown.
        pending: AWS still works on it, so it proves nothing yet.
        at: no later than this the setting was changed last (UTC); None where AWS does not say.
    """

    presence: Presence
    now: Value
    pending: bool = False
    at: datetime | None = None


GONE = text("say.gone")
# The target, or what it was a part of, does not exist.
DELETED = TargetState(Presence.NOWHERE, GONE)


@runtime_checkable
class Remedy(Protocol):
    """A frozen dataclass. Calls AWS only through `context.aws`; raises only our errors.

    Every method may run again after a crash: it compares first, and what is set is `already`.
    """

    @property
    def name(self) -> RemedyName:
        """The remedy's row in the table; the key of modes, leases and messages."""
        ...

    @property
    def scope(self) -> str:
        """Which instance: "" for the only one of a playbook, else a function's or table's role."""
        ...

    def needs(self) -> Permissions:
        """Every IAM action that the methods below may use."""
        ...

    def prepare(self, context: Context) -> Plan:
        """Read everything that decides whether it can be done; write nothing."""
        ...

    def apply(self, context: Context, plan: Plan) -> Changes:
        """Make the planned changes. One failing target never hides what the others did: a target's
        error becomes a `failed` change with a note; what AWS accepted but still works on is `in_progress`."""
        ...

    def confirm(self, context: Context, lease: Lease) -> Changes:
        """The `finish` command: finish what takes longer (publish, move the alias, READY, ACTIVE).
        Returns all changes of the lease with their present status."""
        ...

    def look(self, context: Context, lease: Lease) -> tuple[TargetState | AwsError, ...]:
        """The current state of each change of the lease, in their order. Writes nothing; an error stands for
        what could not be read, and proves nothing."""
        ...

    def restored(self, lease: Lease, wanted: Data) -> Mapping[str, str]:
        """What `revert` would set, by target: a person is shown this, and approves it."""
        ...

    def revert(self, context: Context, lease: Lease, wanted: Data) -> Changes:
        """Undo, comparing first: what a person changed since is `kept` and reported. `wanted` holds choices
        of the command that asked for it (`{"percent": 10}` for a restore in steps)."""
        ...


@frozen
class OneFunction:
    """Base of a remedy for one of the two liveness functions."""

    function: LivenessFunction

    @property
    def scope(self) -> str:
        """The function's role."""
        return self.function.value
