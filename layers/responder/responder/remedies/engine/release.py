"""`continue` for functions: once AWS has finished the update, publish it and move the aliases."""

from dataclasses import replace
from typing import Any

from responder.core.change import Change, Status
from responder.core.context import Gateway
from responder.core.errors import AwsError, Busy, Changed, Missing, Stopped, Throttled, Unreachable
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.remedies.engine.functions import Alias, FunctionNow, read
from responder.remedies.engine.managed import variables_of
from responder.remedies.engine.obstacles import alias_obstacle, unannounced
from responder.remedies.engine.write import (
    FunctionChange,
    failed,
    failure_of,
    gone,
    kept,
    not_made,
    not_released,
    still_unread,
    unsettled,
)

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
