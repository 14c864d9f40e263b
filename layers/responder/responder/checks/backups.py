"""How old the newest backup of the sessions table is, and how many there are (manual, バックアップ)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.check import Item, Light, Section
from responder.checks.backups_named import Backup, ours, read
from responder.checks.backups_rhythm import interval
from responder.checks.storage_asked import pages
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError
from responder.permissions import ANY, Permission
from responder.settings import Settings
from responder.text import Text, text

CHAPTER = "オンデマンドバックアップ作成"
LIST = Permission("dynamodb:ListBackups", ANY)
FUNCTION = "sessions-backup"
# A backup that is late by a day is not late: the check may come first.
GRACE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Backups:
    """One request; those of AWS Backup are not in it."""

    name: str = "backups"

    def needs(self) -> tuple[Permission, ...]:
        """Listing them."""
        return (LIST,)

    def run(self, context: Context) -> Section:
        """Every page."""
        table = context.settings.sessions_table
        found = pages(context, "dynamodb", "list_backups", TableName=table, BackupType="USER")
        if isinstance(found, AwsError):
            return Section(self.name, (unread(text("check.backups.part"), found, CHAPTER),))
        listed = read((each for page in found for each in page.get("BackupSummaries", [])), table)
        return Section(self.name, (judged(listed, context.settings, context.now),))


def judged(backups: Iterable[Backup], settings: Settings, now: datetime) -> Item:
    """By the schedule as the stack has it. Empty: there are to be none."""
    listed, table = tuple(backups), settings.sessions_table
    mine = ours(listed, table)
    others = len(listed) - len(mine)
    details = (text("check.backups.others", count=others),) if others else ()
    command = (
        f"aws lambda invoke --region {settings.region} --function-name {settings.stack}-{FUNCTION} "
        "/dev/stdout"
    )
    whole = [each for each in mine if each.whole]
    if not whole:
        if not settings.backup_schedule:
            return Item(Light.GREEN, text("check.backups.off", table=table), details, CHAPTER)
        return Item(Light.AMBER, text("check.backups.none", table=table), details, CHAPTER, command)
    return _aged(whole, settings, now, details, command)


def _aged(
    whole: list[Backup], settings: Settings, now: datetime, details: tuple[Text, ...], command: str
) -> Item:
    newest, oldest = now - whole[0].made, now - whole[-1].made
    table, count = settings.sessions_table, len(whole)
    numbers = {"backups": float(count), "newest_days": _days(newest), "oldest_days": _days(oldest)}
    said = text("check.backups", newest=newest.days, oldest=oldest.days, table=table, count=count)
    if not settings.backup_schedule:
        details = (text("check.backups.off", table=settings.sessions_table), *details)
        return Item(Light.GREEN, said, details, CHAPTER, "", numbers)
    every = interval(settings.backup_schedule)
    if newest > every + GRACE:
        details = (text("check.backups.late", days=every.days), *details)
        return Item(Light.AMBER, said, details, CHAPTER, command, numbers)
    # The newest stays whatever its age, and is pruned only after the next.
    if len(whole) > 1 and oldest > timedelta(days=settings.backup_days) + every + GRACE:
        details = (text("check.backups.unpruned", days=settings.backup_days), *details)
        return Item(Light.AMBER, said, details, CHAPTER, command, numbers)
    return Item(Light.GREEN, said, details, CHAPTER, "", numbers)


def _days(age: timedelta) -> float:
    return round(age / timedelta(days=1), 1)
