"""How old the newest backup of the sessions table is, and how many there are (manual, バックアップ)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from responder.checks.backups.interval import interval
from responder.checks.backups.names import Backup, ours, read
from responder.checks.base import pages, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import ANY, Permission
from responder.core.settings import Settings
from responder.core.text import Text, text

CHAPTER = "オンデマンドバックアップ作成"
LIST = Permission("dynamodb:ListBackups", ANY)
FUNCTION = "sessions-backup"
# A backup that is late by a day is not late: the check may come first.
GRACE = timedelta(days=1)
# A small table's backup is whole within seconds, a large one's within minutes.
STUCK = "stuck"
_STUCK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Backups:
    """One request; those of AWS Backup are not in it."""

    name: str = "backups"

    def needs(self) -> tuple[Permission, ...]:
        """Listing them."""
        return (LIST,)

    def run(self, context: Context) -> CheckSection:
        """Every page."""
        table = context.settings.sessions_table
        found = pages(context, "dynamodb", "list_backups", TableName=table, BackupType="USER")
        if isinstance(found, AwsError):
            return CheckSection(
                self.name, (unread(Checked.BACKUP.of(table), text("check.backups.part"), found, CHAPTER),)
            )
        listed = read((each for page in found for each in page.get("BackupSummaries", [])), table)
        return CheckSection(self.name, (judged(listed, context.settings, context.now),))


def judged(backups: Iterable[Backup], settings: Settings, now: datetime) -> CheckItem:
    """By the schedule as the stack has it. Empty: there are to be none."""
    listed, table = tuple(backups), settings.sessions_table
    mine = ours(listed, table)
    others = len(listed) - len(mine)
    details = (text("check.backups.others", count=others),) if others else ()
    stuck = [each for each in listed if not each.whole and now - each.made > _STUCK]
    this, arns = Checked.BACKUP.of(table), sorted(each.arn for each in stuck)
    if stuck:
        details = (*(_stuck(each, now) for each in stuck), *details)
    command = (
        f"aws lambda invoke --region {settings.region} --function-name {settings.stack}-{FUNCTION} "
        "/dev/stdout"
    )
    whole = [each for each in mine if each.whole]
    if not whole:
        if not settings.backup_schedule and not stuck:
            return CheckItem(
                this, CheckStatus.GREEN, text("check.backups.off", table=table), details, CHAPTER
            )
        said = text("check.backups.none", table=table)
        if stuck:
            said = text("check.backups.none_whole", table=table, stuck=_names(stuck))
        facts, numbers = ("none", *arns), {STUCK: float(len(stuck))}
        return CheckItem(this, CheckStatus.AMBER, said, details, CHAPTER, command, numbers, facts=facts)
    found = _aged(whole, settings, now, details, command)
    if not stuck:
        return found
    said = text("check.backups.stuck", stuck=_names(stuck), others=found.said)
    numbers = {**found.numbers, STUCK: float(len(stuck))}
    facts = (*found.facts, *arns)
    return replace(found, light=CheckStatus.AMBER, said=said, command=command, numbers=numbers, facts=facts)


def _names(stuck: list[Backup]) -> str:
    return ", ".join(f"{each.name} ({each.status})" for each in stuck)


def _stuck(backup: Backup, now: datetime) -> Text:
    hours = int((now - backup.made) / timedelta(hours=1))
    return text("check.backups.stuck_since", name=backup.name, status=backup.status, hours=hours)


def _aged(
    whole: list[Backup], settings: Settings, now: datetime, details: tuple[Text, ...], command: str
) -> CheckItem:
    newest, oldest = now - whole[0].made, now - whole[-1].made
    table, count = settings.sessions_table, len(whole)
    numbers = {"backups": float(count), "newest_days": _days(newest), "oldest_days": _days(oldest)}
    said = text("check.backups", newest=newest.days, oldest=oldest.days, table=table, count=count)
    if not settings.backup_schedule:
        details = (text("check.backups.off", table=settings.sessions_table), *details)
        return CheckItem(Checked.BACKUP.of(table), CheckStatus.GREEN, said, details, CHAPTER, "", numbers)
    every = interval(settings.backup_schedule)
    if newest > every + GRACE:
        details, facts = (text("check.backups.late", days=every.days), *details), ("late",)
        return CheckItem(
            Checked.BACKUP.of(table), CheckStatus.AMBER, said, details, CHAPTER, command, numbers, facts=facts
        )
    # The newest stays whatever its age, and is pruned only after the next.
    if len(whole) > 1 and oldest > timedelta(days=settings.backup_days) + every + GRACE:
        details, facts = (text("check.backups.unpruned", days=settings.backup_days), *details), ("unpruned",)
        return CheckItem(
            Checked.BACKUP.of(table), CheckStatus.AMBER, said, details, CHAPTER, command, numbers, facts=facts
        )
    return CheckItem(Checked.BACKUP.of(table), CheckStatus.GREEN, said, details, CHAPTER, "", numbers)


def _days(age: timedelta) -> float:
    return round(age / timedelta(days=1), 1)
