"""Changes of what the service depends on: the fact, and its sentences. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.text import Text, text
from responder.evidence.base import stamp

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


MOST = 10


def tell(look: str, fact: Modifications, context: Context) -> tuple[Finding, ...]:
    """What changed, newest first; then what could not be asked. "None" is only said of what was looked at."""
    foreign = [change for change in fact.changes if change.foreign]
    suspects = fact.before(context.since)
    incomplete = not fact.reach(context.since)
    if suspects:
        key, tone = "evidence.changes.suspect", Tone.AMBER
    elif foreign:
        key, tone = "evidence.changes", Tone.INFO if incomplete else Tone.NORMAL
    else:
        key = "evidence.changes.known_only" if fact.changes else "evidence.changes.none"
        tone = Tone.UNKNOWN if incomplete else Tone.NORMAL
    since = fact.since if fact.whole_since is None else fact.whole_since
    until = stamp(context.now - TRAIL_DELAY)
    count = len(suspects or foreign)
    said = text(key, count=count, since=stamp(since), until=until, watched=watched(fact))
    late = (text("evidence.changes.capped", since=stamp(since)),) if since > fact.since else ()
    details = (*(_line(change, context) for change in fact.changes[:MOST]), *fact.unasked, *late)
    link = console_links.trail(context.settings.region, fact.changes[0].target if fact.changes else "")
    return (
        Finding(
            look,
            tone,
            said,
            len(fact.changes),
            details,
            link=link,
            subject=Subject.CHANGES,
            over=context.now - since,
        ),
    )


def watched(fact: Modifications) -> tuple[Text, ...]:
    """What was looked at, by kind."""
    kinds = Counter(fact.watched.values())
    return tuple(text(f"say.dependency.{kind}", count=kinds[kind]) for kind in Dependency if kinds[kind])


def _line(change: Modification, context: Context) -> Text:
    minutes = round((context.since - change.at).total_seconds() / 60)
    when = (
        text("evidence.changes.before", minutes=minutes)
        if minutes >= 0
        else text("evidence.changes.after", minutes=-minutes)
    )
    key = (
        "evidence.changes.ours"
        if change.ours
        else "evidence.changes.scaling"
        if change.scaling
        else "evidence.changes.by"
        if change.by
        else "evidence.changes.unnamed"
    )
    values = {"by": change.by} if change.by and change.foreign else {}
    return text(key, at=stamp(change.at), when=when, target=change.target, what=change.what, **values)
