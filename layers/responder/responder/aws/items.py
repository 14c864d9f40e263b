"""DynamoDB's typed attribute values from and to plain Python."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from responder.core.context import Gateway
from responder.core.plain_data import Data, Json


def partition(aws: Gateway, table: str, pk: str, prefix: str = "") -> Iterator[Json]:
    """Every row under a partition key, read consistently, in the order of the sort key; where there is a
    `prefix`, those whose sort key begins with it. Raises our errors when the table cannot be read."""
    values = {":pk": pk, ":sk": prefix} if prefix else {":pk": pk}
    pages = aws.pages(
        "dynamodb",
        "query",
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)" if prefix else "pk = :pk",
        ExpressionAttributeValues=to_item(values),
        ConsistentRead=True,
    )
    for page in pages:
        yield from map(from_item, page.get("Items", []))


def typed(value: Any) -> Json:
    """One attribute value: `"a"` -> `{"S": "a"}`. Floats keep their shortest decimal form."""
    match value:
        case str():
            return {"S": value}
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": str(Decimal(repr(value)))}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": {str(key): typed(part) for key, part in value.items()}}
        case list() | tuple():
            return {"L": [typed(part) for part in value]}
    raise TypeError(type(value).__name__)


def plain(value: Data) -> Any:
    """The inverse of `typed`; whole numbers become int, others float, binary ones bytes."""
    ((kind, found),) = value.items()
    match kind:
        case "N":
            number = Decimal(found)
            return int(number) if number == number.to_integral_value() else float(number)
        case "M":
            return {key: plain(part) for key, part in found.items()}
        case "L":
            return [plain(part) for part in found]
        case "NULL":
            return None
        case "SS" | "NS" | "BS":
            return set(found)
    return found


def to_item(row: Data) -> Json:
    """A row as `put_item` wants it; attributes that are None are left out."""
    return {name: typed(value) for name, value in row.items() if value is not None}


def from_item(item: Data) -> Json:
    """A row as `get_item` gives it."""
    return {name: plain(value) for name, value in item.items()}
