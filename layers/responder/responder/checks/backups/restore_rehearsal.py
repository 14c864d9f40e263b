"""Can a backup of the sessions table be restored (manual, バックアップからリストア)?

The restore itself is done by `restore_rehearsal_run`; here its record is read and judged, and nothing is
changed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from responder.checks import commands, days
from responder.checks.backups.age import LIST
from responder.checks.backups.names import read as read_backups
from responder.checks.base import CheckSubject, ask, pages
from responder.checks.commands import aws, invoke
from responder.checks.cost.judged import money
from responder.checks.identity import Checked
from responder.checks.model import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckSection, CheckStatus
from responder.checks.previous import body, place
from responder.core import codec
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, ResponderError, Unreachable, Unreadable
from responder.core.frozen import frozen
from responder.core.permissions import ANY, SESSIONS_TABLE, Permission
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.core.timestamps import zone

CHAPTER = "バックアップからリストア"
FUNCTION = "rehearsal-check"
STATE = "rehearsal/run.json"
SUFFIX = "-rehearsal-"
# Only tables of a rehearsal: the suffix is part of the permission.
TABLES = f"{SESSIONS_TABLE}{SUFFIX}*"
REPORTS_BUCKET = "${ReportsBucket.Arn}"
READ_STATE = (
    Permission("s3:GetObject", f"{REPORTS_BUCKET}/{STATE}"),
    # Without it S3 answers 403, not 404, where there is no such object.
    Permission("s3:ListBucket", REPORTS_BUCKET),
)
LEFTOVERS = (Permission("dynamodb:ListTables", ANY), Permission("dynamodb:DescribeTable", TABLES))
_LARGEST = 1_000_000
# A rehearsal comes once a month; four days more are for a month that begins on a weekend.
OLDEST = timedelta(days=35)
# No run works on a table for this long: the runs of a day end after seven hours.
LEFTOVER, _HOUR = timedelta(hours=12), timedelta(hours=1)
# DescribeBackup returns the table's count of items, which DynamoDB renews every six hours or so. Within six
# hours a quarter of the manual's busiest day (1,000 sessions) may have come, or gone by TTL.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SourceTableDetails.html
_LEAST_MARGIN, _MARGIN = 250, 0.2
# USD in us-east-1: a GB restored, a GB kept for a month, a million reads of 8 KB (eventually consistent).
# https://aws.amazon.com/dynamodb/pricing/on-demand/
_RESTORED, _KEPT, _READ = 0.15, 0.25, 0.0625
_GB, _READ_BYTES, _HOURS_A_MONTH, _CENT = 1024**3, 8192, 730, 0.01


class RestoreRehearsalStage(StrEnum):
    """How far a rehearsal is."""

    RESTORING = "restoring"
    ENDED = "ended"  # its result is known; the table has to go, and on-call has to be notified
    REPORTED = "reported"


class RestoreRehearsalOutcome(StrEnum):
    """The outcome."""

    PENDING = "pending"
    RESTORED = "restored"
    NO_BACKUP = "no_backup"
    REFUSED = "refused"  # AWS does not restore this backup
    LATE = "late"  # no table of it was ACTIVE in time
    FOREIGN = "foreign"  # a table of that name is there, and not made by this rehearsal
    UNREAD = "unread"  # a call was denied, which does not judge the backup


@frozen
class TableShape:
    """Keys and indexes of a table, one line each: `session_id HASH`, `by_user (user_id HASH) ALL`."""

    keys: tuple[str, ...] = field(default=(), metadata=codec.STORED)
    indexes: tuple[str, ...] = field(default=(), metadata=codec.STORED)


@frozen
class RestoreRehearsalRun:
    """One rehearsal, as it is stored between two looks (`core.codec`). No item of the table is in it.

    Attributes:
        day: the owner's day on which it began; the table carries it.
        backup, name, made, size, items, shape: of the backup, as DescribeBackup returned them at the
            beginning.
        outcome: `code` is AWS's, or the right that was missing; `status` the table's when it was last seen.
        counted: items in the restored table; `whole`: all of it was counted.
        found, today: shape of the restored table, and of the sessions table by then (None: not read).
        gone: the table of this rehearsal does not exist.
    """

    day: date
    table: str
    begun: datetime
    stage: RestoreRehearsalStage = field(default=RestoreRehearsalStage.RESTORING, metadata=codec.STORED)
    backup: str = ""
    name: str = ""
    made: datetime | None = None
    size: int = 0
    items: int = 0
    shape: TableShape = TableShape()
    outcome: RestoreRehearsalOutcome = field(default=RestoreRehearsalOutcome.PENDING, metadata=codec.STORED)
    code: str = ""
    status: str = ""
    counted: int = 0
    whole: bool = True
    found: TableShape | None = None
    today: TableShape | None = None
    ended: datetime | None = None
    gone: bool = False

    def end(self, outcome: RestoreRehearsalOutcome, now: datetime, **more: Any) -> "RestoreRehearsalRun":
        """The run once its result is known."""
        return replace(self, stage=RestoreRehearsalStage.ENDED, outcome=outcome, ended=now, **more)

    @property
    def open(self) -> bool:
        """Whether it has not been reported yet."""
        return self.stage is not RestoreRehearsalStage.REPORTED


class RestoreRehearsalRecord(NamedTuple):
    """What is on record. `tag`: S3's of this version, "" where there is none."""

    run: RestoreRehearsalRun | None = None
    tag: str = ""


