"""Acknowledgements: somebody works on it, so the escalation waits."""

from datetime import datetime

from responder.approvals.people import everybody
from responder.approvals.rows import SKEW, Rows, written
from responder.settings import Settings
from responder.watch.seen import Ack


def acknowledgements(found: Rows, opened: datetime, settings: Settings, now: datetime) -> tuple[Ack, ...]:
    """Those that count, oldest first: by somebody whom any class of `Approvers` names with that identity."""
    people = everybody(settings)
    valid = [
        (at, Ack(str(row.get("sk")), str(row.get("at"))))
        for row in found
        if row.get("decision") == "acknowledge"
        and row.get("principal") in people.get(str(row.get("sk")), ())
        and (at := written(row)) is not None
        and opened <= at <= now + SKEW
    ]
    return tuple(ack for _, ack in sorted(valid, key=lambda each: (each[0], each[1].person)))
