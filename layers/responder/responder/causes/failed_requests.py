"""From failed requests to the leading fault, its cause, the proposals and the steps of the manual; and the
playbooks that decide by it."""

from dataclasses import replace
from typing import Any

from responder.causes import ACCESS, BUCKET, CHANGED, FAILURES, HEALTH, INVOCATIONS, PRESSURE, TABLE
from responder.causes.absent import Absence, explained, foremost, lacks
from responder.causes.denied import other_role
from responder.causes.leading_fault import (
    Leading,
    counted,
    failed,
    further,
    leading,
    rollout,
    slow_dependency,
    sure_rollout,
    unlogged,
)
from responder.causes.mending import alias_rollback, blamed, with_change, written
from responder.causes.steps import (
    ENDS_BY_HAND,
    FAULTS_BY_HAND,
    STEPS,
    About,
    Step,
    on_demand,
    ruled_out,
    steps,
    table_throttled,
    who,
)
from responder.core.cause import AwsService, Cause
from responder.core.expected_alarms import AlarmOwner, Definition, of_function
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.modes import Mode, Severity
from responder.core.reasons import ExplainedReason
from responder.core.text import Strings, Text, text
from responder.core.timestamps import stamp
from responder.core.verdict import Proposal, Proposals, RuledOut, Verdict
from responder.evidence import Evidence, Facts
from responder.evidence.changes import Affects
from responder.evidence.configuration import Config
from responder.evidence.denied import ACTIONS
from responder.evidence.fault_rate import worst_rate
from responder.evidence.faults import ABOVE, NORMAL, DenyingPolicy, Fault
from responder.evidence.service import QuotaHeadroom, ServiceMetrics
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.playbook import Playbook

_BY_HAND = (
    "step.error_logs",
    "step.check_environment",
    *FAULTS_BY_HAND,
    "step.repair_environment_by_hand",
    *ENDS_BY_HAND,
)
_AROUND = (ACCESS, BUCKET, CHANGED, HEALTH, TABLE, PRESSURE)


def errors_playbook(function: LivenessFunction, alarm: str, slug: str) -> Playbook:
    """The playbook of an alarm about Lambda errors of one function (manual, アラート4: Lambda エラー)."""
    definition = Definition(AlarmOwner.TABLE, of_function(function, "Errors", "Sum", 5))
    asked = (FAILURES, INVOCATIONS, Config((function,)), *_AROUND)
    return _playbook((function,), alarm, slug, Manual(_BY_HAND, function), definition, asked)


def requests_playbook(
    functions: tuple[LivenessFunction, ...], alarm: str, slug: str, manual: Manual, definition: Definition
) -> Playbook:
    """The playbook of an alarm about requests that fail with an answer, of both functions or of one (manual,
    アラート2: エラー率上昇)."""
    asked = (FAILURES, INVOCATIONS, ServiceMetrics(), QuotaHeadroom(), *_AROUND, Config(functions))
    return _playbook(functions, alarm, slug, manual, definition, asked)


def _playbook(  # noqa: PLR0913  what differs between alarms about failed requests
    functions: tuple[LivenessFunction, ...],
    alarm: str,
    slug: str,
    manual: Manual,
    definition: Definition,
    evidence: tuple[Evidence[Any], ...],
) -> Playbook:
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        evidence=evidence,
        decide=lambda facts: by_fault(facts, tuple(each.deployed_name(facts.settings) for each in functions)),
        manual=manual,
        definition=definition,
        remedies=(
            RolloutToZero(),
            OnDemandBilling(),
            *map(RepairEnvironment, functions),
            *map(AliasRollback, functions),
            ProposeChange(),
        ),
    )


@frozen
class Found:
    """One cause that counts, which its steps belong to, and what would fix it.

    `brought`: the fault that a change brought about, whose steps it has, too. `service`: whose calls fail.
    `why`, `ruled_out`: reported where it leads.
    """

    cause: ExplainedReason[Cause]
    functions: Strings = ()
    proposals: Proposals = ()
    brought: tuple[Cause, ...] = ()
    service: AwsService | None = None
    why: Text | None = None
    ruled_out: tuple[ExplainedReason[RuledOut], ...] = ()

    @property
    def about(self) -> tuple[About, ...]:
        """What its steps are about."""
        return tuple(About(kind, self.functions) for kind in (self.cause.kind, *self.brought))


