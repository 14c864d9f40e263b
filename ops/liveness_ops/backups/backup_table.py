"""backup-table: list the backups, and make one manually, with pruning as on schedule."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime

from liveness_ops.backups import steps
from liveness_ops.backups.steps import Step
from liveness_ops.listing import listed as rows
from liveness_ops.people.exits import failed
from liveness_ops.people.operator_session import OperatorSession
from responder.checks.backups import names as named
from responder.checks.backups.making import make, prune
from responder.checks.backups.names import AVAILABLE, Backup
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.timestamps import stamp


def back_up(session: OperatorSession, do: bool) -> Json:
    """List, and show what would be made and deleted; with `do` carry it out.

    Raises:
        EarlyExit: an old one could not be deleted; the new one is there.
        AwsError: it was not made, or cannot be restored yet.
    """
    now, found = session.clock(), listed(session)
    _show(session, found, now)
    shapes = [
        {"backup": each.arn, "name": each.name, "made": stamp(each.made), "status": each.status}
        for each in found
    ]
    about = {"backups": shapes, "dry_run": not do}
    if do:
        return {**about, "steps": [], **_carry_out(session, now)}
    shown = steps.show(session, tuple(_plan(found, session.settings, now)))
    steps.rehearsed(session)
    return {**about, "steps": shown}


def listed(session: OperatorSession) -> tuple[Backup, ...]:
    """The backups of the sessions table, the newest first; also the one that AWS made when it was deleted."""
    table = session.settings.sessions_table
    of = ("dynamodb", "list_backups", "BackupSummaries")
    return named.read(rows(session.aws, *of, TableName=table, BackupType="ALL"), table)


def _plan(found: Iterable[Backup], settings: Settings, now: datetime) -> Iterator[Step]:
    table = settings.sessions_table
    wanted = named.name(table, now)
    asked = {"TableName": table, "BackupName": wanted}
    yield Step(text("ops.step_backup", backup=wanted), "dynamodb", "create_backup", asked)
    # Once the new one is complete, the previous newest one may be pruned.
    later = (Backup("", wanted, AVAILABLE, now), *found)
    for each in named.over(later, table, now, settings.backup_days):
        said = text("ops.step_prune", backup=each.name)
        yield Step(said, "dynamodb", "delete_backup", {"BackupArn": each.arn})


def _carry_out(session: OperatorSession, now: datetime) -> Json:
    context = Context(session.aws, session.settings, now, now)
    made = make(now, context, time.sleep)
    session.screen.say(text("ops.backup_made", backup=made.arn), style="green")
    try:
        pruned = prune(made, context)
    except AwsError as error:
        early = failed(str(error))
        early.data["backup"] = made.arn
        raise early from None
    if pruned:
        session.screen.say(text("ops.backups_pruned", backups=", ".join(pruned)))
    return {"backup": made.arn, "made": made.new, "pruned": pruned}


def _show(session: OperatorSession, found: tuple[Backup, ...], now: datetime) -> None:
    """A line each, and one that is there to be copied."""
    table = session.settings.sessions_table
    ours, over = named.ours(found, table), named.over(found, table, now, session.settings.backup_days)
    session.screen.say(text("ops.backups", table=table, count=len(found)), style="bold")
    for each in found:
        what = "over" if each in over else "ours" if each in ours else "other"
        kind = text(f"ops.backup_{what if each.whole else 'making'}")
        session.screen.say(text("ops.backup_line", made=stamp(each.made), what=kind, backup=each.name))
        session.screen.say(text("ops.joined", parts=f"  {each.arn}"))
