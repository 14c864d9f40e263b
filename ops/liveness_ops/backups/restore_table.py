"""restore-table: a backup becomes a new table, with all that a restore leaves behind."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from liveness_ops.backups import steps
from liveness_ops.backups.backup_table import listed
from liveness_ops.backups.belongings import Described
from liveness_ops.backups.steps import Step
from liveness_ops.backups.table_plan import by_hand, left_alarms, plan
from liveness_ops.backups.table_read import Source, describe, read_backup, read_source
from liveness_ops.checks.work import settings_of
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.checks.backups.names import AVAILABLE
from responder.checks.model import Cadence
from responder.core.deployed_alarm import describe as describe_alarm
from responder.core.text import text
from responder.messages.headline import stamp

NEWEST = "newest"
_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")


def restore(desk: Desk, backup: str, to: str, do: bool, wait_seconds: float) -> dict[str, Any]:
    """Show; with `do` carry it out. Nothing that exists is written over: a table that was begun from a
    backup of the sessions table only gets what it lacks.

    Raises:
        Stop: no such backup, one of another table, a name that cannot be used or is used already.
    """
    desk = replace(desk, settings=settings_of(desk, Cadence.WEEKLY))
    standing = _standing(desk, to, backup)
    source = _source(desk, backup, to, standing)
    said = "ops.restoring" if standing is None else "ops.resuming"
    desk.screen.say(text(said, backup=source.backup.name, made=stamp(source.backup.made), table=to))
    planned = plan(source, to, desk.clock())
    told = steps.show(desk, planned)
    if not planned:
        desk.screen.say(text("ops.nothing_missing", table=to), style="green")
    hand = by_hand(source, to, desk.settings)
    if do and planned:
        _carry_out(desk, planned, source, to, wait_seconds)
    desk.screen.say(text("ops.by_hand"), style="bold")
    desk.screen.say(*hand)
    if planned and not do:
        steps.rehearsed(desk)
    return {
        "backup": source.backup.arn,
        "to": to,
        "begun": standing is not None,
        "dry_run": not do,
        "steps": told,
        "alarms": left_alarms(source, to),
    }


def _standing(desk: Desk, to: str, backup: str) -> Described | None:
    """The table of that name, if it was made of such a backup; None where there is none."""
    if not _NAME.fullmatch(to):
        raise Stop(Exit.USAGE, text("ops.table_name"))
    found = describe(desk, to)
    made_of = found and found.get("RestoreSummary", {}).get("SourceBackupArn")
    if found is not None and (not made_of or backup not in (NEWEST, made_of)):
        raise _exists(to)
    return found


def _source(desk: Desk, backup: str, to: str, standing: Described | None) -> Source:
    arn = str(standing["RestoreSummary"]["SourceBackupArn"]) if standing else _chosen(desk, backup)
    try:
        found = read_backup(desk, arn)
        if found.table != desk.settings.sessions_table or found.status != AVAILABLE:
            said = text("ops.backup_unfit", table=desk.settings.sessions_table)
            raise Stop(Exit.USAGE, said, {"backup": arn})
    except Stop:
        # Then it was not made for this, and is a table like any other.
        if standing:
            raise _exists(to) from None
        raise
    return read_source(desk, found, to, standing)


def _carry_out(desk: Desk, planned: tuple[Step, ...], source: Source, to: str, wait_seconds: float) -> None:
    # Somebody may have made it meanwhile; AWS would refuse that, too.
    if source.there is None and describe(desk, to) is not None:
        raise _exists(to)
    try:
        steps.carry_out(desk, planned, wait_seconds, guard=partial(_guard, desk))
    except Stop:
        desk.screen.say(text("ops.run_again"))
        raise
    desk.screen.say(text("ops.restored", table=to), style="green")


def _guard(desk: Desk, step: Step) -> None:
    if step.operation != "put_metric_alarm":
        return
    name = str(step.arguments["AlarmName"])
    if describe_alarm(desk.aws, name) is not None:
        raise Stop(Exit.NOT_DONE, text("ops.alarm_exists", alarm=name), {"alarm": name})


def _chosen(desk: Desk, backup: str) -> str:
    """One that AWS made when the table was deleted counts, too: it has the last rows."""
    if backup != NEWEST:
        return backup
    whole = next((each for each in listed(desk) if each.whole), None)
    if whole is None:
        raise Stop(Exit.NOTHING_OPEN, text("ops.no_backup", table=desk.settings.sessions_table))
    return whole.arn


def _exists(to: str) -> Stop:
    return Stop(Exit.NOT_DONE, text("ops.table_exists", table=to), {"to": to})
