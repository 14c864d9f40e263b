"""What slow requests of one function can come from (manual, アラート3 and セッション作成が遅い)."""

from dataclasses import replace
from functools import partial
from typing import Any

from responder.causes import ACCESS, BUCKET, CHANGED, FAILURES, HEALTH, INVOCATIONS, PRESSURE, TABLE
from responder.causes.absent import Absence, lacks
from responder.causes.failed_requests import Found, concluded, of_lack, unknown
from responder.causes.leading_fault import (
    ENOUGH_FAILED,
    ENOUGH_KILLED,
    WAITS,
    failed,
    fast_table,
    leading,
    raised,
    slow_dependency,
)
from responder.causes.steps import (
    STEPS,
    Step,
    on_demand,
    recent_change,
    steps,
    table_throttled,
    unchanged,
)
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Correction, Definition, of_function, timed_out
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.modes import Mode, Severity
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Text, text
from responder.core.verdict import Proposal, RuledOut, Verdict
from responder.evidence import Evidence, Facts
from responder.evidence.cold_starts import ColdStarts
from responder.evidence.configuration import Config, Starts
from responder.evidence.faults import NETWORK, Fault
from responder.evidence.timing import LIMITS, Timing
from responder.remedies import Remedy
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.provisioned_concurrency import ProvisionedConcurrency
from responder.remedies.repair_environment import RepairEnvironment
from responder.respond.playbook import Playbook

BY_HAND = (
    "step.durations",
    "step.error_logs",
    "step.table_throttling",
    "step.check_health",
    "step.capacity_by_hand",
    "step.memory_by_hand",
    "step.provisioned_by_hand",
    "step.check_vpc",
    "step.escalate",
)
# When cold starts explain that requests are slow, so that warm environments would help; reasons in
# docs/alarms.md. The last three are parts of the line: the seconds that the alarm asks for.
ENOUGH_RUNS = 20
ENOUGH_COLD = 3
MANY_COLD = 0.1
WARM_AVERAGE = 0.5
WARM_HIGH = 0.8
INITIALISATION = 0.5

MEMORY_FULL = 0.9
# The share of its time that the function waits for what it calls.
WAITING = 0.8
type Out = tuple[ExplainedReason[RuledOut], ...] | None
DOWNSTREAM = NETWORK | {Fault.INTERNAL, Fault.THROTTLING, Fault.QUOTA}


def slow_playbook(  # noqa: PLR0913 - what differs between alarms about slow requests
    function: LivenessFunction, alarm: str, slug: str, line: float, manual: Manual, definition: Definition
) -> Playbook:
    """The playbook of a deployed alarm about slow requests of one function; medium severity.

    Each of them averages what only a tail can show, so each has a corrected version. `line`: the seconds
    from which on a request counts as slow.
    """
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.MEDIUM,
        evidence=evidence(function),
        decide=lambda facts: decide(facts, function, line),
        manual=manual,
        definition=definition,
        remedies=remedies(function),
    )


def timeouts_playbook(function: LivenessFunction, alarm: str, slug: str, mean: float) -> Playbook:
    """The playbook of an alarm about runs of one function near its time-out. `mean`: milliseconds that the
    deployed alarm allows on average."""
    watch, ended = of_function(function, "Duration", "Average", mean, 2), timed_out(function)
    definition = Definition(AlarmOwner.TABLE, watch, correction=Correction(ended, "MinimumFaults"))
    return slow_playbook(function, alarm, slug, LIMITS[function], Manual(BY_HAND, function), definition)


def remedies(function: LivenessFunction) -> tuple[Remedy, ...]:
    """What can make one function faster, or bring back what it lacks."""
    faster = (ProvisionedConcurrency(function), OnDemandBilling(), MemoryIncrease(function))
    return (*faster, RepairEnvironment(function), ProposeChange())


def evidence(function: LivenessFunction) -> tuple[Evidence[Any], ...]:
    """What can show why one function is slow."""
    asked = (Timing(function), ColdStarts(function), Config((function,)), FAILURES, INVOCATIONS)
    return (*asked, ACCESS, BUCKET, TABLE, PRESSURE, CHANGED, HEALTH)


def decide(facts: Facts, function: LivenessFunction, line: float) -> Verdict:
    """The verdict of the proven causes, or that nothing is proven."""
    verdict = proven(facts, function, line) or unknown(facts, nothing_proven(facts, function))
    return replace(verdict, raised=raised(facts, (function.deployed_name(facts.settings),)))


