"""Read, merge, write, compare: how one function's value is changed without losing another."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any

from responder.core.change import Change, ChangeNote, Status, may_stand, unanswered, unreleased
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Busy, Changed, Missing, Stopped, Throttled, Unreachable
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.remedies.engine.functions import Alias, FunctionNow, read
from responder.remedies.engine.managed import (
    ManagedSetting,
    alias_obstacle,
    announced,
    different,
    in_flight,
    obstacles,
    tried,
    unannounced,
    variables_of,
    versions_before,
)


def unfinished(change: Change) -> bool:
    """A run should (again) try to make it. Once settings were lost only a person puts that right."""
    lost = change.note is not None and change.note.kind is FailureKind.VARIABLES_LOST
    return change.status is Status.PLANNED or (change.status is Status.FAILED and not lost)


def unsettled(change: Change) -> bool:
    """Whether it is in effect is not known for good: AWS worked on it, or a run died or got no answer."""
    open_ = change.status in (Status.IN_PROGRESS, Status.PLANNED)
    return open_ or unanswered(change) or unreleased(change)


def failed(change: Change, note: ChangeNote) -> Change:
    """This target could not be changed; the others are reported beside it."""
    return replace(change, status=Status.FAILED, note=note)


def not_released(change: Change, reason: ChangeNote) -> Change:
    """$LATEST has it, what the aliases serve does not; `reason` prevents it."""
    return failed(change, FailureKind.NOT_RELEASED(target=change.target, reason=reason.text))


def kept(change: Change, value: str | None) -> Change:
    """A person's value is not overwritten."""
    note = FailureKind.KEPT(target=change.target, setting=change.setting, now=value or "-")
    return replace(change, status=Status.KEPT, note=note)


def gone(change: Change) -> Change:
    """The target was deleted: nothing is left to finish or to put back."""
    return replace(change, status=Status.KEPT, note=FailureKind.GONE(target=change.target))


def not_made(change: Change, value: str | None) -> Change:
    """A run that died, or got no answer, had not made it: the value is the old one, or a person's."""
    if value != change.before:
        return kept(change, value)
    return failed(change, FailureKind.NOT_MADE(target=change.target))


def still_unread(change: Change, reason: ChangeNote) -> Change:
    """It could not be read what became of it: that is no failure of the change. The note of an unknown
    outcome is kept, because it is what says that it is unknown."""
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
    """The call that failed, named as its right is."""
    return f"{error.service}:{error.operation}"


_TRIES = 2


@frozen
class FunctionChange:
    """One change of one function, and what has to be known to make it, finish it or take it back.

    Attributes:
        done: its status once it is in effect.
        announced: names of settings that may be released with it.
        tried: values that a run on the way back may have set before it died.
        spares: which aliases are left as they are.
        before: the version that each alias served before anything of ours.
    """

    context: Context
    managed: ManagedSetting
    change: Change
    done: Status
    announced: frozenset[str]
    tried: frozenset[str] = frozenset()
    spares: Callable[[Alias], bool] = lambda _: False
    before: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        context: Context,
        managed: ManagedSetting,
        change: Change,
        done: Status,
        snapshot: Mapping[str, Any],
    ) -> "FunctionChange":
        """What was announced when it was decided is in the `snapshot`; on the way back nothing was."""
        forth = snapshot["functions"][change.target].get("old") in (None, change.before)
        known = announced(snapshot, change.target) if forth else frozenset[str]()
        before = versions_before(snapshot, change.target)
        return cls(context, managed, change, done, known, tried(snapshot, change.target), before=before)


def put(job: FunctionChange, current: FunctionNow | None = None) -> Change:
    """Set `after` where `before` is still the value. An error becomes a failed change."""
    change = job.change
    try:
        return _put(job, current or read(job.context.aws, change.target))
    except AwsError as error:
        return failed(change, failure_of(change.target, error))


def undo(job: FunctionChange, wanted: str, now: FunctionNow | AwsError) -> Change:
    """Set `wanted` where the value is still the one we set; a person's later value is kept. `now`: the
    function as it was just read."""
    change = job.change
    if isinstance(now, Missing):
        return gone(change)
    if isinstance(now, AwsError):
        return failed(change, unreadable(change.target, now))
    value = job.managed.value(now.configuration)
    if value is None and variables_of(now.configuration) is None:
        return failed(change, Obstacle.VARIABLES_UNREADABLE(target=change.target))
    mine = not change.status.not_ours or may_stand(change)
    ours = mine and (job.managed.same(value, change.after) or value in job.tried)
    if value != wanted and not ours:
        served = serving_ours(job.managed, change, now, job.before) if mine else ()
        return _still_served(change, served, value) if served else kept(change, value)
    before = change.after if value == wanted else value or change.after
    back = replace(change, before=before, after=wanted, status=Status.PLANNED, note=None)
    # What was released on the way there is released already; whatever differs now is a person's.
    return put(replace(job, change=back, announced=frozenset()), now)


def serving_ours(
    managed: ManagedSetting, change: Change, now: FunctionNow, before: Mapping[str, str]
) -> tuple[str, ...]:
    """Aliases that serve our value from another version than `before` it was set."""
    return tuple(
        alias.name
        for alias in now.released
        if managed.same(managed.value(alias.served), change.after) and before.get(alias.name) != alias.version
    )


