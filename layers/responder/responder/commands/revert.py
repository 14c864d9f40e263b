"""revert: undo a lease of this incident, comparing first.

A lease that only a person ends (it has no end time) needs an approval: without one, the command asks. It asks
even while something blocks the act; the obstacle is named, and delays only the act. While no one can approve,
because the settings document cannot be used, it refuses instead.
"""

from dataclasses import replace

from responder.commands.apply import approved, rejected
from responder.commands.check_leases import as_found, changed_by_others
from responder.commands.context import CommandContext
from responder.commands.finish import RETURNING, after_revert, returning, reverted
from responder.core.change import Change, Changes, Lease, LeaseState, Status, may_be_in_force
from responder.core.command import ApprovalRequest, CommandKind, revert_fingerprint
from responder.core.errors import Denied, Refused, ResponderError
from responder.core.plain_data import Json
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Refusal
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.core.verdict import Result
from responder.evidence.base import because
from responder.respond.checked_writes import checked
from responder.respond.proposal import requested
from responder.store.approvals import FRESH, Approval, spent

_SET = frozenset({Status.APPLIED, Status.ALREADY, Status.IN_PROGRESS, Status.REVERTED})


def carry_out(ordered: CommandContext) -> Json:
    """Revert, unless a pause or observe is in force; the remedy itself checks changes in flight and
    compares."""
    if (done := _done(ordered)) is not None:
        return _repeated(ordered, *done)
    lease = ordered.lease()
    if lease is None:
        return ordered.refused(Refusal.LEASE_ENDED())
    if ordered.command.proposal:
        return _on_lease(ordered, lease)
    # A request concerns what is set, not what the lease remembers.
    found = as_found(ordered, lease)
    left = found.lease()
    return changed_by_others(found, lease) if left is None else _on_lease(found, left)


def _on_lease(ordered: CommandContext, lease: Lease) -> Json:
    try:
        wanted = _wanted(ordered, lease)
    except Refused as error:
        return ordered.refused(error.reason)
    # Where nothing would change there is nothing to approve: the lease only ends.
    asks = bool(wanted) and ordered.remedy.name.spec.hours is None
    held = ordered.held(ordered.own_act())
    answered = ordered.switches is None or ordered.switches.answered
    if asks and answered and not ordered.command.proposal:
        return _ask(ordered, wanted, held)
    if held is not None:
        return ordered.refused(held)
    if not asks:
        return _undo(ordered, lease, None)
    found = approved(ordered)
    if isinstance(found, ExplainedReason):
        return ordered.refused(found)
    asked, approval = found
    if asked.id != _id(ordered, wanted) and not _half_done(ordered, asked, wanted):
        return ordered.refused(Refusal.PROPOSAL_CHANGED())
    return _undo(ordered, lease, approval)


def _done(ordered: CommandContext) -> tuple[Lease, ApprovalRequest, Approval | None] | None:
    """The command again, after all that it asks for was set, or left to a person: the run died before it was
    reported, or it is delivered twice. None where something is left to do, or where no approval says that it
    may be done."""
    command, remedy = ordered.command, ordered.remedy
    try:
        asked = ordered.incidents.asked(ordered.incident.id, command.proposal) if command.proposal else None
    except Denied:
        # The approval cannot be read either, which is then said.
        return None
    if asked is None or (asked.order, dict(asked.wanted)) != (CommandKind.REVERT, dict(command.wanted)):
        return None
    lease = ordered.lease(ended=True)
    if lease is None or (asked.remedy, asked.scope) != (remedy.name, remedy.scope):
        return None
    there = {(each.target, each.after) for each in lease.changes if each.status in _SET}
    kept = {each.target for each in lease.changes if each.status is Status.KEPT}
    if not all((each.target, each.after) in there or each.target in kept for each in asked.changes):
        return None
    if spent(asked):
        return (lease, asked, None) if asked.carried_by else None
    found = approved(ordered)
    return None if isinstance(found, ExplainedReason) else (lease, asked, found[1])


def _repeated(
    ordered: CommandContext, lease: Lease, asked: ApprovalRequest, approval: Approval | None
) -> Json:
    """`approval`: it is not used up yet, so perhaps no message was sent."""
    targets = {each.target for each in asked.changes}
    changes = tuple(each for each in lease.changes if each.target in targets)
    if approval is None:
        return ordered.unchanged(changes)
    result = reverted(changes, "percent" in ordered.command.wanted)
    answer = ordered.once_set(ordered.outcome(result, _note(changes), changes, approval))
    ordered.spend(approval.person)
    return answer


def _undo(ordered: CommandContext, lease: Lease, approval: Approval | None) -> Json:
    """`approval`: where one was needed."""
    going, now = _going(ordered, lease), ordered.context.now
    context, writes = checked(ordered.context, ordered.own_act())
    writes.prepare()
    # A target that others have changed is left alone, even if it has the requested value.
    ours = replace(lease, changes=tuple(each for each in lease.changes if each.status is not Status.KEPT))
    refused: Because | None = None
    changes: Changes = ()
    try:
        changes = ordered.remedy.revert(context, ours, ordered.command.wanted)
    except ResponderError as error:
        refused = because(error)
    if writes.stopped is not None and not writes.wrote:
        # Its approval is not used up: it goes back once the stop has ended.
        ordered.incidents.settle(lease, None, now)
        return ordered.refused(writes.stopped)
    if refused is not None:
        ordered.incidents.settle(lease, None, now)
        answer = ordered.refused(refused)
        if approval is not None:
            ordered.spend()
        return answer
    # The reverted changes, merged with those that others have changed.
    back = iter(changes)
    every = tuple(each if each.status is Status.KEPT else next(back) for each in lease.changes)
    recorded = {"tried": _doubtful(lease, going, changes), RETURNING: returning(changes, approval)}
    known = replace(lease, snapshot={**lease.snapshot, **recorded})
    settled = after_revert(known, every, now, remaining(going.changes, every), approval)
    ordered.incidents.settle(settled, None, now)
    result = reverted(changes, "percent" in ordered.command.wanted)
    aimed = _aimed(ordered, ours, changes)
    answer = ordered.once_set(ordered.outcome(result, _note(changes), aimed, approval))
    if approval is not None and result is not Result.PARTIAL:
        # The rest is tried again under the same approval, as long as that is valid.
        ordered.spend(approval.person if result is not Result.FAILED else "")
    return answer


