"""From a draft to the proposal that is put before a person."""

from datetime import datetime

from responder.core.approval_request import ApprovalRequest, fingerprint
from responder.guards import Ends
from responder.respond.judge import JudgedProposal


def asked_for(each: JudgedProposal, incident: str, now: datetime) -> ApprovalRequest | None:
    """The proposal to put before a person, where the guards say ask."""
    if each.judgement.ends is not Ends.ASK or each.plan is None or each.settled:
        return None
    return ApprovalRequest(
        id=fingerprint(incident, each.remedy.name, each.plan.changes),
        incident=incident,
        remedy=each.remedy.name,
        scope=each.remedy.scope,
        effect=each.remedy.name.spec.effect,
        at=now,
        changes=each.plan.changes,
    )
