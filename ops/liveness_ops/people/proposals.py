"""The proposals of an incident, and the one that is meant."""

from liveness_ops.people.card import listed
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.approvals import answer, rows, spent
from responder.asked import Asked
from responder.incidents import Incident
from responder.render.headline import stamp
from responder.text import text
from responder.watch.seen import Answer, Asking

_WAITING = (Answer.OPEN, Answer.APPROVED)


def proposals(desk: Desk, incident: Incident) -> tuple[Asking, ...]:
    """What people said to each, the newest first."""
    found = sorted(desk.incidents.proposals(incident.id), key=lambda asked: asked.at, reverse=True)
    return tuple(answered(desk, each) for each in found)


def answered(desk: Desk, asked: Asked) -> Asking:
    """What people said to one so far."""
    found = rows(desk.aws, desk.settings.approvals_table, asked.id)
    return answer(found, asked, desk.settings, desk.clock())


def choose(desk: Desk, incident: Incident, wanted: str) -> Asking:
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
    raise Stop(Exit.NOTHING_OPEN, text("console.nothing_asked", incident=incident.id))


def waiting(desk: Desk, asking: Asking) -> Asking:
    """The same; raises Stop where nobody can answer it any more."""
    asked = asking.asked
    if asking.answer is Answer.REJECTED:
        said = text("console.rejected_before", proposal=asked.id, person=asking.by)
        raise Stop(Exit.NOTHING_OPEN, said)
    if spent(asked):
        raise Stop(Exit.NOTHING_OPEN, text("console.carried_out_before", proposal=asked.id))
    if asking.answer is Answer.EXPIRED or asked.expires < desk.clock():
        said = text("console.expired", proposal=asked.id, at=stamp(asked.expires))
        raise Stop(Exit.NOTHING_OPEN, said)
    return asking
