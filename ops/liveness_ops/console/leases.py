"""leases: everything that is in force in the stack, what lowers security first."""

from collections.abc import Iterable
from datetime import datetime

from liveness_ops.people.operator_session import OperatorSession
from responder.core.change import Lease
from responder.core.liveness_function import scope_of
from responder.core.plain_data import Json
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.messages.advice import state_of
from responder.messages.json_report import moment
from responder.messages.language import due
from responder.messages.requests import name

_COLUMNS = (
    "ops.col_force",
    "ops.col_scope",
    "ops.col_lease",
    "ops.col_from",
    "ops.col_end",
    "ops.col_incident",
    "ops.col_who",
)

# A row of a table.
type Cells = tuple[Text | str, ...]


def leases(session: OperatorSession) -> Json:
    """Security first; then what ends first; what only a person ends comes last of its kind."""
    found = [each for each in session.incidents.ledger().leases if each.open]
    found.sort(key=lambda one: (not one.lowers_security, one.until is None, one.until or one.at, one.id))
    now = session.clock()
    warn(session, found)
    if found:
        title = text("ops.leases", stack=session.settings.stack)
        session.screen.table(title, map(Text, _COLUMNS), (_cells(each, now) for each in found))
    else:
        session.screen.note(text("ops.no_leases"), style="green")
    return {"leases": [_as_json(each, session, now) for each in found]}


def lowering(found: Iterable[Lease]) -> bool:
    """Something among them makes a check weaker right now."""
    return any(each.open and each.lowers_security for each in found)


def warn(session: OperatorSession, found: Iterable[Lease]) -> None:
    """Lowered security is shown before anything else."""
    if lowering(found):
        session.screen.note(text("ops.lowered"), style="bold red")


def _cells(each: Lease, now: datetime) -> Cells:
    what = name(each.remedy)
    return (
        text("ops.lowers", remedy=what) if each.lowers_security else what,
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
        return due("lease.until", each.until, now)
    return text("lease.stays" if each.spec.stays else "lease.by_approval")


def stamp_of(at: datetime) -> Text:
    """A time as a cell of a table."""
    return text("ops.at", at=stamp(at))


def _as_json(each: Lease, session: OperatorSession, now: datetime) -> Json:
    """For machines; `scope` as `revert --scope` accepts it, `target` as the ledger has it."""
    return {
        "remedy": each.remedy,
        "target": each.scope,
        "scope": scope_of(each.scope, session.settings),
        "state": each.state,
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
                "status": c.status,
            }
            for c in each.changes
        ],
    }
