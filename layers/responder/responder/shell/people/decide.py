"""What a person's decision puts on record, and what of it stands in the incident's timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.approvals.writing import hold_minutes
from responder.asked import Asked
from responder.render.headline import stamp
from responder.render.requests import asked_for
from responder.shell.people.case import Case
from responder.text import Text, text
from responder.which import scope_of


@dataclass(frozen=True, slots=True)
class Decided:
    """On record since `at`. `step`: for the timeline. `said`: for the person; None where it depends on what
    follows. `until`: when what was decided ends by itself, as text."""

    at: datetime
    step: Mapping[str, Any]
    said: Text | None = None
    until: str = ""


def acknowledge(case: Case) -> Decided:
    """The person works on the incident, so the escalation waits. Raises Declined where it is not open."""
    incident, head = case.open()
    at = case.pen.acknowledge(incident.id, max(case.context.now, incident.opened))
    minutes = hold_minutes(head.watch, case.context.settings)
    until = stamp(at + timedelta(minutes=minutes))
    said = text("person.acknowledged", person=case.caller.person, until=until, minutes=minutes)
    return Decided(at, {"what": "acknowledge"}, said, until)


def approve(case: Case) -> Decided:
    """Raises Declined: this person may not, has rejected it, or it does not wait any more."""
    asked = case.waiting()
    return Decided(case.pen.approve(asked, case.context.now), _step("approve", asked))


def reject(case: Case, reason: str) -> Decided:
    """Raises Declined: this person may not, gives no reason, or it does not wait any more."""
    asked = case.shown()
    if not case.pen.refused(case.rows, asked, case.context.now):
        # Not a repeat, whose first try failed half-way.
        case.waiting()
    at = case.pen.reject(asked, reason, case.context.now)
    key = "person.rejected_late" if case.approved(asked) else "person.rejected"
    said = text(key, remedy=asked_for(asked), proposal=asked.id)
    return Decided(at, _step("reject", asked), said)


def withdraw(case: Case) -> Decided:
    """The person's own rejection counts no more. Raises Declined where there is none."""
    asked = case.shown()
    at = case.pen.withdraw(asked, case.context.now)
    said = text("person.withdrawn", remedy=asked_for(asked), proposal=asked.id)
    return Decided(at, _step("withdraw", asked), said)


def take_back(case: Case, wanted: Mapping[str, Any] | None = None) -> Decided:
    """Nothing is on record yet: the command is. Raises Declined: nothing is in force, or no right."""
    lease = case.lease()
    about = {"remedy": lease.remedy, "scope": scope_of(lease.scope, case.context.settings)}
    return Decided(case.context.now, {"what": "revert", **about, **(wanted or {})})


def _step(what: str, asked: Asked) -> Mapping[str, Any]:
    return {"what": what, "proposal": asked.id, "remedy": asked.remedy, "scope": asked.scope}
