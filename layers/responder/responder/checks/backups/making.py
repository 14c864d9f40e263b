"""Back the sessions table up, then prune: only backups of this stack, and only once the new one can be
restored."""

import time
from datetime import datetime
from functools import partial
from typing import Any

from responder.aws.gateway import patient
from responder.checks.backups import names as named
from responder.checks.backups.age import LIST
from responder.checks.run.due import due
from responder.checks.run.handler import ASKED_SECONDS, on_schedule
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import SESSIONS_TABLE, SETTINGS, Permission
from responder.core.plain_data import Json
from responder.core.retry import Sleep, again
from responder.store.switches import read_settings

NEEDS = frozenset(
    (
        *SETTINGS,
        LIST,
        Permission("dynamodb:CreateBackup", SESSIONS_TABLE, "the backup on schedule"),
        Permission("dynamodb:DeleteBackup", f"{SESSIONS_TABLE}/backup/*", "our own ones past their time"),
    )
)
_LOOKS, _PAUSE_SECONDS = 20, 3.0
_IN_USE = "BackupInUseException"
# DynamoDB takes ten deletions of backups a second of an account (API reference, DeleteBackup).
_DELETING_SECONDS = 20.0


@frozen
class Made:
    """`new`: not there before this order. `listed`: every backup of the table, once this one is whole."""

    arn: str
    new: bool
    listed: tuple[named.Backup, ...]


def handle(event: Any, _: Any) -> Json:
    """The entry on Lambda: an event of EventBridge Scheduler, or any payload of a manual invocation."""
    return on_schedule("a backup", partial(back_up, event))


def back_up(event: Any, context: Context, sleep: Sleep = time.sleep) -> Json:
    """Make one unless this very order has made it already, wait for it, prune.

    Raises:
        ResponderError: it was not made, cannot be restored yet, the settings document cannot be used, or an
            old one could not be deleted. Lambda tries again with the same event, so with the same name; then
            on-call is notified.
    """
    context = patient(context, ASKED_SECONDS)
    made = make(due(event, context.now), context, sleep)
    if context.parameters is not None:
        # Nothing is deleted by the default if the retention time is unknown.
        read_settings(context)
    pruned = prune(made, context, sleep)
    left = len(named.ours(made.listed, context.settings.sessions_table)) - len(pruned)
    return {"backup": made.arn, "made": made.new, "pruned": pruned, "backups": left}


def make(ordered: datetime, context: Context, sleep: Sleep) -> Made:
    """Make a backup and wait until it can be restored. Raises AwsError where it was not made, or cannot be
    restored yet."""
    wanted = named.name(context.settings.sessions_table, ordered)
    before = named.same_minute(_listed(context), wanted)
    arn = before.arn if before else ""
    if not before:
        table = context.settings.sessions_table
        made = context.aws.call("dynamodb", "create_backup", TableName=table, BackupName=wanted)
        arn = str(made["BackupDetails"]["BackupArn"])
    return Made(arn, before is None, _until_whole(context, arn, sleep))


def _listed(context: Context) -> tuple[named.Backup, ...]:
    table = context.settings.sessions_table
    found = context.aws.pages("dynamodb", "list_backups", TableName=table, BackupType="USER")
    return named.read((each for page in found for each in page.get("BackupSummaries", [])), table)


def _until_whole(context: Context, arn: str, sleep: Sleep) -> tuple[named.Backup, ...]:
    for look in range(_LOOKS):
        listed = _listed(context)
        if any(each.arn == arn and each.whole for each in listed):
            return listed
        if look + 1 < _LOOKS:
            sleep(_PAUSE_SECONDS)
    raise Unreachable("dynamodb", "CreateBackup", "NotAvailable")


def prune(made: Made, context: Context, sleep: Sleep = time.sleep) -> list[str]:
    """The names of this stack's backups that were past their time. What DynamoDB throttles is tried again.
    Raises AwsError; one that cannot be deleted keeps none of the others."""
    until = time.monotonic() + _DELETING_SECONDS
    settings = context.settings
    delete = partial(context.aws.call, "dynamodb", "delete_backup")
    pruned: list[str] = []
    problem: AwsError | None = None
    for each in named.over(made.listed, settings.sessions_table, context.now, settings.backup_days):
        try:
            again(partial(delete, BackupArn=each.arn), until, pause=sleep)
            pruned.append(each.name)
        except Missing:
            pruned.append(each.name)
        except AwsError as error:
            # It is being restored right now: next time.
            problem = problem if error.code == _IN_USE else problem or error
    if problem is not None:
        raise problem
    return pruned
