"""What a pause or observe postpones, what is ordered again and again in vain, and that the settings document
cannot be used: each is said once."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from responder.core.codec import dump
from responder.core.refusals import Because
from responder.core.text import text
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation


def unless_held(
    seen: Observation,
    watch: FollowUpMemory,
    planned: PlannedDuty,
    vain: datetime | None = None,
    times: int = 0,
) -> Iterator[PlannedDuty]:
    """The duty about a lease. `vain`: when a person has to know that it was ordered so many `times` and
    nothing came of it; None while it is too early for that."""
    about, lease = planned.duty.key, planned.duty.lease
    order = planned.duty.task.value
    held = seen.held.get(lease.partition("#")[0])
    if held is not None:
        waits = Duty(DutyKind.POSTPONED, held.text, f"{about} {_short(held)}", {"order": order}, lease)
        if waits.id not in watch.told_of:
            yield PlannedDuty(planned.at, waits)
        return
    data = {"order": order, "times": times}
    stuck = Duty(DutyKind.STUCK, text("duty.stuck", order=order), f"{about} {order}", data, lease)
    if vain is not None and stuck.id not in watch.told_of:
        yield PlannedDuty(vain, stuck)
    yield planned


def settings(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """The settings document cannot be used, whatever is wrong with it: once in an incident."""
    if seen.settings is None:
        return
    duty = Duty(DutyKind.SETTINGS, seen.settings.text)
    if duty.id not in watch.told_of:
        yield PlannedDuty(seen.now, duty)


def _short(reason: Because) -> str:
    """Equal while the reason is the same; another pause is reported again."""
    return hashlib.sha256(json.dumps(dump(reason), sort_keys=True).encode()).hexdigest()[:8]
