"""Did the weekly and the monthly check run in time, and the backup? Was a restore tested? By what they leave
behind: a clock that never calls them makes no other noise."""

from datetime import date, timedelta
from typing import NamedTuple

from responder.checks import days
from responder.checks.backups.age import GRACE, LIST, STUCK, Backups, interval
from responder.checks.backups.restore_test import NEEDS as RESTORES
from responder.checks.backups.restore_test import restored
from responder.checks.commands import invoke
from responder.checks.finding import AMBER, Checked, CheckItem
from responder.checks.model import Cadence, CheckSection, folder
from responder.checks.previous import filed
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import Permission, Permissions
from responder.core.text import text
from responder.core.timestamps import zone

_CHAPTERS = {Cadence.WEEKLY: "週次の確認事項", Cadence.MONTHLY: "月次の確認事項"}
REPORTS_BUCKET = "${ReportsBucket.Arn}"
# One report is three files: enough to see since when there are any.
_FIRST = 3


class DueSpan(NamedTuple):
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


@frozen
class Schedules:
    """Three short listings of our own bucket, the lists of backups and of restore tests, the tables."""

    name: str = "schedules"

    def needs(self) -> Permissions:
        """What there is in the bucket of reports; backups, restore tests, and what earlier versions left."""
        return (Permission("s3:ListBucket", REPORTS_BUCKET), LIST, *RESTORES)

    def run(self, context: Context) -> CheckSection:
        """Weekly, monthly, backup, restore test."""
        (backup,) = Backups().run(context).items
        settings, this = context.settings, Checked.REPORTS.of()
        if not settings.reports_bucket:
            said = text("checks.unread", what=text("check.schedules.part"), reason=text("checks.no_bucket"))
            return CheckSection(self.name, (this.unknown(said), backup, *restored(context)))
        daily = filed(context, Cadence.DAILY, MaxKeys=_FIRST)
        if isinstance(daily, AwsError):
            failed = this.unread(text("check.schedules.part"), daily)
            return CheckSection(self.name, (failed, backup, *restored(context)))
        today = days.day_of(context.now, zone(settings.check_zone))
        # Today's own report is filed after this.
        since = min((*daily, today))

        def span(schedule: str) -> DueSpan:
            """8 days for a weekly schedule, 32 for a monthly one."""
            return DueSpan(since, today, (interval(schedule) + GRACE).days)

        checks = (
            _ran(context, Cadence.WEEKLY, span(settings.weekly_check_schedule)),
            _ran(context, Cadence.MONTHLY, span(settings.monthly_check_schedule)),
        )
        when = span(settings.backup_schedule)
        # On a new stack no backup is late yet, but one that is stuck is.
        if backup.light is AMBER and when.early and not backup.numbers.get(STUCK):
            key, table = "check.schedules.backup_early", settings.sessions_table
            said = text(key, table=table, since=since.isoformat(), days=when.most)
            backup = backup.identity.green(said)
        return CheckSection(self.name, (*checks, backup, *restored(context)))


def _ran(context: Context, rhythm: Cadence, when: DueSpan) -> CheckItem:
    settings = context.settings
    found = filed(context, rhythm, StartAfter=f"{folder(rhythm)}{when.first:%Y-%m-%d}")
    if isinstance(found, AwsError):
        return Checked.SCHEDULE.of(rhythm).unread(text("check.schedules.part"), found)
    this, name = Checked.SCHEDULE.of(rhythm, chapter=_CHAPTERS[rhythm]), text(f"checks.rhythm.{rhythm}")
    if found:
        last = max(found)
        numbers = {"days": float((when.today - last).days)}
        said = text("check.schedules.filed", check=name, day=last.isoformat())
        return this.green(said, numbers=numbers)
    if when.early:
        since = when.since.isoformat()
        return this.green(text("check.schedules.early", check=name, since=since, days=when.most))
    function = f"{rhythm}-check"
    return this.amber(
        text("check.schedules.late", check=name, days=when.most),
        text("check.schedules.look", function=f"{settings.stack}-{function}", region=settings.region),
        text("check.schedules.failures", where=settings.console),
        # Not waited for: the command line gives up before the check does, and would call it again.
        command=invoke(function, settings, invocation_type="Event"),
    )
