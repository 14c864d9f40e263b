"""What of a change that an earlier run began is set, where it is not gone on with now."""

from dataclasses import replace

from responder.core.change import Change, Lease, LeaseState, Plan, Status
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.reasons import FailureKind
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.respond.execute import state_of


@frozen
class PartialApply:
    """`changes`: of our own half-done lease, as they stand. `also`: that a run ended in the midst of it."""

    changes: tuple[Change, ...] = ()
    also: tuple[Text, ...] = ()

    def told(self, otherwise: Result) -> Result:
        """What is set, or may be, was not only proposed, nor refused."""
        state = state_of(self.changes)
        if state is LeaseState.IN_FORCE:
            return Result.ALREADY
        return Result.PARTIAL if state is LeaseState.PARTIAL or self.also else otherwise


def begun(planned: Plan | ResponderError, lease: Lease | None) -> PartialApply:
    """The changes as they were read just now (`planned`). Nothing where no such lease is open."""
    if not isinstance(planned, Plan) or lease is None or not lease.state.half_done:
        return PartialApply()
    found = {(each.target, each.setting): each.status is Status.ALREADY for each in planned.changes}
    changes = tuple(_now(each, found.get((each.target, each.setting))) for each in lease.changes)
    interrupted = lease.state is LeaseState.APPLYING
    return PartialApply(changes, (text("guard.begun_before"),) if interrupted else ())


def _now(change: Change, stands: bool | None) -> Change:
    """`stands`: it is in effect for everybody; None where it could not be read."""
    if change.status is Status.PLANNED and not stands:
        # Set and not released, or on its way: only `continue` looks that closely.
        return replace(change, status=Status.FAILED, note=FailureKind.BEGUN())
    if stands and not change.status.done:
        return replace(change, status=Status.ALREADY, note=None)
    undone = stands is False and change.status.in_effect
    return replace(change, status=Status.KEPT) if undone else change
