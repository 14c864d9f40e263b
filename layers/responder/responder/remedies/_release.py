"""`continue` for functions: once AWS has finished the update, publish it and move the aliases."""

from dataclasses import replace
from typing import Any

from responder.change import Change, Note, Status
from responder.errors import AwsError, Busy, Changed, Missing, Stopped, Throttled, Unreachable
from responder.explained import Explained
from responder.failure import FailureKind
from responder.gateway import Gateway
from responder.obstacle import Obstacle
from responder.remedies._functions import Alias, FunctionNow, read
from responder.remedies._managed import variables_of
from responder.remedies._obstacles import alias_obstacle, told, unannounced
from responder.remedies._task import Task
from responder.remedies._write import failed, gone, kept, not_made, not_released, unsettled

_PASSES = (Busy, Changed, Stopped, Throttled, Unreachable)


def finish(task: Task) -> Change:
    """Where a change that is not settled stands now; safe to ask again and again."""
    change = task.change
    if not unsettled(change):
        return change
    try:
        now = read(task.context.aws, change.target)
    except Missing:
        return gone(change)
    except AwsError as error:
        # What cannot be read may well be in force: that is no failure of the change.
        return replace(change, note=_unread(change, told(change.target, error)))
    try:
        return _finish(task, now)
    except _PASSES as error:
        return replace(change, note=told(change.target, error))
    except AwsError as error:
        return not_released(change, told(change.target, error))


def _unread(change: Change, note: Note) -> Note | None:
    # The note of an unknown outcome is what says that it is unknown.
    return change.note if change.status is Status.FAILED else note


def _finish(task: Task, now: FunctionNow) -> Change:
    change, value = task.change, task.managed.value(now.configuration)
    if value is None and variables_of(now.configuration) is None:
        return replace(change, note=_unread(change, Obstacle.VARIABLES_UNREADABLE(target=change.target)))
    if change.status is not Status.IN_PROGRESS and value != change.after:
        return not_made(change, value)
    if now.update == "Failed":
        code = str(now.configuration.get("LastUpdateStatusReasonCode", "-"))
        return failed(change, FailureKind.UPDATE_FAILED(target=change.target, code=code))
    if now.update == "InProgress":
        return replace(change, status=Status.IN_PROGRESS, note=None)
    return _released(task, now) if value == change.after else kept(change, value)


def _released(task: Task, now: FunctionNow) -> Change:
    change = task.change
    behind = [alias for alias in now.released if task.managed.value(alias.served) != change.after]
    spared = next((alias for alias in behind if task.spares(alias)), None)
    if spared is not None and task.done is not Status.TAKEN_BACK:
        served = task.managed.value(spared.served) or ""
        about = {"target": change.target, "alias": spared.name, "setting": change.setting}
        more = Obstacle.ALIAS_SERVES_MORE(**about, now=served, wanted=change.after)
        return replace(not_released(change, more), before=served)
    waiting = [alias for alias in behind if not task.spares(alias)]
    if (reason := _in_the_way(task, now, waiting)) is not None:
        return not_released(change, reason)
    if not waiting:
        return replace(change, status=task.done, note=None)
    aws = task.context.aws
    version = FunctionNow(now.name, _published(aws, now))
    change = replace(change, note=None, written=tuple(dict.fromkeys((*change.written, *version.dated))))
    if version.state != "Active":
        return replace(change, status=Status.IN_PROGRESS)
    for alias in waiting:
        expected = {"RevisionId": alias.revision} if alias.revision else {}
        moved = {"Name": alias.name, "FunctionVersion": version.configuration["Version"], **expected}
        aws.call("lambda", "update_alias", FunctionName=now.name, **moved)
    return replace(change, status=task.done)


def _in_the_way(task: Task, now: FunctionNow, waiting: list[Alias]) -> Explained[Obstacle] | None:
    reasons = (reason for alias in waiting if (reason := alias_obstacle(alias, now)) is not None)
    return next(reasons, None) or unannounced(now, task.managed, waiting, task.announced)


def _published(aws: Gateway, now: FunctionNow) -> dict[str, Any]:
    # Publishing what is published already gives the same version again, so a repeat does no harm.
    revision = {"RevisionId": now.revision} if now.revision else {}
    return aws.call("lambda", "publish_version", FunctionName=now.name, CodeSha256=now.code, **revision)
