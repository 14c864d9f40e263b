"""What cannot be read holds no escalation, and ends no change that another alarm may need."""

from responder.core.change import Ledger
from responder.core.errors import Unreachable
from responder.core.modes import Severity
from responder.followup.observation import seen_of
from responder.store import IncidentHead
from tests.fakes import FakeAws
from tests.unit.remedies.world import context

QUESTIONS = (
    "alarm",
    "acks",
    "closing",
    "askings",
    "switches",
    "traffic",
    "lead",
    "needed",
    "measured",
    "harm",
    "unheld",
)


def test_what_cannot_be_read_counts_as_still_raised_still_needed_and_unanswered() -> None:
    here = context(FakeAws())
    head = IncidentHead("high-error-rate-1", "high-error-rate", "alarm", Severity.HIGH, here.now)
    unread = {each: Unreachable("dynamodb", "Query", "Timeout") for each in QUESTIONS}
    seen = seen_of(here, head, None, {"ledger": Ledger(), **unread})
    assert (seen.lead, seen.acks, seen.closing, seen.askings) == (False, (), None, ())
    assert (seen.needed, seen.blind, seen.gone, seen.raised) == (True, True, False, True)
    assert (dict(seen.measured), seen.harm, seen.harm_unread) == ({}, (), True)
    assert (seen.traffic, seen.unread, seen.unheard) == (None, True, True)
