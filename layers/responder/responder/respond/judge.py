"""From a proposal to what may be done about it: remedy, plan, judgement."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from responder.core.approval_request import ApprovalRequest, fingerprint
from responder.core.change import Change, Lease, LeaseState, Ledger, Plan, Status
from responder.core.command import CommandKind
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, Evaluation
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.modes import Mode, stricter
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.core.refusals import Doubts, Refusal
from responder.core.verdict import Proposal
from responder.evidence.base import because
from responder.followup_rules import DutyKind
from responder.guards import Ends, Judgement, Purpose, Question, in_auto, judge
from responder.remedies import Remedy
from responder.respond import lease_check
from responder.respond.gather import Gathered, Key, key
from responder.store import Incident, IncidentHead, Incidents, approvals


@frozen
class JudgedProposal:
    """A proposal with everything that decides about it.

    Attributes:
        settled: there is nothing left to do, and nothing left to record.
        begun: the changes of what an earlier run of this incident left half done, as they are set now.
        interrupted: that run ended in the midst of it.
    """

    proposal: Proposal
    remedy: Remedy
    question: Question
    judgement: Judgement
    settled: bool
    begun: tuple[Change, ...]
    interrupted: bool

    @property
    def plan(self) -> Plan | None:
        """What the remedy read, narrowed to what is possible, or the rest of an act that the responder
        began."""
        return self.question.plan

    @property
    def in_auto(self) -> Judgement:
        """What would be done in mode `auto`. A refusal before the guards is the same in every mode."""
        asked = judge(self.question) == self.judgement
        return in_auto(self.question) if asked else self.judgement


def draft(
    proposal: Proposal, remedies: Mapping[Key, Remedy], found: Gathered, incident: str, doubts: Doubts
) -> JudgedProposal:
    """Judge one proposal; an interrupted lease of this incident is resumed."""
    remedy = remedies[proposal.remedy, proposal.scope]
    planned = found.plans[proposal.remedy, proposal.scope]
    plan = planned if isinstance(planned, Plan) else None
    others = plan.obstacles if plan is not None and plan.possible else ()
    plan = plan.only(plan.possible) if plan is not None and others else plan
    ledger = found.ledger if isinstance(found.ledger, Ledger) else None
    lease = own_lease(ledger, remedy, plan, incident)
    gone = lease_check.no_longer_in_force(plan, lease) or _held_by_another(found, remedy, plan, incident)
    in_force = lease is not None and lease.state is LeaseState.IN_FORCE
    settled = plan is not None and plan.already if lease is None else in_force and gone is None
    plan = resumed(plan, lease) if plan and lease else plan
    gone = gone or _going_back(lease) or rejected(found.head, remedy.name, plan, incident)
    opened = found.incident.opened if isinstance(found.incident, Incident) else None
    back = lease is None and reverted(ledger, remedy.name, plan, incident, opened)
    unsure = found.alarm.evaluation if isinstance(found.alarm, AlarmStatus) else None
    approved = lease is not None and _under_approval(lease, found.facts.now)
    question = Question(
        purpose=Purpose.RESUME if lease is not None else Purpose.RESPOND,
        now=found.facts.now,
        remedy=remedy.name,
        incident=incident,
        switches=None if isinstance(found.switches, ResponderError) else found.switches,
        ledger=ledger,
        plan=plan,
        plan_problem=None if isinstance(planned, Plan) else because(planned),
        doubts=doubts,
        samples_short=proposal.samples_short,
        at_most=_at_most(proposal, remedy, asks=bool(others) or back or unsure is not None, free=approved),
        at_most_reason=_why_asked(proposal, remedy, others, back, unsure),
        approved=approved,
    )
    judgement = Judgement(Ends.REFUSE, gone) if gone is not None else judge(question)
    begun = _begun(planned, lease)
    interrupted = plan is not None and lease is not None and lease.state is LeaseState.APPLYING
    return JudgedProposal(proposal, remedy, question, judgement, settled, begun, interrupted)


def _going_back(lease: Lease | None) -> ExplainedReason[Refusal] | None:
    """The refusal if the lease is being reverted: finishing it would complete the revert, which this response
    was not asked for."""
    going = lease is not None and lease.state is LeaseState.REVERTING
    return Refusal.BEING_REVERTED() if going else None


def _under_approval(lease: Lease, now: datetime) -> bool:
    """A person approved it. An approval lasts no longer for a run that died and may have set nothing."""
    begun = lease.state is not LeaseState.APPLYING or now - lease.at <= approvals.FRESH
    return begun and not lease.automatic


def _at_most(proposal: Proposal, remedy: Remedy, *, asks: bool, free: bool) -> Mode:
    """The highest mode that the evidence, the remedy and earlier events allow; what a person has approved is
    finished under that approval (`free`)."""
    if free:
        return Mode.AUTO
    return stricter(proposal.at_most, remedy.name.spec.ceiling, Mode.APPROVE if asks else Mode.AUTO)


def _why_asked(
    proposal: Proposal,
    remedy: Remedy,
    others: tuple[ExplainedReason[Obstacle], ...],
    back: bool,
    unsure: Evaluation | None,
) -> ExplainedReason[Refusal]:
    """Why a person decides, although the mode would allow it."""
    ceiling = remedy.name.spec.ceiling
    if others:
        return Refusal.OTHERS_POSSIBLE(detail=tuple(each.text for each in others))
    if back:
        return Refusal.REVERTED_BEFORE()
    if unsure and stricter(proposal.at_most, ceiling) is Mode.AUTO:
        return Refusal.EVALUATION(state=unsure)
    if ceiling is Mode.OBSERVE:
        return Refusal.NEVER_APPLIED()
    if proposal.at_most.rank >= ceiling.rank:
        return Refusal.CEILING()
    return proposal.asks or Refusal.CAPPED_BY_EVIDENCE()


def _held_by_another(
    found: Gathered, remedy: Remedy, plan: Plan | None, incident: str
) -> ExplainedReason[Refusal] | None:
    """The refusal if another incident has the same in force; an unreadable plan does not matter then."""
    unread = plan is None or any(each.kind.unread for each in plan.obstacles)
    if not unread or not isinstance(found.ledger, Ledger):
        return None
    known = (each for each in found.ledger.leases if each.open and each.incident != incident)
    lease = next((each for each in known if lease_check.owns(found.facts.settings, remedy, each)), None)
    return None if lease is None else Refusal.LEASED(incident=lease.incident)


def reverted(
    ledger: Ledger | None, remedy: str, plan: Plan | None, incident: str, opened: datetime | None
) -> bool:
    """It was in force for this incident, or for another one while this one was open, and has been reverted
    since: two alarms of one fault must not undo what a person said about it to one of them."""
    if ledger is None or plan is None:
        return False
    ended = (one for one in ledger.ended if (one.remedy, one.scope) == (remedy, plan.scope))
    return any(
        one.incident == incident or (one.ended is not None and opened is not None and one.ended > opened)
        for one in ended
    )


def rejected(
    head: IncidentHead | None, remedy: str, plan: Plan | None, incident: str
) -> ExplainedReason[Refusal] | None:
    """A person rejected exactly this change; the follow-up has recorded it."""
    if head is None or plan is None:
        return None
    known = f"{DutyKind.REJECTED} {fingerprint(incident, remedy, plan.changes)}" in head.remembered.reported
    return Refusal.REJECTED() if known else None


def held_by_rejection(
    context: Context, incidents: Incidents, head: IncidentHead | None, remedy: Remedy, question: Question
) -> Judgement | None:
    """Why people's rejections forbid an act that no person has approved; None where they do not. The answers
    are read, since the follow-up may not have seen them yet. What was rejected in this incident is refused;
    the same remedy with other values or targets, or after a rejection in another open incident, is a person's
    decision.

    Raises:
        ResponderError: the requests or their answers could not be read.
    """
    plan, ledger, switches = question.plan, question.ledger, question.switches
    if plan is None or ledger is None or switches is None or question.approved:
        return None
    people, seen = switches.people, {} if head is None else head.remembered.reported

    def rejected_by_people(asked: ApprovalRequest) -> bool:
        said = approvals.rows(context.aws, context.settings.approvals_table, asked.id)
        return bool(approvals.rejections(said, asked, people, context.now))

    mine = {
        asked.id
        for asked in (() if head is None else incidents.proposals(question.incident))
        if (asked.order, asked.remedy, asked.scope) == (CommandKind.APPLY, *key(remedy))
        if f"{DutyKind.REJECTED} {asked.id}" in seen or rejected_by_people(asked)
    }
    if fingerprint(question.incident, remedy.name, plan.changes) in mine:
        return Judgement(Ends.REFUSE, Refusal.REJECTED())
    if mine:
        return Judgement(Ends.ASK, Refusal.REJECTED_BEFORE())
    for each in ledger.rejected:
        if each.incident == question.incident or (each.remedy, each.scope) != key(remedy):
            continue
        other = incidents.find(each.incident)
        # Its follow-up forgets a rejection that was withdrawn.
        theirs = incidents.head(each.incident) if other is not None and not other.closed else None
        if theirs is not None and f"{DutyKind.REJECTED} {each.proposal}" in theirs.remembered.reported:
            return Judgement(Ends.ASK, Refusal.REJECTED_ELSEWHERE(incident=each.incident))
    return None


def own_lease(ledger: Ledger | None, remedy: Remedy, plan: Plan | None, incident: str) -> Lease | None:
    """The open lease that this incident holds on the plan's scope."""
    lease = ledger.lease(remedy.name, plan.scope) if ledger and plan else None
    return lease if lease is not None and lease.incident == incident else None


