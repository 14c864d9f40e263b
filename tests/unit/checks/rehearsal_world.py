"""Backups, tables that are restored from them, and the record of the rehearsal, as AWS keeps them."""
# ruff: noqa: N803 - the argument names are AWS's own

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.checks.backups.restore_rehearsal import STATE, RestoreRehearsalRun
from responder.checks.backups.restore_rehearsal_run import look
from responder.core.codec import load
from responder.core.context import Context
from responder.core.errors import Busy, Changed, Missing, Rejected
from responder.core.settings import Settings
from tests.fakes import FakeAws
from tests.unit.checks.backups_world import TABLE, Backups

# 10:00 in Tokyo on the 1st.
TEN = datetime(2026, 2, 1, 1, 0, tzinfo=UTC)
SETTINGS = Settings(
    stack="responder",
    account="123456789012",
    topic="topic",
    reports_bucket="reports",
    restore_rehearsal="on",
)
REHEARSAL = f"{TABLE}-rehearsal-20260201"
SCHEMA: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "session_id", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_employee",
            "KeySchema": [{"AttributeName": "employee_id", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}
SIZE, ITEMS = 5 * 1024**2, 1_000
# AWS restores a small table within some minutes.
TAKES = timedelta(minutes=20)


class World:
    """`items`: in a restored table; `takes`: until it is ACTIVE; `goes`: a deleted table is gone
    immediately."""

    def __init__(self, now: datetime = TEN, settings: Settings = SETTINGS, backed_up: bool = True) -> None:
        self.aws, self.settings = FakeAws(now), settings
        self.backups = Backups(now, aws=self.aws)
        self.items, self.takes, self.goes = ITEMS, TAKES, True
        self.source: dict[str, Any] = {**SCHEMA, "ItemCount": ITEMS}
        self.objects: dict[str, bytes] = {}
        self.made: dict[str, datetime] = {}
        self.aws.dynamo.add(TABLE, **SCHEMA)
        for operation in (
            "describe_backup",
            "restore_table_from_backup",
            "describe_table",
            "delete_table",
            "scan",
        ):
            self.aws.answer("dynamodb", operation, getattr(self, f"_{operation}"))
        for operation in ("put_object", "get_object", "list_objects_v2"):
            self.aws.answer("s3", operation, getattr(self, f"_{operation}"))
        if backed_up:
            self.backups.ours(days=2)
            self.backups.ours(days=9)

    # --- what tests do with it ---------------------------------------------------------------

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        return self.aws.dynamo.tables

    @property
    def run(self) -> RestoreRehearsalRun:
        return load(RestoreRehearsalRun, json.loads(self.objects[STATE]))

    def look(self, door: Any = None, *, by_hand: bool = False) -> dict[str, Any]:
        now = self.aws.now
        event = {} if by_hand else {"source": "aws.scheduler", "time": now.isoformat()}
        return look(event, Context(door or self.aws, self.settings, now, now), sleep=lambda _: None)

    def looks(self, number: int = 14) -> dict[str, Any]:
        """Those of a day, half an hour apart; the last one's answer."""
        answer: dict[str, Any] = {}
        for _ in range(number):
            answer = self.look()
            self.aws.tick(minutes=30)
        return answer

    def report(self, day: str = "2026-02-01") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.objects[f"checks/rehearsal/{day}/report.json"])
        return found

    def item(self, day: str = "2026-02-01") -> dict[str, Any]:
        """The result as it was reported."""
        (section,) = self.report(day)["sections"]
        found: dict[str, Any] = section["items"][0]
        return found

    def restored(self, name: str, made_of: str | None, **more: Any) -> None:
        """A table that a person has made."""
        summary = {"RestoreSummary": {"SourceBackupArn": made_of}} if made_of else {}
        table = self.aws.dynamo.add(name, **SCHEMA, TableId=f"id-{name}", CreationDateTime=self.aws.now)
        table.update(summary, **more)

    def backup(self, place: int = 0) -> str:
        return str(self.backups.kept[place]["BackupArn"])

    # --- AWS ---------------------------------------------------------------------------------

    def _describe_backup(self, BackupArn: str) -> dict[str, Any]:
        found = self._kept(BackupArn, "DescribeBackup")
        schema = {"TableName": TABLE, **self.source}
        features = {"GlobalSecondaryIndexes": schema.pop("GlobalSecondaryIndexes")}
        details = {**found, "BackupSizeBytes": SIZE}
        parts = {"SourceTableDetails": schema, "SourceTableFeatureDetails": features}
        return {"BackupDescription": {"BackupDetails": details, **parts}}

    def _restore_table_from_backup(
        self, TargetTableName: str, BackupArn: str, BillingModeOverride: str
    ) -> dict[str, Any]:
        found = self._kept(BackupArn, "RestoreTableFromBackup")
        if found["BackupStatus"] != "AVAILABLE":
            raise Rejected("dynamodb", "RestoreTableFromBackup", "BackupInUseException")
        if TargetTableName in self.tables:
            raise Rejected("dynamodb", "RestoreTableFromBackup", "TableAlreadyExistsException")
        assert BillingModeOverride == "PAY_PER_REQUEST"
        self.restored(TargetTableName, BackupArn)
        self.made[TargetTableName] = self.aws.now
        return {"TableDescription": self._described(TargetTableName)}

    def _describe_table(self, TableName: str) -> dict[str, Any]:
        self.aws.dynamo.describe_table(TableName)
        return {"Table": self._described(TableName)}

    def _described(self, name: str) -> dict[str, Any]:
        table = dict(self.tables[name])
        if name in self.made:
            creating = self.aws.now < self.made[name] + self.takes
            table["TableStatus"] = "CREATING" if creating else table["TableStatus"]
            table["RestoreSummary"] = {**table["RestoreSummary"], "RestoreInProgress": creating}
        return table

    def _delete_table(self, TableName: str) -> dict[str, Any]:
        assert TableName != TABLE, "the service's own table"
        found = self._describe_table(TableName)["Table"]
        if found["TableStatus"] != "ACTIVE":
            raise Busy("dynamodb", "DeleteTable", "ResourceInUseException")
        if self.goes:
            self.made.pop(TableName, None)
            return self.aws.dynamo.delete_table(TableName)
        self.tables[TableName]["TableStatus"] = "DELETING"
        return {"TableDescription": found}

    def _scan(self, TableName: str, **asked: Any) -> Any:
        if TableName not in self.tables:
            return self.aws.dynamo.scan(TableName, **asked)
        assert asked == {"Select": "COUNT"}, "the items themselves are nobody's business"
        assert self._described(TableName)["TableStatus"] == "ACTIVE"
        half = self.items // 2
        return [
            {"Count": half, "LastEvaluatedKey": {"session_id": {"S": "secret-session"}}},
            {"Count": self.items - half},
        ]

    def _kept(self, arn: str, operation: str) -> dict[str, Any]:
        found = next((each for each in self.backups.kept if each["BackupArn"] == arn), None)
        if found is None:
            raise Missing("dynamodb", operation, "BackupNotFoundException")
        return found

    def _put_object(
        self, Key: str, Body: bytes, IfMatch: str = "", IfNoneMatch: str = "", **_: Any
    ) -> dict[str, Any]:
        there = Key in self.objects
        if (IfNoneMatch and there) or (IfMatch and (not there or IfMatch != self._tag(Key))):
            raise Changed("s3", "PutObject", "PreconditionFailed")
        self.objects[Key] = Body
        return {"ETag": self._tag(Key)}

    def _get_object(self, Key: str, **_: Any) -> dict[str, Any]:
        if Key not in self.objects:
            raise Missing("s3", "GetObject", "NoSuchKey")
        return {"Body": io.BytesIO(self.objects[Key]), "ETag": self._tag(Key)}

    def _list_objects_v2(self, Prefix: str, **_: Any) -> dict[str, Any]:
        found = [{"Key": each} for each in sorted(self.objects) if each.startswith(Prefix)]
        return {"Contents": found, "IsTruncated": False}

    def _tag(self, key: str) -> str:
        return f'"{hashlib.sha256(self.objects[key]).hexdigest()}"'
