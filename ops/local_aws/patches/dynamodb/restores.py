"""A table that is made of a backup: CREATING for a while, not ready for its settings until then, not deleted
until then, and its description names its backup. Fifty are made at a time."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ministack.services import dynamodb

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, ok

from . import tables

_AT_ONCE = 50


def install() -> None:
    """Let a restore take time, and be reported afterwards."""
    patching.need(dynamodb, "_tables", "_ttl_settings")
    patching.wrap(dynamodb, "_restore_table_from_backup", "data", _restore)
    patching.wrap(dynamodb, "_delete_backup", "data", _deleted)
    patching.wrap(dynamodb, "_table_description", "name", _described)


def _restore(before: Any, data: dict[str, Any]) -> Any:
    answer = before(data)
    name = str(data.get("TargetTableName", ""))
    if answer[0] != HTTPStatus.OK:
        return answer
    tables.begin(name, "CREATING")
    return ok({"TableDescription": dynamodb._table_description(name)})


def _deleted(before: Any, data: dict[str, Any]) -> Any:
    """A deleted backup says so (CLI reference, delete-backup)."""
    status, headers, body = before(data)
    return status, headers, body.replace(b'"AVAILABLE"', b'"DELETED"') if isinstance(body, bytes) else body


def _described(before: Any, name: str) -> Any:
    found, table = before(name), dynamodb._tables[name]
    if summary := table.get("RestoreSummary"):
        source = str(summary["SourceBackupArn"]).partition("/backup/")[0]
        given = {"SourceTableArn": source, "RestoreInProgress": table["TableStatus"] == "CREATING"}
        found["RestoreSummary"] = {**summary, **given}
    return found


@rule("dynamodb", "UpdateTimeToLive", "TagResource")
def _in_use(request: Request) -> Refusal:
    return ("ResourceInUseException", "being created") if _creating(request) else None


@rule("dynamodb", "DescribeContinuousBackups", "UpdateContinuousBackups", "CreateBackup")
def _no_table(request: Request) -> Refusal:
    """These have an error of their own (API reference of each)."""
    if tables.table_of(request):
        return None
    return "TableNotFoundException", f"Table not found: {request.params.get('TableName')}"


@rule("dynamodb", "UpdateContinuousBackups")
def _no_backups_yet(request: Request) -> Refusal:
    if not _creating(request):
        return None
    message = "Backups are being enabled for the table. Please retry later"
    return "ContinuousBackupsUnavailableException", message


@rule("dynamodb", "DeleteTable")
def _not_yet(request: Request) -> Refusal:
    message = "Attempt to change a resource which is still in use: Table is being created"
    return ("ResourceInUseException", message) if _creating(request) else None


@rule("dynamodb", "RestoreTableFromBackup")
def _many(request: Request) -> Refusal:
    found = (each for each in dynamodb._tables.values() if each.get("RestoreSummary"))
    if sum(each["TableStatus"] == "CREATING" for each in found) < _AT_ONCE:
        return None
    return "LimitExceededException", "Subscriber limit exceeded: too many restores"


@rule("dynamodb", "UpdateTimeToLive")
def _already(request: Request) -> Refusal:
    """AWS refuses a change to the same value."""
    name, wanted = str(request.params.get("TableName")), request.params.get("TimeToLiveSpecification", {})
    found = dynamodb._ttl_settings.get(name, {}).get("TimeToLiveStatus")
    if not (wanted.get("Enabled") and found == "ENABLED"):
        return None
    return "ValidationException", "TimeToLive is already enabled"


def _creating(request: Request) -> bool:
    return (tables.table_of(request) or {}).get("TableStatus") == "CREATING"
