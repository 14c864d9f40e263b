"""A table's billing mode, and what has to be remembered to go back: its throughput."""

from collections.abc import Mapping
from typing import Any

from responder.context import Context
from responder.remedies._single import Target
from responder.remedies._table import PROVISIONED, TableNow, table


def billed(
    context: Context, name: str, snapshot: Mapping[str, Any], present: TableNow | None = None
) -> Target[TableNow]:
    """`snapshot` has the throughput to go back to; `present` which of its indexes are still there."""

    def write(wanted: str) -> TableNow:
        more = _throughputs(snapshot, present) if wanted == PROVISIONED else {}
        answer = context.aws.call("dynamodb", "update_table", TableName=name, BillingMode=wanted, **more)
        return TableNow(answer["TableDescription"])

    def remembered(now: TableNow) -> bool:
        # On demand there is none that the switch could lose.
        if now.billing != PROVISIONED:
            return True
        return (now.throughput, now.indexes) == (snapshot["throughput"], snapshot["indexes"])

    return Target(
        lambda: table(context.aws, name),
        lambda now: now.billing,
        lambda now: now.pending,
        write,
        remembered=remembered,
    )


def _throughputs(snapshot: Mapping[str, Any], present: TableNow | None) -> dict[str, Any]:
    left = snapshot["indexes"] if present is None else present.indexes
    updates = [
        {"Update": {"IndexName": name, "ProvisionedThroughput": _units(units)}}
        for name, units in snapshot["indexes"].items()
        if name in left
    ]
    request: dict[str, Any] = {"ProvisionedThroughput": _units(snapshot["throughput"])}
    return {**request, "GlobalSecondaryIndexUpdates": updates} if updates else request


def _units(units: Mapping[str, Any]) -> dict[str, int]:
    return {"ReadCapacityUnits": int(units["read"]), "WriteCapacityUnits": int(units["write"])}
