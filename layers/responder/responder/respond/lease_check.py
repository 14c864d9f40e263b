"""Whether AWS still has what a lease says. Only this module decides that; it only reads the service.

A read that fails proves nothing: the lease stays as it is, and says that it could not be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from responder.aws.gateway import forget, patient
from responder.core.change import Change, Lease, LeaseState, Ledger, Plan, Status, may_be_in_force, unreleased
from responder.core.context import Context
from responder.core.errors import AwsError, Changed, ResponderError
from responder.core.log import log
from responder.core.reasons import ExplainedReason, FailureKind
from responder.core.refusals import Refusal
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.evidence import trail
from responder.evidence.base import because
from responder.evidence.changes import Dependency, Modification
from responder.remedies import Presence, Remedy, TargetState
from responder.store import Incidents

_IN_FORCE = (Status.APPLIED, Status.ALREADY, Status.IN_PROGRESS)


def refreshed(  # noqa: PLR0913  one value per difference
    context: Context,
    incidents: Incidents,
    remedies: Iterable[Remedy],
    ledger: Ledger,
    incident: str = "",
    latest: datetime | None = None,
) -> Ledger:
    """The ledger with what these remedies have in force, checked just now, for any incident or for one.

    What could not be read or recorded stays as it was. Answers that `context` shares are valid
    enough as long as they agree with the record; what contradicts it is asked anew, since another response of
    the responder may have written after they came. `latest`: when the alarm fired that is
    being answered (UTC). What others changed before its first answer was no reply to it."""
    context, now = patient(context), ledger
    known = tuple(remedies)
    for lease in ledger.leases:
        remedy = next((each for each in known if owns(context.settings, each, lease)), None)
        if remedy is None or not lease.open or incident not in ("", lease.incident):
            continue
        try:
            now = _recorded(incidents, lease, check_lease(context, remedy, lease, latest), now, context.now)
        except ResponderError as error:
            log().warning("a look is not on record", extra={"lease": lease.id, "error": str(error)})
    return now


def check_lease(context: Context, remedy: Remedy, lease: Lease, latest: datetime | None = None) -> Lease:
    """The lease as AWS has it now: what others changed is `kept`, with who and when; with nothing of the
    responder's left it has ended. A run that is still writing is left alone."""
    if lease.state is LeaseState.APPLYING:
        return lease
    try:
        found = remedy.look(context, lease)
        pairs = zip(lease.changes, found, strict=True)
        doubtful = {each.target.partition(":")[0] for each, read in pairs if _contradicts(each, read)}
        if doubtful and forget(context, doubtful):
            found = remedy.look(context, lease)
    except ResponderError as error:
        return replace(lease, looked=context.now, unread=because(error))
    ours = [(each, read) for each, read in zip(lease.changes, found, strict=True) if _ours(each)]
    lost = [(each, read) for each, read in ours if isinstance(read, TargetState) and _lost(read)]
    who = _who(context, lease, [each for each, _ in lost]) if lost else {}
    changes = tuple(
        _compared(context, lease, each, read, who) for each, read in zip(lease.changes, found, strict=True)
    )
    unread = next((because(read) for _, read in ours if isinstance(read, AwsError)), None)
    seen = lease.seen if unread else context.now
    new = replace(lease, changes=changes, looked=context.now, seen=seen, unread=unread)
    if not lost or any(map(_ours, changes)):
        return new
    # The latest time by which others had changed all of it.
    times = [read.at for _, read in lost]
    known, bound = [at for at in times if at is not None], latest or context.now
    bound = min(max(known), bound) if len(known) == len(times) else bound
    return replace(new, state=LeaseState.ENDED, ended=max(bound, lease.at))


def no_longer_in_force(plan: Plan | None, lease: Lease | None) -> ExplainedReason[Refusal] | None:
    """Why it is no longer in force: others changed it, it is being reverted, also in steps of which one is
    set, or it cannot be read; None if it is in force, or not settled yet.

    An obstacle to doing it again does not mean that it was undone.
    """
    if plan is None or lease is None:
        return None
    if lease.state is LeaseState.REVERTING:
        # Finishing it would complete the revert, which this response was not asked for.
        return Refusal.BEING_REVERTED()
    if lease.state is not LeaseState.IN_FORCE:
        return None
    if any(change.status is Status.IN_PROGRESS for change in lease.changes):
        return None
    if lease.changed_by_others or not all(_as_set(change, lease) for change in plan.changes):
        return Refusal.UNDONE_SINCE()
    unread = tuple(each.text for each in plan.obstacles if each.kind.unread)
    if unread:
        return Refusal.NOT_READABLE(detail=unread)
    found = {change.target for change in plan.changes}
    if not found or any(change.target not in found for change in lease.changes):
        return Refusal.UNDONE_SINCE()
    return Refusal.BEING_REVERTED() if lease.step else None


