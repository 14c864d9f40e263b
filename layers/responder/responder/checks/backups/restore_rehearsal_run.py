"""Restore the newest backup of the sessions table into a separate table, compare it, delete it, report.

A restore takes minutes to hours, so it is done by short looks over one record in the bucket of reports
(`STATE`): each takes the rehearsal as far as it can and leaves the rest to the next. The record is written
before the table is made, and a table is deleted only where it was made of the backup on record. Each write
of the record is refused where another look has written it meanwhile.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from responder.aws.parallel import patient
from responder.checks import days, previous
from responder.checks.backups.names import read as read_backups
from responder.checks.backups.restore_rehearsal import (
    REPORTS_BUCKET,
    STATE,
    TABLES,
    RestoreRehearsal,
    RestoreRehearsalOutcome,
    RestoreRehearsalRecord,
    RestoreRehearsalRun,
    RestoreRehearsalStage,
    TableShape,
    is_rehearsal,
    judged,
    load,
    made_of,
    shape_of,
    table_of,
)
from responder.checks.model import Cadence, CheckStatus, folder
from responder.checks.run import handler
from responder.checks.run.due import due
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import (
    AwsError,
    Busy,
    Changed,
    Denied,
    Missing,
    ResponderError,
    Throttled,
    Unreachable,
)
from responder.core.log import log
from responder.core.permissions import APPROVALS_TABLE, SESSIONS_TABLE, SETTINGS, TOPIC, Permission
from responder.core.timestamps import zone
from responder.evidence.base import action

_BACKUPS = f"{SESSIONS_TABLE}/backup/*"
_ON_TARGET = "AWS requires it for a restore"
NEEDS = frozenset(
    (
        *SETTINGS,
        Permission("sns:Publish", TOPIC, "notify on-call"),
        Permission("s3:PutObject", f"{REPORTS_BUCKET}/{folder(Cadence.REHEARSAL)}*", "its page is filed"),
        *previous.needs(Cadence.REHEARSAL),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        *RestoreRehearsal().needs(),
        Permission("s3:PutObject", f"{REPORTS_BUCKET}/{STATE}", "the record of the rehearsal"),
        Permission("dynamodb:DescribeBackup", _BACKUPS),
        Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
        Permission("dynamodb:RestoreTableFromBackup", _BACKUPS, "the rehearsal"),
        # Service Authorization Reference, DynamoDB: RestoreTableFromBackup and its dependent actions.
        Permission("dynamodb:RestoreTableFromBackup", TABLES, "the rehearsal"),
        *(
            Permission(f"dynamodb:{each}", TABLES, _ON_TARGET)
            for each in ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
        ),
        Permission("dynamodb:Scan", TABLES, f"{_ON_TARGET}; the count of items"),
        Permission("dynamodb:DeleteTable", TABLES, "the table of the rehearsal"),
    )
)
# Looks come every half hour from 10:00 to 16:30 (template.yaml). The first hour's begin a rehearsal.
FIRST_HOUR = 10
LONGEST = timedelta(hours=5)
# How long the message waits for a table whose deletion does not finish: one more run.
_PATIENCE = timedelta(minutes=30)
_LOOKS, _PAUSE_SECONDS = 5, 3.0
# What is counted in this time is some hundred MB, a page of 1 MB after the other.
_COUNT_SECONDS = 40.0
_TRANSIENT = (Throttled, Unreachable, Busy, Changed, Missing)
# Nothing is wrong with the backup: another restore or backup is in flight, or too many are.
_LATER = frozenset(("BackupInUseException", "LimitExceededException", "TableAlreadyExistsException"))

type SleepFor = Callable[[float], None]


def handle(event: Any, _: Any) -> dict[str, Any]:
    """The entry on Lambda: an event of EventBridge Scheduler; anything else is a person who wants one now."""
    return handler.on_schedule("a rehearsal", partial(look, event))


def look(event: Any, context: Context, sleep: SleepFor = time.sleep) -> dict[str, Any]:
    """Continue the rehearsal that is on record, or begin one where it is time.

    Raises:
        ResponderError: something failed in the first hour, or in a manual run. Lambda tries again,
            then on-call is notified. Later looks leave it to the next one, so that a day has no dozen
            messages.
    """
    by_hand = not (isinstance(event, Mapping) and event.get("source") == "aws.scheduler")
    context = patient(context, handler.ASKED_SECONDS)
    at = due(event, context.now)
    first = by_hand or at.astimezone(zone(context.settings.check_zone)).hour == FIRST_HOUR
    try:
        return _Look(context, load(context), sleep).take(by_hand, first)
    except ResponderError as error:
        if first:
            raise
        log().warning("a look was left to the next", extra={"why": type(error).__name__})
        return {"rehearsal": "later"}


@dataclass
class _Look:
    """One look. `kept`: the record as it was last read or written."""

    context: Context
    kept: RestoreRehearsalRecord
    sleep: SleepFor

    def take(self, by_hand: bool, first: bool) -> dict[str, Any]:
        """Do everything that is possible now."""
        run = self.kept.run
        if run is None or not run.open:
            if run is not None and not run.gone and self._removed(run):
                run = self._save(replace(run, gone=True))
            if self.context.settings.restore_rehearsal != "on":
                return {"rehearsal": "off"}
            if not self._due(run, by_hand, first):
                return {"rehearsal": "done" if run else "waiting"}
            run = self._begun()
        if run.stage is RestoreRehearsalStage.RESTORING:
            found = self._tried(self._advanced, run)
            run = run if found is run else self._save(found)
        if run.stage is RestoreRehearsalStage.RESTORING:
            return {"rehearsal": "restoring", "table": run.table}
        return self._finished(run)

    def _due(self, run: RestoreRehearsalRun | None, by_hand: bool, first: bool) -> bool:
        """Whether a rehearsal is due: once a month; manually at any time, on the same day only if the last
        one failed."""
        if run is None:
            return first
        today = days.day_of(self.context.now, zone(self.context.settings.check_zone))
        if by_hand:
            return run.day != today or judged(run, self.context.settings).light is not CheckStatus.GREEN
        return first and days.first_of(run.day) != days.first_of(today)

    # --- begin ---------------------------------------------------------------------------------

    def _begun(self) -> RestoreRehearsalRun:
        now, settings = self.context.now, self.context.settings
        day = days.day_of(now, zone(settings.check_zone))
        run = RestoreRehearsalRun(day, table_of(settings.sessions_table, day), now)
        run = self._tried(self._chosen, run)
        return self._save(self._tried(self._free, run))

    def _tried(
        self, step: Callable[[RestoreRehearsalRun], RestoreRehearsalRun], run: RestoreRehearsalRun
    ) -> RestoreRehearsalRun:
        """Try again after a temporary error; a refusal ends the rehearsal without judging the backup."""
        try:
            return step(run)
        except _TRANSIENT:
            raise
        except AwsError as error:
            code = action(error) if isinstance(error, Denied) else error.code
            return run.end(RestoreRehearsalOutcome.UNREAD, self.context.now, code=code, gone=not run.backup)

    def _chosen(self, run: RestoreRehearsalRun) -> RestoreRehearsalRun:
        """A run for the newest backup that can be restored, whatever its name."""
        table = self.context.settings.sessions_table
        pages = self.context.aws.pages("dynamodb", "list_backups", TableName=table, BackupType="USER")
        listed = read_backups((each for page in pages for each in page["BackupSummaries"]), table)
        newest = next((each for each in listed if each.whole), None)
        if newest is None:
            return run.end(RestoreRehearsalOutcome.NO_BACKUP, self.context.now, gone=True)
        answer = self.context.aws.call("dynamodb", "describe_backup", BackupArn=newest.arn)
        answer = answer["BackupDescription"]
        source = answer.get("SourceTableDetails", {})
        return replace(
            run,
            backup=newest.arn,
            name=newest.name,
            made=newest.made,
            size=int(answer.get("BackupDetails", {}).get("BackupSizeBytes") or 0),
            items=int(source.get("ItemCount") or 0),
            shape=shape_of({**source, **answer.get("SourceTableFeatureDetails", {})}),
        )

    def _free(self, run: RestoreRehearsalRun) -> RestoreRehearsalRun:
        """End the rehearsal if a table of its name exists, unless an earlier rehearsal of the day left it."""
        last = self.kept.run
        ours = last is not None and not last.gone and (last.table, last.backup) == (run.table, run.backup)
        if not run.backup or ours or self._described(run.table) is None:
            return run
        return run.end(RestoreRehearsalOutcome.FOREIGN, self.context.now, gone=True)

    # --- restore and compare ---------------------------------------------------------------------

    def _advanced(self, run: RestoreRehearsalRun) -> RestoreRehearsalRun:
        found = self._described(run.table)
        if found is not None and not self._ours(run, found):
            return run.end(RestoreRehearsalOutcome.FOREIGN, self.context.now, gone=True)
        status = str(found["TableStatus"]) if found else ""
        if found is not None and status == "ACTIVE" and not found["RestoreSummary"].get("RestoreInProgress"):
            return self._compared(run, found)
        if self.context.now - run.begun > LONGEST:
            return run.end(RestoreRehearsalOutcome.LATE, self.context.now, status=status)
        return run if found is not None else self._ordered(run)

    def _ordered(self, run: RestoreRehearsalRun) -> RestoreRehearsalRun:
        """Order the restore, on demand: an unused table then costs no capacity, which is not rehearsed."""
        if self.context.settings.restore_rehearsal != "on":
            return run
        # Refused where another look has ended this rehearsal and deleted its table meanwhile.
        run = self._save(run)
        try:
            self.context.aws.call(
                "dynamodb",
                "restore_table_from_backup",
                TargetTableName=run.table,
                BackupArn=run.backup,
                BillingModeOverride="PAY_PER_REQUEST",
            )
        except AwsError as error:
            if isinstance(error, Denied | Throttled | Unreachable):
                raise
            if isinstance(error, Busy) or error.code in _LATER:
                return run
            return run.end(RestoreRehearsalOutcome.REFUSED, self.context.now, code=error.code, gone=True)
        return run

    def _compared(self, run: RestoreRehearsalRun, found: Mapping[str, Any]) -> RestoreRehearsalRun:
        # Only counted: what DynamoDB needs for the next page is a key, and is passed to nothing else.
        pages = self.context.aws.pages("dynamodb", "scan", TableName=run.table, Select="COUNT")
        counted, last, until = 0, False, time.monotonic() + _COUNT_SECONDS
        for page in takewhile(lambda _: time.monotonic() < until, pages):
            counted, last = counted + int(page["Count"]), not page.get("LastEvaluatedKey")
        return run.end(
            RestoreRehearsalOutcome.RESTORED,
            self.context.now,
            found=shape_of(found),
            today=self._today(),
            counted=counted,
            whole=last,
            status="ACTIVE",
        )

    def _today(self) -> TableShape | None:
        """The current shape of the service's own table; a rehearsal does not fail because of it."""
        try:
            found = self._described(self.context.settings.sessions_table)
        except AwsError:
            return None
        return shape_of(found) if found else None

    # --- remove and report -----------------------------------------------------------------------

    def _finished(self, run: RestoreRehearsalRun) -> dict[str, Any]:
        ended = run.ended or run.begun
        if not run.gone and self._removed(run):
            run = self._save(replace(run, gone=True))
        if not run.gone and self.context.now - ended < _PATIENCE:
            return {"rehearsal": "removing", "table": run.table}
        # Of the day on which its result was known, so that a repeat is the same report.
        then = replace(self.context, now=ended)
        answer = handler.ScheduledCheck(Cadence.REHEARSAL, lambda _: (RestoreRehearsal(run),)).answer(then)
        self._save(replace(run, stage=RestoreRehearsalStage.REPORTED))
        return {"rehearsal": run.outcome.value, **answer}

    def _removed(self, run: RestoreRehearsalRun) -> bool:
        """The table of this rehearsal is deleted. Never raises: the next look tries again."""
        try:
            return self._remove(run)
        except Missing:
            return True
        except AwsError as error:
            log().warning("not deleted", extra={"table": run.table, "code": error.code})
            return False

    def _remove(self, run: RestoreRehearsalRun) -> bool:
        for turn in range(_LOOKS):
            found = self._described(run.table)
            if found is None or not self._ours(run, found):
                return True
            if turn == 0 and found["TableStatus"] != "DELETING":
                self.context.aws.call("dynamodb", "delete_table", TableName=run.table)
            self.sleep(_PAUSE_SECONDS)
        return False

    def _ours(self, run: RestoreRehearsalRun, found: Mapping[str, Any]) -> bool:
        """The table has the suffix and was made from the recorded backup, which is one of our table."""
        table = self.context.settings.sessions_table
        source = str((found.get("RestoreSummary") or {}).get("SourceBackupArn") or "")
        known = is_rehearsal(str(found.get("TableName", "")), table) and made_of(source, table)
        return known and source == run.backup

    # --- AWS -------------------------------------------------------------------------------------

    def _described(self, table: str) -> Mapping[str, Any] | None:
        try:
            answer = self.context.aws.call("dynamodb", "describe_table", TableName=table)
        except Missing:
            return None
        found: Mapping[str, Any] = answer["Table"]
        return found

    def _save(self, run: RestoreRehearsalRun) -> RestoreRehearsalRun:
        """Raises Changed where another look has written meanwhile."""
        condition = {"IfMatch": self.kept.tag} if self.kept.tag else {"IfNoneMatch": "*"}
        body = (json.dumps(dump(run)) + "\n").encode()
        put = {"ContentType": "application/json", "Body": body, **condition}
        place = previous.place(self.context, STATE)
        answer = self.context.aws.call("s3", "put_object", **put, **place)
        if not answer.get("ETag"):
            raise Unreachable("s3", "PutObject", "UnusableAnswer")
        self.kept = RestoreRehearsalRecord(run, str(answer["ETag"]))
        return run
