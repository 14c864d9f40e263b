"""One person's row about one thing: written over what was read, so that the same twice at once is one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from responder.aws.items import to_item, typed
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.store.approvals.rows import DecisionRow, DecisionRows, rows, written

_BOUND = ("at", "decision")


def put(  # noqa: PLR0913  one value per part of the write
    aws: Gateway,
    table: str,
    row: DecisionRow,
    at: datetime,
    stands: Callable[[DecisionRow, DecisionRows], bool],
    mine: Callable[[DecisionRow], bool],
) -> datetime:
    """Write the row as of `at`, unless the person's row there `stands`, which is also given all rows of `pk`;
    when the one that counts was written.

    `mine`: a row is this person's, also under an earlier spelling of the name: that one is written over.

    Raises:
        AwsError: the table could not be reached; Changed where this person writes without end.
    """
    new = {**row, "at": at.isoformat(timespec="microseconds")}
    for last in (False, False, True):
        found = rows(aws, table, str(row["pk"]))
        there = [each for each in found if each.get("sk") == row["sk"]]
        own = next(iter([*filter(mine, found), *there]), None)
        if own is not None and stands(own, found):
            return written(own) or at
        try:
            aws.call("dynamodb", "put_item", TableName=table, Item=to_item(_over(own, new)), **_as_seen(own))
        except Changed:
            if last:
                raise
        else:
            return at
    raise AssertionError("the last try returns or raises")


def _over(own: DecisionRow | None, new: DecisionRow) -> DecisionRow:
    return new if own is None else {**new, "sk": own["sk"]}


def _as_seen(own: DecisionRow | None) -> Mapping[str, Any]:
    if own is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    has = [name for name in _BOUND if name in own]
    parts = [f"#{name} = :{name}" if name in has else f"attribute_not_exists(#{name})" for name in _BOUND]
    condition = {
        "ConditionExpression": " AND ".join(parts),
        "ExpressionAttributeNames": {f"#{name}": name for name in _BOUND},
    }
    values = {f":{name}": typed(own[name]) for name in has}
    return {**condition, "ExpressionAttributeValues": values} if values else condition
