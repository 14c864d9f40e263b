"""From a proposal to what may be done about it: remedy, plan, judgement."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from responder.core.approval_request import fingerprint
from responder.core.change import Change, Lease, LeaseState, Ledger, Plan, Status
from responder.core.deployed_alarm import AlarmStatus, Evaluation
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.modes import Mode, stricter
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.text import Text, text
from responder.core.verdict import Proposal, Result
from responder.evidence.base import because
from responder.followup_rules import DutyKind
from responder.guards import Ends, Judgement, Purpose, Question, judge
from responder.remedies import Remedy
from responder.respond import lease_check
from responder.respond.execute import state_of
from responder.respond.gather import Gathered, Key
from responder.store import Incident, IncidentHead


@frozen
class PartialApply:
    """`changes`: of our own half-done lease, as they stand. `also`: that a run ended in the midst of it."""

    changes: tuple[Change, ...] = ()
    also: tuple[Text, ...] = ()

    def told(self, otherwise: Result) -> Result:
        """What is set, or may be, was not only proposed, nor refused."""
        state = state_of(self.changes)
        if state is LeaseState.IN_FORCE:
            return Result.ALREADY
        return Result.PARTIAL if state is LeaseState.PARTIAL or self.also else otherwise


def begun(planned: Plan | ResponderError, lease: Lease | None) -> PartialApply:
    """The changes as they were read just now (`planned`). Nothing where no such lease is open."""
    if not isinstance(planned, Plan) or lease is None or not lease.state.half_done:
        return PartialApply()
    found = {(each.target, each.setting): each.status is Status.ALREADY for each in planned.changes}
    changes = tuple(_now(each, found.get((each.target, each.setting))) for each in lease.changes)
    interrupted = lease.state is LeaseState.APPLYING
    return PartialApply(changes, (text("guard.begun_before"),) if interrupted else ())


def _now(change: Change, stands: bool | None) -> Change:
    """`stands`: it is in effect for everybody; None where it could not be read."""
    if change.status is Status.PLANNED and not stands:
        # Set and not released, or on its way: only `continue` looks that closely.
        return replace(change, status=Status.FAILED, note=FailureKind.BEGUN())
    if stands and not change.status.done:
        return replace(change, status=Status.ALREADY, note=None)
    undone = stands is False and change.status.in_effect
    return replace(change, status=Status.KEPT) if undone else change


def taken_back(
    ledger: Ledger | None, remedy: str, plan: Plan | None, incident: str, opened: datetime | None
) -> bool:
    """It was in force for this incident, or for another one while this one was open, and has been taken back
    since: two alarms of one fault must not undo what a person said about it to one of them."""
    if ledger is None or plan is None:
        return False
    ended = (
        one
        for one in ledger.leases
        if (one.remedy, one.scope, one.state) == (remedy, plan.scope, LeaseState.ENDED)
    )
    return any(one.incident == incident or _since(one.ended, opened) for one in ended)


def _since(ended: datetime | None, opened: datetime | None) -> bool:
    return ended is not None and opened is not None and ended > opened


def rejected(
    head: IncidentHead | None, remedy: str, plan: Plan | None, incident: str
) -> ExplainedReason[Refusal] | None:
    """Somebody said no to exactly this change; the follow-up has put that down."""
    if head is None or plan is None:
        return None
    proposal = fingerprint(incident, remedy, plan.changes)
    known = f"{DutyKind.REJECTED} {proposal}" in head.remembered.told_of
    return Refusal.REJECTED() if known else None


@frozen
class JudgedProposal:
    """A proposal beside everything that decides about it. `settled`: there is nothing left to do, and
    nothing of ours left to put on record. `begun`: what an earlier run of this incident left half done."""

    proposal: Proposal
    remedy: Remedy
    plan: Plan | None
    question: Question
    judgement: Judgement
    settled: bool
    begun: PartialApply


def draft(
    proposal: Proposal,
    remedies: Mapping[Key, Remedy],
    found: Gathered,
    incident: str,
    doubts: Doubts,
) -> JudgedProposal:
    """Judge one proposal; a lease of this very incident that is half done is resumed."""
    remedy = remedies[proposal.remedy, proposal.scope]
    planned = found.plans[proposal.remedy, proposal.scope]
    plan = planned if isinstance(planned, Plan) else None
    obstacles = plan.obstacles if plan is not None else ()
    others = plan is not None and bool(obstacles and plan.possible)
    plan = plan.only(plan.possible) if plan is not None and others else plan
    ledger = found.ledger if isinstance(found.ledger, Ledger) else None
    lease = own_lease(ledger, remedy, plan, incident)
    gone = lease_check.not_any_more(plan, lease) or _taken(found, remedy, plan, incident)
    settled = plan is not None and plan.already if lease is None else _in_force(lease) and gone is None
    plan = resumed(plan, lease) if plan and lease else plan
    undone = gone or _going_back(lease) or rejected(found.head, remedy.name, plan, incident)
    opened = found.incident.opened if isinstance(found.incident, Incident) else None
    back = lease is None and taken_back(ledger, remedy.name, plan, incident, opened)
    unsure = found.alarm.evaluation if isinstance(found.alarm, AlarmStatus) else None
    question = Question(
        purpose=Purpose.RESUME if lease is not None else Purpose.RESPOND,
        now=found.facts.now,
        remedy=remedy.name,
        incident=incident,
        switches=None if isinstance(found.switches, ResponderError) else found.switches,
        ledger=ledger,
        plan=plan,
        plan_problem=None if plan else problem(planned),
        doubts=doubts,
        samples_short=proposal.samples_short,
        at_most=_allowed(proposal, remedy, lease, asks=others or back or unsure is not None),
        at_most_reason=_asks(proposal, remedy, obstacles if others else (), back, unsure),
        approved=lease is not None and not lease.automatic,
    )
    judgement = Judgement(Ends.REFUSE, undone) if undone is not None else judge(question)
    return JudgedProposal(proposal, remedy, plan, question, judgement, settled, begun(planned, lease))


def _allowed(proposal: Proposal, remedy: Remedy, lease: Lease | None, *, asks: bool) -> Mode:
    """By the evidence, the remedy and what happened before; what a person has approved is finished under that
    approval."""
    if lease is not None and not lease.automatic:
        return Mode.AUTO
    return stricter(proposal.at_most, remedy.name.spec.ceiling, Mode.APPROVE if asks else Mode.AUTO)


def _in_force(lease: Lease) -> bool:
    return lease.state is LeaseState.IN_FORCE


def _going_back(lease: Lease | None) -> ExplainedReason[Refusal] | None:
    """Finishing such a lease would be taking it back, which nobody asked of this response."""
    going = lease is not None and lease.state is LeaseState.TAKING_BACK
    return Refusal.BEING_TAKEN_BACK() if going else None


def _asks(
    proposal: Proposal,
    remedy: Remedy,
    obstacles: tuple[ExplainedReason[Obstacle], ...],
    back: bool,
    unsure: Evaluation | None,
) -> ExplainedReason[Refusal]:
    """Why a person decides, although the mode would allow it."""
    if obstacles:
        return Refusal.OTHERS_POSSIBLE(detail=tuple(each.text for each in obstacles))
    if back:
        return Refusal.TAKEN_BACK_BEFORE()
    free = stricter(proposal.at_most, remedy.name.spec.ceiling) is Mode.AUTO
    return Refusal.EVALUATION(state=unsure) if free and unsure else _cap(proposal, remedy)


def _cap(proposal: Proposal, remedy: Remedy) -> ExplainedReason[Refusal]:
    if remedy.name.spec.ceiling is Mode.OBSERVE:
        return Refusal.NEVER_APPLIED()
    if proposal.at_most.rank >= remedy.name.spec.ceiling.rank:
        return Refusal.CEILING()
    return proposal.asks or Refusal.CAPPED_BY_EVIDENCE()


def _taken(
    found: Gathered, remedy: Remedy, plan: Plan | None, incident: str
) -> ExplainedReason[Refusal] | None:
    """What could not be read for a plan is not missed: another incident has the same in force."""
    unread = plan is None or any(each.kind.unread for each in plan.obstacles)
    if not unread or not isinstance(found.ledger, Ledger):
        return None
    known = (each for each in found.ledger.leases if each.open and each.incident != incident)
    lease = next((each for each in known if lease_check.owns(found.facts.settings, remedy, each)), None)
    return None if lease is None else Refusal.LEASED(incident=lease.incident)


def own_lease(ledger: Ledger | None, remedy: Remedy, plan: Plan | None, incident: str) -> Lease | None:
    """The open lease that this incident holds on the plan's scope."""
    lease = ledger.lease(remedy.name, plan.scope) if ledger and plan else None
    return lease if lease is not None and lease.incident == incident else None


def resumed(plan: Plan, lease: Lease) -> Plan:
    """What is left of our own act. Old values are the lease's: what we set ourselves is none."""
    return replace(
        lease.plan,
        obstacles=plan.obstacles,
        in_flight=plan.in_flight,
        modified=plan.modified,
        possible=plan.possible,
    )


def problem(planned: Plan | ResponderError) -> Because | None:
    """Why a plan could not be made."""
    return None if isinstance(planned, Plan) else because(planned)
