"""Words that several rules share: calm, lasting, helpless."""

from datetime import datetime, timedelta

from responder.alarm import State
from responder.change import LeaseState
from responder.watch.memory import Watch
from responder.watch.seen import Seen

INEFFECTIVE = "ineffective"
HELPED = "helped"
_PATIENCE = timedelta(hours=2)


def began(seen: Seen, watch: Watch) -> datetime:
    """From when the ladder and the decisions count: the first ALARM, or the one that broke a calm on-call had
    been told of."""
    return watch.episode or seen.opened


def soaked(watch: Watch) -> datetime | None:
    """When OK will have lasted long enough; None while the alarm is not calm."""
    return None if watch.calm_from is None else watch.calm_from + timedelta(minutes=watch.terms.soak)


def overdue(seen: Seen, watch: Watch, level: int, at: datetime) -> int:
    """By how many minutes a level is due before `at`; 0 where it is not."""
    planned = began(seen, watch) + watch.terms.level_after(level) + timedelta(minutes=watch.late)
    return max(0, int((at - planned).total_seconds() // 60))


def lasting(seen: Seen) -> bool:
    """The alarm is raised right now."""
    return seen.state is State.ALARM


def helpless(seen: Seen, watch: Watch) -> bool:
    """Nothing is in force that could still help; what was done in part is finished by deciding again. What
    AWS never finished, or could not be judged for two hours, is waited for no longer."""
    return all(
        each.state is LeaseState.PARTIAL
        or watch.judged.get(lease_key(seen, each.id)) == INEFFECTIVE
        or seen.now - max(each.at, watch.raised or each.at) >= _PATIENCE
        for each in seen.leases
    )


def lease_key(seen: Seen, lease: str) -> str:
    """A lease and its beginning: the same remedy, applied again, is judged again."""
    found = next((each for each in seen.leases if each.id == lease), None)
    return f"{lease}@{found.at.isoformat()}" if found else lease
