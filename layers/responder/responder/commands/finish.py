"""continue: finish what AWS still worked on (publish, move the alias, READY, ACTIVE).

An act that no person approved is judged once more, on fresh evidence, before its next write: a release
through an alias comes half a minute or more after the act was decided. Until then a person may have set
another mode, and calls may be throttled.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from responder.aws.gateway import Answer, Send, SharedAnswers, through
from responder.aws.operations import Request
from responder.commands.context import CommandContext, under_way
from responder.core.change import (
    Applied,
    Change,
    Changes,
    Lease,
    LeaseState,
    Ledger,
    Status,
    may_be_in_force,
    old_value_is_set,
    unreleased,
)
from responder.core.errors import ResponderError, Stopped
from responder.core.modes import Mode
from responder.core.plain_data import Data, Json
from responder.core.reasons import FailureKind
from responder.core.refusals import Because, Refusal
from responder.core.verdict import Proposal, Result, coherent
from responder.evidence import Facts
from responder.evidence.base import because
from responder.evidence.failures import Failures
from responder.evidence.invocations import Invocations
from responder.guards import Ends, Hold, Purpose, Question, judge, stopping
from responder.respond.checked_writes import checked
from responder.respond.gather import gather, key, with_plans
from responder.respond.playbook import Playbook
from responder.respond.proposal import draft, held_by_rejection, rejected, requested, result_of, state_of
from responder.store import approvals
from responder.store.approvals import Approval

# In the snapshot of a lease that goes back: what is reported once it has taken effect, and who approved it.
RETURNING = "returning"
# For so long after the act was begun, what could not be read is read again; then a person is asked.
PATIENCE = timedelta(minutes=5)


def carry_out(ordered: CommandContext) -> Json:
    """Finish an open lease of this incident; what AWS has not finished yet stays in progress."""
    lease = ordered.lease()
    if lease is None:
        return ordered.refused(Refusal.LEASE_ENDED())
    held = ordered.held(ordered.own_act())
    if held is not None:
        return ordered.refused(held)
    back = lease.state is LeaseState.REVERTING
    if back and not any(change.status is Status.IN_PROGRESS for change in lease.changes):
        return ordered.refused(Refusal.REVERT_INTERRUPTED())
    unapproved = lease.automatic and not back
    question = ordered.own_act(Purpose.FINISH if unapproved else Purpose.REVERT)
    context, writes = checked(ordered.context, question)
    # What the remedy reads before its first write is not read again for the judgement.
    share = SharedAnswers()
    alone = through(ordered.context.aws, share)
    judged = JudgedWrites(replace(ordered, context=replace(ordered.context, aws=alone)), lease)
    if unapproved:
        context = replace(context, aws=through(context.aws, judged, share))
    try:
        changes = ordered.remedy.confirm(context, lease)
    except ResponderError as error:
        return ordered.refused(because(error))
    if writes.stopped is not None and not writes.wrote:
        return ordered.refused(writes.stopped)
    if judged.held is not None:
        return _held(ordered, lease, changes, judged.held, judged.later)
    return _settled(ordered, lease, changes)


def _settled(ordered: CommandContext, lease: Lease, changes: Changes) -> Json:
    if changes == lease.changes and any(change.status is Status.IN_PROGRESS for change in changes):
        # This command comes every minute; that AWS is still working is not reported each time.
        return ordered.unchanged(changes)
    if lease.state is LeaseState.REVERTING:
        return _returned(ordered, lease, changes)
    settled = replace(lease, state=state_of(changes), changes=changes)
    row = _uncounted(ordered.ledger, lease, changes)
    # It may have begun to be reverted since the ledger was read; Lambda's retry sees that.
    ordered.incidents.settle(settled, row, ordered.context.now, ordered.ledger.version)
    return ordered.report(ordered.outcome(result_of(changes), _note(changes), changes))


def _returned(ordered: CommandContext, lease: Lease, changes: Changes) -> Json:
    """Report a revert once all of it has taken effect, or part of it has failed. The report is sent before it
    is recorded, so that a run that dies in between reports it again."""
    now, version = ordered.context.now, ordered.ledger.version
    returning = lease.snapshot.get(RETURNING) or {}
    by = returning.get("by")
    approval = Approval(by["person"], datetime.fromisoformat(by["at"])) if by else None
    settled = after_revert(lease, changes, now, tuple(map(_held_still, changes)), approval)
    if under_way(changes):
        ordered.incidents.settle(settled, None, now, version)
        return ordered.unchanged(changes)
    # What was being reverted, and what failed; some may have taken effect before without a report. A target
    # that could not be set earlier is as it was.
    targets = frozenset(returning.get("targets", ()))
    shown = tuple(
        _aimed(old, new)
        for old, new in zip(lease.changes, changes, strict=True)
        if old.status is Status.IN_PROGRESS or new.status is Status.FAILED or old.target in targets
    )
    outcome = ordered.outcome(reverted(changes), _note(changes), shown, approval)
    answer = ordered.report(outcome, left=settled)
    ordered.incidents.settle(settled, None, now, version)
    return answer


def _note(changes: Changes) -> Because | None:
    return next((change.note for change in changes if change.status is Status.FAILED), None)


def _held_still(change: Change) -> Change:
    """During a revert: a target on which AWS gave up stays in the lease, and can be reverted again."""
    if not old_value_is_set(change):
        return change
    return replace(change, before=change.after, after=change.before, status=Status.APPLIED, note=None)


def _aimed(old: Change, new: Change) -> Change:
    """Include a target whose revert failed before: the lease still has the change that was made to it."""
    failed = old.status is Status.FAILED and new.status is Status.FAILED
    return replace(new, before=new.after, after=new.before) if failed else new


def _uncounted(ledger: Ledger, lease: Lease, changes: Changes) -> Applied | None:
    """An act that was not counted, because its run died or because it was taken for a failure."""
    act = (lease.at, lease.remedy, lease.scope, lease.incident)
    counted = any(row.ok and (row.at, row.remedy, row.scope, row.incident) == act for row in ledger.applied)
    made = any(change.status.made for change in changes)
    return Applied(*act, ok=True) if made and not counted else None


# --- an act that no person approved ---


@dataclass(slots=True)
class JudgedWrites:
    """The policy that such an act is finished through. Reads pass; the first write has the act judged, and
    none is sent where it may not be finished automatically.

    Attributes:
        asked: something had to be written, so it was judged.
        held: why it may not be finished automatically; None where it may, or need not be known.
        later: why nothing is decided now: a stop, or something could not be read. It stays in progress.
    """

    ordered: CommandContext
    lease: Lease
    asked: bool = False
    held: Hold | None = None
    later: Because | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """Raises Stopped for a write that was not sent."""
        if not request.reads:
            with self._lock:
                if not self.asked:
                    self.held, self.later = _judged(self.ordered, self.lease)
                    self.asked = True
            if self.held is not None:
                raise Stopped(request.service, request.operation, self.held.reason)
        return send()


def _judged(ordered: CommandContext, lease: Lease) -> tuple[Hold | None, Because | None]:
    """What forbids it by the current stops, modes, alarm and evidence; and why it has to be judged again
    later, if so."""
    remedy, incident, incidents = ordered.remedy, ordered.incident, ordered.incidents
    context = replace(ordered.context, since=incident.opened, parameters=None)
    found = gather(ordered.playbook, context, incident.alarm, incidents, lambda: incident, incident.id)
    refused = rejected(found.head, remedy.name, lease.plan, incident.id)
    if refused is not None:
        return Hold(Ends.REFUSE, refused), None
    verdict = coherent(ordered.playbook.decide(found.facts), found.findings)
    mine = (each for each in verdict.proposals if (each.remedy, each.scope) == key(remedy))
    # If the evidence no longer proposes it, a person decides.
    proposal = next(mine, Proposal(remedy.name, ordered.why, Mode.APPROVE, scope=remedy.scope))
    throttled = proposal.asks is not None and proposal.asks.kind is Refusal.THROTTLED
    if proposal.at_most is not Mode.AUTO and not throttled and _lacking(ordered.playbook, found.facts):
        proposal = replace(proposal, asks=Refusal.EVIDENCE_UNREAD())
    doubt = (*ordered.doubts, *found.doubts())
    found = with_plans(found, (remedy,), context, incidents)
    question = draft(proposal, {key(remedy): remedy}, found, incident.id, doubt).question
    held = judge(replace(question, purpose=Purpose.FINISH))
    if held is None:
        try:
            held = held_by_rejection(context, incidents, found.head, remedy, question)
        except ResponderError:
            held = Hold(Ends.REFUSE, Refusal.STORE_UNREADABLE())
    return held, _later(held, question, ordered.context.now - lease.at < PATIENCE)


def _lacking(playbook: Playbook, facts: Facts) -> bool:
    """The faults or the invocations of a function could not be read, so a low number proves nothing."""
    for each in playbook.evidence:
        if isinstance(each, Failures) and ((tally := facts.of(each)) is None or tally.unread):
            return True
        if isinstance(each, Invocations):
            traffic = facts.of(each)
            if traffic is None or not set(facts.settings.functions) <= set(traffic.functions):
                return True
    return False


def _later(held: Hold | None, question: Question, early: bool) -> Because | None:
    """A stop ends, and a failed read is repeated a minute later: neither is a person's refusal."""
    if held is None:
        return None
    if early and _unread(held.reason):
        return held.reason
    stopped = stopping(replace(question, purpose=Purpose.REVERT))
    return None if _unread(stopped) else stopped


