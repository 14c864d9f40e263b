"""What happened around the service: changes, AWS Health, rights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from responder.text import Text


class Dependency(StrEnum):
    """What the service depends on, and what a change of can break it."""

    FUNCTION = "function"
    STACK = "stack"
    ROLE = "role"
    POLICY = "policy"
    TABLE = "table"
    BUCKET = "bucket"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Modification:
    """Something changed: `what` is a catalogue text, `by` an actor's short name ("" unknown)."""

    at: datetime
    target: str
    what: Text
    source: str
    by: str = ""
    ours: bool = False
    kind: Dependency = Dependency.FUNCTION


@dataclass(frozen=True, slots=True)
class Modifications:
    """Newest first.

    Attributes:
        since: the start of the time that was asked for (UTC).
        whole_since: from then on every write of the account was read (UTC); later where there were too many.
        watched: the resources that were looked for, by name.
        unasked: which sources could not be asked, and why.
    """

    since: datetime
    changes: tuple[Modification, ...]
    unasked: tuple[Text, ...] = ()
    whole_since: datetime | None = None
    watched: Mapping[str, Dependency] = field(default_factory=dict)

    def attributed(self, wrote: Callable[[str, datetime], bool]) -> "Modifications":
        """The same, with what we wrote ourselves marked as ours; `wrote` tells by target and time.

        Lambda names no one, and CloudTrail, which does, is minutes late.
        """
        marked = (replace(each, ours=each.ours or wrote(each.target, each.at)) for each in self.changes)
        return replace(self, changes=tuple(marked))

    def none_since(self, start: datetime) -> bool:
        """Nothing was changed by anyone but us since `start`, and everything was asked that could tell."""
        whole = not self.unasked and (self.whole_since or self.since) <= start
        return whole and not any(change.at >= start and not change.ours for change in self.changes)


@dataclass(frozen=True, slots=True)
class HealthEvents:
    """Open or recent AWS Health events of the services we depend on: (service, type code, start)."""

    events: tuple[tuple[str, str, datetime], ...]


class Gone(StrEnum):
    """What of the service's rights AWS says does not exist."""

    POLICY = "policy"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class RoleAccess:
    """The service's role: actions of the expected list that its inline policy does not allow.

    `judged`: by action, whether that policy allows it on the service's own bucket, table or any key.
    `gone`: the policy or the whole role does not exist.
    """

    role: str
    policy: str
    missing: tuple[str, ...]
    attached: tuple[str, ...] = ()
    judged: Mapping[str, bool] = field(default_factory=dict)
    gone: Gone | None = None
