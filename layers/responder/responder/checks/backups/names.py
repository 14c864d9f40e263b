"""Backups of the sessions table: how they are named, and which are past their time. Pure.

Names are not unique in AWS, and on-demand backups never expire.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from responder.core.frozen import frozen
from responder.core.plain_data import Data

_STAMP = "%Y%m%dT%H%M%SZ"
_OURS = "liveness-responder-{table}-"
_LONGEST = 255
AVAILABLE = "AVAILABLE"
_GONE = "DELETED"


@frozen
class Backup:
    """One line of ListBackups; `made` is UTC."""

    arn: str
    name: str
    status: str
    made: datetime

    @property
    def whole(self) -> bool:
        """Whether it can be restored."""
        return self.status == AVAILABLE


def name(table: str, at: datetime) -> str:
    """`liveness-responder-<table>-20260204T012512Z`; the end of a very long table's name is left out, since
    AWS takes 255 letters at most."""
    return f"{_prefix(table)}{at.astimezone(UTC):{_STAMP}}"


def read(summaries: Iterable[Data], table: str) -> tuple[Backup, ...]:
    """The backups of the table that are not deleted, the newest first; a line that cannot be read is none."""
    found = [
        Backup(
            str(each["BackupArn"]),
            str(each.get("BackupName", "")),
            str(each.get("BackupStatus", "")),
            each["BackupCreationDateTime"].astimezone(UTC),
        )
        for each in summaries
        if each.get("TableName") == table
        and each.get("BackupStatus") != _GONE
        and each.get("BackupArn")
        and isinstance(each.get("BackupCreationDateTime"), datetime)
    ]
    return tuple(sorted(found, key=lambda each: each.made, reverse=True))


def ours(backups: Iterable[Backup], table: str) -> tuple[Backup, ...]:
    """The backups that this stack named, letter for letter."""
    pattern = re.compile(re.escape(_prefix(table)) + r"\d{8}T\d{6}Z")
    return tuple(each for each in backups if pattern.fullmatch(each.name))


def same_minute(backups: Iterable[Backup], wanted: str) -> Backup | None:
    """The one that a repeat of the same order made already."""
    minute = len("SSZ")
    return next((each for each in backups if each.name[:-minute] == wanted[:-minute]), None)


def over(backups: Iterable[Backup], table: str, now: datetime, days: int) -> tuple[Backup, ...]:
    """This stack's backups older than `days`; never the newest complete one, never one that is not
    complete."""
    whole = [each for each in ours(backups, table) if each.whole]
    newest = max(whole, key=lambda each: each.made, default=None)
    limit = now - timedelta(days=days)
    return tuple(each for each in whole if each != newest and each.made < limit)


def _prefix(table: str) -> str:
    left = _LONGEST - len(_OURS.format(table="")) - len("20260204T012512Z")
    return _OURS.format(table=table[:left])