def resumed(plan: Plan, lease: Lease) -> Plan:
    """The rest of an act that the responder began. The old values are those of the lease, because the current
    ones may be the responder's. `modified` is that of what is left to be set."""
    done = {each.target for each in plan.changes if each.status is Status.ALREADY}
    return replace(
        lease.plan,
        obstacles=plan.obstacles,
        in_flight=plan.in_flight,
        modified={target: at for target, at in plan.modified.items() if target not in done},
        possible=plan.possible,
    )


def _begun(planned: Plan | ResponderError, lease: Lease | None) -> tuple[Change, ...]:
    """The changes of a lease that is half done, as they were read just now (`planned`)."""
    if not isinstance(planned, Plan) or lease is None or not lease.state.half_done:
        return ()
    found = {(each.target, each.setting): each.status is Status.ALREADY for each in planned.changes}
    return tuple(_as_set(each, found.get((each.target, each.setting))) for each in lease.changes)


def _as_set(change: Change, in_effect: bool | None) -> Change:
    """`in_effect`: for all users; None where it could not be read."""
    if change.status is Status.PLANNED and not in_effect:
        # Set and not released, or on its way: only `finish` looks that closely.
        return replace(change, status=Status.FAILED, note=FailureKind.BEGUN())
    if in_effect and not change.status.done:
        return replace(change, status=Status.ALREADY, note=None)
    undone = in_effect is False and change.status.in_effect
    return replace(change, status=Status.KEPT) if undone else change
