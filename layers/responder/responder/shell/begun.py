"""What of a change that an earlier run began is set, where it is not gone on with now."""

from dataclasses import replace

from responder.change import Change, Lease, LeaseState, Plan, Status
from responder.shell.act import state_of
from responder.text import Text, text
from responder.verdict import Result

_HALF = (LeaseState.APPLYING, LeaseState.PARTIAL)
_SET = (Status.APPLIED, Status.ALREADY, Status.IN_PROGRESS)
_TOLD = {LeaseState.IN_FORCE: Result.ALREADY, LeaseState.PARTIAL: Result.PARTIAL}


def begun(planned: Plan | None, lease: Lease | None) -> tuple[Change, ...]:
    """The changes of our own half-done lease as they were read just now (`planned`); of a target that
    could not be read, as they are on record. Nothing where no such lease is open."""
    if planned is None or lease is None or lease.state not in _HALF:
        return ()
    found = {(each.target, each.setting): each.status is Status.ALREADY for each in planned.changes}
    return tuple(_now(each, found.get((each.target, each.setting))) for each in lease.changes)


def _now(change: Change, stands: bool | None) -> Change:
    if stands is None or stands is (change.status in _SET):
        return change
    if stands:
        return replace(change, status=Status.ALREADY, note=None)
    # What AWS accepted takes its time; what was confirmed and is not so any more somebody has undone.
    return change if change.status is Status.IN_PROGRESS else replace(change, status=Status.PLANNED)


def told_as(changes: tuple[Change, ...], otherwise: Result) -> Result:
    """What is set was not only proposed, nor refused."""
    return _TOLD.get(state_of(changes), otherwise)


def interrupted(lease: Lease | None) -> tuple[Text, ...]:
    """A reader has to know that a run ended before it knew what it had done."""
    return (text("guard.begun_before"),) if lease and lease.state is LeaseState.APPLYING else ()
