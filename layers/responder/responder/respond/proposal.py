"""One proposal on its way: judged, carried out under a lock, or put before a person.

What is carried out is recorded before its first write and after its last.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from responder.core.change import (
    Applied,
    Change,
    Changes,
    Lease,
    LeaseState,
    Ledger,
    Obstacles,
    Plan,
    Status,
    may_be_in_force,
)
from responder.core.command import ApprovalRequest, CommandKind, fingerprint
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, Evaluation
from responder.core.errors import Changed, ResponderError, Unreachable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.modes import Effect, Mode, stricter
from responder.core.reasons import ExplainedReason, FailureKind
from responder.core.refusals import Because, Doubts, Refusal
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, Texts, text
from responder.core.verdict import Outcome, Proposal, Result, WrittenChange
from responder.evidence.base import because as because_of
from responder.evidence.base import reason
from responder.followup_rules import DutyKind
from responder.guards import Ends, Hold, Purpose, Question, in_auto, judge
from responder.remedies import Remedy
from responder.respond import lease_check
from responder.respond.checked_writes import checked
from responder.respond.gather import Gathered, Key, key
from responder.store import Incident, IncidentHead, Incidents, approvals

_TRIES = 3


@frozen
class Judged:
    """A proposal with everything that decides about it.

    Attributes:
        held: why it is not simply done; None where it is.
        settled: there is nothing left to do, and nothing left to record.
        begun: the changes of what an earlier run of this incident left half done, as they are set now.
        interrupted: that run ended in the midst of it.
    """

    proposal: Proposal
    remedy: Remedy
    question: Question
    held: Hold | None
    settled: bool
    begun: Changes
    interrupted: bool

    @property
    def plan(self) -> Plan | None:
        """What the remedy read, narrowed to what is possible, or the rest of an act that the responder
        began."""
        return self.question.plan

    @property
    def in_auto(self) -> Hold | None:
        """What would forbid it in mode `auto`. A refusal before the guards is the same in every mode."""
        asked = judge(self.question) == self.held
        return in_auto(self.question) if asked else self.held

    @property
    def due(self) -> Ends | None:
        """What is done about it; None where there is nothing left to do."""
        if self.settled or self.plan is None:
            return None
        return Ends.ACT if self.held is None else self.held.ends


def draft(
    proposal: Proposal, remedies: Mapping[Key, Remedy], found: Gathered, incident: str, doubts: Doubts
) -> Judged:
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
    gone = gone or rejected(found.head, remedy.name, plan, incident)
    opened = found.incident.opened if isinstance(found.incident, Incident) else None
    back = lease is None and reverted(ledger, remedy.name, plan, incident, opened)
    unsure = found.alarm.evaluation if isinstance(found.alarm, AlarmStatus) else None
    approved = lease is not None and _under_approval(lease, found.facts.now)
    most = Mode.APPROVE if others or back or unsure else Mode.AUTO
    question = Question(
        purpose=Purpose.RESUME if lease is not None else Purpose.RESPOND,
        now=found.facts.now,
        remedy=remedy.name,
        incident=incident,
        switches=None if isinstance(found.switches, ResponderError) else found.switches,
        ledger=ledger,
        plan=plan,
        plan_problem=None if isinstance(planned, Plan) else because_of(planned),
        doubts=doubts,
        samples_short=proposal.samples_short,
        # What a person has approved is finished under that approval.
        at_most=Mode.AUTO if approved else stricter(proposal.at_most, remedy.name.spec.ceiling, most),
        at_most_reason=_why_asked(proposal, remedy, others, back, unsure),
        approved=approved,
    )
    held = judge(question) if gone is None else Hold(Ends.REFUSE, gone)
    interrupted = plan is not None and lease is not None and lease.state is LeaseState.APPLYING
    return Judged(proposal, remedy, question, held, settled, _begun(planned, lease), interrupted)


def _under_approval(lease: Lease, now: datetime) -> bool:
    """A person approved it. An approval lasts no longer for a run that died and may have set nothing."""
    begun = lease.state is not LeaseState.APPLYING or now - lease.at <= approvals.FRESH
    return begun and not lease.automatic


def _why_asked(
    proposal: Proposal,
    remedy: Remedy,
    others: Obstacles,
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
) -> Hold | None:
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
        return Hold(Ends.REFUSE, Refusal.REJECTED())
    if mine:
        return Hold(Ends.ASK, Refusal.REJECTED_BEFORE())
    for each in ledger.rejected:
        if each.incident == question.incident or (each.remedy, each.scope) != key(remedy):
            continue
        other = incidents.find(each.incident)
        # Its follow-up forgets a rejection that was withdrawn.
        theirs = incidents.head(each.incident) if other is not None and not other.closed else None
        if theirs is not None and f"{DutyKind.REJECTED} {each.proposal}" in theirs.remembered.reported:
            return Hold(Ends.ASK, Refusal.REJECTED_ELSEWHERE(incident=each.incident))
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


def _begun(planned: Plan | ResponderError, lease: Lease | None) -> Changes:
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


@frozen
class Executor:
    """One remedy about to be applied. `question`: what was judged, with the plan and the ledger; it is judged
    again on a newer ledger and, just before the write, on the stops and the mode of then. `why` it was
    proposed; `by`: who approved it, or the automation."""

    context: Context
    incidents: Incidents
    remedy: Remedy
    question: Question
    why: Text
    by: str = AUTOMATION

    def apply(self) -> Outcome:
        """Lock, apply, settle. Nothing is written to the service before the lock is held."""
        plan, ledger = self.question.plan, self.question.ledger
        if plan is None or ledger is None:
            raise ValueError("nothing is applied without a plan and a ledger")
        context, writes = checked(self.context, self.question)
        if writes.late:
            return outcome_of(self.remedy, Result.REFUSED, self.why, Refusal.TOO_LATE())
        known = ledger.lease(self.remedy.name, plan.scope)
        # Finishing what this incident began is the same act: it counts once, and keeps its end.
        begun = known if known is not None and known.incident == self.question.incident else None
        lease = self._lease(plan, begun)
        # Together with the lock, so that it adds no round trip before the write.
        writes.prepare()
        try:
            refused = self._begin(lease, ledger)
        except ResponderError as error:
            refused = Refusal.RECORD_FAILED(detail=reason(error))
        if refused is not None:
            return outcome_of(self.remedy, Result.REFUSED, self.why, refused)
        because: Because | None = None
        try:
            changes = self.remedy.apply(context, plan)
        except ResponderError as error:
            changes = tuple(replace(change, status=Status.FAILED) for change in plan.changes)
            because = because_of(error)
        if writes.stopped is not None and not writes.wrote:
            # Nothing was written: the lease is given up, or is again what an earlier run had left of it. That
            # is no failure of the remedy, so it is not counted.
            left = begun or replace(lease, state=LeaseState.FAILED, changes=changes)
            stopped = outcome_of(self.remedy, Result.REFUSED, self.why, writes.stopped)
            return replace(stopped, unrecorded=self._settle(left, None))
        result = result_of(changes)
        because = because or next((each.note for each in changes if each.status is Status.FAILED), None)
        row = Applied(lease.at, lease.remedy, lease.scope, lease.incident, ok=result is not Result.FAILED)
        unrecorded = self._settle(replace(lease, state=state_of(changes), changes=changes), row)
        made = outcome_of(self.remedy, result, self.why, because, changes)
        return replace(made, unrecorded=unrecorded)

    def _lease(self, plan: Plan, begun: Lease | None) -> Lease:
        at = begun.at if begun is not None else self.context.now
        # A further decision finishes what a person has approved under that approval.
        under = begun if self.question.approved and self.by == AUTOMATION else None
        time = self.remedy.name.spec.lease_time(self.context.settings)
        return Lease(
            remedy=self.remedy.name,
            scope=plan.scope,
            incident=self.question.incident,
            state=LeaseState.APPLYING,
            at=at,
            until=None if time is None else at + time,
            snapshot=plan.snapshot,
            changes=plan.changes,
            by=self.by if under is None else under.by,
        )

    def _begin(self, lease: Lease, ledger: Ledger) -> Because | None:
        for _ in range(_TRIES):
            # Whose row it takes, unless it is the same act.
            ended = (one for one in ledger.leases if one.state is LeaseState.ENDED and one.act != lease.act)
            replaced = next((one for one in ended if one.id == lease.id), None)
            try:
                self.incidents.begin(lease, ledger.version, self.context.now, replaced)
            except Changed:
                ledger = self.incidents.ledger()
                held = judge(replace(self.question, ledger=ledger))
                if held is not None:
                    return held.reason
            except Unreachable:
                # No answer came; only a read shows whether the lock is held nevertheless.
                now = self.incidents.ledger()
                mine = now.lease(lease.remedy, lease.scope)
                written = (lease.incident, lease.at, lease.state)
                ours = mine is not None and (mine.incident, mine.at, mine.state) == written
                if not ours or now.version == ledger.version:
                    raise
                return None
            else:
                return None
        return Refusal.OTHERS_ACTING()

    def _settle(self, lease: Lease, row: Applied | None) -> Text | None:
        """Record the outcome; returns why that failed, if it did."""
        try:
            self.incidents.settle(lease, row, self.context.now)
        except ResponderError as error:
            log().exception("an outcome is not on record", extra={"incident": lease.incident})
            return reason(error)
        return None


def result_of(changes: Changes) -> Result:
    """All, some or none of the targets are as wanted."""
    done = [change.status.done for change in changes]
    if done and all(done):
        return Result.APPLIED
    return Result.PARTIAL if any(done) else Result.FAILED


def state_of(changes: Changes) -> LeaseState:
    """The lease's state after an apply. What may be in force stays on record, though nothing succeeded."""
    result = result_of(changes)
    if result is Result.APPLIED:
        return LeaseState.IN_FORCE
    stands = result is Result.PARTIAL or any(map(may_be_in_force, changes))
    return LeaseState.PARTIAL if stands else LeaseState.FAILED


