"""What is late, and what cannot be late yet. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from responder.checks.backups.age import GRACE, STUCK
from responder.checks.backups.interval import interval
from responder.checks.identity import Checked
from responder.checks.model import Item, Light, Rhythm
from responder.core.settings import Settings
from responder.core.text import text

_CHAPTERS = {Rhythm.WEEKLY: "週次の確認事項", Rhythm.MONTHLY: "月次の確認事項"}


@dataclass(frozen=True, slots=True)
class Span:
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


def span(since: date, today: date, schedule: str) -> Span:
    """8 days for a weekly schedule, 32 for a monthly one."""
    return Span(since, today, (interval(schedule) + GRACE).days)


def ran(rhythm: Rhythm, last: date | None, when: Span, settings: Settings) -> Item:
    """`last`: of the reports that are not late; None without any."""
    name, chapter = text(f"checks.rhythm.{rhythm}"), _CHAPTERS[rhythm]
    if last is not None:
        said = text("check.schedules.filed", check=name, day=last.isoformat())
        return Item(
            Checked.SCHEDULE.of(rhythm),
            Light.GREEN,
            said,
            (),
            chapter,
            "",
            {"days": float((when.today - last).days)},
        )
    if when.early:
        said = text("check.schedules.early", check=name, since=when.since.isoformat(), days=when.most)
        return Item(Checked.SCHEDULE.of(rhythm), Light.GREEN, said, (), chapter)
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
    return Item(Checked.SCHEDULE.of(rhythm), Light.AMBER, said, details, chapter, command)


def backed_up(found: Item, when: Span, settings: Settings) -> Item:
    """As the other checks judge it; on a new stack none is late yet, but one that is stuck is."""
    if found.light is not Light.AMBER or not when.early or found.numbers.get(STUCK):
        return found
    said = text(
        "check.schedules.backup_early",
        table=settings.sessions_table,
        since=when.since.isoformat(),
        days=when.most,
    )
    return Item(found.identity, Light.GREEN, said, (), found.chapter)
