"""What a pause or observe postpones, what is ordered again and again in vain, and that the settings document
cannot be used: each is said once."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from responder.core.refusals import Because
from responder.core.text import text
from responder.followup_rules.duty import Duty, Planned, Task
from responder.followup_rules.memory import Watch
from responder.followup_rules.seen import Seen


def unless_held(
    seen: Seen, watch: Watch, planned: Planned, vain: datetime | None = None, times: int = 0
) -> Iterator[Planned]:
    """The duty about a lease. `vain`: when a person has to know that it was ordered so many `times` and
    nothing came of it; None while it is too early for that."""
    about, lease = planned.duty.key, planned.duty.lease
    order = planned.duty.task.value
    held = seen.held.get(lease.partition("#")[0])
    if held is not None:
        waits = Duty(Task.POSTPONED, held.text, f"{about} {_short(held)}", {"order": order}, lease)
        if waits.id not in watch.told_of:
            yield Planned(planned.at, waits)
        return
    data = {"order": order, "times": times}
    stuck = Duty(Task.STUCK, text("duty.stuck", order=order), f"{about} {order}", data, lease)
    if vain is not None and stuck.id not in watch.told_of:
        yield Planned(vain, stuck)
    yield planned


def settings(seen: Seen, watch: Watch) -> Iterator[Planned]:
    """The settings document cannot be used, whatever is wrong with it: once in an incident."""
    if seen.settings is None:
        return
    duty = Duty(Task.SETTINGS, seen.settings.text)
    if duty.id not in watch.told_of:
        yield Planned(seen.now, duty)


def _short(reason: Because) -> str:
    """The same for the same reason: another pause is told again."""
    return hashlib.sha256(json.dumps(reason.to_json(), sort_keys=True).encode()).hexdigest()[:8]
