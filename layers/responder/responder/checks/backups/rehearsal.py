"""Can a backup of the sessions table be restored (manual, バックアップからリストア)?

The restore itself is done by `responder.checks.backups.rehearsal_run`; here nothing is changed.
"""

import json
from dataclasses import dataclass
from typing import Any

from responder.checks.backups.age import LIST
from responder.checks.backups.names import read as read_backups
from responder.checks.backups.rehearsal_judged import (
    CHAPTER,
    STATE,
    SUFFIX,
    RehearsalRun,
    due,
    is_rehearsal,
    judged,
    leftover,
    never,
    price,
    read,
    remains,
    said_cost,
)
from responder.checks.base import ask, pages, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, ResponderError, Unreachable
from responder.core.permissions import ANY, SESSIONS_TABLE, Permission
from responder.core.text import text

# Tables of ours only: the suffix is part of the right.
TABLES = f"{SESSIONS_TABLE}{SUFFIX}*"
REPORTS_BUCKET = "${ReportsBucket.Arn}"
READ_STATE = (
    Permission("s3:GetObject", f"{REPORTS_BUCKET}/{STATE}"),
    # Without it S3 answers 403, not 404, where there is no such object.
    Permission("s3:ListBucket", REPORTS_BUCKET),
)
LEFTOVERS = (Permission("dynamodb:ListTables", ANY), Permission("dynamodb:DescribeTable", TABLES))
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class RehearsalRecord:
    """What is on record. `tag`: S3's of this version, "" where there is none."""

    run: RehearsalRun | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The last rehearsal, or the one given; before the first one, what it would cost."""

    told: RehearsalRun | None = None
    name: str = "rehearsal"

    def needs(self) -> tuple[Permission, ...]:
        """The record, tables that are left, the list of backups."""
        return (*READ_STATE, *LEFTOVERS, LIST)

    def run(self, context: Context) -> CheckSection:
        """Its result, and the tables that are left of earlier ones."""
        found = self.told or _record(context)
        if isinstance(found, CheckItem):
            return CheckSection(self.name, (found, *left(context)))
        if found is None:
            return CheckSection(self.name, (never(context.settings), outlook(context), *left(context)))
        return CheckSection(self.name, (judged(found, context.settings), *remains(found), *left(context)))


def rehearsed(context: Context) -> tuple[CheckItem, ...]:
    """For the daily check: how the last one went and how old it is, and each table that is left."""
    found = _record(context)
    first = found if isinstance(found, CheckItem) else due(found, context.now, context.settings)
    return (first, *left(context))


def _record(context: Context) -> RehearsalRun | CheckItem | None:
    try:
        return load(context).run
    except ResponderError as error:
        return unread(Checked.REHEARSAL.of(), text("check.rehearsal.part"), error, CHAPTER)


def load(context: Context) -> RehearsalRecord:
    """The record of the last rehearsal.

    Raises:
        AwsError: it cannot be read.
        Unreadable: it is not what we wrote.
    """
    settings = context.settings
    try:
        answer = context.aws.call("s3", "get_object", **place(context))
    except Missing as error:
        if error.code == "NoSuchBucket" or not settings.reports_bucket:
            raise
        return RehearsalRecord()
    try:
        kept, tag = json.loads(answer["Body"].read(_LARGEST)), str(answer["ETag"])
    # A stream that breaks off has errors of its own: the record is not known then.
    except Exception:
        raise Unreachable("s3", "GetObject", "UnusableAnswer") from None
    return RehearsalRecord(read(kept), tag)


def place(context: Context) -> dict[str, Any]:
    """Bucket and key of the record."""
    settings = context.settings
    owner = {"ExpectedBucketOwner": settings.account} if settings.account else {}
    return {"Bucket": settings.reports_bucket, "Key": STATE, **owner}


def left(context: Context) -> tuple[CheckItem, ...]:
    """Every rehearsal table that is older than a rehearsal takes."""
    settings = context.settings
    found = pages(context, "dynamodb", "list_tables")
    if isinstance(found, AwsError):
        return (unread(Checked.REHEARSAL_TABLES.of(), text("check.rehearsal.tables"), found, CHAPTER),)
    names = (str(name) for page in found for name in page["TableNames"])
    items = (_left(context, name) for name in names if is_rehearsal(name, settings.sessions_table))
    return tuple(item for item in items if item is not None)


def _left(context: Context, name: str) -> CheckItem | None:
    found = ask(context, "dynamodb", "describe_table", TableName=name)
    if isinstance(found, Missing):
        return None
    if isinstance(found, AwsError):
        return unread(
            Checked.REHEARSAL_TABLE.of(name), text("check.rehearsal.table", table=name), found, CHAPTER
        )
    return leftover(found["Table"], context.now, context.settings)


def outlook(context: Context) -> CheckItem:
    """What a rehearsal of the newest backup would cost."""
    table = context.settings.sessions_table
    found = pages(context, "dynamodb", "list_backups", TableName=table, BackupType="USER")
    if isinstance(found, AwsError):
        return unread(Checked.REHEARSAL_COST.of(), text("check.backups.part"), found, CHAPTER)
    rows = [row for page in found for row in page.get("BackupSummaries", [])]
    newest = next((each for each in read_backups(rows, table) if each.whole), None)
    if newest is None:
        return CheckItem(
            Checked.REHEARSAL_COST.of(),
            CheckStatus.GREEN,
            text("check.rehearsal.nothing_to_restore", table=table),
            (),
            CHAPTER,
        )
    size = next(int(row.get("BackupSizeBytes") or 0) for row in rows if row["BackupArn"] == newest.arn)
    said = text("check.rehearsal.would_cost", backup=newest.name, cost=said_cost(price(size)))
    return CheckItem(
        Checked.REHEARSAL_COST.of(), CheckStatus.GREEN, said, (), CHAPTER, "", {"usd": round(price(size), 4)}
    )
