"""DynamoDB's refusals around UpdateTable, and that a switch of the billing mode takes time."""

from __future__ import annotations

import time
from typing import Any

from ministack.services import dynamodb

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, ok
from local_aws.patches.drill import clock
from local_aws.patches.drill.store import STORE

_DAY = 24 * 3600
_ZERO = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}


def install() -> None:
    """Let UpdateTable leave the table UPDATING for a while."""
    patching.need(dynamodb, "_tables", "_table_description")
    patching.wrap(dynamodb, "_update_table", "data", _update)


def table_of(request: Request) -> dict[str, Any] | None:
    """The stored table a request is about, if there is one."""
    name = str(request.params.get("TableName") or request.params.get("ResourceArn")).rsplit("/", 1)[-1]
    found: dict[str, Any] | None = dynamodb._tables.get(name)
    return found


@rule("dynamodb", "UpdateTable")
def _busy(request: Request) -> Refusal:
    table = table_of(request)
    indexes = (table or {}).get("GlobalSecondaryIndexes") or []
    states = [(table or {}).get("TableStatus"), *(each.get("IndexStatus") for each in indexes)]
    if table is None or not {"UPDATING", "CREATING", "DELETING"} & set(states):
        return None
    name = table["TableName"]
    message = f"Attempt to change a resource which is still in use: Table is being updated: {name}"
    return "ResourceInUseException", message


@rule("dynamodb", "UpdateTable")
def _switches(request: Request) -> Refusal:
    table = table_of(request)
    if table is None or not _to_on_demand(table, request.params):
        return None
    recent = [when for when in STORE.switches.get(table["TableArn"], []) if when > time.time() - _DAY]
    if len(recent) < STORE.settings.switches_per_day:
        return None
    message = (
        "Subscriber limit exceeded: Update to PayPerRequest mode are limited to "
        f"{STORE.settings.switches_per_day} times in 1 day(s)."
    )
    return "LimitExceededException", message


@rule("dynamodb", "UpdateTable")
def _throughput(request: Request) -> Refusal:
    table = table_of(request)
    if table is None or request.params.get("BillingMode") != "PROVISIONED" or _mode(table) == "PROVISIONED":
        return None
    given = [
        each["Update"]["IndexName"]
        for each in request.params.get("GlobalSecondaryIndexUpdates") or []
        if "Update" in each
    ]
    names = [each["IndexName"] for each in table.get("GlobalSecondaryIndexes") or []]
    if request.params.get("ProvisionedThroughput") and set(names) <= set(given):
        return None
    message = (
        "One or more parameter values were invalid: ProvisionedThroughput must be specified "
        "for the table and every index when BillingMode is PROVISIONED"
    )
    return "ValidationException", message


def _mode(table: dict[str, Any]) -> str:
    return str((table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED"))


def _to_on_demand(table: dict[str, Any], params: dict[str, Any]) -> bool:
    return params.get("BillingMode") == "PAY_PER_REQUEST" and _mode(table) == "PROVISIONED"


def _update(before: Any, data: dict[str, Any]) -> Any:
    name = str(data.get("TableName", "")).rsplit("/", 1)[-1]
    table = dynamodb._tables.get(name)
    switched = table is not None and _to_on_demand(table, data)
    earlier = dict((table or {}).get("BillingModeSummary") or {})
    answer = before(data)
    if table is None or answer[0] != 200:
        return answer
    if switched:
        _switched(table)
    elif data.get("BillingMode") == "PROVISIONED" and earlier:
        table["BillingModeSummary"] = {**earlier, "BillingMode": "PROVISIONED"}
    begin(name, "UPDATING")
    return ok({"TableDescription": dynamodb._table_description(name)})


def _switched(table: dict[str, Any]) -> None:
    STORE.switches.setdefault(table["TableArn"], []).append(time.time())
    for index in table.get("GlobalSecondaryIndexes") or []:
        index["ProvisionedThroughput"] = dict(_ZERO)


def begin(name: str, status: str) -> None:
    """Put a table into a state that ends in time."""
    _set(dynamodb._tables[name], status)
    clock.later(STORE.settings.table_seconds, _finish, name)


def _set(table: dict[str, Any], status: str) -> None:
    table["TableStatus"] = status
    for index in table.get("GlobalSecondaryIndexes") or []:
        index["IndexStatus"] = status


def _finish(name: str) -> None:
    table = dynamodb._tables.get(name)
    if table is not None and not table.get("DrillPinned"):
        _set(table, "ACTIVE")


def set_state(name: str, status: str | None, switches: int | None) -> None:
    """Put a table into a state and keep it there, or say how many switches it had today."""
    table = dynamodb._tables[name]
    if status:
        _set(table, status)
        table["DrillPinned"] = status != "ACTIVE"
    if switches is not None:
        STORE.switches[table["TableArn"]] = [time.time()] * switches
