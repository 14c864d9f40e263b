"""DynamoDB's control plane: billing modes with AWS's rules. Items are in `items.py`."""
# ruff: noqa: N803 - the argument names are AWS's own

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.core.errors import Busy, Missing, Rejected
from responder.core.plain_data import Data, Json
from tests.fakes.items import ItemStore

SWITCHES_A_DAY = 4


class StrictDynamo(ItemStore):
    """A table is UPDATING until `settle()`; on-demand can be chosen 4 times in 24 h."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self.tables: dict[str, Json] = {}
        self._pending: dict[str, Json] = {}
        self._switches: dict[str, list[datetime]] = {}

    def add(
        self,
        name: str,
        throughput: tuple[int, int] | None = None,
        indexes: Mapping[str, tuple[int, int]] | None = None,
        **more: Any,
    ) -> Json:
        """A deployed table; on demand without a throughput of (read, write)."""
        table: Json = {
            "TableName": name,
            "TableArn": f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}",
            "TableStatus": "ACTIVE",
            "ProvisionedThroughput": _units(throughput or (0, 0)),
            **more,
        }
        if throughput is None:
            table["BillingModeSummary"] = {"BillingMode": "PAY_PER_REQUEST"}
        if indexes:
            table["GlobalSecondaryIndexes"] = [
                {"IndexName": index, "IndexStatus": "ACTIVE", "ProvisionedThroughput": _units(units)}
                for index, units in indexes.items()
            ]
        self.tables[name] = table
        return table

    def switched(self, name: str, times: int) -> None:
        """The table was switched to on-demand so often today."""
        self._switches[name] = [self._clock()] * times

    def create_table(
        self,
        TableName: str,
        BillingMode: str,
        GlobalSecondaryIndexes: list[Json],
        ProvisionedThroughput: dict[str, int] | None = None,
        **_: Any,
    ) -> Json:
        indexes = {
            each["IndexName"]: _pair(each.get("ProvisionedThroughput")) for each in GlobalSecondaryIndexes
        }
        provisioned = BillingMode == "PROVISIONED"
        wanted = [
            ProvisionedThroughput,
            *(each.get("ProvisionedThroughput") for each in GlobalSecondaryIndexes),
        ]
        if any((each is not None) != provisioned for each in wanted):
            raise Rejected("dynamodb", "CreateTable", "ValidationException")
        throughput = _pair(ProvisionedThroughput) if provisioned else None
        return {"TableDescription": self.add(TableName, throughput, indexes)}

    def update_time_to_live(self, TableName: str, **_: Any) -> Json:
        self.describe_table(TableName)
        return {}

    def update_continuous_backups(self, TableName: str, **_: Any) -> Json:
        self.describe_table(TableName)
        return {}

    def list_tables(self) -> Json:
        return {"TableNames": sorted({*self.tables, *self._rows})}

    def settle(self) -> None:
        for name, pending in self._pending.items():
            self.tables[name].update(pending, TableStatus="ACTIVE")
            for index in self.tables[name].get("GlobalSecondaryIndexes", []):
                index["IndexStatus"] = "ACTIVE"
        self._pending.clear()

    def describe_table(self, TableName: str) -> Json:
        if TableName not in self.tables:
            raise Missing("dynamodb", "DescribeTable", "ResourceNotFoundException")
        return {"Table": self.tables[TableName]}

    def delete_table(self, TableName: str) -> Json:
        if TableName not in self.tables:
            raise Missing("dynamodb", "DeleteTable", "ResourceNotFoundException")
        return {"TableDescription": self.tables.pop(TableName)}

    def update_table(
        self,
        TableName: str,
        BillingMode: str,
        ProvisionedThroughput: dict[str, int] | None = None,
        GlobalSecondaryIndexUpdates: list[Json] | None = None,
    ) -> Json:
        if TableName not in self.tables:
            raise Missing("dynamodb", "UpdateTable", "ResourceNotFoundException")
        table = self.tables[TableName]
        indexes = table.get("GlobalSecondaryIndexes", [])
        if table["TableStatus"] != "ACTIVE" or any(each["IndexStatus"] != "ACTIVE" for each in indexes):
            raise Busy("dynamodb", "UpdateTable", "ResourceInUseException")
        if BillingMode == billing(table):
            raise Rejected("dynamodb", "UpdateTable", "ValidationException")
        if BillingMode == "PAY_PER_REQUEST":
            self._pending[TableName] = self._on_demand(TableName, indexes)
        else:
            updates = GlobalSecondaryIndexUpdates or []
            self._pending[TableName] = _provisioned(indexes, ProvisionedThroughput, updates)
        table["TableStatus"] = "UPDATING"
        for each in indexes:
            each["IndexStatus"] = "UPDATING"
        return {"TableDescription": table}

    def _on_demand(self, name: str, indexes: list[Json]) -> Json:
        now = self._clock()
        used = [at for at in self._switches.get(name, []) if at > now - timedelta(hours=24)]
        if len(used) >= SWITCHES_A_DAY:
            raise Rejected("dynamodb", "UpdateTable", "LimitExceededException")
        self._switches[name] = [*used, now]
        summary = {"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": now}
        zero = [{**each, "ProvisionedThroughput": _units((0, 0))} for each in indexes]
        return {
            "BillingModeSummary": summary,
            "ProvisionedThroughput": _units((0, 0)),
            **({"GlobalSecondaryIndexes": zero} if zero else {}),
        }


def billing(table: Data) -> str:
    return str(table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"))


def _provisioned(indexes: list[Json], throughput: dict[str, int] | None, updates: list[Json]) -> Json:
    given = {each["Update"]["IndexName"]: each["Update"]["ProvisionedThroughput"] for each in updates}
    if throughput is None or given.keys() != {each["IndexName"] for each in indexes}:
        raise Rejected("dynamodb", "UpdateTable", "ValidationException")
    made = [{**each, "ProvisionedThroughput": given[each["IndexName"]]} for each in indexes]
    return {
        "BillingModeSummary": {"BillingMode": "PROVISIONED"},
        "ProvisionedThroughput": throughput,
        **({"GlobalSecondaryIndexes": made} if made else {}),
    }


def _units(units: tuple[int, int]) -> dict[str, int]:
    return {"ReadCapacityUnits": units[0], "WriteCapacityUnits": units[1]}


def _pair(units: Mapping[str, int] | None) -> tuple[int, int]:
    return (units["ReadCapacityUnits"], units["WriteCapacityUnits"]) if units else (0, 0)
