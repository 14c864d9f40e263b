"""From a draft to the proposal that is put before a person."""

from datetime import datetime

from responder.core.approval_request import Asked, fingerprint
from responder.guards import Ends
from responder.respond.judge import Draft


def asked_for(each: Draft, incident: str, now: datetime) -> Asked | None:
    """The proposal to put before a person, where the guards say ask."""
    if each.judgement.ends is not Ends.ASK or each.plan is None or each.settled:
        return None
    return Asked(
        id=fingerprint(incident, each.remedy.name, each.plan.changes),
        incident=incident,
        remedy=each.remedy.name,
        scope=each.remedy.scope,
        effect=each.remedy.name.spec.effect,
        at=now,
        changes=each.plan.changes,
    )
