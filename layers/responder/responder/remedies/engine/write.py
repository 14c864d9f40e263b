"""Read, merge, write, compare: how one function's value is changed without losing another; and how it is
released to the aliases, once AWS has finished the update."""

from collections.abc import Callable
from dataclasses import replace

from responder.core.change import Change, ChangeNote, Status, may_be_in_force, unanswered, unreleased
from responder.core.context import Context
from responder.core.errors import AwsError, Busy, Changed, Missing, Stopped, Throttled, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import rights
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.remedies.engine.functions import (
    Alias,
    FunctionNow,
    ManagedSetting,
    alias_obstacle,
    announced,
    different,
    in_flight,
    obstacles,
    read,
    serving_ours,
    tried,
    unannounced,
    variables_of,
)

_TRIES = 2
_PASSES = (Busy, Changed, Stopped, Throttled, Unreachable)


def unfinished(change: Change) -> bool:
    """A run should try (again) to make the change. If settings were lost, only a person can correct that."""
    lost = change.note is not None and change.note.kind is FailureKind.VARIABLES_LOST
    return change.status is Status.PLANNED or (change.status is Status.FAILED and not lost)


def unsettled(change: Change) -> bool:
    """Whether it is in effect stays unknown: AWS was working on it, or a run died or got no answer."""
    open_ = change.status in (Status.IN_PROGRESS, Status.PLANNED)
    return open_ or unanswered(change) or unreleased(change)


def failed(change: Change, note: ChangeNote) -> Change:
    """This target could not be changed; the others are reported separately."""
    return replace(change, status=Status.FAILED, note=note)


def not_released(change: Change, reason: ChangeNote) -> Change:
    """$LATEST has the value, but the aliases do not serve it, because of `reason`."""
    return failed(change, FailureKind.NOT_RELEASED(target=change.target, reason=reason.text))


def kept(change: Change, value: str | None) -> Change:
    """A person's value is not overwritten."""
    note = FailureKind.KEPT(target=change.target, setting=change.setting, now=value or "-")
    return replace(change, status=Status.KEPT, note=note)


def gone(change: Change) -> Change:
    """The target was deleted: nothing is left to finish or to revert."""
    return replace(change, status=Status.KEPT, note=FailureKind.GONE(target=change.target))


def not_made(change: Change, value: str | None) -> Change:
    """A run that died or got no answer had not made the change: the value is the old one, or a person's."""
    if value != change.before:
        return kept(change, value)
    return failed(change, FailureKind.NOT_MADE(target=change.target))


def still_unread(change: Change, reason: ChangeNote) -> Change:
    """Its outcome could not be read, which is no failure of the change. The note is kept, because it marks
    the outcome as unknown."""
    return replace(change, note=change.note if change.status is Status.FAILED else reason)


def unreadable(target: str, error: AwsError) -> ExplainedReason[Obstacle]:
    """What cannot be read must not be changed."""
    return Obstacle.UNREADABLE(target=target, action=action_of(error), code=error.code)


def failure_of(target: str, error: AwsError) -> ChangeNote:
    """Why a call about a target failed."""
    match error:
        case Busy():
            return Obstacle.IN_FLIGHT(target=target)
        case Changed():
            return FailureKind.CHANGED_MEANWHILE(target=target)
        case Stopped():
            return error.reason
        case Unreachable():
            return FailureKind.OUTCOME_UNKNOWN(target=target, action=action_of(error))
    return FailureKind.REFUSED(target=target, action=action_of(error), code=error.code)


def action_of(error: AwsError) -> str:
    """The right that the failed call takes."""
    return ", ".join(rights(error.service, error.operation))


def after_write[S](look: Callable[[], S], error: AwsError) -> S:
    """The state after a write whose answer was missing or unexpected."""
    try:
        return look()
    except AwsError:
        # If the read fails too, the outcome is unknown, not refused.
        raise error from None