def by_fault(facts: Facts, functions: Strings) -> Verdict:
    """The verdict of a playbook about errors.

    What would fix a cause comes first, then the rollout, and last what is only suggested for a person to
    review later. Every cause that counts has its proposals and steps, the leading one first.

    A leading fault needs a readable log; without one the cause is unknown, and nothing is proposed. What the
    table throttles shows in its metrics as well, and it is switched to on-demand whatever leads. What is
    absent explains more than the fault that it brings about.
    """
    lead, absent = leading(facts, functions), lacks(facts, functions)
    first = foremost(absent, lead)
    by_table = first is None and _by_the_table(facts, lead)
    # What is absent explains some; timeouts under a throttled table are no separate cause.
    besides = (
        each
        for each in further(facts, functions, lead if first is None else None)
        if not explained(each, absent) and not (by_table and each.fault is Fault.TIMEOUT)
    )
    others = [
        *(of_lack(each) for each in absent if each is not first),
        *(_of_lead(facts, each) for each in besides),
        *([Found(Cause.TABLE_THROTTLED())] if not by_table and table_throttled(facts) else []),
    ]
    if by_table:
        why = _why(facts, functions, lead) if lead is not None else on_demand(facts)[0].reason
        # Turning the check off does not fix it; only faults of another kind may justify that.
        return _verdict(facts, Found(Cause.TABLE_THROTTLED()), others, why, sure_rollout(facts, functions))
    if first is not None:
        leads, why = of_lack(first), first.why or text("why.absent", count=first.count)
        if lead is not None and first.covers(lead):
            why = _why(facts, functions, lead)
    elif facts.of(FAILURES) is None:
        return unknown(facts, text("why.logs_unread"))
    elif lead is None:
        return _no_fault(facts, functions)
    else:
        leads, why = _of_lead(facts, lead), _why(facts, functions, lead)
    off = rollout(facts, functions, lambda failure: any(each.explains(failure) for each in absent))
    return _verdict(facts, leads, others, why, off)


def _by_the_table(facts: Facts, lead: Leading | None) -> bool:
    """A request that waits for a throttled table is tried again until its function times out, so that
    time-outs under a throttled table are its doing; so is an alarm for which the log names no fault."""
    if lead is not None and lead.fault is Fault.THROTTLING and lead.of_table:
        return True
    return table_throttled(facts) and (lead is None or lead.fault is Fault.TIMEOUT)


def _why(facts: Facts, functions: Strings, lead: Leading) -> Text:
    """The highest rate, of equal ones that of the function where the leading fault is most frequent."""
    found = worst_rate(facts, tuple(dict.fromkeys((*lead.functions, *functions))))
    if found is None:
        return text("why.leading", leading=lead.say())
    alone = len(failed(facts, (found.function,))) == lead.of
    key = "why.leading_rate" if alone else "why.leading_rate_overall"
    return Text(key, {"leading": lead.say(), **counted(found)})


def _verdict(facts: Facts, leads: Found, others: list[Found], why: Text, switched_off: Proposals) -> Verdict:
    found = (leads, *others)
    proposed = [each for one in found for each in one.proposals]
    proposals = together(
        *on_demand(facts),
        *(each for each in proposed if each.at_most is not Mode.OBSERVE),
        *switched_off,
        *(each for each in proposed if each.at_most is Mode.OBSERVE),
    )
    # A changed setting or right is undone where it was made; only another cause may want older code.
    back = Step.ROLL_BACK_RELEASE
    changed = [each for each in found if each.cause.kind is Cause.CHANGE]
    wanted = any(back in STEPS[one.cause] for each in found if each not in changed for one in each.about)
    return concluded(facts, found, why, proposals, (back,) if changed and not wanted else ())


