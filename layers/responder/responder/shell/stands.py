"""Does what we had set and confirmed still stand?"""

from responder.change import Lease, LeaseState, Plan, Status
from responder.explained import Explained
from responder.refusal import Refusal


def not_any_more(plan: Plan | None, lease: Lease | None) -> Explained[Refusal] | None:
    """Somebody decided otherwise, or it cannot be read; None where it stands, or is not settled yet.

    What only stands in the way of doing it again says nothing about what is done.
    """
    if plan is None or lease is None or lease.state is not LeaseState.IN_FORCE:
        return None
    if any(change.status is Status.IN_PROGRESS for change in lease.changes):
        return None
    if any(change.status is not Status.ALREADY for change in plan.changes):
        return Refusal.UNDONE_SINCE()
    unread = tuple(each.text for each in plan.obstacles if each.kind.unread)
    if unread:
        return Refusal.NOT_READABLE(detail=unread)
    found = {change.target for change in plan.changes}
    gone = not found or any(change.target not in found for change in lease.changes)
    return Refusal.UNDONE_SINCE() if gone else None
