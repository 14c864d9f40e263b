"""The ledger: every act is on record before its first write and after its last.

`begin` is the lock. It fails as a whole when any other response acted since the ledger was read,
so two alarms never act on the same reading, and the hourly budget cannot be overrun.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from responder.aws.items import partition, to_item, typed
from responder.core.change import Applied, Lease, Ledger
from responder.core.context import Gateway
from responder.store import rows
from responder.store.steps import step_put

_LEASE = "LEASE#"
_APPLIED = "APPLIED#"
_OVERTAKEN = "OVERTAKEN#"
_FREE = "attribute_not_exists(pk) OR incident = :me OR #state IN (:ended, :failed, :stays)"


def ledger(aws: Gateway, table: str) -> Ledger:
    """Leases and recent acts of the whole stack, in one consistent read."""
    items = list(partition(aws, table, rows.STACK))
    return Ledger(
        leases=tuple(rows.lease(item) for item in items if item["sk"].startswith(_LEASE)),
        overtaken=tuple(rows.lease(item) for item in items if item["sk"].startswith(_OVERTAKEN)),
        applied=tuple(rows.applied(item) for item in items if item["sk"].startswith(_APPLIED)),
        version=next((_version(item) for item in items if item["sk"] == "VERSION"), 0),
    )


def _version(row: Mapping[str, Any]) -> int:
    return rows.read(int, row, lambda row: row["version"])


def begin(aws: Gateway, table: str, lease: Lease, version: int, at: datetime) -> None:
    """Put the lease on record, before the first write.

    Raises:
        Changed: somebody acted since version `version` was read; nothing was written.
    """
    writes = [
        _next(table, version),
        _lease(table, lease),
        _step(table, lease, "applying", at),
    ]
    aws.call("dynamodb", "transact_write_items", TransactItems=writes)


def settle(  # noqa: PLR0913  one value per part of the transaction
    aws: Gateway, table: str, lease: Lease, row: Applied | None, at: datetime, seen: int | None = None
) -> None:
    """Put down what became of it: the lease, the ledger's row, the step.

    Raises:
        Changed: somebody acted since version `seen` was read; nothing was written.
    """
    writes = [
        _next(table, seen),
        _lease(table, lease),
        _step(table, lease, lease.state.value, at),
    ]
    if row is not None:
        writes.append(_applied(table, row))
    aws.call("dynamodb", "transact_write_items", TransactItems=writes)


def overtaken(aws: Gateway, table: str, lease: Lease, at: datetime, seen: int) -> None:
    """Record what others have changed of a lease: on the lease, on the timeline, and for its incident,
    which tells it, apart from the lease: another incident may take the remedy at once.

    Raises:
        Changed: another response acted since version `seen` was read; nothing was written.
    """
    told = {
        "pk": rows.STACK,
        "sk": f"{_OVERTAKEN}{lease.incident}#{lease.id}",
        "data": rows.pack(replace(lease, snapshot={})),
        "expires": int((at + rows.LEDGER_KEPT).timestamp()),
    }
    writes = [
        _next(table, seen),
        _lease(table, lease),
        _step(table, lease, lease.state.value, at),
        {"Put": {"TableName": table, "Item": to_item(told)}},
    ]
    aws.call("dynamodb", "transact_write_items", TransactItems=writes)


def looked(aws: Gateway, table: str, before: Lease, after: Lease) -> None:
    """Record when a lease was looked at, where nothing else of it has changed since it was read.

    Raises:
        Changed: something has.
    """
    aws.call(
        "dynamodb",
        "update_item",
        TableName=table,
        Key={"pk": typed(rows.STACK), "sk": typed(f"{_LEASE}{before.id}")},
        UpdateExpression="SET #data = :new",
        ConditionExpression="#data = :old",
        ExpressionAttributeNames={"#data": "data"},
        ExpressionAttributeValues={":old": typed(rows.pack(before)), ":new": typed(rows.pack(after))},
    )


def ineffective(aws: Gateway, table: str, lease: Lease, known: Ledger, at: datetime) -> None:
    """Mark the act of a lease as one that did not help; the same again changes nothing.

    Raises:
        Changed: somebody acted since `known` was read.
    """
    act = (lease.remedy, lease.scope, lease.incident)
    mine = [
        row for row in known.applied if (row.remedy, row.scope, row.incident) == act and row.at == lease.at
    ]
    if mine and not any(row.effective for row in mine):
        # Its message could not be sent, and is tried again.
        return
    writes = [_applied(table, replace(row, effective=False)) for row in mine]
    noted = step_put(table, lease.incident, "ineffective", {"remedy": lease.remedy, "scope": lease.scope}, at)
    aws.call("dynamodb", "transact_write_items", TransactItems=[_next(table, known.version), *writes, noted])


def _applied(table: str, row: Applied) -> dict[str, Any]:
    key = f"{_APPLIED}{rows.stamp(row.at)}#{row.incident}#{row.remedy}#{row.scope}"
    expires = int((row.at + rows.LEDGER_KEPT).timestamp())
    item = to_item({"pk": rows.STACK, "sk": key, "data": rows.pack(row), "expires": expires})
    return {"Put": {"TableName": table, "Item": item}}


def _step(table: str, lease: Lease, kind: str, at: datetime) -> dict[str, Any]:
    """The history says what was set; what taking back needs stands on the lease alone."""
    return step_put(table, lease.incident, kind, replace(lease, snapshot={}), at)


def _next(table: str, version: int | None) -> dict[str, Any]:
    update: dict[str, Any] = {
        "TableName": table,
        "Key": to_item(rows.VERSION),
        "UpdateExpression": "ADD version :one",
        "ExpressionAttributeValues": {":one": typed(1)},
    }
    if version is not None:
        update["ConditionExpression"] = "version = :seen" if version else "attribute_not_exists(version)"
        if version:
            update["ExpressionAttributeValues"][":seen"] = typed(version)
    return {"Update": update}


def _lease(table: str, lease: Lease) -> dict[str, Any]:
    item = {
        "pk": rows.STACK,
        "sk": f"{_LEASE}{lease.id}",
        "incident": lease.incident,
        "state": lease.state.value,
        "data": rows.pack(lease),
    }
    return {
        "Put": {
            "TableName": table,
            "Item": to_item(item),
            # A lease in force belongs to one incident until it ends.
            "ConditionExpression": _FREE,
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {
                ":me": typed(lease.incident),
                ":ended": typed("ended"),
                ":failed": typed("failed"),
                ":stays": typed("in_force" if lease.stays else "failed"),
            },
        }
    }