def _unread(reason: Because | None) -> bool:
    """Something could not be read; a later read may succeed."""
    return reason is not None and isinstance(reason.kind, Refusal) and reason.kind.unread


def _held(
    ordered: CommandContext,
    lease: Lease,
    changes: Changes,
    held: Hold,
    later: Because | None,
) -> Json:
    """The act is held back; or it stays in progress and the next `finish` tries again, since a single failed
    read is not worth a message."""
    if later is None:
        # No further `finish` is sent for it; a new decision or an approval finishes it.
        kept = tuple(
            replace(
                each,
                status=Status.FAILED,
                note=FailureKind.NOT_RELEASED(target=each.target, reason=held.reason.text),
            )
            if each.note == held.reason
            else each
            for each in changes
        )
        return _kept_back(ordered, lease, kept, held)
    return ordered.unchanged(changes) if _unread(later) else ordered.refused(later)


def _kept_back(ordered: CommandContext, lease: Lease, changes: Changes, held: Hold) -> Json:
    """Report it once: it is recorded afterwards, so a run that dies in between reports it again."""
    kept = ((old, new) for old, new in zip(lease.changes, changes, strict=True) if unreleased(new))
    reported, approval = all(unreleased(old) for old, _ in kept), None
    result = Result.REFUSED
    if held.ends is Ends.ASK:
        result, (approval, known) = Result.ASKED, _asked(ordered, lease)
        reported = reported and known
    outcome = replace(ordered.outcome(result, held.reason, changes), approval=approval)
    left = replace(lease, changes=changes, state=state_of(changes))
    answer = ordered.unchanged(changes) if reported else ordered.report(outcome, left=left)
    if changes != lease.changes:
        row = _uncounted(ordered.ledger, lease, changes)
        ordered.incidents.settle(left, row, ordered.context.now, ordered.ledger.version)
    return answer


