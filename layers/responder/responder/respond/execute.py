"""Make a change, which is recorded before its first write and after its last."""

from dataclasses import replace

from responder.core.change import Applied, Change, Lease, LeaseState, Ledger, Plan, Status, may_be_in_force
from responder.core.context import Context
from responder.core.errors import Changed, ResponderError, Unreachable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.refusals import Because, Refusal
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text
from responder.core.verdict import Result
from responder.evidence.base import because as because_of
from responder.evidence.base import reason
from responder.guards import Ends, Question, judge
from responder.remedies import Remedy
from responder.respond.checked_writes import checked
from responder.store import Incidents

_TRIES = 3


@frozen
class Execution:
    """The outcome. `because` is set where nothing, or not everything, was done;
    `unrecorded`: why what was done could not be put on record."""

    result: Result
    changes: tuple[Change, ...] = ()
    because: Because | None = None
    unrecorded: Text | None = None


@frozen
class Executor:
    """One remedy about to be applied. `question`: what was judged, with the plan and the ledger; it is judged
    again on a newer ledger and, just before the write, on the stops and the mode of then. `by`: who approved
    it, or the automation."""

    context: Context
    incidents: Incidents
    remedy: Remedy
    question: Question
    by: str = AUTOMATION

    def apply(self) -> Execution:
        """Lock, apply, settle. Nothing is written to the service before the lock is held."""
        plan, ledger = self.question.plan, self.question.ledger
        if plan is None or ledger is None:
            raise ValueError("nothing is applied without a plan and a ledger")
        context, writes = checked(self.context, self.question)
        if writes.late:
            return Execution(Result.REFUSED, because=Refusal.TOO_LATE())
        known = ledger.lease(self.remedy.name, plan.scope)
        # Finishing what this incident began is the same act: it counts once, and keeps its end.
        begun = known if known is not None and known.incident == self.question.incident else None
        lease = self._lease(plan, begun)
        # Together with the lock, so that it adds no round trip before the write.
        writes.prepare()
        try:
            refused = self._begin(lease, ledger)
        except ResponderError as error:
            refused = Refusal.RECORD_FAILED(detail=reason(error))
        if refused is not None:
            return Execution(Result.REFUSED, because=refused)
        because: Because | None = None
        try:
            changes = self.remedy.apply(context, plan)
        except ResponderError as error:
            changes = tuple(replace(change, status=Status.FAILED) for change in plan.changes)
            because = because_of(error)
        if writes.stopped is not None and not writes.wrote:
            # Nothing was written: the lease is given up, or is again what an earlier run had left of it. That
            # is no failure of the remedy, so it is not counted.
            left = begun or replace(lease, state=LeaseState.FAILED, changes=changes)
            return Execution(Result.REFUSED, (), writes.stopped, self._settle(left, None))
        result = result_of(changes)
        because = because or next((each.note for each in changes if each.status is Status.FAILED), None)
        row = Applied(lease.at, lease.remedy, lease.scope, lease.incident, ok=result is not Result.FAILED)
        unrecorded = self._settle(replace(lease, state=state_of(changes), changes=changes), row)
        return Execution(result, changes, because, unrecorded)

    def _lease(self, plan: Plan, begun: Lease | None) -> Lease:
        at = begun.at if begun is not None else self.context.now
        # A further decision finishes what a person has approved under that approval.
        under = begun if self.question.approved and self.by == AUTOMATION else None
        time = self.remedy.name.spec.lease_time(self.context.settings)
        return Lease(
            remedy=self.remedy.name,
            scope=plan.scope,
            incident=self.question.incident,
            state=LeaseState.APPLYING,
            at=at,
            until=None if time is None else at + time,
            snapshot=plan.snapshot,
            changes=plan.changes,
            by=self.by if under is None else under.by,
        )

    def _begin(self, lease: Lease, ledger: Ledger) -> Because | None:
        for _ in range(_TRIES):
            try:
                self.incidents.begin(lease, ledger.version, self.context.now, ledger.replaced_by(lease))
            except Changed:
                ledger = self.incidents.ledger()
                judged = judge(replace(self.question, ledger=ledger))
                if judged.ends is not Ends.ACT:
                    return judged.reason
            except Unreachable:
                # No answer came; only a read shows whether the lock is held nevertheless.
                now = self.incidents.ledger()
                mine = now.lease(lease.remedy, lease.scope)
                written = (lease.incident, lease.at, lease.state)
                ours = mine is not None and (mine.incident, mine.at, mine.state) == written
                if not ours or now.version == ledger.version:
                    raise
                return None
            else:
                return None
        return Refusal.OTHERS_ACTING()

    def _settle(self, lease: Lease, row: Applied | None) -> Text | None:
        """Record the outcome; returns why that failed, if it did."""
        try:
            self.incidents.settle(lease, row, self.context.now)
        except ResponderError as error:
            log().exception("an outcome is not on record", extra={"incident": lease.incident})
            return reason(error)
        return None


def result_of(changes: tuple[Change, ...]) -> Result:
    """All, some or none of the targets are as wanted."""
    done = [change.status.done for change in changes]
    if done and all(done):
        return Result.APPLIED
    return Result.PARTIAL if any(done) else Result.FAILED


def state_of(changes: tuple[Change, ...]) -> LeaseState:
    """The lease's state after an apply. What may be in force stays on record, though nothing succeeded."""
    result = result_of(changes)
    if result is Result.APPLIED:
        return LeaseState.IN_FORCE
    stands = result is Result.PARTIAL or any(map(may_be_in_force, changes))
    return LeaseState.PARTIAL if stands else LeaseState.FAILED
