"""What people have said of a remedy during this very incident: it is not done again by itself."""

from datetime import datetime

from responder.core.approval_request import fingerprint
from responder.core.change import LeaseState, Plan
from responder.core.ledger import Ledger
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.followup_rules import DutyKind
from responder.store import IncidentHead


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
    known = f"{DutyKind.REJECTED} {proposal}" in head.watch.get("told_of", {})
    return Refusal.REJECTED() if known else None
