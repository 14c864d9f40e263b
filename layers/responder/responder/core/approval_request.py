"""A proposal that waits for a person, bound by a hash to exactly what was shown."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from responder.core.change import Change
from responder.core.command import CommandKind
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.remedy import spec_of

VALID = timedelta(minutes=30)
# How long, at least, the follow-up sees a proposal after it was requested.
REMEMBERED = 2 * VALID


@frozen
class ApprovalRequest:
    """`id` is the hash over incident, remedy, targets, old and new values; valid for 30 min.

    `since`: approvals from then on count: the first time it was asked, or its last use. `at` is the
    last time it was asked. `carried_by`: who had approved it when it was carried out, at `since`, or the
    automation, which needed no approval by then. `order` is the command that carries it out (`apply`,
    `revert`), `wanted` the choices that go with it.
    """

    id: str
    incident: str
    remedy: str
    scope: str
    effect: Effect
    at: datetime
    changes: tuple[Change, ...]
    since: datetime | None = None
    order: str = "apply"
    wanted: Mapping[str, Any] = field(default_factory=dict)
    carried_by: str = ""

    @property
    def people(self) -> int:
        """How many different people must approve it."""
        return spec_of(self.remedy).people

    @property
    def restores(self) -> bool:
        """Whether it restores the old state. A step of the revert can also weaken the check again."""
        return self.order == CommandKind.REVERT and not weakens(self.remedy, self.changes)

    @property
    def expires(self) -> datetime:
        """The time from which it cannot be approved (UTC)."""
        return self.at + VALID


def weakens(remedy: str, changes: tuple[Change, ...]) -> bool:
    """During a revert: at least one function gets fewer users on the check than now."""
    return spec_of(remedy).in_steps and any(map(_falls, changes))


def _falls(change: Change) -> bool:
    before, after = number(change.before), number(change.after)
    return before is not None and after is not None and after < before


def number(value: str) -> float | None:
    """A plain decimal number; None for everything else."""
    return float(value) if value.replace(".", "", 1).isdecimal() else None


def fingerprint(incident: str, remedy: str, changes: tuple[Change, ...]) -> str:
    """16 hexadecimal digits; any other old or new value makes another proposal."""
    parts = sorted((change.target, change.setting, change.before, change.after) for change in changes)
    bound = json.dumps([incident, remedy, parts], ensure_ascii=False)
    return hashlib.sha256(bound.encode()).hexdigest()[:16]


def revert_fingerprint(
    incident: str, remedy: str, changes: tuple[Change, ...], wanted: Mapping[str, Any]
) -> str:
    """The fingerprint of a revert. A step is approved as a step: the choice that was shown belongs to it."""
    choice = "".join(f" {name}={value}" for name, value in sorted(wanted.items()))
    return fingerprint(incident, f"{remedy} revert{choice}", changes)
