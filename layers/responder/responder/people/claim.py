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
from responder.core.plain_data import Data
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


def claim(context: Context, key: str, lasts: timedelta, /, **more: Any) -> Data | None:
    """None for the first; for all others, until it has ended, the existing row.

    Raises:
        AwsError: it could not be found out which run was first.
    """
    try:
        # A row past its end may still be there: DynamoDB's TTL deletes it within days.
        free = "attribute_not_exists(id) OR expiration < :now"
        _put(context, key, context.now + lasts, free, {":now": int(context.now.timestamp())}, more)
    except Changed as error:
        return from_item(error.item or {})
    return None


def release(context: Context, key: str, lasts: timedelta) -> None:
    """It had no effect, so the next one is first again; where that fails, the claim expires."""
    mine = int((context.now + lasts).timestamp())
    try:
        _put(context, key, context.now - timedelta(seconds=1), "expiration = :mine", {":mine": mine}, {})
    except AwsError as error:
        log().warning("not released", extra={"error": str(error)})


def _put(  # noqa: PLR0913  one value per part of the request
    context: Context,
    key: str,
    until: datetime,
    condition: str,
    values: Mapping[str, int],
    more: Data,
) -> None:
    context.aws.call(
        "dynamodb",
        "put_item",
        TableName=context.settings.claims_table,
        Item=to_item({"id": f"person#{key}", "expiration": int(until.timestamp()), **more}),
        ConditionExpression=condition,
        ExpressionAttributeValues=to_item(values),
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
