"""The last restore test of the sessions table by AWS Backup (manual, バックアップからリストア).

Also copies of the table that are left of earlier versions, which restored one every month.
"""

import re
from datetime import datetime, timedelta

from responder.checks import commands
from responder.checks.base import ask, pages
from responder.checks.commands import aws
from responder.checks.finding import Checked, CheckItem, Identity, Items
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.permissions import ANY, SESSIONS_TABLE, Permission
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Values, text

CHAPTER = "バックアップからリストア"
_SUFFIX = "-rehearsal-"
NEEDS = (
    Permission("backup:ListRestoreJobsByProtectedResource", ANY),
    Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
    Permission("dynamodb:ListTables", ANY),
    Permission("dynamodb:DescribeTable", f"{SESSIONS_TABLE}{_SUFFIX}*"),
)
# A monthly test, and four days more.
OLDEST = timedelta(days=35)
# Status of a job, or of its validation, after which nothing follows.
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreJobsListMember.html
_DONE, _FAILED, _VALIDATING = "COMPLETED", frozenset({"ABORTED", "FAILED", "TIMED_OUT"}), "VALIDATING"
_HOUR = timedelta(hours=1)


def restored(context: Context) -> Items:
    """The last restore test, and each copy of the table that is left."""
    return (last_test(context), *left(context))


def _about(kind: Checked, *subject: str) -> Identity:
    return kind.of(*subject, chapter=CHAPTER)


def last_test(context: Context) -> CheckItem:
    """The newest test that has ended: amber without one, or where it is older than 35 days."""
    name = context.settings.sessions_table
    this = _about(Checked.RESTORE_TEST, name)
    table = ask(context, "dynamodb", "describe_table", TableName=name)
    if isinstance(table, AwsError):
        return this.unread(text("check.restore.part"), table)
    asked = {"ResourceArn": table["Table"]["TableArn"]}
    listed = pages(context, "backup", "list_restore_jobs_by_protected_resource", **asked)
    if isinstance(listed, AwsError):
        return this.unread(text("check.restore.part"), listed)
    jobs = [job for page in listed for job in page.get("RestoreJobs", []) if _tested(job)]
    if not jobs:
        return this.amber(text("check.restore.untested", table=name))
    job = max(jobs, key=lambda job: job["CreationDate"])
    ended: datetime = job.get("CompletionDate") or job["CreationDate"]
    given: Values = {"table": name, "day": f"{ended:%Y-%m-%d}"}
    numbers = {"days": float((context.now - ended).days)}
    command = aws("backup describe-restore-job", context.settings.region, restore_job_id=job["RestoreJobId"])
    if _FAILED & {job["Status"], job.get("ValidationStatus")}:
        why = job.get("ValidationStatus") if job["Status"] == _DONE else job["Status"]
        said = text("check.restore.failed", **given, status=str(why))
        return this.red(said, command=command, numbers=numbers)
    if job.get("DeletionStatus") == "FAILED":
        return this.red(text("check.restore.undeleted", **given), command=command, numbers=numbers)
    if context.now - ended > OLDEST:
        return this.amber(text("check.restore.old", **given, days=OLDEST.days), numbers=numbers)
    return this.green(text("check.restore.tested", **given), numbers=numbers)


def _tested(job: Data) -> bool:
    """A job of a restore testing plan that has ended, not a restore by a person."""
    validated = job.get("ValidationStatus") != _VALIDATING
    ended = job["Status"] in _FAILED or (job["Status"] == _DONE and validated)
    return ended and bool(job.get("CreatedBy", {}).get("RestoreTestingPlanArn"))


def left(context: Context) -> Items:
    """Each copy that an earlier version has left, with the command that deletes it."""
    found = pages(context, "dynamodb", "list_tables")
    if isinstance(found, AwsError):
        return (_about(Checked.REHEARSAL_TABLES).unread(text("check.restore.tables"), found),)
    names = (str(name) for page in found for name in page["TableNames"])
    items = (_left(context, name) for name in names if _is_copy(name, context.settings.sessions_table))
    return tuple(item for item in items if item is not None)


def _is_copy(name: str, sessions_table: str) -> bool:
    """`FaceAuth-LivenessSessions-rehearsal-20260201`."""
    return re.fullmatch(rf"{re.escape(sessions_table + _SUFFIX)}\d{{8}}", name) is not None


def _left(context: Context, name: str) -> CheckItem | None:
    found = ask(context, "dynamodb", "describe_table", TableName=name)
    if isinstance(found, Missing):
        return None
    if isinstance(found, AwsError):
        return _about(Checked.REHEARSAL_TABLE, name).unread(text("check.restore.table", table=name), found)
    return _leftover(found["Table"], context.now, context.settings)


def _leftover(table: Data, now: datetime, settings: Settings) -> CheckItem:
    """Only a person deletes it, with a command that does nothing if the table's name or backup has changed
    meanwhile."""
    name, made = str(table.get("TableName", "")), table.get("CreationDateTime")
    hours, this = (
        (now - made) // _HOUR if isinstance(made, datetime) else 0,
        _about(Checked.REHEARSAL_TABLE, name),
    )
    given: Values = {"table": name, "hours": hours}
    numbers = {"hours": float(hours)}
    backup = (table.get("RestoreSummary") or {}).get("SourceBackupArn")
    show = aws("dynamodb describe-table", settings.region, table_name=name)
    if f":table/{settings.sessions_table}/backup/" not in str(backup or ""):
        said = text("check.restore.leftover_foreign", **given)
        return this.red(said, command=show, numbers=numbers)
    read = f"{show} --query 'to_string(Table.[TableId,RestoreSummary.SourceBackupArn])' --output text"
    command = aws("dynamodb delete-table", settings.region, table_name=name)
    return this.red(
        text("check.restore.leftover", **given),
        text("check.restore.made_of", backup=str(backup).rpartition("/")[2]),
        command=commands.unchanged(read, commands.written([table.get("TableId"), backup]), command),
        numbers=numbers,
        caution=text("check.restore.caution", table=name, service=settings.sessions_table),
    )
