"""approve and reject: a row by this person; then the command, once enough people have approved."""

from typing import Any

from liveness_ops.people import card
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.proposals import answered, choose, waiting
from liveness_ops.people.send import send, show
from responder.approvals import Approval, check, rows
from responder.approvals.rows import Rows
from responder.asked import Asked
from responder.aws.items import typed
from responder.command import Command, Order
from responder.errors import AwsError, Changed
from responder.incidents import Head
from responder.incidents.rows import stamp
from responder.text import Text, text
from responder.watch.seen import Asking

_LONGEST = 500


def approve(desk: Desk, incident: str, proposal: str) -> dict[str, Any]:
    """Ask, put it on record, carry it out; `results` as the function tells them."""
    found, head = desk.incident(incident)
    asking = choose(desk, found, proposal)
    return agree(desk, head, asking)


def agree(desk: Desk, head: Head, asking: Asking) -> dict[str, Any]:
    """The same, once the proposal is known."""
    desk.me.approves(asking.asked.effect, desk.settings)
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_approve"))
    # Reading and thinking took time.
    asked = waiting(desk, answered(desk, asking.asked)).asked
    _sign(desk, asked)
    data = {"incident": asked.incident, "proposal": asked.id, "person": desk.me.person}
    said = _enough(desk, asked)
    if isinstance(said, Text):
        if said.key != "guard.one_more":
            raise Stop(Exit.NOTHING_OPEN, said, data)
        desk.screen.say(text("console.recorded"), said)
        return {**data, "carried_out": False}
    return {**data, "carried_out": True, **_carry_out(desk, head, asked)}


def reject(desk: Desk, incident: str, proposal: str, reason: str) -> dict[str, Any]:
    """One rejection stands against any approval."""
    why = " ".join(reason.split())[:_LONGEST]
    if not why:
        raise Stop(Exit.USAGE, text("console.no_reason"))
    found, _ = desk.incident(incident)
    asking = choose(desk, found, proposal)
    card.show(desk.screen, asking)
    desk.screen.confirm(text("console.ask_reject"))
    asked = asking.asked
    desk.write(_row(desk, asked, desk.me.person, "reject", reason=why))
    desk.note(asked.incident, "reject", proposal=asked.id, remedy=asked.remedy, scope=asked.scope, reason=why)
    desk.screen.say(text("console.rejected", proposal=asked.id))
    return {"incident": asked.incident, "proposal": asked.id, "person": desk.me.person, "reason": why}


def _sign(desk: Desk, asked: Asked) -> None:
    name = desk.me.approves(asked.effect, desk.settings)
    # A valid approval stays as it is: a later one would outlive the act that the first one leads to.
    if not _approved(desk, asked, name):
        try:
            desk.write(
                _row(desk, asked, name, "approve"),
                ConditionExpression="attribute_not_exists(pk) OR decision <> :no",
                ExpressionAttributeValues={":no": typed("reject")},
            )
        except Changed:
            raise Stop(Exit.NOTHING_OPEN, text("guard.rejected")) from None
    desk.note(asked.incident, "approve", proposal=asked.id, remedy=asked.remedy, scope=asked.scope)


def _approved(desk: Desk, asked: Asked, name: str) -> bool:
    own = tuple(row for row in _rows(desk, asked) if row.get("sk") == name)
    said = check(own, asked, desk.settings, desk.clock())
    return isinstance(said, Approval) or said.key == "guard.one_more"


def _rows(desk: Desk, asked: Asked) -> Rows:
    return rows(desk.aws, desk.settings.approvals_table, asked.id)


def _row(desk: Desk, asked: Asked, name: str, decision: str, **more: str) -> dict[str, Any]:
    # It was read before it is answered, whatever the clocks say.
    at = max(desk.clock(), asked.at)
    return {"pk": asked.id, "sk": name, "decision": decision, "at": stamp(at), **more}


def _enough(desk: Desk, asked: Asked) -> Approval | Text:
    return check(_rows(desk, asked), asked, desk.settings, max(desk.clock(), asked.at))


def _carry_out(desk: Desk, head: Head, asked: Asked) -> dict[str, Any]:
    command = Command(Order(asked.order), asked.incident, asked.remedy, asked.scope, asked.id, asked.wanted)
    desk.screen.say(text("console.sending"), style="dim")
    try:
        answer = send(desk, head, command)
    except AwsError as error:
        data = {"proposal": asked.id, "recorded": True, "call": str(error)}
        raise Stop(Exit.AWS, text("console.not_sent", call=str(error)), data) from None
    return show(desk, answer, command)
