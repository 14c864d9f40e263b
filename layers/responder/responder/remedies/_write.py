"""Read, merge, write, compare: how one function's value is changed without losing another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responder.change import Change, Note, Status
from responder.doubt import may_stand, unanswered, unreleased
from responder.errors import AwsError, Changed, Missing, Unreachable
from responder.failure import FailureKind
from responder.obstacle import Obstacle
from responder.remedies._found import serving_ours
from responder.remedies._functions import FunctionNow, read, read_all
from responder.remedies._managed import Managed, different, variables_of
from responder.remedies._obstacles import in_flight, obstacles, told, unannounced, unreadable
from responder.remedies._task import Task

_TRIES = 2


def unfinished(change: Change) -> bool:
    """A run should (again) try to make it. Once settings were lost only a person puts that right."""
    lost = change.note is not None and change.note.kind is FailureKind.VARIABLES_LOST
    return change.status is Status.PLANNED or (change.status is Status.FAILED and not lost)


def unsettled(change: Change) -> bool:
    """Whether it is in effect is not known for good: AWS worked on it, or a run died or got no answer."""
    open_ = change.status in (Status.IN_PROGRESS, Status.PLANNED)
    return open_ or unanswered(change) or unreleased(change)


def not_made(change: Change, value: str | None) -> Change:
    """A run that died, or got no answer, had not made it: the old value stands, or a person's."""
    if value != change.before:
        return kept(change, value)
    return failed(change, FailureKind.NOT_MADE(target=change.target))


def put(task: Task, held: FunctionNow | None = None) -> Change:
    """Set `after` where `before` still stands. An error becomes a failed change."""
    change = task.change
    try:
        return _put(task, held or read(task.context.aws, change.target))
    except AwsError as error:
        return failed(change, told(change.target, error))


def undo(task: Task, wanted: str, held: FunctionNow | AwsError | None = None) -> Change:
    """Set `wanted` where what we set still stands; a person's later value is kept. `held`: the function as it
    was just read."""
    change = task.change
    now = read_all(task.context.aws, [change.target])[change.target] if held is None else held
    if isinstance(now, Missing):
        return gone(change)
    if isinstance(now, AwsError):
        return failed(change, unreadable(change.target, now))
    value = task.managed.value(now.configuration)
    if value is None and variables_of(now.configuration) is None:
        return failed(change, Obstacle.VARIABLES_UNREADABLE(target=change.target))
    mine = not change.status.not_ours or may_stand(change)
    ours = mine and (task.managed.same(value, change.after) or value in task.tried)
    if value != wanted and not ours:
        served = serving_ours(task.managed, change, now, task.before) if mine else ()
        return _still_served(change, served, value) if served else kept(change, value)
    before = change.after if value == wanted else value or change.after
    back = replace(change, before=before, after=wanted, status=Status.PLANNED, note=None)
    # What went along on the way there is no news any more; whatever differs now is somebody's.
    return put(replace(task, change=back, announced=frozenset()), now)


def failed(change: Change, note: Note) -> Change:
    """This target could not be changed; the others are told beside it."""
    return replace(change, status=Status.FAILED, note=note)


def not_released(change: Change, reason: Note) -> Change:
    """$LATEST has it, what the aliases serve does not; `reason` stands in the way."""
    return failed(change, FailureKind.NOT_RELEASED(target=change.target, reason=reason.text))


def kept(change: Change, value: str | None) -> Change:
    """A person's value is worth more than ours."""
    note = FailureKind.KEPT(target=change.target, setting=change.setting, now=value or "-")
    return replace(change, status=Status.KEPT, note=note)


def gone(change: Change) -> Change:
    """The target was deleted: nothing is left to finish or to put back."""
    return replace(change, status=Status.KEPT, note=FailureKind.GONE(target=change.target))


def _still_served(change: Change, aliases: tuple[str, ...], value: str | None) -> Change:
    """A person's value is in $LATEST, and has not reached the users of these aliases: only a person knows
    whether it should."""
    about = {"target": change.target, "setting": change.setting, "alias": ", ".join(aliases)}
    return failed(change, FailureKind.STILL_SERVED(**about, value=change.after, now=value or "-"))


def behind(now: FunctionNow, managed: Managed, wanted: str) -> bool:
    """Some alias serves a version without the wanted value."""
    return any(managed.value(alias.served) != wanted for alias in now.released)


def _put(task: Task, now: FunctionNow) -> Change:
    wrote: FunctionNow | None = None
    for _ in range(_TRIES):
        if (found := _compared(task, now, wrote)) is not None:
            return found
        wrote = now
        try:
            answer = _update(task, now)
        except (Changed, Unreachable) as error:
            # Whether it is ours or somebody else's that stands there now, only a look can tell.
            now = _after(task, error)
        else:
            return _answered(task, now, answer)
    found = _compared(task, now, wrote)
    return found or failed(task.change, FailureKind.CHANGED_MEANWHILE(target=now.name))


def _after(task: Task, error: AwsError) -> FunctionNow:
    try:
        return read(task.context.aws, task.change.target)
    except AwsError:
        # That the look failed too must not make an unknown outcome look like a refusal.
        raise error from None


def _update(task: Task, now: FunctionNow) -> dict[str, Any]:
    request = task.managed.request(now.configuration, task.change.after)
    if now.revision:
        request["RevisionId"] = now.revision
    return task.context.aws.call("lambda", "update_function_configuration", FunctionName=now.name, **request)


def _compared(task: Task, now: FunctionNow, wrote: FunctionNow | None) -> Change | None:
    """The outcome as far as the present state decides it; None where a write is needed."""
    change, value = task.change, task.managed.value(now.configuration)
    waiting = (alias for alias in now.released if task.managed.value(alias.served) != change.after)
    untold = unannounced(now, task.managed, waiting, task.announced)
    if value == change.after:
        if untold is not None:
            return not_released(change, untold)
        before = (wrote or now).configuration
        return _answered(task, FunctionNow(now.name, before, now.aliases), now.configuration)
    if value != change.before:
        return failed(change, FailureKind.CHANGED_MEANWHILE(target=change.target))
    waits = in_flight(now)
    found = (waits, *obstacles(now, task.managed, task.context.now.date()), untold)
    return next((failed(change, reason) for reason in found if reason is not None), None)


def _answered(task: Task, before: FunctionNow, answer: Mapping[str, Any]) -> Change:
    change, managed = task.change, task.managed
    lost = different(managed.rest(before.configuration), managed.rest(answer))
    if managed.value(answer) != change.after or lost:
        names = ", ".join(lost) or change.setting
        return failed(change, FailureKind.VARIABLES_LOST(target=change.target, names=names))
    after = FunctionNow(before.name, answer, before.aliases)
    if after.update == "Failed":
        return failed(change, Obstacle.LAST_UPDATE_FAILED(target=change.target))
    waits = after.update == "InProgress" or behind(after, managed, change.after)
    status = Status.IN_PROGRESS if waits else task.done
    return replace(change, status=status, note=None, written=(*change.written, *after.dated))
