"""Changes of what the service depends on: the fact, and its sentences. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.frozen import frozen
from responder.core.text import Text, Texts, text

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


@frozen
class Modification:
    """Something changed.

    Attributes:
        what: a catalogue text.
        by: the actor's short name; "" where it is unknown.
        ours: the responder did it.
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


@frozen
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
    unasked: Texts = ()
    whole_since: datetime | None = None
    watched: Mapping[str, Dependency] = field(default_factory=dict)

    def attributed(self, wrote: Callable[[str, datetime], bool]) -> "Modifications":
        """The same, with the responder's own writes marked as `ours`; `wrote` answers by target and time.

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
        """Every source of that hour was read."""
        return not self.unasked and (self.whole_since or self.since) <= alarm - SHORTLY


def watched(fact: Modifications) -> Texts:
    """What was read, by kind."""
    kinds = Counter(fact.watched.values())
    return tuple(text(f"say.dependency.{kind}", count=kinds[kind]) for kind in Dependency if kinds[kind])
