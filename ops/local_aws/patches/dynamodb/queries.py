"""What DynamoDB refuses of a Query's expressions: a filter on a key, other operators than a key's.

Developer Guide, "Filter expressions for the Query operation" and "Key condition expressions for the Query
operation"; the messages as quoted in reports of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

from local_aws.patches import patching
from local_aws.patches.calls.sizes import Problem, check

_FOREIGN = (
    "OR",
    "NOT",
    "IN",
    "<>",
    "ATTRIBUTE_EXISTS",
    "ATTRIBUTE_NOT_EXISTS",
    "ATTRIBUTE_TYPE",
    "CONTAINS",
    "SIZE",
)


def install() -> None:
    """The checks are registered when this is imported; this is what they read."""
    patching.need(dynamodb, "_tokenize", "_tables", "_index_def")


@check("dynamodb", "Query")
def _query(params: dict[str, Any]) -> Problem:
    for kind, text in _tokens(params.get("KeyConditionExpression") or ""):
        if kind in ("IDENT", "NE") and text.upper() in _FOREIGN:
            return "ValidationException", f"Invalid operator used in KeyConditionExpression: {text}"
    names, keys = params.get("ExpressionAttributeNames") or {}, _keys(params)
    for kind, text in _tokens(params.get("FilterExpression") or ""):
        found = names.get(text, text) if kind in ("IDENT", "NAME_REF") else None
        if found in keys:
            said = "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
            return "ValidationException", said + str(found)
    return None


def _keys(params: dict[str, Any]) -> list[str]:
    table = dynamodb._tables.get(str(params.get("TableName")).rpartition("/")[2]) or {}
    name = params.get("IndexName")
    schema = table if not name else dynamodb._index_def(table, name) or {}
    return [each["AttributeName"] for each in schema.get("KeySchema") or []]


@lru_cache(256)
def _tokens(text: str) -> list[tuple[str, str]]:
    return list(dynamodb._tokenize(text))
