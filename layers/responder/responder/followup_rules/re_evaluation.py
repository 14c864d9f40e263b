"""Decide again while the alarm lasts; judge whether what was done helped."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from responder.core.approval_request import VALID
from responder.core.change import LeaseState
from responder.core.text import text
from responder.core.verdict import Result
from responder.followup_rules.calm import began, helpless, lasting, lease_key, soaked
from responder.followup_rules.duty import Duty, DutyKind, PlannedDuty
from responder.followup_rules.escalation import upcoming
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import Observation, working

# A decision of the last minutes is not made again.
_FRESH = timedelta(minutes=4)
# What an escalation proposes has to be there when it is told.
_AHEAD = timedelta(minutes=1)
# Well below `_AHEAD`.
_SPREAD_SECONDS = 30
# A decision is made again before what it asked for ends: then it can be approved at any minute. What has not
# changed is not told again.
OLDEST = VALID - timedelta(minutes=5)


def again(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """As long as the alarm lasts: at the planned minutes, when a guard's time has ended, before each
    escalation and each repeat of the last level, once a remedy was judged not to help, and when the last
    decision is 25 minutes old."""
    times = tuple(_times(seen, watch)) if lasting(seen) else ()
    if times:
        at = max(min(times), _last(seen, watch) + _FRESH) + seen.spread
        yield PlannedDuty(at, Duty(DutyKind.AGAIN, text("duty.again"), at.isoformat()))


def spread(incident: str) -> timedelta:
    """Alarms of one fault ring together, and a decision asks AWS for nearly all that it takes of a whole
    account in a second. So each incident has its own second for all its further decisions; always the same
    one, so that nothing has to be remembered."""
    return timedelta(seconds=int(sha256(incident.encode()).hexdigest(), 16) % _SPREAD_SECONDS)


def _times(seen: Observation, watch: FollowUpMemory) -> Iterator[datetime]:
    last, begin = _last(seen, watch), began(seen, watch)
    if _asks(seen):
        # Whatever else is in force, and whichever incident leads: a question is not left to end by itself.
        yield last + OLDEST
    level = upcoming(seen, watch)
    if level is not None and level.at - _AHEAD > (watch.again or begin):
        # Whatever is in force: what an escalation says is of now.
        yield level.at - _AHEAD
    if seen.lead or not helpless(seen, watch):
        return
    yield last + OLDEST
    yield from (begin + timedelta(minutes=each) for each in watch.terms.again[watch.round :][:1])
    yield from (at for at in _further(seen, watch) if at > (watch.again or begin))


def _asks(seen: Observation) -> bool:
    """The last decision asks a person for something."""
    return seen.decision is not None and any(each.result is Result.ASKED for each in seen.decision.done)


def _further(seen: Observation, watch: FollowUpMemory) -> Iterator[datetime]:
    if seen.decision is not None and seen.decision.until is not None:
        yield seen.decision.until
    # What was judged not to help is out of the way: something else may be proposed.
    yield from (at for key, at in watch.told_of.items() if key.startswith(DutyKind.JUDGE))


def _last(seen: Observation, watch: FollowUpMemory) -> datetime:
    made = seen.decision.at if seen.decision else began(seen, watch)
    return max(made, watch.again or made)


def effect(seen: Observation, watch: FollowUpMemory) -> Iterator[PlannedDuty]:
    """It helped where the alarm stays calm; it did not where the alarm lasts on with it in force."""
    for lease in seen.leases:
        key = lease_key(seen, lease.id)
        if key in watch.judged or working(lease) or lease.state is not LeaseState.IN_FORCE:
            continue
        end = soaked(watch)
        if end is not None:
            yield PlannedDuty(end, Duty(DutyKind.JUDGE, text("duty.helped"), key, {"helped": True}, lease.id))
        elif lasting(seen):
            confirmed, _ = watch.orders.get(f"{DutyKind.CONTINUE} {lease.id}", (lease.at, 0))
            # What came back although it had helped gets as long again. An alarm on a whole hour counts
            # faults from before the remedy until they are an hour old.
            patience = max(timedelta(minutes=watch.terms.effect), seen.window)
            at = max(confirmed, watch.raised or confirmed) + patience
            yield PlannedDuty(
                at, Duty(DutyKind.JUDGE, text("duty.ineffective"), key, {"helped": False}, lease.id)
            )
