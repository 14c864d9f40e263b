"""A rehearsal of a restore: what is kept of it between two looks, and what its result means. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.checks import commands, days
from responder.checks.commands import FixCommand
from responder.checks.cost.judged import money
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.errors import Unreadable
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.timestamps import zone

CHAPTER = "バックアップからリストア"
FUNCTION = "rehearsal-check"
STATE = "rehearsal/run.json"
SUFFIX = "-rehearsal-"
# A rehearsal comes once a month; four days more are for a month that begins on a weekend.
OLDEST = timedelta(days=35)
# No look works on a table for so long: the looks of a day end after seven hours.
LEFTOVER = timedelta(hours=12)
# DescribeBackup tells the table's count of items, which DynamoDB renews every six hours or so. Within six
# hours a quarter of the manual's busiest day (1,000 sessions) may have come, or gone by TTL.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SourceTableDetails.html
_LEAST_MARGIN, _MARGIN = 250, 0.2
# USD in us-east-1: a GB restored, a GB kept for a month, a million reads of 8 KB (eventually consistent).
# https://aws.amazon.com/dynamodb/pricing/on-demand/
_RESTORED, _KEPT, _READ = 0.15, 0.25, 0.0625
_GB, _READ_BYTES, _HOURS_A_MONTH, _CENT = 1024**3, 8192, 730, 0.01


class RehearsalStage(StrEnum):
    """How far a rehearsal is."""

    RESTORING = "restoring"
    ENDED = "ended"  # its result is known; the table has to go, and on-call has to be told
    TOLD = "told"


class RehearsalOutcome(StrEnum):
    """What came of it."""

    PENDING = "pending"
    RESTORED = "restored"
    NO_BACKUP = "no_backup"
    REFUSED = "refused"  # AWS does not restore this backup
    LATE = "late"  # no table of it was ACTIVE in time
    FOREIGN = "foreign"  # a table of that name is there, and not made by this rehearsal
    UNREAD = "unread"  # a call was refused to us, which says nothing of the backup


@dataclass(frozen=True, slots=True)
class TableShape:
    """Keys and indexes of a table, one line each: `session_id HASH`, `by_user (user_id HASH) ALL`."""

    keys: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RehearsalRun:
    """One rehearsal. No item of the table is in it.

    Attributes:
        day: the owner's day on which it began; the table carries it.
        backup, name, made, size, items, shape: of the backup, as DescribeBackup told them at the beginning.
        outcome: `code` is AWS's, or the right that was missing; `status` the table's when it was last seen.
        counted: items in the restored table; `whole`: all of it was counted.
        found, today: shape of the restored table, and of the sessions table by then (None: not read).
        gone: there is no table of this rehearsal any more.
    """

    day: date
    table: str
    begun: datetime
    stage: RehearsalStage = RehearsalStage.RESTORING
    backup: str = ""
    name: str = ""
    made: datetime | None = None
    size: int = 0
    items: int = 0
    shape: TableShape = TableShape()
    outcome: RehearsalOutcome = RehearsalOutcome.PENDING
    code: str = ""
    status: str = ""
    counted: int = 0
    whole: bool = True
    found: TableShape | None = None
    today: TableShape | None = None
    ended: datetime | None = None
    gone: bool = False

    def end(self, outcome: RehearsalOutcome, now: datetime, **more: Any) -> "RehearsalRun":
        """Its result is known."""
        return replace(self, stage=RehearsalStage.ENDED, outcome=outcome, ended=now, **more)

    @property
    def open(self) -> bool:
        """It has not been told yet."""
        return self.stage is not RehearsalStage.TOLD


def table_of(sessions_table: str, day: date) -> str:
    """`FaceAuth-LivenessSessions-rehearsal-20260201`."""
    return f"{sessions_table}{SUFFIX}{day:%Y%m%d}"


def is_rehearsal(name: str, sessions_table: str) -> bool:
    """A table that carries our suffix."""
    return re.fullmatch(rf"{re.escape(sessions_table + SUFFIX)}\d{{8}}", name) is not None


def shape_of(table: Mapping[str, Any]) -> TableShape:
    """Of DescribeTable's `Table`, or of what a backup says of its table (both parts in one)."""
    found = (*(table.get("GlobalSecondaryIndexes") or ()), *(table.get("LocalSecondaryIndexes") or ()))
    return TableShape(_keys(table), tuple(sorted(map(_index, found))))


