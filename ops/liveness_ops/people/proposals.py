"""The proposals of an incident, and the one that is meant."""

from liveness_ops.people.card import listed
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.approvals.writing import settled
from responder.asked import Asked
from responder.text import text
from responder.watch.seen import Answer, Asking

_WAITING = (Answer.OPEN, Answer.APPROVED)


def proposals(desk: Desk, incident: str) -> tuple[Asking, ...]:
    """What people said to each, the newest first."""
    found = sorted(desk.incidents.proposals(incident), key=lambda asked: asked.at, reverse=True)
    return tuple(answered(desk, each) for each in found)


def answered(desk: Desk, asked: Asked) -> Asking:
    """What people said to one so far."""
    return desk.pen.said(asked, desk.clock())


def choose(desk: Desk, incident: str, wanted: str) -> Asking:
    """The proposal of this id, or the only one that waits for an answer.

    Raises:
        Stop: it does not exist, does not wait any more, or there are several.
    """
    found = proposals(desk, incident)
    if wanted:
        chosen = next((each for each in found if each.asked.id == wanted), None)
        if chosen is None:
            raise Stop(Exit.NOTHING_OPEN, text("console.no_proposal", proposal=wanted))
        return waiting(desk, chosen)
    open_ones = [each for each in found if each.answer in _WAITING]
    if len(open_ones) > 1:
        desk.screen.say(*(listed(each.asked) for each in open_ones))
        raise Stop(Exit.USAGE, text("console.several"), {"proposals": [each.asked.id for each in open_ones]})
    if open_ones:
        return open_ones[0]
    if found:
        return waiting(desk, found[0])
    raise Stop(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident))


def waiting(desk: Desk, asking: Asking) -> Asking:
    """The same; raises Stop where nobody can answer it any more."""
    said = settled(asking, desk.clock())
    if said is not None:
        raise Stop(Exit.NOTHING_OPEN, said.text)
    return asking
