"""What people have said of a remedy in this very incident: the automation does not do it again by itself."""

from responder.asked import fingerprint
from responder.change import LeaseState, Plan
from responder.incidents import Head
from responder.ledger import Ledger
from responder.text import Text, text
from responder.watch import Task


def taken_back(ledger: Ledger | None, remedy: str, plan: Plan | None, incident: str) -> bool:
    """It was in force for this incident, and has been taken back since."""
    if ledger is None or plan is None:
        return False
    mine = ((one.remedy, one.scope, one.incident, one.state) for one in ledger.leases)
    return (remedy, plan.scope, incident, LeaseState.ENDED) in mine


def rejected(head: Head | None, remedy: str, plan: Plan | None, incident: str) -> Text | None:
    """Somebody said no to exactly this change; the follow-up has put that down."""
    if head is None or plan is None:
        return None
    proposal = fingerprint(incident, remedy, plan.changes)
    known = f"{Task.REJECTED} {proposal}" in head.watch.get("told_of", {})
    return text("guard.rejected") if known else None