def _keys(of: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{each['AttributeName']} {each['KeyType']}" for each in of.get("KeySchema") or ())


def _index(of: Mapping[str, Any]) -> str:
    projection = of.get("Projection", {})
    more = sorted(projection.get("NonKeyAttributes") or ())
    end = " ".join((str(projection.get("ProjectionType", "")), *more))
    return f"{of['IndexName']} ({', '.join(_keys(of))}) {end}"


# --- kept as JSON ------------------------------------------------------------------------------


def written(run: RehearsalRun) -> dict[str, Any]:
    """For JSON."""
    found = {name: _plain(value) for name, value in asdict(run).items()}
    return {name: value for name, value in found.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def read(kept: Any) -> RehearsalRun:
    """Raises Unreadable where it is not what `written` wrote."""
    try:
        given = {each.name: kept[each.name] for each in fields(RehearsalRun) if each.name in kept}
        for name in ("begun", "made", "ended"):
            if name in given:
                given[name] = datetime.fromisoformat(given[name]).astimezone(UTC)
        for name in ("shape", "found", "today"):
            if name in given:
                given[name] = TableShape(tuple(given[name]["keys"]), tuple(given[name]["indexes"]))
        given["day"] = date.fromisoformat(given["day"])
        return RehearsalRun(
            **{
                **given,
                "stage": RehearsalStage(given["stage"]),
                "outcome": RehearsalOutcome(given["outcome"]),
            }
        )
    except (TypeError, ValueError, KeyError) as error:
        raise Unreadable(STATE) from error


# --- what it means -----------------------------------------------------------------------------


def judged(run: RehearsalRun, settings: Settings) -> CheckItem:
    """The result: red where the backup did not become the table that it was made of."""
    light, said = _result(run)
    details = tuple(_details(run))
    numbers = {"bytes": float(run.size), "backup_items": float(run.items), "usd": round(cost(run), 4)}
    if run.outcome is RehearsalOutcome.RESTORED:
        numbers["items"] = float(run.counted)
    command = "" if light is CheckStatus.GREEN else _again(settings)
    return CheckItem(Checked.REHEARSAL.of(), light, said, details, CHAPTER, command, numbers)


def _result(run: RehearsalRun) -> tuple[CheckStatus, Text]:
    if run.outcome is RehearsalOutcome.RESTORED:
        return _compared(run)
    given = {"day": run.day.isoformat(), "backup": run.name, "table": run.table, "code": run.code}
    known = {
        RehearsalOutcome.REFUSED: CheckStatus.RED,
        RehearsalOutcome.LATE: CheckStatus.RED,
        RehearsalOutcome.PENDING: CheckStatus.GREEN,
    }
    said = text(f"check.rehearsal.{run.outcome}", **given, status=run.status or "-")
    return known.get(run.outcome, CheckStatus.UNKNOWN), said


def _compared(run: RehearsalRun) -> tuple[CheckStatus, Text]:
    given: dict[str, str | int] = {"day": run.day.isoformat(), "backup": run.name}
    given |= {"items": run.counted, "expected": run.items}
    if different := _different(run.shape, run.found):
        return CheckStatus.RED, text("check.rehearsal.differs", **given, what=different)
    margin = max(_LEAST_MARGIN, run.items * _MARGIN)
    if run.counted < run.items - margin:
        if not run.whole:
            return CheckStatus.UNKNOWN, text("check.rehearsal.cut", **given)
        return CheckStatus.RED, text("check.rehearsal.fewer", **given)
    if run.whole and run.items and not run.counted:
        return CheckStatus.AMBER, text("check.rehearsal.empty", **given)
    if run.today is not None and (different := _different(run.today, run.found)):
        return CheckStatus.AMBER, text("check.rehearsal.outdated", **given, what=different)
    if run.whole and run.counted > run.items + margin:
        return CheckStatus.AMBER, text("check.rehearsal.more", **given)
    return CheckStatus.GREEN, text("check.rehearsal.restored", **given, minutes=_minutes(run))


def _different(wanted: TableShape, found: TableShape | None) -> str:
    """What one has and the other has not; "" where they are the same."""
    there = found or TableShape()
    sides = ((wanted, there, "-"), (there, wanted, "+"))
    lines = (
        f"{sign} {line}"
        for one, other, sign in sides
        for line in (*one.keys, *one.indexes)
        if line not in (*other.keys, *other.indexes)
    )
    return "; ".join(lines)


def _details(run: RehearsalRun) -> Iterator[Text]:
    if run.made is not None:
        made = f"{run.made:%Y-%m-%d %H:%M} UTC"
        yield text("check.rehearsal.of", backup=run.name, made=made, size=_size(run.size))
    if run.outcome is RehearsalOutcome.RESTORED:
        yield text("check.rehearsal.margin", least=_LEAST_MARGIN, percent=round(_MARGIN * 100))
    if run.outcome is RehearsalOutcome.FOREIGN:
        yield text("check.rehearsal.untouched", table=run.table)
    if run.backup:
        yield text("check.rehearsal.cost", cost=said_cost(cost(run)))
        yield text("check.rehearsal.untested")


def cost(run: RehearsalRun) -> float:
    """USD: restored once, kept for the hours that the table was there, read once to count."""
    lasted = (run.ended - run.begun) if run.ended else timedelta(hours=1)
    return price(run.size, lasted)


def price(size: int, lasted: timedelta = timedelta(hours=1)) -> float:
    """USD for a backup of so many bytes, whose table is there for so long."""
    kept = _KEPT * (lasted / timedelta(hours=1)) / _HOURS_A_MONTH
    return size / _GB * (_RESTORED + kept) + size / _READ_BYTES * _READ / 1e6


def said_cost(usd: float) -> str:
    """`0.35 USD`, a fraction of a cent as a whole one."""
    return money(max(usd, _CENT))


def _size(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"


def _minutes(run: RehearsalRun) -> int:
    return round(((run.ended or run.begun) - run.begun) / timedelta(minutes=1))


def _again(settings: Settings) -> str:
    return (
        f"aws lambda invoke --region {settings.region} --function-name {settings.stack}-{FUNCTION} "
        "/dev/stdout"
    )


def remains(run: RehearsalRun) -> tuple[CheckItem, ...]:
    """The table of a rehearsal that has ended, where it is not deleted yet."""
    if run.gone or run.outcome is RehearsalOutcome.PENDING:
        return ()
    said = text("check.rehearsal.remains", table=run.table, hours=int(LEFTOVER / timedelta(hours=1)))
    return (CheckItem(Checked.REHEARSAL_TABLES.of(run.table), CheckStatus.AMBER, said, (), CHAPTER),)


def never(settings: Settings) -> CheckItem:
    """No rehearsal is on record."""
    on = settings.restore_rehearsal == "on"
    said = text(f"check.rehearsal.{'never' if on else 'off'}", table=settings.sessions_table)
    details = (text("check.rehearsal.schedule", region=settings.region, function=_function(settings)),)
    return CheckItem(
        Checked.REHEARSAL.of(),
        CheckStatus.AMBER if on else CheckStatus.GREEN,
        said,
        details if on else (),
        CHAPTER,
    )


def due(run: RehearsalRun | None, now: datetime, settings: Settings) -> CheckItem:
    """The last rehearsal, for the daily check: its result stays until the next one, and grows old."""
    if run is None:
        return never(settings)
    today = days.day_of(now, zone(settings.check_zone))
    on, age = settings.restore_rehearsal == "on", today - run.day
    if on and age > OLDEST:
        said = text("check.rehearsal.old", day=run.day.isoformat(), days=OLDEST.days)
        details = (text("check.rehearsal.schedule", region=settings.region, function=_function(settings)),)
        return CheckItem(
            Checked.REHEARSAL.of(),
            CheckStatus.RED,
            said,
            details,
            CHAPTER,
            _again(settings),
            {"days": float(age.days)},
        )
    found = judged(run, settings)
    if run.open and now - run.begun > LEFTOVER:
        said = text("check.rehearsal.stopped", day=run.day.isoformat(), stage=run.stage.value)
        return replace(found, light=CheckStatus.AMBER, said=said, command=_again(settings))
    return found


def _function(settings: Settings) -> str:
    return f"{settings.stack}-{FUNCTION}"


def leftover(table: Mapping[str, Any], now: datetime, settings: Settings) -> CheckItem | None:
    """A rehearsal table that no look works on any more; None while one may. Deleted only by a person who has
    read what it was made of."""
    name = str(table.get("TableName", ""))
    made = table.get("CreationDateTime")
    age = now - made if isinstance(made, datetime) else LEFTOVER * 2
    if age <= LEFTOVER:
        return None
    hours = int(age / timedelta(hours=1))
    given: dict[str, str | int] = {"table": name, "hours": hours}
    identity, numbers = Checked.REHEARSAL_TABLE.of(name), {"hours": float(hours)}
    backup = str((table.get("RestoreSummary") or {}).get("SourceBackupArn") or "")
    if not made_of(backup, settings.sessions_table):
        said = text("check.rehearsal.leftover_foreign", **given)
        return CheckItem(identity, CheckStatus.RED, said, (), CHAPTER, _describe(name, settings), numbers)
    mend = delete(table, settings)
    said = text("check.rehearsal.leftover", **given)
    details = (text("check.rehearsal.made_of", backup=backup.rpartition("/")[2]), *mend.details)
    return CheckItem(
        identity, CheckStatus.RED, said, details, CHAPTER, mend.command, numbers, caution=mend.caution
    )


def made_of(backup: str, sessions_table: str) -> bool:
    """The ARN of a backup of the sessions table: `…:table/<table>/backup/…`."""
    return f":table/{sessions_table}/backup/" in backup


def delete(table: Mapping[str, Any], settings: Settings) -> FixCommand:
    """Nothing is deleted once another table has taken the name, or its backup is another one."""
    name = str(table["TableName"])
    query = "to_string(Table.[TableId,RestoreSummary.SourceBackupArn])"
    read = f"{_describe(name, settings)} --query '{query}' --output text"
    state = [table.get("TableId"), (table.get("RestoreSummary") or {}).get("SourceBackupArn")]
    command = f"aws dynamodb delete-table --region {settings.region} --table-name {name}"
    caution = text("check.rehearsal.caution", table=name, service=settings.sessions_table)
    return FixCommand(commands.unchanged(read, commands.written(state), command), (), caution)


def _describe(name: str, settings: Settings) -> str:
    return f"aws dynamodb describe-table --region {settings.region} --table-name {name}"
