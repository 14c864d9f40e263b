"""What happened around the service: changes, AWS Health, rights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from responder.text import Text


@dataclass(frozen=True, slots=True)
class Modification:
    """Something changed: `what` is a catalogue text, `by` an actor's short name ("" unknown)."""

    at: datetime
    target: str
    what: Text
    source: str
    by: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Modifications:
    """Newest first; `unasked` says which sources could not be asked and why."""

    since: datetime
    changes: tuple[Modification, ...]
    unasked: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthEvents:
    """Open or recent AWS Health events of the services we depend on: (service, type code, start)."""

    events: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class RoleAccess:
    """The service's role: actions of the expected list that its inline policy does not allow.

    `judged`: by action, whether that policy allows it on the service's own bucket, table or any key.
    """

    role: str
    policy: str
    missing: tuple[str, ...]
    attached: tuple[str, ...] = ()
    judged: Mapping[str, bool] = field(default_factory=dict)