def concluded(
    facts: Facts,
    found: tuple[Found, ...],
    why: Text,
    proposals: Proposals,
    without: tuple[Step, ...],
) -> Verdict:
    """The verdict of several causes, of which the first leads. `without`: steps that do not apply."""
    leads, *others = found
    about = (about for each in found for about in each.about)
    return Verdict(
        cause=leads.cause,
        why=with_change(facts, leads.cause, why),
        ruled_out=(*ruled_out(facts), *leads.ruled_out),
        proposals=proposals,
        steps=steps(*about, proposals=proposals, without=without),
        others=tuple(each.cause for each in others),
        service=leads.service,
    )


def together(*proposals: Proposal) -> Proposals:
    """Each remedy once for each scope: what is to be reviewed by a person, in one list."""
    found: dict[tuple[str, str], Proposal] = {}
    for each in proposals:
        key = each.remedy, each.scope
        before = found.setdefault(key, each)
        more = tuple(one for one in each.proposed if one not in before.proposed)
        found[key] = replace(before, proposed=(*before.proposed, *more))
    return tuple(found.values())


def of_lack(lack: Absence) -> Found:
    """The cause that something absent is."""
    return Found(lack.cause, (lack.function,) if lack.function else (), lack.proposals)


def _of_lead(facts: Facts, lead: Leading) -> Found:
    proposals = (*alias_rollback(facts, lead), *written(facts, lead))
    changed = blamed(facts, lead)
    if not changed:
        return Found(_of_fault(facts, lead), lead.functions, proposals, service=lead.service)
    latest = max(changed, key=lambda change: change.at)
    kind = Cause.RELEASE if Affects.CODE in latest.affects else Cause.CHANGE
    at, fault = stamp(latest.at), lead.cause.text
    cause = kind(fault=fault, target=latest.target, what=latest.what, at=at, who=who(latest))
    return Found(cause, lead.functions, proposals, (lead.fault.cause,), lead.service)


def _of_fault(facts: Facts, lead: Leading) -> ExplainedReason[Cause]:
    """Of a denied call, who denied it, where that is known: another role has no such right, or AWS names the
    policy."""
    if lead.fault is Fault.TIMEOUT:
        return slow_dependency(facts, lead.functions[0], lead.count)
    if lead.fault is not Fault.ACCESS_DENIED:
        return lead.cause
    role, action = facts.settings.service_role, ACTIONS.get(lead.operation, lead.operation)
    if all(other_role(facts, name) for name in lead.functions):
        return Cause.DENIED_OTHER_ROLE(role=role)
    if lead.reason in ABOVE:
        return Cause.DENIED_ABOVE(action=action, by=text(f"say.denied.{lead.reason}"))
    denied = lead.reason is DenyingPolicy.ROLE_DENIES
    return Cause.DENIED_BY_ROLE(action=action, role=role) if denied else lead.cause


def unknown(facts: Facts, why: Text) -> Verdict:
    """No cause that the evidence supports: a person looks."""
    left = steps(Cause.UNKNOWN, without=(Step.CHECK_VPC,))
    return Verdict(Cause.UNKNOWN(), why, ruled_out(facts), steps=left)


def _no_fault(facts: Facts, functions: Strings) -> Verdict:
    silent = unlogged(facts, functions)
    if silent is None:
        return unknown(facts, text("why.looks_failed"))
    if silent:
        # Lambda counts errors that left no line: nothing normal, whatever else the log says.
        proposals = rollout(facts, functions)
        why = proposals[0].reason if proposals else text("why.no_fault_seen")
        return replace(unknown(facts, why), proposals=proposals)
    ended = failed(facts, functions, NORMAL)
    if not ended:
        return unknown(facts, text("why.no_fault_seen"))
    # The service checks what callers send before it calls AWS with it.
    refused = sum(each.fault is Fault.CALLER_INPUT and bool(each.operation) for each in ended)
    if refused:
        return unknown(facts, text("why.input_refused", refused=refused, count=len(ended)))
    cause, why = Cause.SESSIONS_ENDED(), text("why.sessions_ended", count=len(ended))
    return Verdict(cause, why, ruled_out(facts), steps=steps(cause.kind))
