"""accept, unaccept, accepted: the entry for people decides, and the table says what is accepted."""

from datetime import date
from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.checks.accepted import acceptances
from responder.core.declined import DeclineReason
from responder.core.text import text

_COLUMNS = ("ops.finding_id", "ops.accepted_until", "ops.accepted_who", "ops.accepted_why")


def accept(desk: Desk, finding: str, until: str, reason: str) -> dict[str, Any]:
    """Raises Stop where something is missing, or the entry refuses."""
    if not finding or not until:
        raise Stop(Exit.USAGE, text("ops.accept_usage"))
    if not reason:
        raise Stop.declined(DeclineReason.NO_REASON())
    try:
        date.fromisoformat(until)
    except ValueError:
        raise Stop(Exit.USAGE, text("ops.accept_day", typed=until)) from None
    return desk.ask("accept", finding=finding, until=until, reason=reason)


def unaccept(desk: Desk, finding: str) -> dict[str, Any]:
    """The next check tells it again."""
    if not finding:
        raise Stop(Exit.USAGE, text("ops.unaccept_usage"))
    return desk.ask("unaccept", finding=finding)


def accepted(desk: Desk) -> dict[str, Any]:
    """Also those that are over: whether the finding is still what was accepted, the next check says."""
    found = acceptances(desk.aws, desk.settings.approvals_table)
    rows = sorted((each.until, id_, each) for id_, each in found.items())
    if rows:
        table = ((id_, until.isoformat(), each.person, each.reason) for until, id_, each in rows)
        desk.screen.table(text("ops.accepted"), map(text, _COLUMNS), table)
    else:
        desk.screen.say(text("ops.accepted_none"))
    shown = [
        {"finding": id_, "until": until.isoformat(), "person": each.person, "reason": each.reason}
        for until, id_, each in rows
    ]
    return {"accepted": shown}
