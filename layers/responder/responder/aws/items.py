"""DynamoDB's typed attribute values from and to plain Python."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

from responder.core.context import Gateway


def partition(aws: Gateway, table: str, pk: str, prefix: str = "") -> Iterator[dict[str, Any]]:
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


def typed(value: Any) -> dict[str, Any]:
    """One attribute value: `"a"` -> `{"S": "a"}`. Floats keep their shortest decimal form."""
    if type(value) is str:
        return {"S": value}
    return dict(TypeSerializer().serialize(_exact(value)))


def plain(value: Mapping[str, Any]) -> Any:
    """The inverse of `typed`; whole numbers become int, others float, binary ones bytes."""
    # Most attributes are texts.
    if "S" in value and len(value) == 1:
        return value["S"]
    reader: Any = TypeDeserializer()
    return _loose(reader.deserialize(value))


def to_item(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as `put_item` wants it; attributes that are None are left out."""
    return {name: typed(value) for name, value in row.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """A row as `get_item` gives it."""
    return {name: plain(value) for name, value in item.items()}


def _exact(value: Any) -> Any:
    match value:
        case float():
            return Decimal(repr(value))
        case Mapping():
            return {str(key): _exact(part) for key, part in value.items()}
        case list() | tuple():
            return [_exact(part) for part in value]
    return value


def _loose(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Binary():
            # `str()` of the SDK's own class fails.
            found: Any = value
            return bytes(found.value)
        case dict():
            return {key: _loose(part) for key, part in value.items()}
        case list():
            return [_loose(part) for part in value]
    return value