def _asked(ordered: CommandContext, lease: Lease) -> tuple[str, bool]:
    """The id of the stored proposal to finish it, and whether it had been stored before."""
    incident, now = ordered.incident.id, ordered.context.now
    proposal = requested(ordered.remedy, incident, now, lease.changes)
    known = ordered.incidents.asked(incident, proposal.id)
    if known is None or known.expires <= now or approvals.spent(known):
        ordered.incidents.record(incident, "asked", proposal, now, (proposal,))
        return proposal.id, False
    return proposal.id, True


# --- the revert, also for `revert` ---


def returning(changes: Changes, approval: Approval | None) -> Data:
    """What is kept in the lease's snapshot until its revert has taken effect."""
    if not under_way(changes):
        return {}
    by = None if approval is None else {"person": approval.person, "at": approval.at.isoformat()}
    return {"by": by, "targets": [each.target for each in changes]}


def after_revert(
    lease: Lease, changes: Changes, now: datetime, left: Changes, approval: Approval | None
) -> Lease:
    """The lease after a revert: `left` is what it holds from now on; `approval` of the revert, if any."""
    state = _after_reverting(
        new
        for old, new in zip(left, changes, strict=True)
        if old.status is not Status.FAILED or may_be_in_force(old)
    )
    if state is not LeaseState.ENDED:
        return replace(lease, state=state, changes=left, ended=None)
    by = "" if approval is None else approval.person
    return replace(lease, state=state, changes=left, ended=now, ended_by=by)


def _after_reverting(changes: Iterable[Change]) -> LeaseState:
    """The lease after its revert; it ends when nothing is left to revert. `changes`: without those that were
    never set."""
    statuses = {change.status for change in changes}
    if statuses <= {Status.REVERTED, Status.KEPT}:
        return LeaseState.ENDED
    if statuses <= {Status.APPLIED, Status.ALREADY, Status.KEPT}:
        return LeaseState.IN_FORCE
    return LeaseState.REVERTING


def reverted(changes: Changes, step: bool = False) -> Result:
    """The result of a revert: kept only where a person's value is set everywhere.

    `step`: a value between was requested, and what still takes effect may be that.
    """
    statuses = [change.status for change in changes]
    if all(status is Status.KEPT for status in statuses):
        return Result.KEPT
    if all(status is Status.FAILED for status in statuses):
        return Result.FAILED
    if Status.FAILED in statuses:
        return Result.PARTIAL
    stepped = Status.APPLIED in statuses or (step and Status.IN_PROGRESS in statuses)
    return Result.STEPPED if stepped else Result.REVERTED