def _note(changes: Changes) -> Because | None:
    return next((change.note for change in changes if change.status.not_ours), None)


def _going(ordered: CommandContext, lease: Lease) -> Lease:
    """The lease as it is put on record before the first write. Raises Changed where another run was first."""
    # The lock: a run that acted since the ledger was read may have changed this lease.
    before, values = lease.snapshot.get("tried", {}), ordered.remedy.restored(lease, ordered.command.wanted)
    # A run that dies after a write leaves a value that would otherwise be in no lease.
    tried = {target: [*before.get(target, ()), value] for target, value in values.items()}
    # From now on only the revert is in progress; `finish` must not take it for the original change.
    changes = tuple(
        replace(each, status=Status.APPLIED) if each.status is Status.IN_PROGRESS else each
        for each in lease.changes
    )
    snapshot = {**lease.snapshot, "tried": tried}
    going = replace(lease, state=LeaseState.REVERTING, changes=changes, snapshot=snapshot)
    ordered.incidents.settle(going, None, ordered.context.now, ordered.ledger.version)
    return going


def _doubtful(lease: Lease, going: Lease, changes: Changes) -> dict[str, list[str]]:
    """The responder's values that may still be set, by target, besides those in the lease."""
    before, tried = lease.snapshot.get("tried", {}), going.snapshot["tried"]
    return {
        each.target: tried[each.target] if may_be_in_force(each) else before.get(each.target, [])
        for each in changes
        if each.status is Status.FAILED
    }


def remaining(before: Changes, after: Changes) -> Changes:
    """What the lease holds now: a target that could not be changed is as it was."""
    return tuple(old if new.status is Status.FAILED else new for old, new in zip(before, after, strict=True))


def _ask(ordered: CommandContext, wanted: Changes, held: Because | None) -> Json:
    """`held`: what stops the act now; an approval waits for its end as long as the proposal is valid."""
    asked = replace(
        requested(ordered.remedy, ordered.incident.id, ordered.context.now, wanted),
        id=_id(ordered, wanted),
        order=CommandKind.REVERT,
        wanted=ordered.command.wanted,
    )
    if not asked.restores and rejected(ordered, asked):
        return ordered.report(ordered.outcome(Result.REFUSED, Refusal.REJECTED(), wanted))
    known = ordered.incidents.asked(asked.incident, asked.id) if ordered.command.quiet else None
    outcome = ordered.outcome(Result.ASKED, Refusal.NEEDS_APPROVAL(), wanted)
    waits = () if held is None else (_waits(asked, held),)
    outcome = replace(outcome, approval=asked.id, on_approval=waits)
    # Sent before it is on record: a question on record is not asked again as long as it is valid.
    answer = ordered.unchanged(wanted) if known is not None else ordered.report(outcome)
    ordered.incidents.record(asked.incident, "asked", asked, asked.at, (asked,))
    return answer


def _waits(asked: ApprovalRequest, held: Because) -> Text:
    if asked.restores:
        return text("order.waits", until=stamp(asked.expires), detail=held.text)
    # What weakens the check again does not wait for longer than any other approved change.
    return text("order.waits_briefly", minutes=int(FRESH.total_seconds() // 60), detail=held.text)


def _wanted(ordered: CommandContext, lease: Lease) -> Changes:
    values = ordered.remedy.restored(lease, ordered.command.wanted)
    in_force = [each for each in lease.changes if not each.status.not_ours or may_be_in_force(each)]
    if not in_force:
        # An approval without values would allow any value.
        raise Refused(Refusal.NOTHING_IN_FORCE())
    wanted = (Change(each.target, each.setting, each.after, values[each.target]) for each in in_force)
    return tuple(each for each in wanted if each.before != each.after)


def _aimed(ordered: CommandContext, lease: Lease, changes: Changes) -> Changes:
    """The change as it was requested: a target that could not be set is stored with the change made
    before."""
    values = ordered.remedy.restored(lease, ordered.command.wanted)
    return tuple(
        replace(new, before=old.after, after=values.get(new.target, old.before))
        if new.status.not_ours
        else new
        for old, new in zip(lease.changes, changes, strict=True)
    )


def _half_done(ordered: CommandContext, asked: ApprovalRequest, wanted: Changes) -> bool:
    """A repeat: the rest is a part of what was approved, with the same old and new values."""
    left, all_ = ({(e.target, e.before, e.after) for e in changes} for changes in (wanted, asked.changes))
    return asked.id == _id(ordered, asked.changes) and left <= all_


def _id(ordered: CommandContext, wanted: Changes) -> str:
    return revert_fingerprint(ordered.incident.id, ordered.remedy.name, wanted, ordered.command.wanted)