def outcome_of(  # noqa: PLR0913  one line per column of an outcome
    remedy: Remedy,
    result: Result,
    why: Text,
    because: Because | None = None,
    changes: Changes = (),
    until: datetime | None = None,
    also: Texts = (),
    approval: str | None = None,
    proposed: tuple[WrittenChange, ...] = (),
) -> Outcome:
    """An outcome of this remedy; what was applied says how to undo it."""
    # A repair sets the value that the CDK definition has.
    repairs = remedy.name.spec.effect is Effect.RESTORES
    drift = (text("change.drift"),) if result.acted and not repairs else ()
    return Outcome(
        remedy=remedy.name,
        scope=remedy.scope,
        result=result,
        why=why,
        because=because,
        until=until,
        also=(*also, *drift),
        changes=changes,
        approval=approval,
        undo=text(f"remedy.undo.{remedy.name}") if result.in_force else None,
        lowers_security=remedy.name.spec.lowers_security,
        proposed=proposed,
    )


def requested(remedy: Remedy, incident: str, now: datetime, changes: Changes) -> ApprovalRequest:
    """The proposal to make these changes."""
    return ApprovalRequest(
        id=fingerprint(incident, remedy.name, changes),
        incident=incident,
        remedy=remedy.name,
        scope=remedy.scope,
        effect=remedy.name.spec.effect,
        at=now,
        changes=changes,
    )
