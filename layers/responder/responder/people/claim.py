"""Things that are good for one use, in the table of claims."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, to_item
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Changed, Declined
from responder.core.log import log
from responder.core.reasons import ExplainedReason


@contextmanager
def alone(
    context: Context, key: str, lasts: timedelta, otherwise: ExplainedReason[DeclineReason]
) -> Iterator[None]:
    """One at a time. `lasts`: how long after its beginning a run that died keeps others out.

    Raises:
        Declined: another run is under way; `otherwise` is the reason given.
        AwsError: it could not be found out.
    """
    if claim(context, key, lasts) is not None:
        raise Declined(otherwise)
    try:
        yield
    finally:
        release(context, key, lasts)


def claim(context: Context, key: str, lasts: timedelta, /, **more: Any) -> Mapping[str, Any] | None:
    """None for the first; for all others, until it is over, the row that was in the way.

    Raises:
        AwsError: it could not be found out which run was first.
    """
    now: datetime = context.now
    values = {":now": int(now.timestamp())}
    row = {"id": f"person#{key}", "expiration": int((now + lasts).timestamp()), **more}
    try:
        context.aws.call(
            "dynamodb",
            "put_item",
            TableName=context.settings.claims_table,
            Item=to_item(row),
            # What is over may still lie there for days: the table's TTL is in no hurry.
            ConditionExpression="attribute_not_exists(id) OR expiration < :now",
            ExpressionAttributeValues=to_item(values),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except Changed as error:
        return from_item(error.item or {})
    return None


def release(context: Context, key: str, lasts: timedelta) -> None:
    """Nothing came of it, so the next one is first again; where that fails, it is over by itself."""
    mine = int((context.now + lasts).timestamp())
    over = {"id": f"person#{key}", "expiration": int(context.now.timestamp()) - 1}
    try:
        context.aws.call(
            "dynamodb",
            "put_item",
            TableName=context.settings.claims_table,
            Item=to_item(over),
            ConditionExpression="expiration = :mine",
            ExpressionAttributeValues=to_item({":mine": mine}),
        )
    except AwsError as error:
        log().warning("not released", extra={"error": str(error)})
