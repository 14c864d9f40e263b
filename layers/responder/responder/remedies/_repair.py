"""Variables put back in one write, told variable by variable."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responder.change import Change, Status
from responder.context import Context
from responder.errors import AwsError, Missing
from responder.failure import FailureKind
from responder.remedies import _release, _write
from responder.remedies._environment import RESTORED, Expected, Variables, amiss
from responder.remedies._found import DELETED, Found, Stands
from responder.remedies._functions import FunctionNow, read, read_all
from responder.remedies._managed import variables_of
from responder.remedies._obstacles import told
from responder.remedies._task import Task
from responder.remedies._write import failed, unfinished, unsettled
from responder.settings import Settings


def put_back(
    context: Context,
    changes: tuple[Change, ...],
    snapshot: Mapping[str, Any],
    held: FunctionNow | None = None,
) -> tuple[Change, ...]:
    """Make those that are not made yet, all of one function."""
    todo = tuple(change for change in changes if unfinished(change))
    if not todo:
        return changes
    target = todo[0].target
    try:
        now = held or read(context.aws, target)
    except AwsError as error:
        return _shared(changes, todo, failed(todo[0], told(target, error)))
    wanted = _wanted(todo, context.settings)
    states = [each.state(now.configuration) for each in wanted]
    if any(state not in (change.before, change.after) for change, state in zip(todo, states, strict=True)):
        return _shared(changes, todo, failed(todo[0], FailureKind.CHANGED_MEANWHILE(target=target)))
    several = Variables(wanted, tuple(each.found(now.configuration) for each in wanted))
    one = Change(target, several.label, several.value(now.configuration), RESTORED)
    return _shared(changes, todo, _write.put(_task(context, several, one, snapshot), now))


def settle(context: Context, changes: tuple[Change, ...], snapshot: Mapping[str, Any]) -> tuple[Change, ...]:
    """Where those stand that are not settled: published, and served by the aliases there are."""
    todo = tuple(change for change in changes if unsettled(change))
    if not todo:
        return changes
    several = Variables(_wanted(todo, context.settings))
    before = amiss(f"{change.setting} {change.before}" for change in todo)
    one = replace(todo[0], setting=several.label, before=before, after=RESTORED)
    return _shared(changes, todo, _release.finish(_task(context, several, one, snapshot)))


def found(context: Context, changes: tuple[Change, ...]) -> tuple[Found | AwsError, ...]:
    """What each variable is now; a value that is not as expected is never shown."""
    read = read_all(context.aws, {change.target for change in changes})

    def one(change: Change, wanted: Expected) -> Found | AwsError:
        now = read[change.target]
        if isinstance(now, AwsError):
            return DELETED if isinstance(now, Missing) else now
        if variables_of(now.configuration) is None:
            # Not decrypted is not removed.
            return AwsError("lambda", "GetFunctionConfiguration", "EnvironmentError")
        state = wanted.state(now.configuration)
        stands = Stands.EVERYWHERE if state == wanted.value else Stands.NOWHERE
        return Found(stands, state, pending=now.update == "InProgress")

    return tuple(map(one, changes, _wanted(changes, context.settings)))


def _task(context: Context, several: Variables, one: Change, snapshot: Mapping[str, Any]) -> Task:
    return Task.of(context, several, one, Status.APPLIED, snapshot)


def _wanted(changes: tuple[Change, ...], settings: Settings) -> tuple[Expected, ...]:
    threshold = settings.threshold_variable
    return tuple(Expected(change.setting, change.after, change.setting == threshold) for change in changes)


def _shared(changes: tuple[Change, ...], todo: tuple[Change, ...], outcome: Change) -> tuple[Change, ...]:
    """One write, one outcome."""
    return tuple(
        replace(each, status=outcome.status, note=outcome.note, written=outcome.written)
        if each in todo
        else each
        for each in changes
    )
