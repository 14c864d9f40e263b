"""What happened around the service: changes, AWS Health, rights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.text import Text

# A change so long before an alarm may be behind it.
SHORTLY = timedelta(minutes=60)
# CloudTrail shows a call about five minutes later on average; what is older than this it is taken to show.
TRAIL_DELAY = timedelta(minutes=15)


class Dependency(StrEnum):
    """What the service depends on, and what a change of can break it."""

    FUNCTION = "function"
    STACK = "stack"
    ROLE = "role"
    POLICY = "policy"
    TABLE = "table"
    BUCKET = "bucket"
    KEY = "key"


class Affects(StrEnum):
    """What of a dependency a change can break."""

    CODE = "code"
    CONFIGURATION = "configuration"  # of a function
    RIGHTS = "rights"
    RESOURCE = "resource"  # whether the table, its index, the bucket or the key is there and can be used
    DATA = "data"  # its items or objects
    CAPACITY = "capacity"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Modification:
    """Something changed.

    Attributes:
        what: a catalogue text.
        by: the actor's short name; "" where it is not known.
        ours: this automation did it.
        scaling: an AWS service that scales capacity did it.
        affects: what such a change can break.
    """

    at: datetime
    target: str
    what: Text
    source: str
    by: str = ""
    ours: bool = False
    kind: Dependency = Dependency.FUNCTION
    affects: frozenset[Affects] = frozenset({Affects.UNKNOWN})
    scaling: bool = False

    @property
    def foreign(self) -> bool:
        """A person or another automation did it: it may be behind an alarm."""
        return not (self.ours or self.scaling)


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

        Lambda names no one, and CloudTrail, which does, is minutes late: what it names is not guessed.
        """
        marked = (
            each if each.by else replace(each, ours=each.ours or wrote(each.target, each.at))
            for each in self.changes
        )
        return replace(self, changes=tuple(marked))

    def before(self, alarm: datetime) -> tuple[Modification, ...]:
        """What anyone but us changed in the hour before the alarm began."""
        start = alarm - SHORTLY
        return tuple(each for each in self.changes if each.foreign and start <= each.at <= alarm)

    def reach(self, alarm: datetime) -> bool:
        """Everything was asked that could tell of that hour."""
        return not self.unasked and (self.whole_since or self.since) <= alarm - SHORTLY


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
