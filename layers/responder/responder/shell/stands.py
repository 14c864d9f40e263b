"""Does what we had set and confirmed still stand?"""

from responder.change import Lease, LeaseState, Plan, Status
from responder.text import Text, text

_UNREAD = frozenset({"obstacle.unreadable", "obstacle.variables_unreadable"})


def not_any_more(plan: Plan | None, lease: Lease | None) -> Text | None:
    """Somebody decided otherwise, or it cannot be read; None where it stands, or is not settled yet.

    What only stands in the way of doing it again says nothing about what is done.
    """
    if plan is None or lease is None or lease.state is not LeaseState.IN_FORCE:
        return None
    if any(change.status is Status.IN_PROGRESS for change in lease.changes):
        return None
    if any(change.status is not Status.ALREADY for change in plan.changes):
        return text("guard.undone_since")
    unread = tuple(reason for reason in plan.obstacles if reason.key in _UNREAD)
    if unread:
        return text("guard.not_readable", detail=unread)
    found = {change.target for change in plan.changes}
    gone = not found or any(change.target not in found for change in lease.changes)
    return text("guard.undone_since") if gone else None