@frozen
class FunctionChange:
    """One change of one function, and what has to be known to make it, finish it or revert it.

    Attributes:
        done: its status once it is in effect.
        snapshot: of the plan or the lease that it belongs to.
        spares: which aliases are left as they are.
        back: it is reverted; what was released on the way there is released already, and whatever differs
            now is a person's.
    """

    context: Context
    managed: ManagedSetting
    change: Change
    done: Status
    snapshot: Data
    spares: Callable[[Alias], bool] = lambda _: False
    back: bool = False

    def unannounced(self, now: FunctionNow, aliases: list[Alias]) -> ExplainedReason[Obstacle] | None:
        """Settings that would be released with it, and that were not announced when it was decided."""
        target = self.change.target
        old = self.snapshot["functions"][target].get("old")
        forth = not self.back and old in (None, self.change.before)
        known = announced(self.snapshot, target) if forth else frozenset[str]()
        return unannounced(now, self.managed, aliases, known)

    def behind(self, now: FunctionNow) -> list[Alias]:
        """Aliases that do not serve the value yet."""
        return [each for each in now.released if self.managed.value(each.served) != self.change.after]


def put(job: FunctionChange, current: FunctionNow | None = None) -> Change:
    """Set `after` where `before` is still the value. An error becomes a failed change."""
    change, aws = job.change, job.context.aws
    wrote: FunctionNow | None = None
    try:
        now = current or read(aws, change.target)
        for _ in range(_TRIES):
            if (found := _compared(job, now, wrote)) is not None:
                return found
            wrote = now
            named = {"FunctionName": now.name, "RevisionId": now.revision}
            request = job.managed.request(now.configuration, change.after)
            try:
                answer = aws.call("lambda", "update_function_configuration", **named, **request)
            except (Changed, Unreachable) as error:
                # Only another read shows whether the responder or a person set the value.
                now = after_write(lambda: read(aws, change.target), error)
            else:
                return _answered(job, now, answer)
    except AwsError as error:
        return failed(change, failure_of(change.target, error))
    found = _compared(job, now, wrote)
    return found or failed(change, FailureKind.CHANGED_MEANWHILE(target=change.target))


def _compared(job: FunctionChange, now: FunctionNow, wrote: FunctionNow | None) -> Change | None:
    """The outcome as far as the present state decides it; None where a write is needed."""
    change, value = job.change, job.managed.value(now.configuration)
    unknown = job.unannounced(now, job.behind(now))
    if value == change.after:
        if unknown is not None:
            return not_released(change, unknown)
        before = (wrote or now).configuration
        return _answered(job, FunctionNow(now.name, before, now.aliases), now.configuration)
    if value != change.before:
        return failed(change, FailureKind.CHANGED_MEANWHILE(target=change.target))
    found = (in_flight(now), *obstacles(now, job.managed, job.context.now.date()), unknown)
    return next((failed(change, reason) for reason in found if reason is not None), None)


def _answered(job: FunctionChange, before: FunctionNow, answer: Data) -> Change:
    change, managed = job.change, job.managed
    lost = different(managed.rest(before.configuration), managed.rest(answer))
    if managed.value(answer) != change.after or lost:
        names = ", ".join(lost) or change.setting
        return failed(change, FailureKind.VARIABLES_LOST(target=change.target, names=names))
    after = FunctionNow(before.name, answer, before.aliases)
    if after.update_status == "Failed":
        return failed(change, Obstacle.LAST_UPDATE_FAILED(target=change.target))
    waits = after.update_status == "InProgress" or job.behind(after)
    status = Status.IN_PROGRESS if waits else job.done
    return replace(change, status=status, note=None, written=(*change.written, *after.dated))


