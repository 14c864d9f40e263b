"""ack, approve, reject, withdraw, close: what it is about is shown and confirmed, the entry does the rest."""

from typing import Any

from liveness_ops.people import card
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Stop
from liveness_ops.people.proposals import choose
from responder.core.command import CommandKind
from responder.core.declined import DeclineReason
from responder.core.text import text
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.store.approvals.writing import tidy


def acknowledge(desk: Desk, incident: str) -> dict[str, Any]:
    """`until` is when the escalation goes on, unless it is over by then."""
    return desk.ask("ack", incident=incident)


def close(desk: Desk, incident: str, reason: str) -> dict[str, Any]:
    """The follow-up closes it within minutes; the entry refuses it where something has to come first."""
    why = tidy(reason)
    if not why:
        raise Stop.declined(DeclineReason.NO_REASON_TO_CLOSE())
    desk.screen.confirm(text("console.ask_close", incident=incident, why=why))
    return desk.ask("close", incident=incident, reason=why)


def approve(desk: Desk, incident: str, proposal: str) -> dict[str, Any]:
    """`results` as the alarm's function tells them."""
    return agree(desk, _asked(desk, incident, proposal))


def agree(desk: Desk, asking: OpenRequest) -> dict[str, Any]:
    """The same, once the proposal is known."""
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_approve"))
    desk.screen.say(text("console.sending"), style="dim")
    return desk.ask("approve", incident=asking.asked.incident, proposal=asking.asked.id)


def reject(desk: Desk, incident: str, proposal: str, reason: str) -> dict[str, Any]:
    """One rejection stands against any approval."""
    why = tidy(reason)
    if not why:
        raise Stop.declined(DeclineReason.NO_REASON())
    asking = _asked(desk, incident, proposal)
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_reject"))
    return desk.ask("reject", incident=asking.asked.incident, proposal=asking.asked.id, reason=why)


def withdraw(desk: Desk, incident: str, proposal: str) -> dict[str, Any]:
    """One's own rejection counts no more."""
    asking = _asked(desk, incident, proposal, ApprovalAnswer.REJECTED)
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_withdraw"))
    return desk.ask("withdraw", incident=asking.asked.incident, proposal=asking.asked.id)


def _asked(desk: Desk, incident: str, proposal: str, *answers: ApprovalAnswer) -> OpenRequest:
    """What is left of an incident is taken back also after its end."""
    head = desk.left(incident)
    asking = choose(desk, head.incident, proposal, answers or (ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED))
    if asking.asked.order != CommandKind.TAKE_BACK:
        desk.incident(incident)
    return asking
