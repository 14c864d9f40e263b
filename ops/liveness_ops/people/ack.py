"""ack: somebody works on it, so the escalation waits."""

from datetime import timedelta
from typing import Any

from liveness_ops.people.desk import Desk
from responder.approvals.writing import hold_minutes
from responder.render.headline import stamp as told
from responder.text import text


def acknowledge(desk: Desk, incident: str) -> dict[str, Any]:
    """Put it on record; `until` is when the escalation goes on, unless it is over by then."""
    found, head = desk.incident(incident)
    at = desk.pen.acknowledge(found.id, max(desk.clock(), found.opened))
    desk.note(found.id, "acknowledge", at)
    hold = hold_minutes(head.watch, desk.settings)
    until = at + timedelta(minutes=hold)
    desk.screen.say(
        text("console.acknowledged", person=desk.me.person, until=told(until), minutes=hold), style="green"
    )
    return {"incident": found.id, "person": desk.me.person, "until": told(until)}
