"""approve and reject: a row by this person; then the command, once enough people have approved."""

from typing import Any

from liveness_ops.people import card
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.proposals import answered, choose, waiting
from liveness_ops.people.send import send, show
from responder.approvals.writing import tidy
from responder.asked import Asked
from responder.command import Command, Order
from responder.errors import AwsError, Refused
from responder.explained import Explained
from responder.incidents import Head
from responder.refusal import Refusal
from responder.text import text
from responder.watch.seen import Answer, Asking


def approve(desk: Desk, incident: str, proposal: str) -> dict[str, Any]:
    """Ask, put it on record, carry it out; `results` as the function tells them."""
    head, asking = _asked(desk, incident, proposal)
    return agree(desk, head, asking)


def agree(desk: Desk, head: Head, asking: Asking) -> dict[str, Any]:
    """The same, once the proposal is known."""
    desk.me.approves(asking.asked.effect)
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_approve"))
    # Reading and thinking took time.
    asked = waiting(desk, answered(desk, asking.asked)).asked
    _sign(desk, asked)
    data = {"incident": asked.incident, "proposal": asked.id, "person": desk.me.person}
    said = desk.pen.enough(asked, desk.clock())
    if isinstance(said, Explained):
        if said.kind is not Refusal.ONE_MORE:
            raise Stop(Exit.NOTHING_OPEN, said.text, data)
        desk.screen.say(text("console.recorded"), said.text)
        return {**data, "carried_out": False}
    return {**data, "carried_out": True, **_carry_out(desk, head, asked)}


def reject(desk: Desk, incident: str, proposal: str, reason: str) -> dict[str, Any]:
    """One rejection stands against any approval."""
    if not tidy(reason):
        raise Stop(Exit.USAGE, text("console.no_reason"))
    _, asking = _asked(desk, incident, proposal)
    desk.me.approves(asking.asked.effect)
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_reject"))
    asked = asking.asked
    why = tidy(reason)
    at = desk.pen.reject(asked, why, desk.clock())
    about = {"proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}
    desk.note(asked.incident, "reject", at, **about, reason=why)
    late = asking.answer is Answer.APPROVED
    desk.screen.say(text("console.rejected_late" if late else "console.rejected", proposal=asked.id))
    return {"incident": asked.incident, "proposal": asked.id, "person": desk.me.person, "reason": why}


def _asked(desk: Desk, incident: str, proposal: str) -> tuple[Head, Asking]:
    """What is left of an incident is taken back also after its end."""
    head = desk.left(incident)
    asking = choose(desk, head.incident, proposal)
    if asking.asked.order != Order.TAKE_BACK:
        desk.incident(incident)
    return head, asking


def _sign(desk: Desk, asked: Asked) -> None:
    desk.me.approves(asked.effect)
    try:
        at = desk.pen.approve(asked, desk.clock())
    except Refused as error:
        raise Stop(Exit.NOTHING_OPEN, error.reason.text) from None
    about = {"proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}
    desk.note(asked.incident, "approve", at, **about)


def _carry_out(desk: Desk, head: Head, asked: Asked) -> dict[str, Any]:
    command = Command(Order(asked.order), asked.incident, asked.remedy, asked.scope, asked.id, asked.wanted)
    desk.screen.say(text("console.sending"), style="dim")
    try:
        answer = send(desk, head, command)
    except AwsError as error:
        data = {"proposal": asked.id, "recorded": True, "call": str(error)}
        raise Stop(Exit.AWS, text("console.not_sent", call=str(error)), data) from None
    return show(desk, answer, command)
