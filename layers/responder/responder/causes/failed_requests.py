"""From failed requests to the leading fault, its cause, the proposals and the steps of the manual."""

from collections.abc import Iterator
from dataclasses import replace

from responder.causes.absent import Absence, explained, foremost, lacks
from responder.causes.denied import other_role
from responder.causes.dependency import slow_dependency
from responder.causes.leading_fault import (
    Leading,
    further,
    leading,
    normal_ends,
    rollout,
    sure_rollout,
    unlogged,
)
from responder.causes.looks import FAILURES
from responder.causes.mending import Mend, blamed, with_change
from responder.causes.steps import STEPS, About, Step, on_demand, ruled_out, steps, table_throttled, who
from responder.core.cause import AwsService, Cause
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.text import Text, text
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.evidence.base import stamp
from responder.evidence.changes import Affects
from responder.evidence.denial import ACTIONS
from responder.evidence.fault_rate import worst_rate
from responder.evidence.faults import ABOVE, DenyingPolicy, Fault


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


@frozen
class Found:
    """One cause that counts, whose commands its steps are, and what would mend it.

    `brought`: the fault that a change brought about, whose steps it has, too. `later`: what is only written
    down for a person, and comes after everything that can be answered now. `service`: whose calls fail.
    """

    cause: ExplainedReason[Cause]
    functions: tuple[str, ...] = ()
    mended: tuple[Proposal, ...] = ()
    later: tuple[Proposal, ...] = ()
    brought: tuple[Cause, ...] = ()
    service: AwsService | None = None

    @property
    def about(self) -> tuple[About, ...]:
        """What its steps are about."""
        return tuple(About(kind, self.functions) for kind in (self.cause.kind, *self.brought))


def by_fault(facts: Facts, functions: tuple[str, ...], mend: Mend, write: Mend | None = None) -> Verdict:
    """The verdict of a playbook about errors.

    What would `mend` a cause comes first, then the rollout, and last what a person may `write` down for
    later, which needs no answer now. Every cause that counts has its proposals and steps, the leading one
    first.

    A leading fault needs a readable log; without one the cause is unknown, and nothing is proposed. What the
    table throttles shows in its metrics as well, and it is switched to on-demand whatever leads. What is
    absent explains more than the fault that it brings about.
    """
    lead = leading(facts, functions)
    absent = lacks(facts, functions)
    first = foremost(absent, lead)
    besides = list(_besides(facts, functions, lead if first is None else None, absent))
    under_the_table = first is None and _by_the_table(facts, lead)
    others = [
        *(_of_lack(each) for each in absent if each is not first),
        *(_of_lead(facts, each, mend, write) for each in besides if not (under_the_table and _waits(each))),
        *(_throttled(facts) if not under_the_table else ()),
    ]
    if under_the_table:
        why = _why(facts, functions, lead) if lead is not None else on_demand(facts)[0].reason
        # Switching the check off does not mend it; only faults of another kind may justify that.
        return _verdict(facts, Found(Cause.TABLE_THROTTLED()), others, why, sure_rollout(facts, functions))
    if first is not None:
        leads, why = _of_lack(first), _why_absent(facts, functions, lead, first)
    elif facts.of(FAILURES) is None:
        return unknown(facts, functions, text("why.logs_unread"))
    elif lead is None:
        return _no_fault(facts, functions)
    else:
        leads, why = _of_lead(facts, lead, mend, write), _why(facts, functions, lead)
    return _verdict(facts, leads, others, why, _rollout(facts, functions, absent))


def _verdict(
    facts: Facts, leads: Found, others: list[Found], why: Text, switched_off: tuple[Proposal, ...]
) -> Verdict:
    found = (leads, *others)
    mended = (*on_demand(facts), *(each for one in found for each in one.mended), *switched_off)
    proposals = together(*mended, *(each for one in found for each in one.later))
    return Verdict(
        cause=leads.cause,
        why=with_change(facts, leads.cause, why),
        ruled_out=ruled_out(facts),
        proposals=proposals,
        steps=steps(
            *(about for one in found for about in one.about), proposals=proposals, without=_misled(found)
        ),
        others=tuple(each.cause for each in others),
        service=leads.service,
    )


