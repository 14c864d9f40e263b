"""What is late, and what cannot be late yet. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from responder.checks.backups.age import GRACE, STUCK
from responder.checks.backups.interval import interval
from responder.checks.identity import Checked
from responder.checks.model import Cadence, CheckItem, CheckStatus
from responder.core.settings import Settings
from responder.core.text import text

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
