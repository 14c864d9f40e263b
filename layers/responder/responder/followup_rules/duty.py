"""What a follow-up has to do and why, and two conditions that many of its rules share."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from responder.core.change import Lease
from responder.core.codec import dump
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.text import Text, text
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation


class DutyKind(StrEnum):
    """The kinds of duties, in the order in which they are done if several are due at the same time."""

    CHECK_LEASES = "check-leases"  # have the alarm's function read whether what is in force is still set
    CHANGED = "changed"  # say that others have changed it
    GONE = "gone"  # say that the alarm does not exist
    SETTINGS = "settings"  # say that the settings document cannot be used
    STUCK = "stuck"  # say that an order is not carried out, before it is given again
    FINISH = "finish"  # finish what AWS was still working on
    REPEAT = "repeat"  # an approval that was not carried out
    RE_EVALUATE = "re-evaluate"
    JUDGE = "judge"  # did the remedy help, by the alarm? For what is decided next
    ASSESS = "assess"  # the same by the metrics and by people, for the remedy's record
    ESCALATE = "escalate"
    REJECTED = "rejected"  # say that a person said no
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    REVERT = "revert"
    POSTPONED = "postponed"  # say that a pause keeps a remedy in force
    RESTORE = "restore"  # ask for the next step of the revert
    REMIND = "remind"
    CLOSE = "close"


@frozen
class Duty:
    """`key` distinguishes what one task can be about (a level, a lease, a proposal); `lease` is the id of
    the lease it is about, if any."""

    task: DutyKind
    why: Text
    key: str = ""
    data: Data = field(default_factory=dict)
    lease: str = ""

    @property
    def id(self) -> str:
        """The duty's name in what is remembered between two looks."""
        return f"{self.task} {self.key}".strip()


class PlannedDuty(NamedTuple):
    """A duty and when it falls due (UTC)."""

    at: datetime
    duty: Duty


def of_lease(task: DutyKind, key: str, lease: Lease) -> Duty:
    """A duty about one lease, with the reason `key`."""
    return Duty(task, text(key, remedy=lease.remedy), lease.id, lease=lease.id)


def once(memory: FollowUpMemory, at: datetime, duty: Duty) -> Iterator[PlannedDuty]:
    """A duty that is reported once."""
    if duty.id not in memory.reported:
        yield PlannedDuty(at, duty)


def unless_postponed(
    seen: Observation,
    memory: FollowUpMemory,
    at: datetime,
    duty: Duty,
    without_effect: tuple[datetime, int] | None = None,
) -> Iterator[PlannedDuty]:
    """The duty about a lease; while a pause or the mode holds it back, one message reports that instead.

    `without_effect`: since when and how often it was ordered in such a case; None while it is too early to
    notify a person.
    """
    order, held = duty.task.value, seen.held.get(duty.lease.partition("#")[0])
    if held is not None:
        # Equal while the reason is the same; another pause is reported again.
        short = hashlib.sha256(json.dumps(dump(held), sort_keys=True).encode()).hexdigest()[:8]
        key = f"{duty.key} {short}"
        yield from once(memory, at, Duty(DutyKind.POSTPONED, held.text, key, {"order": order}, duty.lease))
        return
    if without_effect is not None:
        since, times = without_effect
        data, key = {"order": order, "times": times}, f"{duty.key} {order}"
        stuck = Duty(DutyKind.STUCK, text("duty.stuck", order=order), key, data, duty.lease)
        yield from once(memory, since, stuck)
    yield PlannedDuty(at, duty)
