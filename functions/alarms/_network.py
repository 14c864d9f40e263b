"""Whether a slow function waits for its network: suspected only where every other look excludes the rest.

Nothing we can read measures the way through the VPC and its NAT gateway. So each condition below excludes
another reason, and one that could not be looked at excludes nothing.
"""

from functools import partial

from alarms._common import HEALTH, recent_change, unchanged
from alarms._dependency import fast_table
from alarms._faults import FAILURES, HOUR
from alarms._slow import DOWNSTREAM, ENOUGH_RUNS, explained_by_cold_starts, full, runs
from alarms._steps import steps
from responder.core.cause import Cause
from responder.core.liveness_function import LivenessFunction
from responder.core.reasons import ExplainedReason
from responder.core.ruled_out import RuledOut
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.cold_starts import ColdStarts
from responder.evidence.configuration import Config
from responder.evidence.facts import Fault
from responder.evidence.timing import Timing

# So much of the time the function waits for what it calls, and does nothing itself.
WAITING = 0.8

type Out = tuple[ExplainedReason[RuledOut], ...] | None


def in_vpc(facts: Facts, which: LivenessFunction) -> bool:
    """The function goes out through a VPC."""
    found = facts.of(Config((which,)))
    state = found.functions.get(which.function(facts.settings)) if found else None
    return state is not None and state.in_vpc


def network(facts: Facts, which: LivenessFunction, line: float) -> Verdict | None:
    """The suspicion with everything that was excluded; None where anything was not. `line`: the seconds from
    which on a request counts as slow."""
    waiting = _waiting(facts, which)
    if waiting is None or not in_vpc(facts, which):
        return None
    looks = (_table, _downstream, _memory, partial(_cold, line=line), _around)
    excluded = [look(facts, which) for look in looks]
    if None in excluded:
        return None
    return Verdict(
        cause=Cause.NETWORK(function=which.function(facts.settings)),
        why=text("why.network", percent=100 * waiting),
        ruled_out=tuple(one for each in excluded for one in each or ()),
        steps=steps(Cause.NETWORK),
    )


def _waiting(facts: Facts, which: LivenessFunction) -> float | None:
    """The service's own time ÷ Lambda's Duration, where it is most of it; at most 1.0."""
    times = facts.of(Timing(which))
    if times is None or min(times.duration.samples, times.verification.samples) < ENOUGH_RUNS:
        return None
    whole, own = times.duration.average, times.verification.average
    if not whole or own is None or own < WAITING * whole:
        return None
    return min(1.0, own / whole)


def _table(facts: Facts, which: LivenessFunction) -> Out:
    slowest = fast_table(facts)
    if slowest is None:
        return None
    return RuledOut.TABLE(), RuledOut.TABLE_FAST(milliseconds=1000 * slowest)


def _downstream(facts: Facts, which: LivenessFunction) -> Out:
    tally, function = facts.of(FAILURES), which.function(facts.settings)
    if tally is None or function in tally.unread:
        return None
    failed = tally.of(function, facts.now - HOUR, DOWNSTREAM | {Fault.TIMEOUT})
    return None if failed else (RuledOut.DOWNSTREAM(function=function),)


def _memory(facts: Facts, which: LivenessFunction) -> Out:
    starts = facts.of(ColdStarts(which))
    if starts is None or not starts.memory_size or starts.memory_used is None:
        return None
    if runs(starts) < ENOUGH_RUNS or full(starts):
        return None
    return (RuledOut.MEMORY(used=starts.memory_used, size=starts.memory_size, samples=runs(starts)),)


def _cold(facts: Facts, which: LivenessFunction, *, line: float) -> Out:
    starts = facts.of(ColdStarts(which))
    if starts is None or explained_by_cold_starts(starts, line):
        return None
    return (RuledOut.COLD_STARTS(cold=starts.cold, samples=starts.reports),)


def _around(facts: Facts, which: LivenessFunction) -> Out:
    """An open event or a change just before explains more than a suspicion does. What could not be asked,
    as AWS Health without a support plan, is not said to be excluded, and holds nothing up."""
    health = facts.of(HEALTH)
    if health is not None and health.events:
        return None
    if recent_change(facts, (which.function(facts.settings),)) is not None:
        return None
    out: list[ExplainedReason[RuledOut]] = [RuledOut.HEALTH()] if health is not None else []
    return (*out, *unchanged(facts))
