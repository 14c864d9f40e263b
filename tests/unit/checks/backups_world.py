"""Backups of the sessions table as AWS keeps them: no unique names, short pages, states that take time."""
# ruff: noqa: N803 - the argument names are AWS's own

from datetime import datetime, timedelta
from typing import Any

from responder.checks.backups import names as named
from responder.core.errors import Missing
from responder.core.plain_data import Json
from tests.fakes import FakeAws

TABLE = "FaceAuth-LivenessSessions"
PAGE = 2


class Backups:
    """`becomes`: the state of a new one when it is read again."""

    def __init__(self, now: datetime, becomes: str = "AVAILABLE", aws: FakeAws | None = None) -> None:
        self.now, self.becomes, self.slept = now, becomes, 0.0
        self.kept: list[Json] = []
        self.aws = aws or FakeAws(now)
        self.aws.answer("dynamodb", "list_backups", self._list)
        self.aws.answer("dynamodb", "create_backup", self._create)
        self.aws.answer("dynamodb", "delete_backup", self._delete)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        for each in self.kept:
            if each["BackupStatus"] == "CREATING":
                each["BackupStatus"] = self.becomes

    def ours(self, days: float, status: str = "AVAILABLE") -> str:
        return self.add(named.name(TABLE, self.now - timedelta(days=days)), days, status)

    def add(self, name: str, days: float, status: str = "AVAILABLE") -> str:
        arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}/backup/{len(self.kept):014}-abcdef01"
        made = self.now - timedelta(days=days)
        self.kept.append(
            {
                "TableName": TABLE,
                "BackupArn": arn,
                "BackupName": name,
                "BackupStatus": status,
                "BackupType": "USER",
                "BackupCreationDateTime": made,
            }
        )
        return name

    @property
    def names(self) -> list[str]:
        return [str(each["BackupName"]) for each in self.kept]

    def summaries(self) -> list[Json]:
        return self.kept

    def _list(self, TableName: str, BackupType: str) -> Any:
        assert TableName == TABLE
        assert BackupType in ("USER", "ALL")
        found = self.kept
        return [{"BackupSummaries": found[at : at + PAGE]} for at in range(0, len(found) or 1, PAGE)]

    def _create(self, TableName: str, BackupName: str) -> Json:
        assert TableName == TABLE
        self.add(BackupName, 0, "CREATING")
        return {"BackupDetails": self.kept[-1]}

    def _delete(self, BackupArn: str) -> Json:
        found = [each for each in self.kept if each.get("BackupArn") == BackupArn]
        if not found:
            raise Missing("dynamodb", "DeleteBackup", "BackupNotFoundException")
        self.kept.remove(found[0])
        return {}
