"""Did the weekly and the monthly check run in time, the backup, and the rehearsal of a restore? By what they
leave behind: a clock that never calls them makes no other noise."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from responder.checks import days
from responder.checks.backups.age import GRACE, LIST, STUCK, Backups
from responder.checks.backups.interval import interval
from responder.checks.backups.rehearsal import LEFTOVERS, READ_STATE, left, rehearsed
from responder.checks.base import ask, unread
from responder.checks.identity import Checked
from responder.checks.model import FILE, Cadence, CheckItem, CheckSection, CheckStatus, folder
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.timestamps import zone

# What is late, and what cannot be late yet. Pure.

_CHAPTERS = {Cadence.WEEKLY: "週次の確認事項", Cadence.MONTHLY: "月次の確認事項"}


@dataclass(frozen=True, slots=True)
class DueSpan:
    """`since`: the day of the oldest daily report that is kept; `most`: days within which one is due."""

    since: date
    today: date
    most: int

    @property
    def first(self) -> date:
        """What is older is late."""
        return self.today - timedelta(days=self.most)

    @property
    def early(self) -> bool:
        """A new stack, or reports that are kept for a shorter time: nothing can be missed yet."""
        return self.since >= self.first


def span(since: date, today: date, schedule: str) -> DueSpan:
    """8 days for a weekly schedule, 32 for a monthly one."""
    return DueSpan(since, today, (interval(schedule) + GRACE).days)


def ran(rhythm: Cadence, last: date | None, when: DueSpan, settings: Settings) -> CheckItem:
    """`last`: of the reports that are not late; None without any."""
    name, chapter = text(f"checks.rhythm.{rhythm}"), _CHAPTERS[rhythm]
    if last is not None:
        said = text("check.schedules.filed", check=name, day=last.isoformat())
        return CheckItem(
            Checked.SCHEDULE.of(rhythm),
            CheckStatus.GREEN,
            said,
            (),
            chapter,
            "",
            {"days": float((when.today - last).days)},
        )
    if when.early:
        said = text("check.schedules.early", check=name, since=when.since.isoformat(), days=when.most)
        return CheckItem(Checked.SCHEDULE.of(rhythm), CheckStatus.GREEN, said, (), chapter)
    function = f"{settings.stack}-{rhythm}-check"
    details = (
        text("check.schedules.look", function=function, region=settings.region),
        text("check.schedules.failures", where=settings.console),
    )
    said = text("check.schedules.late", check=name, days=when.most)
    # Not waited for: the command line gives up before the check does, and would call it again.
    command = (
        f"aws lambda invoke --region {settings.region} --function-name {function} "
        "--invocation-type Event /dev/stdout"
    )
    return CheckItem(Checked.SCHEDULE.of(rhythm), CheckStatus.AMBER, said, details, chapter, command)


def backed_up(found: CheckItem, when: DueSpan, settings: Settings) -> CheckItem:
    """As the other checks judge it; on a new stack none is late yet, but one that is stuck is."""
    if found.light is not CheckStatus.AMBER or not when.early or found.numbers.get(STUCK):
        return found
    said = text(
        "check.schedules.backup_early",
        table=settings.sessions_table,
        since=when.since.isoformat(),
        days=when.most,
    )
    return CheckItem(found.identity, CheckStatus.GREEN, said, (), found.chapter)


REPORTS_BUCKET = "${ReportsBucket.Arn}"
# One report is three files: enough to see since when there are any.
_FIRST = 3
_KEY = re.compile(rf".*/(\d{{4}}-\d\d-\d\d)/{re.escape(FILE)}")


@dataclass(frozen=True, slots=True)
class Schedules:
    """Three short listings of our own bucket, the list of backups, the record of the last rehearsal."""

    name: str = "schedules"

    def needs(self) -> tuple[Permission, ...]:
        """What there is in the bucket of reports; the backups; the last rehearsal and what it left."""
        return (Permission("s3:ListBucket", REPORTS_BUCKET), LIST, *READ_STATE, *LEFTOVERS)

    def run(self, context: Context) -> CheckSection:
        """Weekly, monthly, backup, rehearsal."""
        (backup,) = Backups().run(context).items
        settings = context.settings
        if not settings.reports_bucket:
            said = text("checks.unread", what=text("check.schedules.part"), reason=text("checks.no_bucket"))
            return CheckSection(
                self.name,
                (CheckItem(Checked.REPORTS.of(), CheckStatus.UNKNOWN, said), backup, *left(context)),
            )
        today = days.day_of(context.now, zone(settings.check_zone))
        daily = _filed(context, Cadence.DAILY, MaxKeys=_FIRST)
        if isinstance(daily, AwsError):
            failed = unread(Checked.REPORTS.of(), text("check.schedules.part"), daily)
            return CheckSection(self.name, (failed, backup, *left(context)))
        # Today's own report is filed after this.
        since = min((*daily, today))
        schedules = {
            Cadence.WEEKLY: settings.weekly_check_schedule,
            Cadence.MONTHLY: settings.monthly_check_schedule,
        }
        checks = (_check(context, rhythm, span(since, today, each)) for rhythm, each in schedules.items())
        when = span(since, today, settings.backup_schedule)
        return CheckSection(self.name, (*checks, backed_up(backup, when, settings), *rehearsed(context)))


def _check(context: Context, rhythm: Cadence, when: DueSpan) -> CheckItem:
    filed = _filed(context, rhythm, StartAfter=f"{folder(rhythm)}{when.first:%Y-%m-%d}")
    if isinstance(filed, AwsError):
        return unread(Checked.SCHEDULE.of(rhythm), text("check.schedules.part"), filed)
    return ran(rhythm, max(filed, default=None), when, context.settings)


def _filed(context: Context, rhythm: Cadence, **asked: object) -> tuple[date, ...] | AwsError:
    """Days of which there is a report: those of the first page, the oldest ones."""
    bucket = context.settings.reports_bucket
    found = ask(context, "s3", "list_objects_v2", Bucket=bucket, Prefix=folder(rhythm), **asked)
    if isinstance(found, AwsError):
        return found
    keys = (_KEY.fullmatch(str(each.get("Key", ""))) for each in found.get("Contents", ()))
    return tuple(day for key in keys if key and (day := _day(key[1])) is not None)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
