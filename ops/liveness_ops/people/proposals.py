"""The proposals of an incident, and the one that is meant."""

from liveness_ops.people.card import listed
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.core.approval_request import ApprovalRequest
from responder.core.declined import DeclineReason
from responder.core.text import text
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.store.approvals.writing import settled


def proposals(desk: Desk, incident: str) -> tuple[OpenRequest, ...]:
    """What people said to each, the newest first."""
    found = sorted(desk.incidents.proposals(incident), key=lambda asked: asked.at, reverse=True)
    return tuple(answered(desk, each) for each in found)


def answered(desk: Desk, asked: ApprovalRequest) -> OpenRequest:
    """What people said to one so far."""
    return desk.pen.said(asked, desk.clock())


def choose(desk: Desk, incident: str, wanted: str, answers: tuple[ApprovalAnswer, ...]) -> OpenRequest:
    """The proposal of this id, or the only one that has one of these answers.

    Raises:
        Stop: it does not exist, or has another answer; or there are several.
    """
    found = proposals(desk, incident)
    fits = [each for each in found if each.answer in answers and wanted in ("", each.asked.id)]
    if len(fits) > 1:
        desk.screen.say(*(listed(each.asked) for each in fits))
        raise Stop(Exit.USAGE, text("console.several"), {"proposals": [each.asked.id for each in fits]})
    if fits:
        return fits[0]
    other = next((each for each in found if wanted in ("", each.asked.id)), None)
    if other is None and wanted:
        raise Stop.declined(DeclineReason.NO_PROPOSAL(proposal=wanted, incident=incident))
    because = settled(other, desk.clock()) if other is not None else None
    if because is not None and ApprovalAnswer.REJECTED not in answers:
        raise Stop.declined(because)
    raise Stop(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident))
