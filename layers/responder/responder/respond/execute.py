"""Make a change: on record before its first write, and after its last."""

from dataclasses import replace

from responder.core.change import Applied, Change, Lease, LeaseState, Ledger, Plan, Status, may_stand
from responder.core.context import Context
from responder.core.errors import Changed, ResponderError, Unreachable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.refusals import Because, Refusal
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text
from responder.core.verdict import Result
from responder.evidence.base import because as _because
from responder.evidence.base import reason
from responder.guards import Ends, Question, judge
from responder.remedies import Remedy
from responder.respond.checked_writes import checked
from responder.store import Incidents

_TRIES = 3


@frozen
class Execution:
    """What came of it. `because` is set where nothing, or not everything, was done;
    `unrecorded`: why what was done could not be put on record."""

    result: Result
    changes: tuple[Change, ...] = ()
    because: Because | None = None
    unrecorded: Text | None = None


@frozen
class Executor:
    """One remedy about to be applied for one incident. `question`: what was judged, and is judged again on a
    newer ledger and, just before the write, on the stops and the mode of then."""

    context: Context
    incidents: Incidents
    incident: str
    remedy: Remedy
    plan: Plan
    question: Question
    by: str = AUTOMATION

    def apply(self, ledger: Ledger) -> Execution:
        """Lock, apply, put down. Nothing is written to the service before the lock is held."""
        context, writes = checked(self.context, self.question)
        if writes.late:
            return Execution(Result.REFUSED, because=Refusal.TOO_LATE())
        lease = self._lease(ledger)
        # Beside the lock, so that it adds no round trip before the write.
        writes.prepare()
        try:
            refused = self._begin(lease, ledger)
        except ResponderError as error:
            return Execution(Result.REFUSED, because=Refusal.RECORD_FAILED(detail=reason(error)))
        if refused is not None:
            return Execution(Result.REFUSED, because=refused)
        try:
            changes = self.remedy.apply(context, self.plan)
            because = None
        except ResponderError as error:
            changes = tuple(replace(change, status=Status.FAILED) for change in self.plan.changes)
            because = _because(error)
        if writes.stopped is not None and not writes.wrote:
            return self._stopped(lease, ledger, changes, writes.stopped)
        return self._settle(lease, changes, because)

    def _lease(self, ledger: Ledger) -> Lease:
        now, time = self.context.now, self.remedy.name.spec.lease_time(self.context.settings)
        begun = self._begun(ledger)
        # Finishing what this incident began is the same act: it counts once, and lasts no longer.
        now = begun.at if begun is not None else now
        return Lease(
            remedy=self.remedy.name,
            scope=self.plan.scope,
            incident=self.incident,
            state=LeaseState.APPLYING,
            at=now,
            until=None if time is None else now + time,
            snapshot=self.plan.snapshot,
            changes=self.plan.changes,
            by=self.by,
        )

    def _begin(self, lease: Lease, ledger: Ledger) -> Because | None:
        for _ in range(_TRIES):
            try:
                self.incidents.begin(lease, ledger.version, self.context.now)
            except Changed:
                ledger = self.incidents.ledger()
                refused = still(self.question, ledger)
                if refused is not None:
                    return refused
            except Unreachable:
                if not self._held(lease, ledger):
                    raise
                return None
            else:
                return None
        return Refusal.OTHERS_ACTING()

    def _held(self, lease: Lease, before: Ledger) -> bool:
        """No answer came; that the lock is held all the same, only a look can tell."""
        ledger = self.incidents.ledger()
        mine = ledger.lease(lease.remedy, lease.scope)
        ours = mine is not None and (mine.incident, mine.at, mine.state) == (
            lease.incident,
            lease.at,
            lease.state,
        )
        return ours and ledger.version != before.version

    def _stopped(
        self, lease: Lease, ledger: Ledger, changes: tuple[Change, ...], because: Because
    ) -> Execution:
        """Nothing was written: the lease is given up, or is again what an earlier run had left of it. That is
        no failure of the remedy, so it is not counted."""
        begun = self._begun(ledger)
        left = begun or replace(lease, state=LeaseState.FAILED, changes=changes)
        try:
            self.incidents.settle(left, None, self.context.now)
        except ResponderError as error:
            return Execution(Result.REFUSED, because=because, unrecorded=reason(error))
        return Execution(Result.REFUSED, because=because)

    def _begun(self, ledger: Ledger) -> Lease | None:
        """This incident's open lease of the same, from before this act."""
        found = ledger.lease(self.remedy.name, self.plan.scope)
        return found if found is not None and found.incident == self.incident else None

    def _settle(self, lease: Lease, changes: tuple[Change, ...], because: Because | None) -> Execution:
        result = result_of(changes)
        settled = replace(lease, state=state_of(changes), changes=changes)
        row = Applied(lease.at, lease.remedy, lease.scope, lease.incident, ok=result is not Result.FAILED)
        because = because or next((change.note for change in changes if change.status is Status.FAILED), None)
        try:
            self.incidents.settle(settled, row, self.context.now)
        except ResponderError as error:
            log().exception("applied, but not put on record", extra={"incident": self.incident})
            return Execution(result, changes, because, unrecorded=reason(error))
        return Execution(result, changes, because)


def still(question: Question, ledger: Ledger) -> Because | None:
    """The same question on a newer ledger: the reason not to act any more, or None."""
    judged = judge(replace(question, ledger=ledger))
    return None if judged.ends is Ends.ACT else judged.reason


def result_of(changes: tuple[Change, ...]) -> Result:
    """All, some or none of the targets are as wanted."""
    done = [change.status.done for change in changes]
    if done and all(done):
        return Result.APPLIED
    return Result.PARTIAL if any(done) else Result.FAILED


def state_of(changes: tuple[Change, ...]) -> LeaseState:
    """The lease's state after an apply. What may be in force is not given up, though nothing succeeded."""
    if result_of(changes) is Result.FAILED and any(map(may_stand, changes)):
        return LeaseState.PARTIAL
    states = {
        Result.APPLIED: LeaseState.IN_FORCE,
        Result.PARTIAL: LeaseState.PARTIAL,
        Result.FAILED: LeaseState.FAILED,
    }
    return states[result_of(changes)]
