"""continue: finish what AWS still worked on (publish, move the alias, READY, ACTIVE)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from responder.commands.context import CommandContext, under_way
from responder.commands.rejudged_writes import JudgedWrites, asked, unread
from responder.core.change import (
    Applied,
    Change,
    Lease,
    LeaseState,
    Ledger,
    Status,
    may_stand,
    old_value_stands,
    unreleased,
)
from responder.core.errors import ResponderError
from responder.core.refusals import Refusal
from responder.core.verdict import Result
from responder.evidence.base import because
from responder.guards import Ends, Judgement, Purpose
from responder.respond.checked_writes import checked
from responder.respond.execute import result_of, state_of
from responder.store.approvals import Approval

# In the snapshot of a lease that goes back: what is told once it has taken effect, and who approved it.
RETURNING = "returning"


def carry_out(ordered: CommandContext) -> dict[str, Any]:
    """Only for an open lease of this incident; what is not finished yet stays in progress."""
    lease = ordered.lease()
    if lease is None:
        return ordered.refused(Refusal.LEASE_ENDED())
    held = ordered.held(ordered.own_act())
    if held is not None:
        return ordered.refused(held)
    back = lease.state is LeaseState.TAKING_BACK
    if back and not any(change.status is Status.IN_PROGRESS for change in lease.changes):
        return ordered.refused(Refusal.TAKE_BACK_INTERRUPTED())
    unapproved = lease.automatic and not back
    question = replace(ordered.own_act(), purpose=Purpose.FINISH if unapproved else Purpose.TAKE_BACK)
    context, writes = checked(ordered.context, question)
    judged = JudgedWrites(context.aws, ordered, lease)
    if unapproved:
        context = replace(context, aws=judged)
    try:
        changes = ordered.remedy.confirm(context, lease)
    except ResponderError as error:
        return ordered.refused(because(error))
    if writes.stopped is not None and not writes.wrote:
        return ordered.refused(writes.stopped)
    if judged.reason is not None:
        return _held(ordered, lease, changes, judged)
    return _settled(ordered, lease, changes)


def _settled(ordered: CommandContext, lease: Lease, changes: tuple[Change, ...]) -> dict[str, Any]:
    back = lease.state is LeaseState.TAKING_BACK
    if changes == lease.changes and any(change.status is Status.IN_PROGRESS for change in changes):
        # Asked every minute, AWS still works on it: nobody wants to read that every minute.
        return ordered.unchanged(changes)
    settled = (
        put_back(lease, changes, ordered.context.now, tuple(map(_standing, changes)))
        if back
        else replace(lease, state=state_of(changes), changes=changes)
    )
    if back:
        return _returned(ordered, lease, settled, changes)
    row = _uncounted(ordered.ledger, lease, changes)
    # Somebody may have begun to take it back since the ledger was read; Lambda's retry sees that.
    ordered.incidents.settle(settled, row, ordered.context.now, ordered.ledger.version)
    note = next((change.note for change in changes if change.status is Status.FAILED), None)
    return ordered.tell(ordered.outcome(result_of(changes), note, changes))


def _returned(
    ordered: CommandContext, lease: Lease, settled: Lease, changes: tuple[Change, ...]
) -> dict[str, Any]:
    """Told once all of it has taken effect, or some of it failed; and before that is on record, so that a run
    that dies in between tells it again."""
    now, version = ordered.context.now, ordered.ledger.version
    if under_way(changes):
        ordered.incidents.settle(settled, None, now, version)
        return ordered.unchanged(changes)
    returning = lease.snapshot.get(RETURNING) or {}
    note = next((change.note for change in changes if change.status is Status.FAILED), None)
    told = _went_back(lease.changes, changes, frozenset(returning.get("targets", ())))
    outcome = ordered.outcome(taken_back(changes), note, told, _approval(returning.get("by")))
    answer = ordered.tell(outcome, left=settled)
    ordered.incidents.settle(settled, None, now, version)
    return answer


def _held(
    ordered: CommandContext, lease: Lease, changes: tuple[Change, ...], judged: JudgedWrites
) -> dict[str, Any]:
    """Kept back; or it stays in progress, and the next `continue` tries again: one read that failed is no
    news."""
    later = judged.later
    if later is None and judged.judgement is not None:
        return _kept_back(ordered, lease, judged.kept_back(changes), judged.judgement)
    if later is None or unread(later):
        return ordered.unchanged(changes)
    return ordered.refused(later)


def _kept_back(
    ordered: CommandContext, lease: Lease, changes: tuple[Change, ...], judgement: Judgement
) -> dict[str, Any]:
    """Told once, as it is then put on record: a run that dies in between tells it again."""
    kept = ((old, new) for old, new in zip(lease.changes, changes, strict=True) if unreleased(new))
    told, approval = all(unreleased(old) for old, _ in kept), None
    result = Result.REFUSED
    if judgement.ends is Ends.ASK:
        result, (approval, known) = Result.ASKED, asked(ordered, lease)
        told = told and known
    outcome = replace(ordered.outcome(result, judgement.reason, changes), approval=approval)
    left = replace(lease, changes=changes, state=state_of(changes))
    answer = ordered.unchanged(changes) if told else ordered.tell(outcome, left=left)
    if changes != lease.changes:
        row = _uncounted(ordered.ledger, lease, changes)
        ordered.incidents.settle(left, row, ordered.context.now, ordered.ledger.version)
    return answer


def _uncounted(ledger: Ledger, lease: Lease, changes: tuple[Change, ...]) -> Applied | None:
    """The act of a run that died before it was counted, or that was taken for a failure."""
    act = (lease.at, lease.remedy, lease.scope, lease.incident)
    counted = any(row.ok and (row.at, row.remedy, row.scope, row.incident) == act for row in ledger.applied)
    made = any(change.status.made for change in changes)
    return Applied(*act, ok=True) if made and not counted else None


def _standing(change: Change) -> Change:
    """On the way back: where AWS gave up, the lease holds what it held, and can be taken back again."""
    if not old_value_stands(change):
        return change
    return replace(change, before=change.after, after=change.before, status=Status.APPLIED, note=None)


def _went_back(
    before: tuple[Change, ...], after: tuple[Change, ...], targets: frozenset[str]
) -> tuple[Change, ...]:
    """What was on its way back, and what failed. A target that could not be set earlier is as it was.
    `targets`: some of them may have taken effect before, untold."""
    return tuple(
        _aimed(old, new)
        for old, new in zip(before, after, strict=True)
        if old.status is Status.IN_PROGRESS or new.status is Status.FAILED or old.target in targets
    )


def _aimed(old: Change, new: Change) -> Change:
    """A target whose way back had failed before is on record with what had been done to it."""
    failed = old.status is Status.FAILED and new.status is Status.FAILED
    return replace(new, before=new.after, after=new.before) if failed else new


def _approval(stored: Mapping[str, str] | None) -> Approval | None:
    return Approval(stored["person"], datetime.fromisoformat(stored["at"])) if stored else None


def returning(changes: tuple[Change, ...], approval: Approval | None) -> dict[str, Any]:
    """What is kept in the lease's snapshot until its way back has taken effect."""
    if not under_way(changes):
        return {}
    by = None if approval is None else {"person": approval.person, "at": approval.at.isoformat()}
    return {"by": by, "targets": [each.target for each in changes]}


