"""Remedies that were begun, from the leases that the steps and the ledger hold."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from responder.core.change import Lease, LeaseState
from responder.core.command import CommandKind
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.incident_report.reading import lease, mapped
from responder.incident_report.records import RemedyRecord
from responder.incident_report.timeline import LEASES
from responder.store import TimelineStep

_SET = (LeaseState.IN_FORCE, LeaseState.PARTIAL)

type _Key = tuple[str, str, datetime]


def deeds(
    incident: str,
    steps: Iterable[TimelineStep],
    leases: Iterable[Lease],
    watch: FollowUpMemory,
    askings: Iterable[OpenRequest] = (),
) -> tuple[RemedyRecord, ...]:
    """Oldest first. The ledger has the last word on what a lease has become."""
    steps = tuple(steps)
    found: dict[_Key, RemedyRecord] = {}
    told = ((each, step.at) for step in steps if step.kind in LEASES and (each := lease(step.data)))
    for each, at in (*told, *((each, each.at) for each in leases)):
        if each.incident == incident:
            key = (each.remedy, each.scope, each.at)
            found[key] = _next(found.get(key) or _begun(each), each, at)
    asked = tuple(askings)
    judged = [_approved(_judged(each, steps, watch), asked) for each in found.values()]
    return tuple(sorted(judged, key=lambda each: each.at))


def _begun(lease: Lease) -> RemedyRecord:
    return RemedyRecord(
        lease.remedy, lease.scope, lease.by, lease.at, lease.state, lease.changes, lease.changes
    )


def _next(deed: RemedyRecord, lease: Lease, at: datetime) -> RemedyRecord:
    """What one more row tells. A take-back that was refused has not begun."""
    forth = deed.back is None and not lease.state.going_back
    undone = lease.state is LeaseState.IN_FORCE and _values(lease) == {
        (c.target, c.after) for c in deed.changes
    }
    back = None if undone else deed.back
    return replace(
        deed,
        state=lease.state,
        until=lease.until,
        changes=lease.changes if forth else deed.changes,
        left=lease.changes,
        applied=deed.applied or (at if lease.state in _SET else None),
        back=back or (at if lease.state is LeaseState.TAKING_BACK else None),
        ended=deed.ended or (at if lease.state is LeaseState.ENDED else None),
    )


def _approved(deed: RemedyRecord, askings: tuple[OpenRequest, ...]) -> RemedyRecord:
    """With the names of those who approved its way back."""
    targets = {change.target for change in deed.changes}
    names = [
        name
        for each in askings
        if each.answer is ApprovalAnswer.CARRIED_OUT
        and each.at is not None
        and each.asked.order == CommandKind.TAKE_BACK
        and each.asked.remedy == deed.remedy
        and targets & {change.target for change in each.asked.changes}
        and deed.at <= each.at
        and (deed.ended is None or each.at <= deed.ended)
        for name in each.by.split(", ")
    ]
    return replace(deed, back_by=tuple(dict.fromkeys(names)))


def _values(lease: Lease) -> set[tuple[str, str]]:
    return {(change.target, change.after) for change in lease.changes}


def _judged(deed: RemedyRecord, steps: tuple[TimelineStep, ...], watch: FollowUpMemory) -> RemedyRecord:
    said = watch.judged.get(f"{deed.remedy}#{deed.scope}@{deed.at.isoformat()}", "")
    noted = any(
        step.kind == "ineffective"
        and step.at >= deed.at
        and (mapped(step.data).get("remedy"), mapped(step.data).get("scope")) == (deed.remedy, deed.scope)
        for step in steps
    )
    return replace(deed, judged=said or ("ineffective" if noted else ""))
