"""A proposal that waits for a person, bound by a hash to exactly what was shown."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.change import Change
from responder.mode import Effect

VALID = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """`id` is the hash over incident, remedy, targets, old and new values; valid for 30 min.

    `since`: approvals from then on count: the first time it was asked, or its last use. `at` is the
    last time it was asked.
    """

    id: str
    incident: str
    remedy: str
    scope: str
    effect: Effect
    at: datetime
    changes: tuple[Change, ...]
    since: datetime | None = None

    @property
    def expires(self) -> datetime:
        """From then on nobody can approve it (UTC)."""
        return self.at + VALID


def fingerprint(incident: str, remedy: str, changes: tuple[Change, ...]) -> str:
    """16 hexadecimal digits; any other old or new value makes another proposal."""
    parts = sorted((change.target, change.setting, change.before, change.after) for change in changes)
    bound = json.dumps([incident, remedy, parts], ensure_ascii=False)
    return hashlib.sha256(bound.encode()).hexdigest()[:16]