def _still_served(change: Change, aliases: tuple[str, ...], value: str | None) -> Change:
    """A person's value is in $LATEST, and has not reached the users of these aliases: only a person knows
    whether it should."""
    about = {"target": change.target, "setting": change.setting, "alias": ", ".join(aliases)}
    return failed(change, FailureKind.STILL_SERVED(**about, value=change.after, now=value or "-"))


def _put(job: FunctionChange, now: FunctionNow) -> Change:
    wrote: FunctionNow | None = None
    for _ in range(_TRIES):
        if (found := _compared(job, now, wrote)) is not None:
            return found
        wrote = now
        try:
            answer = _update(job, now)
        except (Changed, Unreachable) as error:
            # Whether the value there now is ours or a person's, only another read can tell.
            now = _after(job, error)
        else:
            return _answered(job, now, answer)
    found = _compared(job, now, wrote)
    return found or failed(job.change, FailureKind.CHANGED_MEANWHILE(target=now.name))


def _after(job: FunctionChange, error: AwsError) -> FunctionNow:
    try:
        return read(job.context.aws, job.change.target)
    except AwsError:
        # That the read failed too must not make an unknown outcome look like a refusal.
        raise error from None


def _update(job: FunctionChange, now: FunctionNow) -> dict[str, Any]:
    request = job.managed.request(now.configuration, job.change.after)
    if now.revision:
        request["RevisionId"] = now.revision
    return job.context.aws.call("lambda", "update_function_configuration", FunctionName=now.name, **request)


def _compared(job: FunctionChange, now: FunctionNow, wrote: FunctionNow | None) -> Change | None:
    """The outcome as far as the present state decides it; None where a write is needed."""
    change, value = job.change, job.managed.value(now.configuration)
    waiting = (alias for alias in now.released if job.managed.value(alias.served) != change.after)
    unknown = unannounced(now, job.managed, waiting, job.announced)
    if value == change.after:
        if unknown is not None:
            return not_released(change, unknown)
        before = (wrote or now).configuration
        return _answered(job, FunctionNow(now.name, before, now.aliases), now.configuration)
    if value != change.before:
        return failed(change, FailureKind.CHANGED_MEANWHILE(target=change.target))
    found = (in_flight(now), *obstacles(now, job.managed, job.context.now.date()), unknown)
    return next((failed(change, reason) for reason in found if reason is not None), None)


def _answered(job: FunctionChange, before: FunctionNow, answer: Mapping[str, Any]) -> Change:
    change, managed = job.change, job.managed
    lost = different(managed.rest(before.configuration), managed.rest(answer))
    if managed.value(answer) != change.after or lost:
        names = ", ".join(lost) or change.setting
        return failed(change, FailureKind.VARIABLES_LOST(target=change.target, names=names))
    after = FunctionNow(before.name, answer, before.aliases)
    if after.update_status == "Failed":
        return failed(change, Obstacle.LAST_UPDATE_FAILED(target=change.target))
    behind = any(managed.value(alias.served) != change.after for alias in after.released)
    waits = after.update_status == "InProgress" or behind
    status = Status.IN_PROGRESS if waits else job.done
    return replace(change, status=status, note=None, written=(*change.written, *after.dated))


_PASSES = (Busy, Changed, Stopped, Throttled, Unreachable)


def finish(job: FunctionChange) -> Change:
    """The present status of a change that is not settled; safe to ask again and again."""
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
    change = job.change
    behind = [alias for alias in now.released if job.managed.value(alias.served) != change.after]
    spared = next((alias for alias in behind if job.spares(alias)), None)
    if spared is not None and job.done is not Status.TAKEN_BACK:
        served = job.managed.value(spared.served) or ""
        about = {"target": change.target, "alias": spared.name, "setting": change.setting}
        more = Obstacle.ALIAS_SERVES_MORE(**about, now=served, wanted=change.after)
        return replace(not_released(change, more), before=served)
    waiting = [alias for alias in behind if not job.spares(alias)]
    if (reason := _in_the_way(job, now, waiting)) is not None:
        return not_released(change, reason)
    if not waiting:
        return replace(change, status=job.done, note=None)
    aws = job.context.aws
    version = FunctionNow(now.name, _published(aws, now))
    change = replace(change, note=None, written=tuple(dict.fromkeys((*change.written, *version.dated))))
    if version.state != "Active":
        return replace(change, status=Status.IN_PROGRESS)
    for alias in waiting:
        expected = {"RevisionId": alias.revision} if alias.revision else {}
        moved = {"Name": alias.name, "FunctionVersion": version.configuration["Version"], **expected}
        aws.call("lambda", "update_alias", FunctionName=now.name, **moved)
    return replace(change, status=job.done)


def _in_the_way(
    job: FunctionChange, now: FunctionNow, waiting: list[Alias]
) -> ExplainedReason[Obstacle] | None:
    reasons = (reason for alias in waiting if (reason := alias_obstacle(alias, now)) is not None)
    return next(reasons, None) or unannounced(now, job.managed, waiting, job.announced)


def _published(aws: Gateway, now: FunctionNow) -> dict[str, Any]:
    # Publishing what is published already gives the same version again, so a repeat does no harm.
    revision = {"RevisionId": now.revision} if now.revision else {}
    return aws.call("lambda", "publish_version", FunctionName=now.name, CodeSha256=now.code, **revision)
