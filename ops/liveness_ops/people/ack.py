"""ack: somebody works on it, so the escalation waits."""

from datetime import timedelta
from typing import Any

from liveness_ops.people.desk import Desk
from responder.approvals import ACK
from responder.incidents.rows import stamp
from responder.render.headline import stamp as told
from responder.terms import Terms
from responder.text import text


def acknowledge(desk: Desk, incident: str) -> dict[str, Any]:
    """Put it on record; `until` is when the escalation goes on, unless it is over by then."""
    found, head = desk.incident(incident)
    at = max(desk.clock(), found.opened)
    desk.write({"pk": f"{ACK}{found.id}", "sk": desk.me.person, "decision": "acknowledge", "at": stamp(at)})
    desk.note(found.id, "acknowledge")
    # The clock of an incident is that of its beginning, whatever was deployed since.
    known = head.watch.get("terms")
    hold = Terms.from_json(known).hold if known else desk.settings.acknowledged_minutes
    until = at + timedelta(minutes=hold)
    desk.screen.say(
        text("console.acknowledged", person=desk.me.person, until=told(until), minutes=hold), style="green"
    )
    return {"incident": found.id, "person": desk.me.person, "until": told(until)}
