"""From the leading fault to the cause, the proposals and the steps of the manual."""

import dataclasses
from collections.abc import Iterator

from alarms._absent import Lack, explained, foremost, lacks
from alarms._common import on_demand, ruled_out, table_throttled, who
from alarms._dependency import slow_dependency
from alarms._faults import (
    FAILURES,
    Leading,
    further,
    leading,
    normal_ends,
    rollout,
    sure_rollout,
    unlogged,
    worst_rate,
)
from alarms._mending import Mend, blamed
from alarms._steps import STEPS, Step, steps
from responder.cause import Cause
from responder.evidence import Facts
from responder.evidence.saying import stamp
from responder.explained import Explained
from responder.facts import Affects, Fault
from responder.text import Text, text
from responder.verdict import Proposal, Verdict


def by_fault(
    facts: Facts,
    functions: tuple[str, ...],
    mend: Mend,
    write: Mend | None = None,
    *,
    alarmed: bool = False,
) -> Verdict:
    """The verdict of a playbook about errors.

    What would `mend` the cause comes first, then the rollout, and last what a person may `write` down for
    later. A leading fault needs a readable log; without one the cause is unknown, and nothing is proposed.
    What the table throttles shows in its metrics as well, and it is switched to on-demand whatever leads.
    What is absent explains more than the fault that it brings about. `alarmed`: see `lacks`.
    """
    lead = leading(facts, functions)
    absent = lacks(facts, functions, alarmed=alarmed)
    first = foremost(absent, lead)
    if first is not None:
        return _lacking(facts, functions, lead, first, absent)
    if _by_the_table(facts, lead):
        return _table(facts, functions, lead, absent)
    if facts.of(FAILURES) is None:
        return unknown(facts, functions, text("why.logs_unread"))
    if lead is None:
        return _no_fault(facts, functions)
    cause = _cause(facts, lead)
    mended = (*on_demand(facts), *repairs(absent), *mend(facts, lead), *rollout(facts, functions))
    others = _others(facts, functions, lead, absent)
    without = _misled(cause.kind, others)
    return Verdict(
        cause=cause,
        why=_why(facts, functions, lead),
        ruled_out=ruled_out(facts),
        proposals=(*mended, *_written(facts, lead, write)),
        steps=steps(*_kinds(cause.kind, lead), others=others, proposals=mended, without=without),
        others=others,
    )


def _misled(cause: Cause, others: tuple[Explained[Cause], ...]) -> tuple[Step, ...]:
    """A changed setting or right is undone where it was made; only another cause may want older code."""
    back = Step.ROLL_BACK_RELEASE
    wanted = cause is not Cause.CHANGE or any(back in STEPS[each.kind] for each in others)
    return () if wanted else (back,)


def _lacking(
    facts: Facts, functions: tuple[str, ...], lead: Leading | None, first: Lack, absent: tuple[Lack, ...]
) -> Verdict:
    """What is absent is the cause; switching the check off helps until it is back."""
    mended = (*on_demand(facts), *repairs(absent), *rollout(facts, functions))
    if lead is not None and first.covers(lead):
        why = _why(facts, functions, lead)
    else:
        why = first.why or text("why.absent", count=first.count)
    others = tuple(each for each in _others(facts, functions, None, absent) if each != first.cause)
    return Verdict(
        cause=first.cause,
        why=why,
        ruled_out=ruled_out(facts),
        proposals=(*mended, *(each for each in first.proposals if each not in mended)),
        steps=steps(first.cause.kind, others=others, proposals=mended, function=first.function),
        others=others,
    )


def repairs(absent: tuple[Lack, ...]) -> tuple[Proposal, ...]:
    """What brings back variables; everything else that is absent, a person has to bring back."""
    return tuple(proposal for each in absent if each.function for proposal in each.proposals)


def unknown(facts: Facts, functions: tuple[str, ...], why: Text) -> Verdict:
    """No cause that the evidence supports: a person looks."""
    left = steps(Cause.UNKNOWN, without=(Step.CHECK_VPC,))
    return Verdict(Cause.UNKNOWN(), why, ruled_out(facts), steps=left)


