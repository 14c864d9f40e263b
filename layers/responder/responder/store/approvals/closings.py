"""Requests to close an incident by hand."""

from datetime import datetime, timedelta

from responder.core.settings_document import People
from responder.followup_rules.seen import ClosingRequest
from responder.store.approvals.rows import SKEW, DecisionRows, written

# Longer than the longest pause of a follow-up and the restart of one that broke.
COUNTS = timedelta(minutes=30)


def closing(found: DecisionRows, opened: datetime, people: People, now: datetime) -> ClosingRequest | None:
    """The newest that counts: of a person who may approve at least one class, within half an hour."""
    valid = [
        ClosingRequest(signer.name, str(row.get("reason", "")), at)
        for row in found
        if row.get("decision") == "close"
        and (signer := people.signed(row.get("sk"), row.get("principal"))) is not None
        and signer.may
        and (at := written(row)) is not None
        and max(opened, now - COUNTS) <= at <= now + SKEW
    ]
    return max(valid, key=lambda each: (each.at, each.person), default=None)