def _as_set(found: Change, lease: Lease) -> bool:
    """The target has the value that the lease set last: its own, or that of a step of its revert."""
    if not lease.step:
        return found.status is Status.ALREADY
    steps = [each for each in lease.changes if (each.target, each.setting) == (found.target, found.setting)]
    now = found.after if found.status is Status.ALREADY else found.before
    return any(each.after == now for each in steps)


def owns(settings: Settings, remedy: Remedy, lease: Lease) -> bool:
    """Whether it is a lease of this remedy on the remedy's own targets."""
    function = getattr(remedy, "function", None)
    scope = function.deployed_name(settings) if function is not None else lease.scope
    return (remedy.name, scope) == (lease.remedy, lease.scope)


def _recorded(incidents: Incidents, old: Lease, new: Lease, ledger: Ledger, at: datetime) -> Ledger:
    """Raises our errors."""
    if new == old:
        return ledger
    try:
        if new.changes != old.changes:
            incidents.note_changed_by_others(new, at, ledger.version)
            return incidents.ledger()
        incidents.looked(old, new)
    except Changed:
        # Another run has acted on it meanwhile, and has stored a newer state.
        return incidents.ledger()
    return replace(ledger, leases=tuple(new if each == old else each for each in ledger.leases))


def _ours(change: Change) -> bool:
    """Something of it is there, as far as is on record. Of what no answer came to, `finish` finds out."""
    return change.status in _IN_FORCE or may_be_in_force(change)


def _lost(found: TargetState) -> bool:
    return found.presence is Presence.NOWHERE and not found.pending


def _contradicts(change: Change, found: TargetState | AwsError) -> bool:
    """Whether it is stored as in force, but was read otherwise."""
    if isinstance(found, AwsError) or found.pending or not _ours(change):
        return False
    moved = found.presence is Presence.LATEST_ONLY and change.status in (Status.APPLIED, Status.ALREADY)
    return moved or _lost(found)


def _compared(
    context: Context,
    lease: Lease,
    change: Change,
    found: TargetState | AwsError,
    who: Mapping[str, Modification | Text],
) -> Change:
    if isinstance(found, AwsError) or not _ours(change):
        return change
    about = {"target": change.target, "setting": change.setting, "now": found.now}
    if _lost(found):
        by = who[change.target]
        if isinstance(by, Modification):
            note = FailureKind.CHANGED_BY(**about, who=by.by, at=stamp(by.at))
        else:
            times = {"since": stamp(lease.known), "until": stamp(context.now)}
            note = FailureKind.CHANGED_UNTRACED(**about, **times, why=by)
        return replace(change, status=Status.KEPT, note=note)
    moved = found.presence is Presence.LATEST_ONLY and not found.pending
    if moved and change.status in (Status.APPLIED, Status.ALREADY):
        return replace(change, status=Status.FAILED, note=FailureKind.ALIAS_MOVED(**about))
    if not moved and unreleased(change) and change.changed_by_others:
        return replace(change, status=Status.APPLIED, note=None)
    return change


def _who(context: Context, lease: Lease, lost: list[Change]) -> dict[str, Modification | Text]:
    """The last change by others, by target; or why none is known."""
    kind = Dependency.TABLE if lease.spec.table else Dependency.FUNCTION
    names = {each.target: each.target.partition(":")[0] for each in lost}
    try:
        read = trail.read(context, lease.known)
    except ResponderError:
        return dict.fromkeys(names, text("say.trail_unread"))
    found = trail.changes(read.events, dict.fromkeys(names.values(), kind), context.settings)
    newest: dict[str, Modification] = {}
    for each in sorted(found, key=lambda one: one.at):
        if each.foreign and each.by:
            newest[each.target] = each
    silent = text("say.trail_silent")
    return {target: newest.get(name, silent) for target, name in names.items()}