def _no_fault(facts: Facts, functions: tuple[str, ...]) -> Verdict:
    silent = unlogged(facts, functions)
    if silent is None:
        return unknown(facts, functions, text("why.looks_failed"))
    if silent:
        return _silent(facts, functions)
    ended = normal_ends(facts, functions)
    if not ended:
        return unknown(facts, functions, text("why.no_fault_seen"))
    # The service checks what callers send before it calls AWS with it.
    refused = sum(each.fault is Fault.CALLER_INPUT and bool(each.operation) for each in ended)
    if refused:
        return unknown(facts, functions, text("why.input_refused", refused=refused, count=len(ended)))
    why = text("why.sessions_ended", count=len(ended))
    cause = Cause.SESSIONS_ENDED()
    return Verdict(cause, why, ruled_out(facts), steps=steps(cause.kind))


def _silent(facts: Facts, functions: tuple[str, ...]) -> Verdict:
    """Lambda counts errors that left no line: nothing normal, whatever else the log says."""
    proposals = rollout(facts, functions)
    why = proposals[0].reason if proposals else text("why.no_fault_seen")
    return dataclasses.replace(unknown(facts, functions, why), proposals=proposals)


def _by_the_table(facts: Facts, lead: Leading | None) -> bool:
    """A request that waits for a throttled table is tried again until its function's time is over, so that
    time-outs under a throttled table are its doing; so is an alarm for which the log names no fault."""
    if lead is not None and lead.fault is Fault.THROTTLING and lead.of_table:
        return True
    return table_throttled(facts) and (lead is None or lead.fault is Fault.TIMEOUT)


def _table(
    facts: Facts, functions: tuple[str, ...], lead: Leading | None, absent: tuple[Lack, ...]
) -> Verdict:
    """Switching the check off does not mend it; only faults of another kind may justify that."""
    switch = on_demand(facts)
    besides = _besides(facts, functions, lead, absent)
    others = (
        *(each.cause for each in absent),
        *(_of_fault(facts, each) for each in besides if not _waits(each)),
    )
    return Verdict(
        cause=Cause.TABLE_THROTTLED(),
        why=_why(facts, functions, lead) if lead is not None else switch[0].reason,
        ruled_out=ruled_out(facts),
        proposals=(*switch, *sure_rollout(facts, functions)),
        steps=steps(Cause.TABLE_THROTTLED, others=others, proposals=switch),
        others=others,
    )


def _waits(found: Leading) -> bool:
    """Time-outs under a throttled table are no cause of their own."""
    return found.fault is Fault.TIMEOUT


def _written(facts: Facts, lead: Leading, write: Mend | None) -> tuple[Proposal, ...]:
    return write(facts, lead) if write is not None else ()


def _cause(facts: Facts, lead: Leading) -> Explained[Cause]:
    changed = blamed(facts, lead)
    if not changed:
        return _of_fault(facts, lead)
    latest = max(changed, key=lambda change: change.at)
    kind = Cause.RELEASE if Affects.CODE in latest.affects else Cause.CHANGE
    return kind(
        fault=lead.cause.text,
        target=latest.target,
        what=latest.what,
        at=stamp(latest.at),
        who=who(latest),
    )


def _others(
    facts: Facts, functions: tuple[str, ...], lead: Leading | None, absent: tuple[Lack, ...]
) -> tuple[Explained[Cause], ...]:
    """What is absent besides; what else fails, each kind as often as it must to count; and the table where it
    is throttled."""
    others = [_of_fault(facts, each) for each in _besides(facts, functions, lead, absent)]
    throttled = (Cause.TABLE_THROTTLED(),) if table_throttled(facts) else ()
    return (*(each.cause for each in absent), *others, *throttled)


def _besides(
    facts: Facts, functions: tuple[str, ...], lead: Leading | None, absent: tuple[Lack, ...]
) -> Iterator[Leading]:
    """Further faults that nothing absent explains."""
    return (each for each in further(facts, functions, lead) if not explained(each, absent))


def _of_fault(facts: Facts, lead: Leading) -> Explained[Cause]:
    if lead.fault is Fault.TIMEOUT:
        return slow_dependency(facts, lead.functions[0], lead.count)
    return lead.cause


def _kinds(cause: Cause, lead: Leading) -> tuple[Cause, ...]:
    """What a change brought about has steps of its own, too."""
    return (cause, lead.fault.cause) if cause in (Cause.RELEASE, Cause.CHANGE) else (cause,)


def _why(facts: Facts, functions: tuple[str, ...], lead: Leading) -> Text:
    found = worst_rate(facts, functions)
    if found is None:
        return text("why.leading", leading=lead.say())
    return text(
        "why.leading_rate",
        leading=lead.say(),
        function=found.function,
        percent=100 * found.share,
        faulty=found.faulty,
        invocations=found.invocations,
        minutes=found.minutes,
    )
