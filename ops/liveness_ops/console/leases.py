"""leases: everything that is in force in the stack, what lowers security first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from liveness_ops.console.overview import stamp_of
from liveness_ops.people.desk import Desk
from responder.core.change import Lease
from responder.core.liveness_function import scope_of
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, text
from responder.messages.bilingual import moment
from responder.messages.headline import name, stamp
from responder.messages.story import state_of

COLUMNS = (
    "ops.col_force",
    "ops.col_scope",
    "ops.col_lease",
    "ops.col_from",
    "ops.col_end",
    "ops.col_incident",
    "ops.col_who",
)


def leases(desk: Desk) -> dict[str, Any]:
    """What ends first comes first; what only a person ends comes last of its kind."""
    found = in_order(each for each in desk.incidents.ledger().leases if each.open)
    now = desk.clock()
    warn(desk, found)
    if found:
        desk.screen.table(
            text("ops.leases", stack=desk.settings.stack),
            map(Text, COLUMNS),
            (cells(each, now) for each in found),
        )
    else:
        desk.screen.say(text("ops.no_leases"), style="green")
    return {"leases": [as_json(each, desk, now) for each in found]}


def lowering(found: Iterable[Lease]) -> bool:
    """Something among them makes a check weaker right now."""
    return any(each.open and each.lowers_security for each in found)


def warn(desk: Desk, found: Iterable[Lease]) -> None:
    """Lowered security is said before anything else."""
    if lowering(found):
        desk.screen.say(text("ops.lowered"), style="bold red")


def in_order(found: Iterable[Lease]) -> list[Lease]:
    """Security first, then by their end, then by their beginning."""
    return sorted(
        found,
        key=lambda each: (
            not each.lowers_security,
            each.until is None,
            each.until or each.at,
            each.id,
        ),
    )


def cells(each: Lease, now: datetime) -> tuple[Text | str, ...]:
    """In the order of `COLUMNS`."""
    what = name(each.remedy)
    lowers = each.lowers_security
    return (
        text("ops.lowers", remedy=what) if lowers else what,
        each.scope,
        state_of(each),
        stamp_of(each.at),
        end(each, now),
        each.incident,
        text("lease.automation") if each.by == AUTOMATION else each.by,
    )


def end(each: Lease, now: datetime) -> Text:
    """When it ends, and by whom."""
    if each.until is not None:
        return text("lease.until" if each.until > now else "lease.overdue", until=stamp(each.until))
    return text("lease.stays" if each.stays else "lease.by_approval")


def as_json(each: Lease, desk: Desk, now: datetime) -> dict[str, Any]:
    """For machines; `scope` as `revert --scope` takes it, `target` as the ledger has it."""
    return {
        "remedy": each.remedy,
        "target": each.scope,
        "scope": scope_of(each.scope, desk.settings),
        "state": each.state.value,
        "lowers_security": each.lowers_security,
        "incident": each.incident,
        "since": moment(each.at),
        "until": moment(each.until),
        "overdue": each.until is not None and each.until <= now,
        "by": each.by,
        "changes": [
            {
                "target": c.target,
                "setting": c.setting,
                "before": c.before,
                "after": c.after,
                "status": c.status.value,
            }
            for c in each.changes
        ],
    }
