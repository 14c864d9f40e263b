"""Acknowledgements: somebody works on it, so the escalation waits."""

from datetime import datetime

from responder.core.settings_document import People
from responder.followup_rules.seen import Acknowledgement
from responder.store.approvals.rows import SKEW, DecisionRows, written


def acknowledgements(
    found: DecisionRows, opened: datetime, people: People, now: datetime
) -> tuple[Acknowledgement, ...]:
    """Those that count, oldest first: of registered people, whatever they may approve."""
    valid = [
        (at, Acknowledgement(str(row.get("sk")), str(row.get("at"))))
        for row in found
        if row.get("decision") == "acknowledge"
        and people.signed(row.get("sk"), row.get("principal")) is not None
        and (at := written(row)) is not None
        and opened <= at <= now + SKEW
    ]
    return tuple(ack for _, ack in sorted(valid, key=lambda each: (each[0], each[1].person)))