def put_back(
    lease: Lease, changes: tuple[Change, ...], now: datetime, left: tuple[Change, ...] = ()
) -> Lease:
    """The lease after a take-back: `left` is what it holds from now on, where that is something else."""
    held = left or changes
    state = after_taking_back(
        new
        for old, new in zip(held, changes, strict=True)
        if old.status is not Status.FAILED or may_stand(old)
    )
    return replace(lease, state=state, changes=held, ended=now if state is LeaseState.ENDED else None)


def after_taking_back(changes: Iterable[Change]) -> LeaseState:
    """A lease ends when nothing of it is left to take back. `changes`: without those that were never set."""
    statuses = {change.status for change in changes}
    if statuses <= {Status.TAKEN_BACK, Status.KEPT}:
        return LeaseState.ENDED
    if statuses <= {Status.APPLIED, Status.ALREADY, Status.KEPT}:
        return LeaseState.IN_FORCE
    return LeaseState.TAKING_BACK


def taken_back(changes: tuple[Change, ...], step: bool = False) -> Result:
    """One word for a take-back: kept only where a person's value stands everywhere.

    `step`: a value of its own was asked for, and what still takes effect may be that.
    """
    statuses = [change.status for change in changes]
    if all(status is Status.KEPT for status in statuses):
        return Result.KEPT
    if all(status is Status.FAILED for status in statuses):
        return Result.FAILED
    if Status.FAILED in statuses:
        return Result.PARTIAL
    stepped = Status.APPLIED in statuses or (step and Status.IN_PROGRESS in statuses)
    return Result.STEPPED if stepped else Result.TAKEN_BACK
