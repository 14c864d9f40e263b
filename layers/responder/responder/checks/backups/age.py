"""How old the newest backup of the sessions table is, and how many there are (manual, バックアップ)."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from responder.checks.backups.names import Backup, ours, read
from responder.checks.base import pages
from responder.checks.commands import invoke
from responder.checks.finding import AMBER, Checked, CheckItem, Identity
from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.settings import Settings
from responder.core.text import Texts, text

CHAPTER = "オンデマンドバックアップ作成"
LIST = Permission("dynamodb:ListBackups", ANY)
FUNCTION = "sessions-backup"
# A backup that is late by a day is not late: the check may come first.
GRACE = timedelta(days=1)
# A small table's backup is whole within seconds, a large one's within minutes.
STUCK = "stuck"
_STUCK = timedelta(hours=1)
_HOUR, _DAY, _WEEK, _MONTH = (timedelta(hours=hours) for hours in (1, 24, 7 * 24, 31 * 24))


def interval(expression: str) -> timedelta:
    """The longest pause that a schedule of EventBridge may make, a day at least; a year where only some
    months are named."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return max(_DAY, timedelta(**{f"{rate[2]}s": int(rate[1])}))
    match expression.removeprefix("cron(").removesuffix(")").upper().split():
        case [_, _, _, months, _, _] if months not in ("?", "*"):
            return timedelta(days=366)
        case [_, _, day, _, _, _] if day not in ("?", "*"):
            return _MONTH
        case [_, _, _, _, "?" | "*", _]:
            return _DAY
        case [_, _, _, _, weekday, _] if "#" in weekday or "L" in weekday:
            return _MONTH
    return _WEEK


@frozen
class Backups:
    """One request; those of AWS Backup are not in it."""

    name: str = "backups"

    def needs(self) -> Permissions:
        """Listing them."""
        return (LIST,)

    def run(self, context: Context) -> CheckSection:
        """Every page."""
        table = context.settings.sessions_table
        found = pages(context, "dynamodb", "list_backups", TableName=table, BackupType="USER")
        if isinstance(found, AwsError):
            this = Checked.BACKUP.of(table, chapter=CHAPTER)
            return CheckSection(self.name, (this.unread(text("check.backups.part"), found),))
        listed = read((each for page in found for each in page.get("BackupSummaries", [])), table)
        return CheckSection(self.name, (judged(listed, context.settings, context.now),))


def judged(backups: Iterable[Backup], settings: Settings, now: datetime) -> CheckItem:
    """The item about backups, by the stack's schedule. Empty: no backups are wanted."""
    listed, table = tuple(backups), settings.sessions_table
    this, mine = Checked.BACKUP.of(table, chapter=CHAPTER), ours(listed, table)
    stuck = [each for each in listed if not each.whole and now - each.made > _STUCK]
    details = [
        text(
            "check.backups.stuck_since", name=each.name, status=each.status, hours=(now - each.made) // _HOUR
        )
        for each in stuck
    ]
    if others := len(listed) - len(mine):
        details.append(text("check.backups.others", count=others))
    names = ", ".join(f"{each.name} ({each.status})" for each in stuck)
    arns, command = sorted(each.arn for each in stuck), invoke(FUNCTION, settings)
    numbers = {STUCK: float(len(stuck))}
    whole = [each for each in mine if each.whole]
    if not whole:
        if not settings.backup_schedule and not stuck:
            return this.green(text("check.backups.off", table=table), *details)
        said = text("check.backups.none", table=table)
        if stuck:
            said = text("check.backups.none_whole", table=table, stuck=names)
        return this.amber(said, *details, command=command, numbers=numbers, facts=("none", *arns))
    found = _aged(this, whole, settings, now, tuple(details), command)
    if not stuck:
        return found
    said, facts = text("check.backups.stuck", stuck=names, others=found.said), (*found.facts, *arns)
    numbers = {**found.numbers, **numbers}
    return replace(found, light=AMBER, said=said, command=command, numbers=numbers, facts=facts)


def _aged(  # noqa: PLR0913  one value per part of the finding
    this: Identity,
    whole: list[Backup],
    settings: Settings,
    now: datetime,
    details: Texts,
    command: str,
) -> CheckItem:
    newest, oldest = now - whole[0].made, now - whole[-1].made
    table, count = settings.sessions_table, len(whole)
    numbers = {"backups": float(count), "newest_days": round(newest / _DAY, 1)}
    numbers["oldest_days"] = round(oldest / _DAY, 1)
    said = text("check.backups", newest=newest.days, oldest=oldest.days, table=table, count=count)
    if not settings.backup_schedule:
        return this.green(said, text("check.backups.off", table=table), *details, numbers=numbers)
    every = interval(settings.backup_schedule)
    if newest > every + GRACE:
        late = text("check.backups.late", days=every.days)
        return this.amber(said, late, *details, command=command, numbers=numbers, facts=("late",))
    # The newest stays whatever its age, and is pruned only after the next.
    if len(whole) > 1 and oldest > timedelta(days=settings.backup_days) + every + GRACE:
        old = text("check.backups.unpruned", days=settings.backup_days)
        return this.amber(said, old, *details, command=command, numbers=numbers, facts=("unpruned",))
    return this.green(said, *details, numbers=numbers)