def proven(facts: Facts, function: LivenessFunction, line: float) -> Verdict | None:
    """Every proven reason is proposed for; the first in the order below names the cause.

    What is absent comes first where most requests fail over it, and last where only some do. Where requests
    wait for what they call, or fail because it is absent, more capacity does not help: neither warm
    environments nor memory are proposed then.
    """
    looks = (_slow_table, _slow_downstream, _hanging, _slow_memory, partial(_slow_cold, line=line))
    absent = [
        (replace(of_lack(each), why=text("why.absent", count=each.count)), leads)
        for each, leads in _lacks(facts, function)
    ]
    suspects = [
        *(each for each, leads in absent if leads),
        *(suspect for look in looks if (suspect := look(facts, function)) is not None),
        *(each for each, leads in absent if not leads),
    ]
    if not suspects or suspects[0].why is None:
        return None
    proposals = tuple(proposal for suspect in suspects for proposal in suspect.proposals)
    # The network is a cause of its own, not part of cold starts.
    kinds = [each.cause.kind for each in suspects]
    blamed = any(Step.CHECK_VPC in STEPS[each] for each in kinds if each is not Cause.COLD_STARTS)
    cold = kinds[0] is Cause.COLD_STARTS or not blamed
    return concluded(facts, tuple(suspects), suspects[0].why, proposals, (Step.CHECK_VPC,) if cold else ())


def _lacks(facts: Facts, function: LivenessFunction) -> list[tuple[Absence, bool]]:
    """What is absent and makes enough requests fail, and whether it explains more of them than all else."""
    functions = (function.deployed_name(facts.settings),)
    lead = leading(facts, functions)
    found = (each for each in lacks(facts, functions) if each.count >= ENOUGH_FAILED)
    return [(each, each.leads(lead)) for each in found]


def _slow_table(facts: Facts, function: LivenessFunction) -> Found | None:
    if not table_throttled(facts):
        return None
    proposals = on_demand(facts)
    return Found(Cause.TABLE_THROTTLED(), proposals=proposals, why=proposals[0].reason)


def _slow_downstream(facts: Facts, function: LivenessFunction) -> Found | None:
    lead = leading(facts, (function.deployed_name(facts.settings),))
    if lead is None or lead.fault not in DOWNSTREAM or lead.of_table or lead.count < ENOUGH_FAILED:
        return None
    return Found(lead.cause, service=lead.service, why=text("why.leading", leading=lead.say()))


def _hanging(facts: Facts, function: LivenessFunction) -> Found | None:
    """Requests are killed at the time-out: they wait for something. A throttled table explains them."""
    killed, starts = _killed(facts, function), facts.of(ColdStarts(function))
    if killed < ENOUGH_KILLED or table_throttled(facts):
        return None
    why = text("why.hanging", count=killed)
    if starts is not None and starts.warm_average is not None:
        why = text("why.hanging_ended", count=killed, ended=starts.reports, seconds=starts.warm_average)
    fast = fast_table(facts)
    out = () if fast is None else (RuledOut.TABLE_FAST(milliseconds=1000 * fast),)
    cause = slow_dependency(facts, function.deployed_name(facts.settings), killed)
    return Found(cause, why=why, ruled_out=out)


def _killed(facts: Facts, function: LivenessFunction) -> int:
    """At the time-out, within the hour; two looks read of it in the same log."""
    starts = facts.of(ColdStarts(function))
    logged = len(failed(facts, (function.deployed_name(facts.settings),), frozenset({Fault.TIMEOUT})))
    return max(logged, starts.timed_out if starts is not None else 0)


def _elsewhere(facts: Facts, function: LivenessFunction) -> bool:
    """So many requests get no answer from what they call (killed at the time-out, or given up by the client),
    or lack what they need, that more capacity would not help them."""
    waiting = len(failed(facts, (function.deployed_name(facts.settings),), WAITS))
    return max(_killed(facts, function), waiting) >= ENOUGH_KILLED or any(
        leads for _, leads in _lacks(facts, function)
    )


def _slow_memory(facts: Facts, function: LivenessFunction) -> Found | None:
    """Runs that ended, or were killed for their memory, used nearly all of it."""
    starts = facts.of(ColdStarts(function))
    if starts is None or not _full(starts):
        return None
    if _elsewhere(facts, function) and starts.out_of_memory < ENOUGH_KILLED:
        return None
    used, size = starts.memory_used or 0, starts.memory_size or 0
    why = text("why.memory", used=used, size=size, samples=_runs(starts))
    more = Proposal(RemedyName.MEMORY_INCREASE, why, Mode.APPROVE, scope=function)
    return Found(Cause.MEMORY(), proposals=(more,), why=why)


def _full(starts: Starts) -> bool | None:
    """The memory is nearly used up; None where that is unknown."""
    if not starts.memory_size or starts.memory_used is None or _runs(starts) < ENOUGH_RUNS:
        return None
    return starts.memory_used >= MEMORY_FULL * starts.memory_size


def _runs(starts: Starts) -> int:
    """The runs whose memory use is known."""
    return starts.reports + starts.out_of_memory


