"""Words that several rules share: calm, lasting, helpless."""

from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation

INEFFECTIVE = "ineffective"
HELPED = "helped"
_PATIENCE = timedelta(hours=2)


def began(seen: Observation, watch: FollowUpMemory) -> datetime:
    """From when the decisions count: the first ALARM, or the one that broke a calm on-call had been told
    of."""
    return watch.episode or seen.opened


def soaked(watch: FollowUpMemory) -> datetime | None:
    """When OK will have lasted for the soak time; None while the alarm is not calm."""
    return None if watch.calm_from is None else watch.calm_from + timedelta(minutes=watch.terms.soak)


def settled(seen: Observation, watch: FollowUpMemory) -> datetime | None:
    """When the calm can be told, and end the incident: later than `soaked` where the alarm has come back
    before."""
    if watch.calm_from is None:
        return None
    return watch.calm_from + watch.clock(seen.opened).enough(timedelta(minutes=watch.terms.soak))


def lasting(seen: Observation) -> bool:
    """The alarm is raised right now."""
    return seen.state is AlarmState.ALARM


def helpless(seen: Observation, watch: FollowUpMemory) -> bool:
    """Nothing is in force that could still help; what was done in part is finished by deciding again. What
    AWS never finished, or could not be judged for two hours, is waited for no longer."""
    return all(
        each.state is LeaseState.PARTIAL
        or watch.judged.get(lease_key(seen, each.id)) == INEFFECTIVE
        or seen.now - max(each.at, watch.raised or each.at) >= _PATIENCE
        for each in seen.leases
    )


def lease_key(seen: Observation, lease: str) -> str:
    """A lease and its beginning: the same remedy, applied again, is judged again."""
    found = next((each for each in seen.leases if each.id == lease), None)
    return f"{lease}@{found.at.isoformat()}" if found else lease
