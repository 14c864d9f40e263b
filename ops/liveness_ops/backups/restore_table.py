"""restore-table: a backup becomes a new table, with all that a restore leaves behind."""

import re
from dataclasses import replace
from typing import Any

from liveness_ops.backups import steps
from liveness_ops.backups.table_plan import by_hand, plan
from liveness_ops.backups.table_read import read_source
from liveness_ops.checks.work import settings_of
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.check import Rhythm
from responder.checks.backups_named import AVAILABLE, read
from responder.errors import Missing
from responder.render.headline import stamp
from responder.text import text

NEWEST = "newest"
_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")


def restore(desk: Desk, backup: str, to: str, do: bool, wait_seconds: float) -> dict[str, Any]:
    """Show; with `do` carry it out. Nothing that exists is written over.

    Raises:
        Stop: no such backup, one of another table, a name that cannot be used or is used already.
    """
    desk = replace(desk, settings=settings_of(desk, Rhythm.WEEKLY))
    _free(desk, to)
    source = read_source(desk, _chosen(desk, backup))
    if source.table != desk.settings.sessions_table or source.status != AVAILABLE:
        said = text("ops.backup_unfit", table=desk.settings.sessions_table)
        raise Stop(Exit.USAGE, said, {"backup": source.backup})
    desk.screen.say(text("ops.restoring", backup=source.name, made=stamp(source.made), table=to))
    planned = plan(source, to)
    told = steps.show(desk, planned)
    hand = by_hand(source, to, desk.settings)
    if do:
        # Somebody may have made it meanwhile; AWS would refuse that, too.
        _free(desk, to)
        steps.carry_out(desk, planned, wait_seconds)
        desk.screen.say(text("ops.restored", table=to), style="green")
    desk.screen.say(text("ops.by_hand"), style="bold")
    desk.screen.say(*hand)
    if not do:
        steps.rehearsed(desk)
    alarms = list(source.alarms)
    return {"backup": source.backup, "to": to, "dry_run": not do, "steps": told, "alarms": alarms}


def _free(desk: Desk, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Stop(Exit.USAGE, text("ops.table_name"))
    try:
        desk.aws.call("dynamodb", "describe_table", TableName=name)
    except Missing:
        return
    raise Stop(Exit.NOT_DONE, text("ops.table_exists", table=name), {"to": name})


def _chosen(desk: Desk, backup: str) -> str:
    if backup != NEWEST:
        return backup
    table = desk.settings.sessions_table
    pages = desk.aws.pages("dynamodb", "list_backups", TableName=table, BackupType="USER")
    found = read((each for page in pages for each in page.get("BackupSummaries", [])), table)
    whole = next((each for each in found if each.whole), None)
    if whole is None:
        raise Stop(Exit.NOTHING_OPEN, text("ops.no_backup", table=table))
    return whole.arn
