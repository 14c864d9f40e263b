"""take-back: undo a lease of this incident, comparing first.

A lease that only a person ends (no end by itself) needs an approval: without one, the command asks.
"""

from dataclasses import replace
from typing import Any

from responder.asked import Asked, fingerprint
from responder.change import Change, Lease, LeaseState, Status
from responder.errors import Refused, ResponderError
from responder.evidence.failed import reason
from responder.guards import Purpose, Question
from responder.shell.orders.apply import approved
from responder.shell.orders.base import Ordered
from responder.shell.orders.go_on import after_taking_back, taken_back
from responder.text import Text, text
from responder.verdict import Result

_UNTOUCHED = (Status.FAILED, Status.KEPT)


def carry_out(ordered: Ordered) -> dict[str, Any]:
    """Guarded by pause and observe; what is in flight and the comparison are the remedy's."""
    lease = ordered.lease()
    if lease is None:
        return ordered.refused(text("guard.lease_ended"))
    held = ordered.held(_question(ordered))
    if held is not None:
        return ordered.refused(held)
    wanted = _wanted(ordered, lease)
    if ordered.remedy.lease_time is None:
        if not ordered.command.proposal:
            return _ask(ordered, wanted)
        found = approved(ordered)
        if isinstance(found, Text):
            return ordered.refused(found)
        if found[0].id != _id(ordered, wanted):
            return ordered.refused(text("guard.proposal_changed"))
    answer = _undo(ordered, lease)
    ordered.spend()
    return answer


def _undo(ordered: Ordered, lease: Lease) -> dict[str, Any]:
    ordered.incidents.settle(replace(lease, state=LeaseState.TAKING_BACK), None, ordered.context.now)
    try:
        changes = ordered.remedy.take_back(ordered.context, lease, ordered.command.wanted)
    except ResponderError as error:
        ordered.incidents.settle(lease, None, ordered.context.now)
        return ordered.refused(error.reason if isinstance(error, Refused) else reason(error))
    left = replace(lease, state=after_taking_back(changes), changes=remaining(lease.changes, changes))
    ordered.incidents.settle(left, None, ordered.context.now)
    note = next((change.note for change in changes if change.status in _UNTOUCHED), None)
    step = "percent" in ordered.command.wanted
    return ordered.tell(ordered.outcome(taken_back(changes, step), note, changes))


def remaining(before: tuple[Change, ...], after: tuple[Change, ...]) -> tuple[Change, ...]:
    """What the lease holds now: a target that could not be changed is as it was."""
    return tuple(old if new.status is Status.FAILED else new for old, new in zip(before, after, strict=True))


def _ask(ordered: Ordered, wanted: tuple[Change, ...]) -> dict[str, Any]:
    asked = Asked(
        id=_id(ordered, wanted),
        incident=ordered.incident.id,
        remedy=ordered.remedy.name,
        scope=ordered.remedy.scope,
        effect=ordered.remedy.effect,
        at=ordered.context.now,
        changes=wanted,
    )
    ordered.incidents.record(asked.incident, "asked", asked, asked.at, (asked,))
    outcome = ordered.outcome(Result.ASKED, text("guard.needs_approval"), wanted)
    return ordered.tell(replace(outcome, approval=asked.id))


def _wanted(ordered: Ordered, lease: Lease) -> tuple[Change, ...]:
    percent = ordered.command.wanted.get("percent")
    in_force = (change for change in lease.changes if change.status not in _UNTOUCHED)
    return tuple(
        Change(
            change.target,
            change.setting,
            change.after,
            str(percent if percent is not None else change.before),
        )
        for change in in_force
    )


def _id(ordered: Ordered, wanted: tuple[Change, ...]) -> str:
    return fingerprint(ordered.incident.id, f"{ordered.remedy.name} take-back", wanted)


def _question(ordered: Ordered) -> Question:
    return Question(
        purpose=Purpose.TAKE_BACK,
        now=ordered.context.now,
        remedy=ordered.remedy.name,
        incident=ordered.incident.id,
        switches=ordered.switches,
        ledger=ordered.ledger,
        # What is in flight is judged target by target, just before each write.
        plan=None,
    )