def _misled(found: tuple[Found, ...]) -> tuple[Step, ...]:
    """A changed setting or right is undone where it was made; only another cause may want older code."""
    back = Step.ROLL_BACK_RELEASE
    changed = [each for each in found if each.cause.kind is Cause.CHANGE]
    wanted = any(back in STEPS[one.cause] for each in found if each not in changed for one in each.about)
    return (back,) if changed and not wanted else ()


def together(*proposals: Proposal) -> tuple[Proposal, ...]:
    """Each remedy once for each scope: what is to be reviewed by a person, in one list."""
    found: dict[tuple[str, str], Proposal] = {}
    for each in proposals:
        key = each.remedy, each.scope
        before = found.setdefault(key, each)
        more = tuple(one for one in each.proposed if one not in before.proposed)
        found[key] = replace(before, proposed=(*before.proposed, *more))
    return tuple(found.values())


def _of_lack(lack: Absence) -> Found:
    """What brings back variables can be approved; everything else that is absent, a person brings back."""
    named = (lack.function,) if lack.function else ()
    mended = tuple(each for each in lack.proposals if each.at_most is not Mode.OBSERVE)
    later = tuple(each for each in lack.proposals if each.at_most is Mode.OBSERVE)
    return Found(lack.cause, named, mended, later)


def _of_lead(facts: Facts, lead: Leading, mend: Mend, write: Mend | None) -> Found:
    cause = _cause(facts, lead)
    brought = (lead.fault.cause,) if cause.kind in (Cause.RELEASE, Cause.CHANGE) else ()
    later = write(facts, lead) if write is not None else ()
    return Found(cause, lead.functions, mend(facts, lead), later, brought, lead.service)


def _throttled(facts: Facts) -> tuple[Found, ...]:
    return (Found(Cause.TABLE_THROTTLED()),) if table_throttled(facts) else ()


def _rollout(facts: Facts, functions: tuple[str, ...], absent: tuple[Absence, ...]) -> tuple[Proposal, ...]:
    return rollout(facts, functions, lambda failure: any(each.explains(failure) for each in absent))


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
    return replace(unknown(facts, functions, why), proposals=proposals)


def _by_the_table(facts: Facts, lead: Leading | None) -> bool:
    """A request that waits for a throttled table is tried again until its function's time is over, so that
    time-outs under a throttled table are its doing; so is an alarm for which the log names no fault."""
    if lead is not None and lead.fault is Fault.THROTTLING and lead.of_table:
        return True
    return table_throttled(facts) and (lead is None or lead.fault is Fault.TIMEOUT)


def _waits(found: Leading) -> bool:
    """Time-outs under a throttled table are no cause of their own."""
    return found.fault is Fault.TIMEOUT


def _cause(facts: Facts, lead: Leading) -> ExplainedReason[Cause]:
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


def _besides(
    facts: Facts, functions: tuple[str, ...], lead: Leading | None, absent: tuple[Absence, ...]
) -> Iterator[Leading]:
    """Further faults that nothing absent explains."""
    return (each for each in further(facts, functions, lead) if not explained(each, absent))


def _of_fault(facts: Facts, lead: Leading) -> ExplainedReason[Cause]:
    if lead.fault is Fault.TIMEOUT:
        return slow_dependency(facts, lead.functions[0], lead.count)
    return _denied(facts, lead) or lead.cause


def _denied(facts: Facts, lead: Leading) -> ExplainedReason[Cause] | None:
    """Who denied it, where that is known: another role has no such right, or AWS names the policy."""
    if lead.fault is not Fault.ACCESS_DENIED:
        return None
    role, action = facts.settings.service_role, ACTIONS.get(lead.operation, lead.operation)
    if all(other_role(facts, name) for name in lead.functions):
        return Cause.DENIED_OTHER_ROLE(role=role)
    if lead.reason in ABOVE:
        return Cause.DENIED_ABOVE(action=action, by=text(f"say.denied.{lead.reason}"))
    return (
        Cause.DENIED_BY_ROLE(action=action, role=role) if lead.reason is DenyingPolicy.ROLE_DENIES else None
    )


def _why_absent(facts: Facts, functions: tuple[str, ...], lead: Leading | None, first: Absence) -> Text:
    if lead is not None and first.covers(lead):
        return _why(facts, functions, lead)
    return first.why or text("why.absent", count=first.count)
