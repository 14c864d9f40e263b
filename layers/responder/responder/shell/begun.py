"""What of a change that an earlier run began is set, where it is not gone on with now."""

from dataclasses import dataclass, replace

from responder.change import Change, Lease, LeaseState, Plan, Status
from responder.errors import ResponderError
from responder.shell.act import state_of
from responder.text import Text, text
from responder.verdict import Result

_HALF = (LeaseState.APPLYING, LeaseState.PARTIAL)
_SET = (Status.APPLIED, Status.ALREADY, Status.IN_PROGRESS)
_TOLD = {LeaseState.IN_FORCE: Result.ALREADY, LeaseState.PARTIAL: Result.PARTIAL}


@dataclass(frozen=True, slots=True)
class Begun:
    """`changes`: of our own half-done lease, as they stand. `also`: what a reader has to know of it."""

    changes: tuple[Change, ...] = ()
    also: tuple[Text, ...] = ()

    def told(self, otherwise: Result) -> Result:
        """What is set was not only proposed, nor refused. What a run that died began, and nobody sees, has
        failed."""
        return _TOLD.get(state_of(self.changes), Result.FAILED if self.also else otherwise)


def begun(planned: Plan | ResponderError, lease: Lease | None) -> Begun:
    """The changes as they were read just now (`planned`); of a target that could not be read, as they are on
    record. Nothing where no such lease is open."""
    if not isinstance(planned, Plan) or lease is None or lease.state not in _HALF:
        return Begun()
    found = {(each.target, each.setting): each.status is Status.ALREADY for each in planned.changes}
    changes = tuple(_now(each, found.get((each.target, each.setting))) for each in lease.changes)
    interrupted = lease.state is LeaseState.APPLYING
    return Begun(changes, (text("guard.begun_before"),) if interrupted else ())


def _now(change: Change, stands: bool | None) -> Change:
    if stands is None or stands is (change.status in _SET):
        return change
    if stands:
        return replace(change, status=Status.ALREADY, note=None)
    # What AWS accepted takes its time; what was confirmed and is not so any more somebody has undone.
    return change if change.status is Status.IN_PROGRESS else replace(change, status=Status.PLANNED)