def undo(job: FunctionChange, wanted: str, now: FunctionNow | AwsError) -> Change:
    """Set `wanted` where the value is still the one we set; a person's later value is kept. `now`: the
    function as it was just read."""
    change, managed = job.change, job.managed
    if isinstance(now, Missing):
        return gone(change)
    if isinstance(now, AwsError):
        return failed(change, unreadable(change.target, now))
    value = managed.value(now.configuration)
    if value is None and variables_of(now.configuration) is None:
        return failed(change, Obstacle.VARIABLES_UNREADABLE(target=change.target))
    mine = not change.status.not_ours or may_be_in_force(change)
    ours = mine and (managed.same(value, change.after) or value in tried(job.snapshot, change.target))
    if value != wanted and not ours:
        served = serving_ours(managed, change.target, change.after, now, job.snapshot) if mine else ()
        if not served:
            return kept(change, value)
        # A person's value is in $LATEST, and has not reached the users of these aliases: only a person knows
        # whether it should.
        about = {"target": change.target, "setting": change.setting, "alias": ", ".join(served)}
        return failed(change, FailureKind.STILL_SERVED(**about, value=change.after, now=value or "-"))
    before = change.after if value == wanted else value or change.after
    back = replace(change, before=before, after=wanted, status=Status.PLANNED, note=None)
    return put(replace(job, change=back, back=True), now)


def finish(job: FunctionChange) -> Change:
    """The current status of a change that is not settled; can be called repeatedly."""
    change = job.change
    if not unsettled(change):
        return change
    try:
        now = read(job.context.aws, change.target)
    except Missing:
        return gone(change)
    except AwsError as error:
        return still_unread(change, failure_of(change.target, error))
    try:
        return _finish(job, now)
    except _PASSES as error:
        return replace(change, note=failure_of(change.target, error))
    except AwsError as error:
        return not_released(change, failure_of(change.target, error))


def _finish(job: FunctionChange, now: FunctionNow) -> Change:
    change, value = job.change, job.managed.value(now.configuration)
    if value is None and variables_of(now.configuration) is None:
        return still_unread(change, Obstacle.VARIABLES_UNREADABLE(target=change.target))
    if change.status is not Status.IN_PROGRESS and value != change.after:
        return not_made(change, value)
    if now.update_status == "Failed":
        code = str(now.configuration.get("LastUpdateStatusReasonCode", "-"))
        return failed(change, FailureKind.UPDATE_FAILED(target=change.target, code=code))
    if now.update_status == "InProgress":
        return replace(change, status=Status.IN_PROGRESS, note=None)
    return _released(job, now) if value == change.after else kept(change, value)


def _released(job: FunctionChange, now: FunctionNow) -> Change:
    change, behind, aws = job.change, job.behind(now), job.context.aws
    spared = next((alias for alias in behind if job.spares(alias)), None)
    if spared is not None and job.done is not Status.REVERTED:
        served = job.managed.value(spared.served) or ""
        about = {"target": change.target, "alias": spared.name, "setting": change.setting}
        more = Obstacle.ALIAS_SERVES_MORE(**about, now=served, wanted=change.after)
        return replace(not_released(change, more), before=served)
    waiting = [alias for alias in behind if not job.spares(alias)]
    reasons = (reason for alias in waiting if (reason := alias_obstacle(alias, now)) is not None)
    if (reason := next(reasons, None) or job.unannounced(now, waiting)) is not None:
        return not_released(change, reason)
    if not waiting:
        return replace(change, status=job.done, note=None)
    # Publishing what is published already gives the same version again, so a repeat does no harm.
    named = {"FunctionName": now.name, "RevisionId": now.revision}
    answer = aws.call("lambda", "publish_version", CodeSha256=now.code, **named)
    version = FunctionNow(now.name, answer)
    change = replace(change, note=None, written=tuple(dict.fromkeys((*change.written, *version.dated))))
    if version.state != "Active":
        return replace(change, status=Status.IN_PROGRESS)
    for alias in waiting:
        moved = {"Name": alias.name, "FunctionVersion": answer["Version"], "RevisionId": alias.revision}
        aws.call("lambda", "update_alias", FunctionName=now.name, **moved)
    return replace(change, status=job.done)