@frozen
class RestoreRehearsal:
    """The last rehearsal, or the one given; before the first one, what it would cost."""

    given: RestoreRehearsalRun | None = None
    name: str = "rehearsal"

    def needs(self) -> tuple[Permission, ...]:
        """The record, tables that are left, the list of backups."""
        return (*READ_STATE, *LEFTOVERS, LIST)

    def run(self, context: Context) -> CheckSection:
        """The result, and the tables that are left of earlier rehearsals."""
        found = self.given or _record(context)
        if isinstance(found, CheckItem):
            items: tuple[CheckItem, ...] = (found,)
        elif found is None:
            items = (_never(context.settings), outlook(context))
        else:
            items = (judged(found, context.settings),)
            if not found.gone and found.outcome is not RestoreRehearsalOutcome.PENDING:
                said = text("check.rehearsal.remains", table=found.table, hours=LEFTOVER // _HOUR)
                items = (*items, _about(Checked.REHEARSAL_TABLES, found.table).amber(said))
        return CheckSection(self.name, (*items, *left(context)))


def rehearsed(context: Context) -> tuple[CheckItem, ...]:
    """The items of the daily check: how the last one went and how old it is, and each table that is left."""
    found = _record(context)
    first = found if isinstance(found, CheckItem) else due(found, context.now, context.settings)
    return (first, *left(context))


def _record(context: Context) -> RestoreRehearsalRun | CheckItem | None:
    try:
        return load(context).run
    except ResponderError as error:
        return _about(Checked.REHEARSAL).unread(text("check.rehearsal.part"), error)


def _about(kind: Checked, *subject: str) -> CheckSubject:
    return CheckSubject(kind.of(*subject), CHAPTER)


def load(context: Context) -> RestoreRehearsalRecord:
    """The record of the last rehearsal.

    Raises:
        AwsError: it cannot be read.
        Unreadable: it is not what we wrote.
    """
    settings = context.settings
    try:
        answer = context.aws.call("s3", "get_object", **place(context, STATE))
    except Missing as error:
        if error.code == "NoSuchBucket" or not settings.reports_bucket:
            raise
        return RestoreRehearsalRecord()
    kept, tag = body(answer, _LARGEST), answer.get("ETag")
    if not tag:
        raise Unreachable("s3", "GetObject", "UnusableAnswer")
    try:
        return RestoreRehearsalRecord(codec.load(RestoreRehearsalRun, kept), str(tag))
    except codec.Misfit as error:
        raise Unreadable(STATE) from error


def left(context: Context) -> tuple[CheckItem, ...]:
    """Every rehearsal table that is older than a rehearsal lasts."""
    found = pages(context, "dynamodb", "list_tables")
    if isinstance(found, AwsError):
        return (_about(Checked.REHEARSAL_TABLES).unread(text("check.rehearsal.tables"), found),)
    names = (str(name) for page in found for name in page["TableNames"])
    items = (_left(context, name) for name in names if is_rehearsal(name, context.settings.sessions_table))
    return tuple(item for item in items if item is not None)


def _left(context: Context, name: str) -> CheckItem | None:
    found = ask(context, "dynamodb", "describe_table", TableName=name)
    if isinstance(found, Missing):
        return None
    if isinstance(found, AwsError):
        return _about(Checked.REHEARSAL_TABLE, name).unread(text("check.rehearsal.table", table=name), found)
    return _leftover(found["Table"], context.now, context.settings)


def outlook(context: Context) -> CheckItem:
    """What a rehearsal of the newest backup would cost."""
    table, this = context.settings.sessions_table, _about(Checked.REHEARSAL_COST)
    found = pages(context, "dynamodb", "list_backups", TableName=table, BackupType="USER")
    if isinstance(found, AwsError):
        return this.unread(text("check.backups.part"), found)
    rows = [row for page in found for row in page.get("BackupSummaries", [])]
    newest = next((each for each in read_backups(rows, table) if each.whole), None)
    if newest is None:
        return this.green(text("check.rehearsal.nothing_to_restore", table=table))
    size = next(int(row.get("BackupSizeBytes") or 0) for row in rows if row["BackupArn"] == newest.arn)
    said = text("check.rehearsal.would_cost", backup=newest.name, cost=said_cost(price(size)))
    return this.green(said, numbers={"usd": round(price(size), 4)})


# --- names and shapes of tables


def table_of(sessions_table: str, day: date) -> str:
    """`FaceAuth-LivenessSessions-rehearsal-20260201`."""
    return f"{sessions_table}{SUFFIX}{day:%Y%m%d}"


def is_rehearsal(name: str, sessions_table: str) -> bool:
    """The name has the suffix of a rehearsal's table."""
    return re.fullmatch(rf"{re.escape(sessions_table + SUFFIX)}\d{{8}}", name) is not None


def made_of(backup: str, sessions_table: str) -> bool:
    """The ARN of a backup of the sessions table: `…:table/<table>/backup/…`."""
    return f":table/{sessions_table}/backup/" in backup


def shape_of(table: Mapping[str, Any]) -> TableShape:
    """The shape in DescribeTable's `Table`, or in a backup's description of its table (both parts in one)."""

    def keys(of: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(f"{each['AttributeName']} {each['KeyType']}" for each in of.get("KeySchema") or ())

    indexes = []
    for each in (*(table.get("GlobalSecondaryIndexes") or ()), *(table.get("LocalSecondaryIndexes") or ())):
        projection = each.get("Projection", {})
        more = sorted(projection.get("NonKeyAttributes") or ())
        end = " ".join((str(projection.get("ProjectionType", "")), *more))
        indexes.append(f"{each['IndexName']} ({', '.join(keys(each))}) {end}")
    return TableShape(keys(table), tuple(sorted(indexes)))


# --- what it means


def judged(run: RestoreRehearsalRun, settings: Settings) -> CheckItem:
    """The result: red where the backup did not become the table that it was made of."""
    light, said = _result(run)
    numbers = {"bytes": float(run.size), "backup_items": float(run.items), "usd": round(cost(run), 4)}
    if run.outcome is RestoreRehearsalOutcome.RESTORED:
        numbers["items"] = float(run.counted)
    command = "" if light is GREEN else invoke(FUNCTION, settings)
    return _about(Checked.REHEARSAL).item(light, said, *_details(run), command=command, numbers=numbers)


def _result(run: RestoreRehearsalRun) -> tuple[CheckStatus, Text]:
    if run.outcome is RestoreRehearsalOutcome.RESTORED:
        return _compared(run)
    given = {"day": run.day.isoformat(), "backup": run.name, "table": run.table, "code": run.code}
    known = {
        RestoreRehearsalOutcome.REFUSED: RED,
        RestoreRehearsalOutcome.LATE: RED,
        RestoreRehearsalOutcome.PENDING: GREEN,
    }
    said = text(f"check.rehearsal.{run.outcome}", **given, status=run.status or "-")
    return known.get(run.outcome, UNKNOWN), said


def _compared(run: RestoreRehearsalRun) -> tuple[CheckStatus, Text]:
    given: dict[str, str | int] = {"day": run.day.isoformat(), "backup": run.name}
    given |= {"items": run.counted, "expected": run.items}
    if different := _different(run.shape, run.found):
        return RED, text("check.rehearsal.differs", **given, what=different)
    margin = max(_LEAST_MARGIN, run.items * _MARGIN)
    if run.counted < run.items - margin:
        if not run.whole:
            return UNKNOWN, text("check.rehearsal.cut", **given)
        return RED, text("check.rehearsal.fewer", **given)
    if run.whole and run.items and not run.counted:
        return AMBER, text("check.rehearsal.empty", **given)
    if run.today is not None and (different := _different(run.today, run.found)):
        return AMBER, text("check.rehearsal.outdated", **given, what=different)
    if run.whole and run.counted > run.items + margin:
        return AMBER, text("check.rehearsal.more", **given)
    minutes = round(((run.ended or run.begun) - run.begun) / timedelta(minutes=1))
    return GREEN, text("check.rehearsal.restored", **given, minutes=minutes)


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


def _details(run: RestoreRehearsalRun) -> Iterator[Text]:
    if run.made is not None:
        made, size = f"{run.made:%Y-%m-%d %H:%M} UTC", f"{run.size / 1024**2:,.1f} MB"
        yield text("check.rehearsal.of", backup=run.name, made=made, size=size)
    if run.outcome is RestoreRehearsalOutcome.RESTORED:
        yield text("check.rehearsal.margin", least=_LEAST_MARGIN, percent=round(_MARGIN * 100))
    if run.outcome is RestoreRehearsalOutcome.FOREIGN:
        yield text("check.rehearsal.untouched", table=run.table)
    if run.backup:
        yield text("check.rehearsal.cost", cost=said_cost(cost(run)))
        yield text("check.rehearsal.untested")


def cost(run: RestoreRehearsalRun) -> float:
    """USD: restored once, kept for the hours that the table was there, read once to count."""
    return price(run.size, (run.ended - run.begun) if run.ended else _HOUR)


def price(size: int, lasted: timedelta = _HOUR) -> float:
    """USD for a backup of this size, whose table exists for this long."""
    kept = _KEPT * (lasted / _HOUR) / _HOURS_A_MONTH
    return size / _GB * (_RESTORED + kept) + size / _READ_BYTES * _READ / 1e6


def said_cost(usd: float) -> str:
    """`0.35 USD`, a fraction of a cent as a whole one."""
    return money(max(usd, _CENT))


def _never(settings: Settings) -> CheckItem:
    this, table = _about(Checked.REHEARSAL), settings.sessions_table
    if settings.restore_rehearsal == "on":
        return this.amber(text("check.rehearsal.never", table=table), _schedule(settings))
    return this.green(text("check.rehearsal.off", table=table))


def _schedule(settings: Settings) -> Text:
    function = f"{settings.stack}-{FUNCTION}"
    return text("check.rehearsal.schedule", region=settings.region, function=function)


def due(run: RestoreRehearsalRun | None, now: datetime, settings: Settings) -> CheckItem:
    """The last rehearsal, for the daily check: its result is repeated until the next one, and is red when it
    is too old."""
    if run is None:
        return _never(settings)
    age = days.day_of(now, zone(settings.check_zone)) - run.day
    if settings.restore_rehearsal == "on" and age > OLDEST:
        said = text("check.rehearsal.old", day=run.day.isoformat(), days=OLDEST.days)
        command, numbers = invoke(FUNCTION, settings), {"days": float(age.days)}
        return _about(Checked.REHEARSAL).red(said, _schedule(settings), command=command, numbers=numbers)
    found = judged(run, settings)
    if run.open and now - run.begun > LEFTOVER:
        said = text("check.rehearsal.stopped", day=run.day.isoformat(), stage=run.stage.value)
        return replace(found, light=AMBER, said=said, command=invoke(FUNCTION, settings))
    return found


def _leftover(table: Mapping[str, Any], now: datetime, settings: Settings) -> CheckItem | None:
    """A rehearsal table that no run works on any longer; None while a run may. Only a person deletes it, with
    a command that does nothing if the table's name or backup has changed meanwhile."""
    name, made = str(table.get("TableName", "")), table.get("CreationDateTime")
    age = now - made if isinstance(made, datetime) else LEFTOVER * 2
    if age <= LEFTOVER:
        return None
    hours, this = age // _HOUR, _about(Checked.REHEARSAL_TABLE, name)
    given: dict[str, Value] = {"table": name, "hours": hours}
    numbers = {"hours": float(hours)}
    backup = (table.get("RestoreSummary") or {}).get("SourceBackupArn")
    show = aws("dynamodb describe-table", settings.region, table_name=name)
    if not made_of(str(backup or ""), settings.sessions_table):
        said = text("check.rehearsal.leftover_foreign", **given)
        return this.red(said, command=show, numbers=numbers)
    read = f"{show} --query 'to_string(Table.[TableId,RestoreSummary.SourceBackupArn])' --output text"
    command = aws("dynamodb delete-table", settings.region, table_name=name)
    return this.red(
        text("check.rehearsal.leftover", **given),
        text("check.rehearsal.made_of", backup=str(backup).rpartition("/")[2]),
        command=commands.unchanged(read, commands.written([table.get("TableId"), backup]), command),
        numbers=numbers,
        caution=text("check.rehearsal.caution", table=name, service=settings.sessions_table),
    )
