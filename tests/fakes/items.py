"""DynamoDB items: conditions, updates and transactions on low-level attribute values."""
# ruff: noqa: N803 - the argument names are AWS's own

from collections.abc import Callable
from typing import Any

from responder.core.errors import Changed, Missing
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.fakes.copies import fresh
from tests.fakes.expressions import Expressions, invalid

type Row = Json


class ItemStore:
    """Tables of items; `create("Incidents", "pk", "sk")`, then `rows("Incidents")` to look inside."""

    def __init__(self) -> None:
        self._keys: dict[str, Strings] = {}
        self._rows: dict[str, dict[Strings, Row]] = {}

    def create(self, name: str, *keys: str) -> None:
        """A table with string keys: partition key and, where there is one, sort key."""
        self._keys[name], self._rows[name] = keys, {}

    def created(self, name: str) -> bool:
        """It is there, with or without rows."""
        return name in self._keys

    def rows(self, name: str) -> list[Row]:
        return [fresh(row) for _, row in sorted(self._rows[name].items())]

    def put_item(self, TableName: str, Item: Row, **request: Any) -> Json:
        return self._write("PutItem", TableName, Item, request, lambda _, __: Item)

    def delete_item(self, TableName: str, Key: Row, **request: Any) -> Json:
        self._only_key(TableName, Key, "DeleteItem")
        return self._write("DeleteItem", TableName, Key, request, lambda _, __: None)

    def update_item(self, TableName: str, Key: Row, UpdateExpression: str, **request: Any) -> Json:
        self._only_key(TableName, Key, "UpdateItem")

        def updated(expressions: Expressions, old: Row | None) -> Row:
            row = expressions.update(UpdateExpression, old or dict(Key))
            if any(row.get(name) != value for name, value in Key.items()):
                raise invalid("UpdateItem")
            return row

        return self._write("UpdateItem", TableName, Key, request, updated)

    def get_item(self, TableName: str, Key: Row, **_: Any) -> Json:
        self._only_key(TableName, Key, "GetItem")
        row = self._table(TableName, "GetItem").get(self._key(TableName, Key, "GetItem"))
        return {} if row is None else {"Item": row}

    def query(
        self,
        TableName: str,
        KeyConditionExpression: str,
        FilterExpression: str | None = None,
        ScanIndexForward: bool = True,
        Limit: int | None = None,
        ExclusiveStartKey: Row | None = None,
        **request: Any,
    ) -> Json:
        assert "IndexName" not in request, "the fake has no indexes"
        table = self._table(TableName, "Query")
        expressions = Expressions("Query", request)
        expressions.read(KeyConditionExpression, FilterExpression)
        # The partition first: reading the whole expression for each row of a long story takes seconds.
        name, _, value = KeyConditionExpression.partition(" AND ")[0].partition(" = ")
        partition = request.get("ExpressionAttributeValues", {}).get(value)
        rows_in = (
            table.items()
            if partition is None or name != self._keys[TableName][0]
            else [(key, row) for key, row in table.items() if key[0] == partition.get("S")]
        )
        found = sorted(key for key, _ in expressions.entries(KeyConditionExpression, rows_in))
        if len({key[0] for key in found}) > 1:
            raise invalid("Query")
        found = found if ScanIndexForward else found[::-1]
        if ExclusiveStartKey is not None:
            found = found[found.index(self._key(TableName, ExclusiveStartKey, "Query")) + 1 :]
        page = found[:Limit]
        rows = [table[key] for key in page]
        if FilterExpression is not None:
            rows = expressions.among(FilterExpression, rows)
        expressions.all_used()
        answer: Json = {"Items": rows, "Count": len(rows), "ScannedCount": len(page)}
        if len(page) < len(found):
            answer["LastEvaluatedKey"] = {name: table[page[-1]][name] for name in self._keys[TableName]}
        return answer

    def scan(self, TableName: str, **request: Any) -> Json:
        rows = list(self._table(TableName, "Scan").values())
        expressions = Expressions("Scan", request)
        wanted = request.get("FilterExpression")
        expressions.read(wanted)
        expressions.all_used()
        if wanted is not None:
            rows = expressions.among(wanted, rows)
        return {"Items": rows, "Count": len(rows)}

    def transact_write_items(self, TransactItems: list[Json], **_: Any) -> Json:
        before = {name: dict(rows) for name, rows in self._rows.items()}
        reasons: list[Json] = []
        self._all_different(TransactItems)
        kinds: dict[str, Callable[..., Any]] = {
            "Put": self.put_item,
            "Update": self.update_item,
            "Delete": self.delete_item,
            "ConditionCheck": self._check,
        }
        for each in TransactItems:
            ((kind, request),) = each.items()
            try:
                kinds[kind](**request)
                reasons.append({"Code": "None"})
            except Changed as error:
                reasons.append({"Code": "ConditionalCheckFailed", "Item": error.item})
        codes = tuple(str(reason["Code"]) for reason in reasons)
        if any(code != "None" for code in codes):
            self._rows = before
            item = next((reason["Item"] for reason in reasons if reason.get("Item")), None)
            code = "TransactionCanceledException"
            raise Changed("dynamodb", "TransactWriteItems", code, item=item, reasons=codes)
        return {}

    def _all_different(self, parts: list[Json]) -> None:
        """One transaction may touch an item only once."""
        touched = [
            (
                request["TableName"],
                self._key(request["TableName"], request.get("Key") or request["Item"], kind),
            )
            for part in parts
            for kind, request in part.items()
        ]
        if len(set(touched)) != len(touched):
            raise invalid("TransactWriteItems")

    def _check(self, TableName: str, Key: Row, **request: Any) -> Json:
        return self._write("ConditionCheck", TableName, Key, request, lambda _, old: old)

    def _write(self, operation: str, name: str, item: Row, request: Json, made: Any) -> Json:
        table = self._table(name, operation)
        key = self._key(name, item, operation)
        old = table.get(key)
        expressions = Expressions(operation, request)
        condition = request.get("ConditionExpression")
        if condition is not None and not expressions.holds(condition, old or {}):
            if operation != "UpdateItem":
                expressions.all_used()
            wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            shown = fresh(old) if wanted and old else None
            raise Changed("dynamodb", operation, "ConditionalCheckFailedException", item=shown)
        row = made(expressions, fresh(old))
        expressions.all_used()
        if row is None:
            table.pop(key, None)
        else:
            table[key] = fresh(row)
        returned = {"ALL_OLD": old, "ALL_NEW": row}.get(request.get("ReturnValues", "NONE"))
        return {"Attributes": returned} if returned else {}

    def _table(self, name: str, operation: str) -> dict[Strings, Row]:
        if name not in self._rows:
            raise Missing("dynamodb", operation, "ResourceNotFoundException")
        return self._rows[name]

    def _key(self, name: str, item: Row, operation: str) -> Strings:
        values = [item.get(key, {}).get("S") for key in self._keys[name]]
        if not all(values):
            raise invalid(operation)
        return tuple(str(value) for value in values)

    def _only_key(self, name: str, key: Row, operation: str) -> None:
        if name in self._keys and key.keys() != set(self._keys[name]):
            raise invalid(operation)
