"""Before a message says what is in force, its alarm's function looks; what others changed is told once."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from responder.core.change import Lease
from responder.core.codec import dump
from responder.core.text import text
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation

# Ordered so long before a message falls due, the answer is there in time.
AHEAD = timedelta(minutes=1)
# A look of the last minutes is not made again, and without an answer nothing waits longer than this.
FRESH = timedelta(minutes=5)
_PATIENCE = timedelta(seconds=20)
# Their messages say what is in force, or judge it. What takes back or asks compares by itself.
_SAYING = (
    DutyKind.JUDGE,
    DutyKind.ESCALATE,
    DutyKind.MITIGATED,
    DutyKind.RECOVERED,
    DutyKind.REMIND,
    DutyKind.CLOSE,
)
LOOK = Duty(DutyKind.LOOK, text("duty.look"))


def overtaken(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """What others have changed of this incident's leases: once, and again where more was changed."""
    for lease in seen.overtaken:
        duty = Duty(DutyKind.CHANGED, text("duty.changed", remedy=lease.remedy), _key(lease), lease=lease.id)
        if lease.overtaken and duty.id not in watch.told_of:
            yield PlannedDuty(seen.now, duty)


def looked_first(
    seen: Observation, watch: FollowUpMemory, planned: Iterable[PlannedDuty]
) -> tuple[PlannedDuty, ...]:
    """The same duties, those that need a look after it, and the look itself where one is to be made."""
    found = tuple(planned)
    if not (seen.leases or seen.others):
        return found
    uncovered = (each for each in found if _needs(each, seen) and not _covered(seen, watch, each.at))
    looks = [each.at - AHEAD for each in uncovered]
    if not seen.others:
        looks = [at for at in looks if not _decided_first(found, at)]
    after = tuple(_after(seen, watch, each) if _needs(each, seen) else each for each in found)
    return (*after, PlannedDuty(min(looks), LOOK)) if looks else after


def looked(seen: Observation) -> datetime:
    """When what is in force was last asked after (UTC)."""
    return min(each.looked or each.at for each in (*seen.leases, *seen.others))


def _ordered(seen: Observation, watch: FollowUpMemory) -> datetime | None:
    """When a look was last ordered. To decide again is to look, but not at what belongs to other alarms."""
    times = [watch.orders[LOOK.id][0]] if LOOK.id in watch.orders else []
    return max([*times, *([watch.again] if watch.again and not seen.others else [])], default=None)


def _needs(planned: PlannedDuty, seen: Observation) -> bool:
    """A decision must not rest on what another incident is only remembered to have in force."""
    task = planned.duty.task
    return task in _SAYING or (task is DutyKind.AGAIN and bool(seen.others))


def _covered(seen: Observation, watch: FollowUpMemory, at: datetime) -> bool:
    """A look was made, or ordered, shortly enough before."""
    last = _ordered(seen, watch)
    return looked(seen) >= at - FRESH or (last is not None and last >= at - FRESH)


def _decided_first(found: Iterable[PlannedDuty], at: datetime) -> bool:
    again = (each.at for each in found if each.duty.task is DutyKind.AGAIN)
    return any(at - FRESH <= each <= at for each in again)


def _after(seen: Observation, watch: FollowUpMemory, planned: PlannedDuty) -> PlannedDuty:
    """It waits for the answer, and no longer than patience lasts."""
    if looked(seen) >= planned.at - FRESH:
        return planned
    last = _ordered(seen, watch)
    asked = last if last is not None and last >= planned.at - FRESH else max(seen.now, planned.at - AHEAD)
    return PlannedDuty(max(planned.at, asked + _PATIENCE), planned.duty)


def _key(lease: Lease) -> str:
    """The same for the same values: what is changed once more is told again."""
    values = [(each.target, dump(each.note) if each.note else "") for each in lease.overtaken]
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:8]
    return f"{lease.id}@{lease.at:%Y%m%dT%H%M%S} {digest}"