def _slow_cold(facts: Facts, function: LivenessFunction, *, line: float) -> Found | None:
    starts = facts.of(ColdStarts(function))
    if starts is None or not explained_by_cold_starts(starts, line) or _elsewhere(facts, function):
        return None
    why = text(
        "why.cold",
        percent=100 * starts.cold_share,
        samples=starts.reports,
        init=starts.init_average or 0.0,
        cold=(starts.init_average or 0.0) + (starts.cold_average or 0.0),
        warm=starts.warm_average or 0.0,
    )
    short = None if starts.reports >= ENOUGH_RUNS else text("say.few_reports", count=starts.reports)
    proposal = Proposal(RemedyName.PROVISIONED_CONCURRENCY, why, scope=function, samples_short=short)
    return Found(Cause.COLD_STARTS(), proposals=(proposal,), why=why)


def explained_by_cold_starts(starts: Starts, line: float) -> bool:
    """Users wait too long because of cold starts and nothing else: the initialization lifts cold runs over
    the limit, and warm runs are well below it."""
    init, cold, warm, high = starts.init_average, starts.cold_average, starts.warm_average, starts.warm_high
    if init is None or cold is None or warm is None or high is None:
        return False
    return (
        starts.cold >= ENOUGH_COLD
        and starts.cold_share >= MANY_COLD
        and warm <= WARM_AVERAGE * line
        and high <= WARM_HIGH * line
        and init + cold >= line
        and init >= INITIALISATION * (line - warm)
    )


def nothing_proven(facts: Facts, function: LivenessFunction) -> Text:
    """The verdict if nothing is proven: whether nothing was found, or something could not be read."""
    return text("why.looks_failed" if unread(facts, function) else "why.nothing_proven")


def unread(facts: Facts, function: LivenessFunction) -> bool:
    """Evidence that could have shown the cause could not be read."""
    tally = facts.of(FAILURES)
    looks = (facts.of(Timing(function)), facts.of(ColdStarts(function)), facts.of(PRESSURE), tally)
    return None in looks or (tally is not None and function.deployed_name(facts.settings) in tally.unread)


def in_vpc(facts: Facts, function: LivenessFunction) -> bool:
    """The function goes out through a VPC."""
    found = facts.of(Config((function,)))
    state = found.functions.get(function.deployed_name(facts.settings)) if found else None
    return state is not None and state.in_vpc


# --- the network, where everything else is excluded ---


def network(facts: Facts, function: LivenessFunction, line: float) -> Verdict | None:
    """The suspicion with everything that was excluded; None where anything was not. `line`: the seconds from
    which on a request counts as slow."""
    waiting = _waiting(facts, function)
    if waiting is None or not in_vpc(facts, function):
        return None
    looks = (_table, _downstream, _memory, partial(_cold, line=line), _around)
    excluded = [look(facts, function) for look in looks]
    if None in excluded:
        return None
    return Verdict(
        cause=Cause.NETWORK(function=function.deployed_name(facts.settings)),
        why=text("why.network", percent=100 * waiting),
        ruled_out=tuple(one for each in excluded for one in each or ()),
        steps=steps(Cause.NETWORK),
    )


def _waiting(facts: Facts, function: LivenessFunction) -> float | None:
    """The service's own time ÷ Lambda's Duration, where it is most of it; at most 1.0."""
    times = facts.of(Timing(function))
    if times is None or min(times.duration.samples, times.verification.samples) < ENOUGH_RUNS:
        return None
    whole, own = times.duration.average, times.verification.average
    if not whole or own is None or own < WAITING * whole:
        return None
    return min(1.0, own / whole)


def _table(facts: Facts, function: LivenessFunction) -> Out:
    slowest = fast_table(facts)
    if slowest is None:
        return None
    return RuledOut.TABLE(), RuledOut.TABLE_FAST(milliseconds=1000 * slowest)


def _downstream(facts: Facts, function: LivenessFunction) -> Out:
    tally, name = facts.of(FAILURES), function.deployed_name(facts.settings)
    if tally is None or name in tally.unread or failed(facts, (name,), DOWNSTREAM | {Fault.TIMEOUT}):
        return None
    return (RuledOut.DOWNSTREAM(function=name),)


def _memory(facts: Facts, function: LivenessFunction) -> Out:
    starts = facts.of(ColdStarts(function))
    if starts is None or _full(starts) is not False:
        return None
    used, size = starts.memory_used or 0, starts.memory_size or 0
    return (RuledOut.MEMORY(used=used, size=size, samples=_runs(starts)),)


def _cold(facts: Facts, function: LivenessFunction, *, line: float) -> Out:
    starts = facts.of(ColdStarts(function))
    if starts is None or explained_by_cold_starts(starts, line):
        return None
    return (RuledOut.COLD_STARTS(cold=starts.cold, samples=starts.reports),)


def _around(facts: Facts, function: LivenessFunction) -> Out:
    """An open AWS Health event or a recent change explains more than a suspicion. What could not be read,
    such as AWS Health without a support plan, is not reported as ruled out, and prevents nothing."""
    health = facts.of(HEALTH)
    if health is not None and health.events:
        return None
    if recent_change(facts, (function.deployed_name(facts.settings),)) is not None:
        return None
    out: list[ExplainedReason[RuledOut]] = [RuledOut.HEALTH()] if health is not None else []
    return (*out, *unchanged(facts))
